//! `directory:`, `groups:` and `users:`, who there is.

use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use crate::format::{EMAIL, GROUP_NAME, PERSON_TEXT, USER_NAME};
use crate::manifest::{Directory, Group, User};
use crate::record::{Record, owned};
use crate::shape::{Field, Need, Section, Shape};
use crate::yaml::Entry;
use std::collections::BTreeMap;

pub(super) static GROUPS: Field = Field {
    name: "groups",
    shape: Shape::Map { keys: &GROUP_NAME, values: &Shape::Section(&GROUP_SECTION) },
    need: Need::Optional,
    doc: "Groups of a managed directory, by name. What is not named here is left as it is.",
    example: "{platform: {members: [anna]}}",
    default: "",
};
pub(super) static USERS: Field = Field {
    name: "users",
    shape: Shape::Map { keys: &USER_NAME, values: &Shape::Section(&USER_SECTION) },
    need: Need::Optional,
    doc: "Users of a managed directory, by user name. What is not named here is left as it is.",
    example: "{anna: {given: Anna, family: Example, email: anna@example.com}}",
    default: "",
};

static GROUP_SECTION: Section = Section {
    name: "group",
    doc: "A group of a managed directory. Groups cannot carry our mark: one that leaves the manifest stays, and \
          `absent: true` deletes it.",
    fields: &[&DESCRIPTION, &MEMBERS, &GROUP_ABSENT],
};
static DESCRIPTION: Field = Field {
    name: "description",
    shape: Shape::Text(&PERSON_TEXT),
    need: Need::Optional,
    doc: "What it is for.",
    example: "Runs the platform",
    default: "",
};
static MEMBERS: Field = Field {
    name: "members",
    shape: Shape::List(&Shape::Text(&USER_NAME)),
    need: Need::Optional,
    doc: "Its users, by user name; nobody else is in it. Left out, its members are left as they are.",
    example: "[anna, bela]",
    default: "left as they are",
};
static GROUP_ABSENT: Field = absent("Whether there shall be no such group.");

static USER_SECTION: Section = Section {
    name: "user",
    doc: "A user of a managed directory. Users cannot carry our mark: one that leaves the manifest stays, and \
          `absent: true` deletes the user.",
    fields: &[&GIVEN, &FAMILY, &DISPLAY, &EMAIL_FIELD, &USER_ABSENT],
};
static GIVEN: Field = Field {
    name: "given",
    shape: Shape::Text(&PERSON_TEXT),
    need: Need::Optional,
    doc: "The given name.",
    example: "Anna",
    default: "the user name",
};
static FAMILY: Field = Field {
    name: "family",
    shape: Shape::Text(&PERSON_TEXT),
    need: Need::Optional,
    doc: "The family name.",
    example: "Example",
    default: "the user name",
};
static DISPLAY: Field = Field {
    name: "display",
    shape: Shape::Text(&PERSON_TEXT),
    need: Need::Optional,
    doc: "The name as it is shown.",
    example: "Anna Example",
    default: "given and family name",
};
static EMAIL_FIELD: Field = Field {
    name: "email",
    shape: Shape::Text(&EMAIL),
    need: Need::Optional,
    doc: "The e-mail address.",
    example: "anna@example.com",
    default: "none",
};
static USER_ABSENT: Field = absent("Whether there shall be no such user.");

const fn absent(doc: &'static str) -> Field {
    Field {
        name: "absent",
        shape: Shape::Flag,
        need: Need::Optional,
        doc,
        example: "true",
        default: "`false`",
    }
}

/// Reads who there is; a complaint where groups or users stand beside a directory of others.
pub(super) fn read(record: Record<'_>, directory: &Field, report: &mut Report) -> Directory {
    if record.text(directory).is_some_and(|text| text.value == "managed") {
        return Directory::Managed {
            groups: groups(record.entries(&GROUPS)),
            users: users(record.entries(&USERS)),
        };
    }
    for field in [&GROUPS, &USERS] {
        if let Some(entry) = record.entry(field) {
            report.add(
                Diagnostic::new(
                    code::EXTERNAL_DIRECTORY,
                    format!(
                        "`{}` says who is in the directory, which an identity provider fills",
                        field.name
                    ),
                )
                .at(entry.key.span, "")
                .help("add `directory: managed` if no identity provider does, or take this out"),
            );
        }
    }
    Directory::External
}

fn groups(entries: &[Entry]) -> BTreeMap<String, Group> {
    let group = |entry: &Entry| {
        let record = Record::of(&entry.value);
        let span = entry.key.span;
        if record.flag(&GROUP_ABSENT) {
            return Group::Absent { span };
        }
        Group::Present {
            span,
            description: record.text(&DESCRIPTION).map(|text| text.value.to_owned()).unwrap_or_default(),
            members: record.entry(&MEMBERS).map(|_| record.texts(&MEMBERS).into_iter().map(owned).collect()),
        }
    };
    let named = entries.iter().filter(|entry| (GROUP_NAME.check)(&entry.key.value).is_ok());
    named.map(|entry| (entry.key.value.to_string(), group(entry))).collect()
}

fn users(entries: &[Entry]) -> BTreeMap<String, User> {
    let user = |entry: &Entry| {
        let record = Record::of(&entry.value);
        let span = entry.key.span;
        if record.flag(&USER_ABSENT) {
            return User::Absent { span };
        }
        let own = |field: &Field| record.text(field).map(|text| text.value.to_owned());
        let given = own(&GIVEN).unwrap_or_else(|| entry.key.value.to_string());
        let family = own(&FAMILY).unwrap_or_else(|| entry.key.value.to_string());
        let both = || if given == family { given.clone() } else { format!("{given} {family}") };
        let display = own(&DISPLAY).unwrap_or_else(both);
        User::Present { span, given, family, display, email: own(&EMAIL_FIELD).unwrap_or_default() }
    };
    let named = entries.iter().filter(|entry| (USER_NAME.check)(&entry.key.value).is_ok());
    named.map(|entry| (entry.key.value.to_string(), user(entry))).collect()
}
