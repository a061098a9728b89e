//! Rules that every rendered template keeps, beyond what CloudFormation itself wants.
//!
//! A resource that has to break one says so in its own metadata, with a reason:
//! `Metadata: {Glidepath: {Excuses: {private-buckets: why}}}`. In the same way it is excused from a rule of Guard.

mod bucket;
mod key;
mod name;
mod policy;
mod portable;
mod retained;

use crate::blueprint::Blueprint;
use glidepath_template::{Fault, Resource, Template};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// A rule.
struct Rule {
    /// The name by which a resource is excused from it.
    name: &'static str,
    check: fn(&Scene<'_>, &mut Vec<Fault>),
}

/// What a rule looks at.
struct Scene<'s> {
    blueprint: &'s Blueprint,
    template: &'s Template,
    /// Parameters of the template that get their values from the plan, by those of the blueprint.
    later: &'s BTreeMap<String, String>,
}

const RULES: &[Rule] = &[
    Rule { name: "retained", check: retained::check },
    Rule { name: "private-buckets", check: bucket::check },
    Rule { name: "rotated-keys", check: key::check },
    Rule { name: "names", check: name::check },
    Rule { name: "scoped-principals", check: policy::check },
    Rule { name: "portable", check: portable::check },
];

/// Whether a name is one of a Guard rule: those are held against templates where guardrails are known.
///
/// Source: <https://docs.aws.amazon.com/cfn-guard/latest/ug/writing-rules.html>
fn is_guard_rule(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    name.bytes().next().is_some_and(|first| first.is_ascii_uppercase()) && name.bytes().all(plain)
}

/// Words that a reason for an excuse has at least; one word is no reason.
const WORDS_AT_LEAST: usize = 4;

/// Every rule that a template breaks, with the path of the resource.
pub(crate) fn broken(
    blueprint: &Blueprint,
    template: &Template,
    later: &BTreeMap<String, String>,
) -> Vec<Fault> {
    let scene = Scene { blueprint, template, later };
    let mut all = Vec::new();
    for (id, resource) in template.resources() {
        for (name, reason) in excuses(resource) {
            let known = RULES.iter().any(|rule| rule.name == name) || is_guard_rule(name);
            let words = reason.as_str().unwrap_or_default().split_whitespace().count();
            if !known {
                let known: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
                all.push(on(
                    id,
                    format!("there is no rule `{name}` to be excused from: {}", known.join(", ")),
                ));
            } else if words < WORDS_AT_LEAST {
                all.push(on(id, format!("the excuse from `{name}` says in a few words why")));
            }
        }
    }
    for rule in RULES {
        let mut found = Vec::new();
        (rule.check)(&scene, &mut found);
        found.retain(|fault| {
            let id = fault.path.split('/').nth(1).unwrap_or_default();
            let resource = template.resources().get(id);
            !resource.is_some_and(|resource| excuses(resource).any(|(name, _)| name == rule.name))
        });
        all.extend(found);
    }
    all
}

/// The rules that a resource is excused from, with the reasons.
fn excuses(resource: &Resource) -> impl Iterator<Item = (&String, &Json)> {
    let metadata = resource.metadata.as_ref();
    let excuses = metadata.and_then(|metadata| metadata.get("Glidepath")?.get("Excuses")?.as_object());
    excuses.into_iter().flatten()
}

/// A complaint about a resource.
fn on(id: &str, message: impl Into<String>) -> Fault {
    Fault { path: format!("Resources/{id}"), message: message.into() }
}

/// Resources of one type, with their properties.
fn of_type<'t>(template: &'t Template, ty: &'t str) -> impl Iterator<Item = (&'t String, &'t Resource)> {
    template.resources().iter().filter(move |(_, resource)| resource.ty == ty)
}

/// Whether some text in a value holds `wanted`.
fn mentions(value: &Json, wanted: &str) -> bool {
    match value {
        Json::String(text) => text.contains(wanted),
        Json::Array(items) => items.iter().any(|item| mentions(item, wanted)),
        Json::Object(members) => members.values().any(|value| mentions(value, wanted)),
        _ => false,
    }
}

/// The items of a list; anything else is its own only item.
fn items(value: &Json) -> &[Json] {
    match value {
        Json::Array(items) => items,
        other => std::slice::from_ref(other),
    }
}
