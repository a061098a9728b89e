//! Switches, which are additive: `trustedAccess:`, `delegatedAdministrators:`, `policyTypes:`.

use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use crate::format::ACCOUNT_NAME;
use crate::manifest::Switch;
use crate::record::{Record, formed, keyed};
use crate::shape::{Field, Need, Section, Shape};
use crate::span::Spanned;
use crate::yaml::{Entry, Node, Value};
use std::collections::BTreeMap;

pub(crate) static SWITCH: Section = Section {
    name: "switch",
    doc: "Something that is on. Leaving it out of the manifest changes nothing; turning it off takes `absent: true`.",
    fields: &[&ABSENT],
};
static ABSENT: Field = Field {
    name: "absent",
    shape: Shape::Flag,
    need: Need::Optional,
    doc: "Whether it shall be off. Listed as dangerous by every plan that does it.",
    example: "true",
    default: "`false`",
};

/// An account, a list of accounts, or a map.
pub(crate) static DELEGATES: Shape = Shape::Either(&[
    Shape::Text(&ACCOUNT_NAME),
    Shape::List(&Shape::Text(&ACCOUNT_NAME)),
    Shape::Section(&DELEGATES_SECTION),
]);
static DELEGATES_SECTION: Section = Section {
    name: "delegates",
    doc: "The delegated administrators of a service.",
    fields: &[&DELEGATES_ACCOUNTS, &DELEGATES_ABSENT],
};
static DELEGATES_ACCOUNTS: Field = Field {
    name: "accounts",
    shape: Shape::List(&Shape::Text(&ACCOUNT_NAME)),
    need: Need::Optional,
    doc: "Accounts that shall administrate the service.",
    example: "[security]",
    default: "",
};
static DELEGATES_ABSENT: Field = Field {
    name: "absent",
    shape: Shape::List(&Shape::Text(&ACCOUNT_NAME)),
    need: Need::Optional,
    doc: "Accounts that shall no longer do so.",
    example: "[old-security]",
    default: "",
};

/// Reads one switch; its place is its key.
pub(crate) fn read(entry: &Entry) -> Spanned<Switch> {
    let switch = if Record::of(&entry.value).flag(&ABSENT) { Switch::Absent } else { Switch::On };
    keyed(entry, switch)
}

/// Reads the administrators of one service, by account.
pub(crate) fn read_delegates(entry: &Entry, report: &mut Report) -> BTreeMap<String, Spanned<Switch>> {
    let on = match &entry.value.value {
        Value::Scalar(_) => formed(&entry.value, &ACCOUNT_NAME).into_iter().collect(),
        Value::List(items) => names(items),
        Value::Map(_) | Value::Empty => Record::of(&entry.value).texts(&DELEGATES_ACCOUNTS),
    };
    let absent = Record::of(&entry.value).texts(&DELEGATES_ABSENT);
    let mut switches: BTreeMap<String, Spanned<Switch>> = BTreeMap::new();
    let all = on
        .into_iter()
        .map(|name| (name, Switch::On))
        .chain(absent.into_iter().map(|name| (name, Switch::Absent)));
    for (name, switch) in all {
        match switches.get(name.value) {
            None => {
                switches.insert(name.value.to_owned(), Spanned::new(switch, name.span));
            }
            Some(first) if first.value == switch => report.add(
                Diagnostic::new(code::REPEATED_ITEM, format!("`{}` is listed twice", name.value))
                    .at(name.span, "listed again here")
                    .at(first.span, "first listed here")
                    .help("delete one"),
            ),
            Some(first) => report.add(
                Diagnostic::new(
                    code::CONTRADICTION,
                    format!("`{}` shall be an administrator and shall be none", name.value),
                )
                .at(name.span, "absent here")
                .at(first.span, "wanted here")
                .help("keep one of the two"),
            ),
        }
    }
    switches
}

fn names(items: &[Node]) -> Vec<Spanned<&str>> {
    items.iter().filter_map(|item| formed(item, &ACCOUNT_NAME)).collect()
}
