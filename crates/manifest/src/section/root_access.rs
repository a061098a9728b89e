//! `organization.rootAccess:`, centralized root access. Two switches, which are additive.

use super::switch::SWITCH;
use crate::manifest::Switch;
use crate::record::Record;
use crate::shape::{Field, Need, Section, Shape};
use crate::span::Spanned;
use crate::yaml::Value;
use glidepath_model::account_settings::RootFeature;

pub(crate) static SECTION: Section = Section {
    name: "rootAccess",
    doc: "Centralized root access: what the organization may do about the root users of its members. Leaving a switch out \
          changes nothing; turning it off takes `{absent: true}`.",
    fields: &[&CREDENTIALS_MANAGEMENT, &SESSIONS],
};
static ON_OR_ABSENT: &[Shape] = &[Shape::Flag, Shape::Section(&SWITCH)];
static CREDENTIALS_MANAGEMENT: Field = Field {
    name: "credentialsManagement",
    shape: Shape::Either(ON_OR_ABSENT),
    need: Need::Optional,
    doc: "Whether root credentials of members can be taken away; members that are made since have none.",
    example: "true",
    default: "",
};
static SESSIONS: Field = Field {
    name: "sessions",
    shape: Shape::Either(ON_OR_ABSENT),
    need: Need::Optional,
    doc: "Whether a member's root can be acted as for a few tasks that AWS lists, such as unlocking a bucket.",
    example: "true",
    default: "",
};

/// A switch as it is written: `false` says neither on nor off, and is complained of.
pub(crate) type Written = (RootFeature, Spanned<Option<Switch>>);

/// Reads the section.
pub(crate) fn read(record: Record<'_>) -> Vec<Written> {
    let fields =
        [(RootFeature::CredentialsManagement, &CREDENTIALS_MANAGEMENT), (RootFeature::Sessions, &SESSIONS)];
    let one = |(feature, field): (RootFeature, &'static Field)| {
        let entry = record.entry(field)?;
        let switch = match &entry.value.value {
            Value::Scalar(_) => record.flag(field).then_some(Switch::On),
            Value::Map(_) | Value::List(_) | Value::Empty => Some(super::switch::read(entry).value),
        };
        Some((feature, Spanned::new(switch, entry.key.span)))
    };
    fields.into_iter().filter_map(one).collect()
}
