//! Files of expectations: what a landing zone must deny and must allow, in its owners' words.

use crate::diagnostic::Report;
use crate::expectation::{Expectation, Expected};
use crate::format::expected;
use crate::format::{
    ACCOUNT_NAME, ACTION, ANY_TEXT, ASKER, CONTEXT_KEY, EXPECTED, REASON, RESOURCE, SELECTOR,
};
use crate::record::{Record, formed, owned};
use crate::section::policy::selectors;
use crate::shape::{Field, Need, Section, Shape};
use crate::span::Spanned;
use crate::yaml::{Node, Value};
use glidepath_model::Selector;
use std::collections::BTreeMap;

/// A whole file.
pub(crate) static FILE: Section = Section {
    name: "expectations",
    doc: "A file of expectations for `glidepath test`: what the landing zone must deny and must allow. Only SCPs and \
          RCPs are asked, as `glidepath explain` asks them.",
    fields: &[&EXPECTATIONS],
};
static EXPECTATIONS: Field = Field {
    name: "expectations",
    shape: Shape::List(&Shape::Section(&EXPECTATION)),
    need: Need::Required,
    doc: "The expectations.",
    example: "[{says: developers cannot leave, expect: denied, on: [Workloads], as: role/developer, action: \
              organizations:LeaveOrganization}]",
    default: "",
};

static EXPECTATION: Section = Section {
    name: "expectation",
    doc: "One expectation. It is checked in every account that `on` reaches, for every action on every resource.",
    fields: &[&SAYS, &EXPECT, &ON, &AS, &ASKED_ACTION, &ASKED_RESOURCE, &RESOURCE_ACCOUNT, &CONTEXT],
};
static SAYS: Field = Field {
    name: "says",
    shape: Shape::Text(&REASON),
    need: Need::Required,
    doc: "What is expected, as a sentence.",
    example: "developers in Sandbox cannot leave the organization",
    default: "",
};
static EXPECT: Field = Field {
    name: "expect",
    shape: Shape::Text(&EXPECTED),
    need: Need::Required,
    doc: "What the answer must be. An answer that depends on keys nobody told is neither.",
    example: "denied",
    default: "",
};
static ON: Field = Field {
    name: "on",
    shape: Shape::List(&Shape::Text(&SELECTOR)),
    need: Need::Optional,
    doc: "The accounts in which it is checked: a unit path or `/` (with all below it), `account/NAME`, or \
          `tag:key=value`. The management account is meant only where it is named.",
    example: "[Sandbox, account/shop-prod]",
    default: "the account of the principal",
};
static AS: Field = Field {
    name: "as",
    shape: Shape::Text(&ASKER),
    need: Need::Required,
    doc: "Who asks: `role/NAME`, `user/NAME` or `root` in each of these accounts, or a whole ARN, or a service \
          principal.",
    example: "role/developer",
    default: "",
};
static ASKED_ACTION: Field = Field {
    name: "action",
    shape: Shape::Either(&[Shape::Text(&ACTION), Shape::List(&Shape::Text(&ACTION))]),
    need: Need::Required,
    doc: "For what: one action, or a list.",
    example: "organizations:LeaveOrganization",
    default: "",
};
static ASKED_RESOURCE: Field = Field {
    name: "resource",
    shape: Shape::Either(&[Shape::Text(&RESOURCE), Shape::List(&Shape::Text(&RESOURCE))]),
    need: Need::Optional,
    doc: "On what: an ARN, or a list. `{partition}`, `{account}` and `{region}` stand for those of the account.",
    example: "\"arn:{partition}:s3:::log-archive/*\"",
    default: "`*`, for actions that have no resource",
};
static RESOURCE_ACCOUNT: Field = Field {
    name: "resourceAccount",
    shape: Shape::Text(&ACCOUNT_NAME),
    need: Need::Optional,
    doc: "The account that owns the resource.",
    example: "log-archive",
    default: "the account in the resource's ARN, else the one in which it is checked",
};
static CONTEXT: Field = Field {
    name: "context",
    shape: Shape::Map {
        keys: &CONTEXT_KEY,
        values: &Shape::Either(&[Shape::Text(&ANY_TEXT), Shape::List(&Shape::Text(&ANY_TEXT))]),
    },
    need: Need::Optional,
    doc: "Condition keys that the request carries, each with a value or a list; an empty value says that the key is \
          absent.",
    example: "{\"aws:RequestedRegion\": us-west-2, \"aws:MultiFactorAuthPresent\": }",
    default: "what follows from principal and resource, the home Region, and TLS",
};

/// The expectations that are whole, and everything that any of them names.
#[derive(Default)]
pub(crate) struct ExpectationsDraft {
    pub(crate) whole: Vec<Expectation>,
    pub(crate) named: Vec<Spanned<Selector>>,
    pub(crate) owners: Vec<Spanned<String>>,
}

/// Reads a file that [`crate::conform`] has seen.
pub(crate) fn read(root: &Node, report: &mut Report) -> ExpectationsDraft {
    let mut draft = ExpectationsDraft::default();
    for item in Record::of(root).items(&EXPECTATIONS) {
        let record = Record::of(item);
        let on = selectors(record, &ON, report);
        draft.named.extend(on.iter().cloned());
        let owner = record.text(&RESOURCE_ACCOUNT);
        draft
            .named
            .extend(owner.map(|name| Spanned::new(Selector::Account(name.value.to_owned()), name.span)));
        draft.whole.extend(expectation(record, on));
    }
    draft
}

fn expectation(record: Record<'_>, on: Vec<Spanned<Selector>>) -> Option<Expectation> {
    let wants: Expected = record.parsed(&EXPECT, |text| expected(text).ok_or(()))?.value;
    let mut resources = one_or_more(record, &ASKED_RESOURCE);
    if resources.is_empty() {
        resources.push("*".to_owned());
    }
    Some(Expectation {
        says: owned(record.text(&SAYS)?),
        wants,
        on,
        principal: owned(record.text(&AS)?),
        actions: one_or_more(record, &ASKED_ACTION),
        resources,
        resource_account: record.text(&RESOURCE_ACCOUNT).map(owned),
        context: context(record),
    })
}

/// A text or a list of texts.
fn one_or_more(record: Record<'_>, field: &Field) -> Vec<String> {
    let Some(entry) = record.entry(field) else { return Vec::new() };
    let Shape::Either([Shape::Text(format), ..]) = &field.shape else { return Vec::new() };
    let nodes = match &entry.value.value {
        Value::List(items) => items.as_slice(),
        _ => std::slice::from_ref(&entry.value),
    };
    nodes.iter().filter_map(|node| Some(formed(node, format)?.value.to_owned())).collect()
}

fn context(record: Record<'_>) -> BTreeMap<String, Vec<String>> {
    let entries = record.entries(&CONTEXT).iter();
    let values = |node: &Node| -> Vec<String> {
        let nodes = match &node.value {
            Value::List(items) => items.as_slice(),
            Value::Empty => &[],
            _ => std::slice::from_ref(node),
        };
        nodes.iter().filter_map(|node| Some(formed(node, &ANY_TEXT)?.value.to_owned())).collect()
    };
    entries.map(|entry| (entry.key.value.to_string(), values(&entry.value))).collect()
}
