//! `permissionSets:`, what people may do.

use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use crate::document::Documents;
use crate::format::{
    CUSTOMER_POLICY_NAME, FILE_PATH, MANAGED_POLICY, PERMISSION_SET_DESCRIPTION, PERMISSION_SET_NAME,
    POLICY_PATH, RELAY_STATE, SESSION, session_seconds,
};
use crate::manifest::{InlinePolicy, PermissionSet, PolicyBoundary};
use crate::record::{Record, formed, owned};
use crate::section::tags;
use crate::shape::{Field, Need, Section, Shape};
use crate::span::Spanned;
use crate::yaml::{Entry, Value};
use glidepath_model::identity_center::CustomerPolicy;
use std::collections::BTreeMap;

/// The length of a session where nothing is said: AWS's own.
const USUAL_SESSION: u32 = 3_600;
/// The path of policies that have none.
const NO_PATH: &str = "/";

pub(super) static SECTION: Section = Section {
    name: "permissionSet",
    doc: "What people may do in the accounts where they have it. AWS makes a role of it in each of them. A name can \
          never be changed: `was` has another set take the old one's place, and nobody is without access in between.",
    fields: &[
        &DESCRIPTION,
        &MANAGED,
        &CUSTOMER,
        &INLINE,
        &BOUNDARY,
        &SESSION_FIELD,
        &RELAY_STATE_FIELD,
        &RESPONDER,
        &TAGS,
        &WAS,
    ],
};
static DESCRIPTION: Field = Field {
    name: "description",
    shape: Shape::Text(&PERMISSION_SET_DESCRIPTION),
    need: Need::Optional,
    doc: "What it is for.",
    example: "Everything, for those on call",
    default: "",
};
static MANAGED: Field = Field {
    name: "managed",
    shape: Shape::List(&Shape::Text(&MANAGED_POLICY)),
    need: Need::Optional,
    doc: "AWS's own policies in it, by name with path.",
    example: "[ReadOnlyAccess, job-function/ViewOnlyAccess]",
    default: "",
};
static CUSTOMER: Field = Field {
    name: "customerManaged",
    shape: Shape::List(&CUSTOMER_POLICY),
    need: Need::Optional,
    doc: "Policies in it that each account has for itself. Where a blueprint makes them, assignments wait for its \
          stacks.",
    example: "[deployer, {name: operator, path: /platform/}]",
    default: "",
};
static INLINE: Field = Field {
    name: "inline",
    shape: Shape::Either(&[Shape::Text(&FILE_PATH), Shape::Document]),
    need: Need::Optional,
    doc: "Its inline policy: a file within the manifest's folder, or the document itself. At most 10,240 bytes without \
          white space.",
    example: "policies/deployer.json",
    default: "",
};
static BOUNDARY: Field = Field {
    name: "boundary",
    shape: Shape::Section(&BOUNDARY_SECTION),
    need: Need::Optional,
    doc: "The policy beyond which it grants nothing.",
    example: "{managed: PowerUserAccess}",
    default: "none",
};
static SESSION_FIELD: Field = Field {
    name: "session",
    shape: Shape::Text(&SESSION),
    need: Need::Optional,
    doc: "How long a session lasts.",
    example: "4h",
    default: "`1h`",
};
static RELAY_STATE_FIELD: Field = Field {
    name: "relayState",
    shape: Shape::Text(&RELAY_STATE),
    need: Need::Optional,
    doc: "The page of the console at which a session begins.",
    example: "https://eu-west-1.console.aws.amazon.com/billing/home",
    default: "the console's start page",
};
static RESPONDER: Field = Field {
    name: "responder",
    shape: Shape::Flag,
    need: Need::Optional,
    doc: "Whether those who have it respond to incidents: in an account under quarantine they keep it, and the \
          quarantine does not bind them.",
    example: "true",
    default: "`false`",
};
static TAGS: Field = tags("Its tags.", "");
static WAS: Field = Field {
    name: "was",
    shape: Shape::Text(&PERMISSION_SET_NAME),
    need: Need::Optional,
    doc: "The name it had before.",
    example: "Administrators",
    default: "",
};

static CUSTOMER_POLICY: Shape =
    Shape::Either(&[Shape::Text(&CUSTOMER_POLICY_NAME), Shape::Section(&CUSTOMER_POLICY_SECTION)]);
static CUSTOMER_POLICY_SECTION: Section = Section {
    name: "customerPolicy",
    doc: "A policy that each account has for itself; its name alone where it has no path.",
    fields: &[&NAME, &PATH],
};
static NAME: Field = Field {
    name: "name",
    shape: Shape::Text(&CUSTOMER_POLICY_NAME),
    need: Need::Required,
    doc: "Its name.",
    example: "operator",
    default: "",
};
static PATH: Field = Field {
    name: "path",
    shape: Shape::Text(&POLICY_PATH),
    need: Need::Optional,
    doc: "Its path.",
    example: "/platform/",
    default: "`/`",
};

static BOUNDARY_SECTION: Section = Section {
    name: "boundary",
    doc: "One policy: one of AWS's own, or one that each account has for itself.",
    fields: &[&BOUNDARY_MANAGED, &BOUNDARY_CUSTOMER],
};
static BOUNDARY_MANAGED: Field = Field {
    name: "managed",
    shape: Shape::Text(&MANAGED_POLICY),
    need: Need::Optional,
    doc: "One of AWS's own policies, by name with path.",
    example: "PowerUserAccess",
    default: "",
};
static BOUNDARY_CUSTOMER: Field = Field {
    name: "customerManaged",
    shape: Shape::Either(&[Shape::Text(&CUSTOMER_POLICY_NAME), Shape::Section(&CUSTOMER_POLICY_SECTION)]),
    need: Need::Optional,
    doc: "A policy that each account has for itself.",
    example: "{name: operator-boundary, path: /platform/}",
    default: "",
};

/// Reads all permission sets.
pub(super) fn read(
    entries: &[Entry],
    documents: &mut Documents<'_>,
    report: &mut Report,
) -> BTreeMap<String, PermissionSet> {
    entries
        .iter()
        .filter(|entry| (PERMISSION_SET_NAME.check)(&entry.key.value).is_ok())
        .map(|entry| (entry.key.value.to_string(), permission_set(entry, documents, report)))
        .collect()
}

fn permission_set(entry: &Entry, documents: &mut Documents<'_>, report: &mut Report) -> PermissionSet {
    let record = Record::of(&entry.value);
    let silent = record.items(&MANAGED).is_empty() && record.items(&CUSTOMER).is_empty();
    if silent && record.entry(&INLINE).is_none() {
        report.add(
            Diagnostic::new(
                code::GRANTS_NOTHING,
                format!("the permission set `{}` grants nothing", entry.key.value),
            )
            .at(entry.key.span, "no policy")
            .help("add `managed`, `customerManaged` or `inline`"),
        );
    }
    let text = |field: &Field| record.text(field).map(|text| text.value.to_owned()).unwrap_or_default();
    PermissionSet {
        span: entry.key.span,
        was: record.text(&WAS).map(owned),
        description: text(&DESCRIPTION),
        managed: record.texts(&MANAGED).into_iter().map(owned).collect(),
        customer: record
            .items(&CUSTOMER)
            .iter()
            .filter_map(|item| Some(Spanned::new(customer_policy(item)?, item.place(entry.key.span))))
            .collect(),
        inline: record.entry(&INLINE).map(|entry| inline(entry, documents, report)),
        boundary: record.entry(&BOUNDARY).and_then(|entry| boundary(entry, report)),
        session: record
            .text(&SESSION_FIELD)
            .and_then(|text| session_seconds(text.value))
            .unwrap_or(USUAL_SESSION),
        relay_state: text(&RELAY_STATE_FIELD),
        responder: record.flag(&RESPONDER),
        tags: record.text_map(&TAGS),
    }
}

fn customer_policy(node: &crate::yaml::Node) -> Option<CustomerPolicy> {
    let named = |name: Spanned<&str>, path: &str| CustomerPolicy {
        name: name.value.to_owned(),
        path: path.to_owned(),
    };
    if let Some(name) = formed(node, &CUSTOMER_POLICY_NAME) {
        return Some(named(name, NO_PATH));
    }
    let record = Record::of(node);
    let path = match record.entry(&PATH) {
        Some(_) => record.text(&PATH)?.value,
        None => NO_PATH,
    };
    Some(named(record.text(&NAME)?, path))
}

/// The inline policy; `null` where a complaint stands.
fn inline(entry: &Entry, documents: &mut Documents<'_>, report: &mut Report) -> InlinePolicy {
    if let Value::Scalar(_) = &entry.value.value {
        let read = formed(&entry.value, &FILE_PATH).and_then(|path| documents.read(path, report));
        let (file, value) = read.map_or((None, serde_json::Value::Null), |(file, value)| (Some(file), value));
        return InlinePolicy { document: Spanned::new(value, entry.value.place(entry.key.span)), file };
    }
    InlinePolicy { document: Spanned::new(documents.inline(entry, report), entry.key.span), file: None }
}

fn boundary(entry: &Entry, report: &mut Report) -> Option<PolicyBoundary> {
    let record = Record::of(&entry.value);
    match (record.entry(&BOUNDARY_MANAGED), record.entry(&BOUNDARY_CUSTOMER)) {
        (Some(managed), Some(customer)) => {
            report.add(
                Diagnostic::new(code::CONTRADICTION, "a permission set has one boundary, not two")
                    .at(customer.key.span, "the one or the other")
                    .at(managed.key.span, "given here")
                    .help("keep one of `managed` and `customerManaged`"),
            );
            None
        }
        (None, None) => {
            report.add(
                Diagnostic::new(code::CONTRADICTION, "this boundary names no policy")
                    .at(entry.key.span, "")
                    .help("give `managed` or `customerManaged`, or take `boundary` out"),
            );
            None
        }
        (Some(_), None) => {
            record.text(&BOUNDARY_MANAGED).map(|name| PolicyBoundary::Managed(name.value.to_owned()))
        }
        (None, Some(customer)) => customer_policy(&customer.value).map(PolicyBoundary::Customer),
    }
}
