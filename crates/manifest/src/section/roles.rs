//! `roles:`

use crate::format::{ANY_TEXT, BREAK_GLASS_ARN, CONTEXT_KEY, ROLE_ARN, ROLE_NAME, ROLE_PATTERN};
use crate::manifest::{BreakGlass, Roles};
use crate::record::{Record, owned};
use crate::shape::{Field, Need, Section, Shape};
use crate::span::{Span, Spanned};

pub(crate) static SECTION: Section = Section {
    name: "roles",
    doc: "Which roles Glidepath uses, and who must be able to repair the organization whatever its policies say.",
    fields: &[&ACCESS, &PLAN, &APPLY, &BREAK_GLASS, &RESPONDERS],
};

/// The role that AWS makes in every account it creates.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access.html>
const DEFAULT_ACCESS: &str = "OrganizationAccountAccessRole";

pub(crate) static ACCESS: Field = Field {
    name: "access",
    shape: Shape::Text(&ROLE_NAME),
    need: Need::Optional,
    doc: "The role by which Glidepath enters a member account; an account can name its own.",
    example: DEFAULT_ACCESS,
    default: "`OrganizationAccountAccessRole`",
};
static PLAN: Field = Field {
    name: "plan",
    shape: Shape::Text(&ROLE_ARN),
    need: Need::Optional,
    doc: "The role that plans. It only reads.",
    example: "arn:aws:iam::111122223333:role/glidepath/plan",
    default: "the credentials of the caller",
};
static APPLY: Field = Field {
    name: "apply",
    shape: Shape::Text(&ROLE_ARN),
    need: Need::Optional,
    doc: "The role that applies.",
    example: "arn:aws:iam::111122223333:role/glidepath/apply",
    default: "the credentials of the caller",
};
static BREAK_GLASS: Field = Field {
    name: "breakGlass",
    shape: Shape::List(&Shape::Section(&BREAK_GLASS_SECTION)),
    need: Need::Optional,
    doc: "Principals that no plan may lock out.",
    example: "[{arn: \"arn:aws:iam::*:role/break-glass\"}]",
    default: "",
};

static RESPONDERS: Field = Field {
    name: "responders",
    shape: Shape::List(&Shape::Text(&ROLE_PATTERN)),
    need: Need::Optional,
    doc: "Roles of those who respond to incidents: the quarantine of an account does not bind them.",
    example: "[\"arn:aws:iam::*:role/incident-responder\"]",
    default: "",
};

static BREAK_GLASS_SECTION: Section = Section {
    name: "breakGlass",
    doc: "A principal that must be able to repair the organization.",
    fields: &[&ARN, &CONTEXT],
};
static ARN: Field = Field {
    name: "arn",
    shape: Shape::Text(&BREAK_GLASS_ARN),
    need: Need::Required,
    doc: "A role, a user or an account's root user; the account part may be `*`.",
    example: "\"arn:aws:iam::*:role/break-glass\"",
    default: "",
};
static CONTEXT: Field = Field {
    name: "context",
    shape: Shape::Map { keys: &CONTEXT_KEY, values: &Shape::Text(&ANY_TEXT) },
    need: Need::Optional,
    doc: "Condition keys that its requests carry.",
    example: "{\"aws:MultiFactorAuthPresent\": \"true\"}",
    default: "",
};

/// Reads the section; `nowhere` is the place of what is not written.
pub(crate) fn read(record: Record<'_>, nowhere: Span) -> Roles {
    Roles {
        access: record.text(&ACCESS).map_or_else(|| Spanned::new(DEFAULT_ACCESS.to_owned(), nowhere), owned),
        plan: record.text(&PLAN).map(owned),
        apply: record.text(&APPLY).map(owned),
        break_glass: record
            .items(&BREAK_GLASS)
            .iter()
            .filter_map(|item| {
                let record = Record::of(item);
                let arn = record.text(&ARN)?;
                let principal = BreakGlass { arn: arn.value.to_owned(), context: record.text_map(&CONTEXT) };
                Some(Spanned::new(principal, arn.span))
            })
            .collect(),
        responders: record.texts(&RESPONDERS).into_iter().map(owned).collect(),
    }
}
