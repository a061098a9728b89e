//! Templates and targets of stacks, as a reader wants them: resources by type, units and accounts by Region.

use super::count;
use crate::view::style::{GONE, GOOD, paint, shown};
use glidepath_model::{Target, canonical};
use glidepath_plan::deployment::Member;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// How many accounts of a listing are named.
const NAMED: usize = 4;

/// `3 resources, 2,100 characters`.
pub(crate) fn of_template(template: &Value) -> String {
    let characters = canonical::canonical_json(template).chars().count();
    format!("{}, {}", count(resources(template).len(), "resource"), count(characters, "character"))
}

fn resources(template: &Value) -> Map<String, Value> {
    template.get("Resources").and_then(Value::as_object).cloned().unwrap_or_default()
}

/// `Security, Workloads in eu-central-1, eu-west-1`: targets that have the same Regions stand together.
pub(crate) fn of_members(members: &BTreeSet<Member>) -> String {
    let mut by_target: BTreeMap<&Target, BTreeSet<&str>> = BTreeMap::new();
    for member in members {
        by_target.entry(&member.target).or_default().insert(&member.region);
    }
    let mut by_regions: BTreeMap<BTreeSet<&str>, Vec<&Target>> = BTreeMap::new();
    for (target, regions) in by_target {
        by_regions.entry(regions).or_default().push(target);
    }
    let parts = by_regions.into_iter().map(|(regions, targets)| {
        let regions: Vec<String> = regions.into_iter().map(|region| shown(&region)).collect();
        format!("{} in {}", names(&targets), regions.join(", "))
    });
    parts.collect::<Vec<_>>().join("; ")
}

fn names(targets: &[&Target]) -> String {
    let (units, accounts): (Vec<&Target>, Vec<&Target>) =
        targets.iter().copied().partition(|target| matches!(target, Target::Unit(_)));
    let mut words: Vec<String> = units.into_iter().map(shown).collect();
    let rest = accounts.len().saturating_sub(NAMED);
    words.extend(accounts.into_iter().take(NAMED).map(shown));
    if rest > 0 {
        words.push(format!("{} more", count(rest, "account")));
    }
    words.join(", ")
}

/// What differs between two templates: a line for each resource, then whether anything else does.
pub(crate) fn template_lines(before: &Value, after: &Value) -> Vec<String> {
    let (old, new) = (resources(before), resources(after));
    let ids: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let mut lines = Vec::new();
    for id in ids {
        let ty = |resource: &Value| shown(&resource.get("Type").and_then(Value::as_str).unwrap_or("no type"));
        match (old.get(id), new.get(id)) {
            (None, Some(resource)) => lines.push(paint(GOOD, format!("+ {} {}", shown(id), ty(resource)))),
            (Some(resource), None) => lines.push(paint(GONE, format!("- {} {}", shown(id), ty(resource)))),
            (Some(one), Some(other)) if one != other => lines.extend(modified(id, one, other)),
            (Some(_), Some(_)) | (None, None) => {}
        }
    }
    let rest = |template: &Value| {
        let mut members = template.as_object().cloned().unwrap_or_default();
        members.remove("Resources");
        // Its digest differs whenever anything does.
        members.remove("Metadata");
        members
    };
    if rest(before) != rest(after) {
        lines.push("parameters, conditions or outputs of the template differ".to_owned());
    }
    lines
}

/// One resource that is described in another way, and what becomes of it.
fn modified(id: &str, before: &Value, after: &Value) -> Vec<String> {
    let ty = |resource: &Value| resource.get("Type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let properties =
        |resource: &Value| resource.get("Properties").and_then(Value::as_object).cloned().unwrap_or_default();
    let (old, new) = (properties(before), properties(after));
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let changed: Vec<&String> = keys.into_iter().filter(|key| old.get(*key) != new.get(*key)).collect();
    let known = glidepath_template::resource_type::find(&ty(after));
    let anew = ty(before) != ty(after)
        || known.is_some_and(|known| changed.iter().any(|key| known.is_create_only(key)));
    let what = if anew { "is made anew" } else { "is changed" };
    let names: Vec<String> = changed.into_iter().map(shown).collect();
    let names = if names.is_empty() { "attributes".to_owned() } else { names.join(", ") };
    let sign = if anew { paint(GONE, "±") } else { "~".to_owned() };
    vec![format!("{sign} {} {} {what}: {names}", shown(&id), shown(&ty(after)))]
}
