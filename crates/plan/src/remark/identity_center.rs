//! What a change of a permission set or of assignments means: what people newly may do, where a guardrail denies what a
//! set grants, what a new name costs, and what is over.

use crate::access::{AccessChange, Lines, Reached, denied_of, in_words};
use crate::change::{Action, Change};
use crate::kind::assignments::turned;
use crate::kind::permission_set::{PermissionSetSpec, managed_name};
use crate::shape::Transition;
use crate::spec::{Desired, Spec};
use crate::world::World;
use glidepath_iam::difference::{DocumentLevel, Reach, compare};
use glidepath_iam::document::{self, Document};
use glidepath_model::text::printable;
use glidepath_model::{Address, PolicyType};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The one policy of AWS's own whose content is known for good: it allows everything.
/// <https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AdministratorAccess.html>
const EVERYTHING: &str = "AdministratorAccess";
/// How many parts of what is newly allowed or denied are told before the rest is counted.
const TOLD: usize = 6;
/// How many accounts are named before the rest is counted.
const NAMED: usize = 3;
/// The level that stands for what a permission set grants.
const GRANTED: &str = "the permission set";

pub(super) fn notes(world: &World<'_>, transition: &Transition, change: &Change) -> Vec<String> {
    match &change.address {
        Address::PermissionSet(name) => of_set(world, transition, name, change),
        Address::Assignments { permission_set, .. } => of_assignments(world, permission_set, change),
        _ => Vec::new(),
    }
}

fn of_set(world: &World<'_>, transition: &Transition, name: &str, change: &Change) -> Vec<String> {
    let mut notes = Vec::new();
    let renamed = world.zone.identity_center.as_ref().map(|center| &center.renamed);
    if let Some((was, _)) = renamed.into_iter().flatten().find(|(_, new)| *new == name)
        && let Action::Create { .. } = change.action
    {
        notes.push(format!(
            "AWS cannot rename `{}`: this one takes its place, assignments are made anew, and the old one goes last",
            printable(was)
        ));
    }
    if let (Action::Delete { .. }, Some(new)) =
        (&change.action, renamed.and_then(|renamed| renamed.get(name)))
    {
        notes.push(format!("`{}` takes its place, and nobody is without access in between", printable(new)));
    }
    let Some(Spec::PermissionSet(after)) = change.action.after() else { return notes };
    let before = match change.action.before() {
        Some(Spec::PermissionSet(before)) => Some(before),
        Some(_) | None => None,
    };
    if before.is_none_or(|before| !before.says_the_same(after)) {
        notes.extend(newly(before, after));
        notes.extend(guarded(world, transition, name, after));
    }
    if before.is_some_and(|before| !before.says_the_same(after)) {
        let accounts = provisioned(world, name);
        if accounts > 0 {
            notes.push(format!("AWS is told to bring it to {}", counted(accounts, "account")));
        }
    }
    notes
}

/// What people may newly do by it, and no longer do.
fn newly(before: Option<&PermissionSetSpec>, after: &PermissionSetSpec) -> Vec<String> {
    let mut notes = Vec::new();
    let (Ok(old), Ok(new)) = (granted(before), granted(Some(after))) else {
        return vec!["what it allows is not compared: a policy cannot be read as one".to_owned()];
    };
    let AccessChange { newly_allowed, newly_denied, .. } =
        in_words(&compare(&[old], &[new], Reach::Principals));
    notes.extend(listed(if before.is_some() { "newly allows" } else { "allows" }, &newly_allowed));
    notes.extend(listed("no longer allows", &newly_denied));
    let unread = |spec: Option<&PermissionSetSpec>| -> BTreeSet<String> {
        let all = spec.into_iter().flat_map(|spec| &spec.managed).map(|arn| managed_name(arn).to_owned());
        let own = spec.into_iter().flat_map(|spec| &spec.customer_managed).map(|policy| policy.name.clone());
        all.filter(|name| name != EVERYTHING).chain(own).collect()
    };
    let changed: Vec<String> = unread(before)
        .symmetric_difference(&unread(Some(after)))
        .map(|name| format!("`{}`", printable(name)))
        .collect();
    if !changed.is_empty() {
        notes.push(format!(
            "not compared, since only AWS and the accounts know what they say: {}",
            changed.join(", ")
        ));
    }
    notes
}

/// What a set grants as far as its documents are known here. A boundary narrows it, and is not looked at.
fn granted(spec: Option<&PermissionSetSpec>) -> Result<DocumentLevel, ()> {
    let mut documents: Vec<(String, Document)> = Vec::new();
    if let Some(spec) = spec {
        if let Some(inline) = &spec.inline {
            documents.push(("inline".to_owned(), parsed(inline)?));
        }
        if spec.managed.iter().any(|arn| managed_name(arn) == EVERYTHING) {
            documents.push((EVERYTHING.to_owned(), parsed(&everything())?));
        }
    }
    Ok(DocumentLevel { name: GRANTED.to_owned(), documents })
}

fn everything() -> Value {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
}

fn parsed(value: &Value) -> Result<Document, ()> {
    document::parse(&value.to_string()).map_err(drop)
}

/// Where SCPs deny a part of what the inline policy grants. What allows everything is always denied something, which
/// is the guardrails' purpose and not told.
fn guarded(world: &World<'_>, transition: &Transition, name: &str, after: &PermissionSetSpec) -> Vec<String> {
    if after.managed.iter().any(|arn| managed_name(arn) == EVERYTHING) {
        return Vec::new();
    }
    let Some(inline) = &after.inline else { return Vec::new() };
    let lines = Lines::new(&transition.after, PolicyType::Scp);
    let mut groups: BTreeMap<Vec<Vec<String>>, Vec<String>> = BTreeMap::new();
    for account in assigned_to(world, name) {
        // SCPs never reach the management account.
        if account != world.zone.management_name && transition.after.accounts.contains_key(&account) {
            groups.entry(lines.names(&account)).or_default().push(account);
        }
    }
    let mut by_reach: BTreeMap<Vec<Reached>, Vec<String>> = BTreeMap::new();
    for accounts in groups.into_values() {
        let Some(Ok(levels)) = accounts.first().map(|first| lines.levels(first)) else { continue };
        let Some(denied) = denied_of(name, inline, levels) else { continue };
        if !denied.is_empty() {
            by_reach.entry(denied).or_default().extend(accounts);
        }
    }
    by_reach
        .into_iter()
        .flat_map(|(denied, mut accounts)| {
            accounts.sort();
            let place = named(&accounts);
            let what = format!("in {place} a guardrail denies a part of what it grants:");
            listed(&what, &denied)
        })
        .collect()
}

/// The accounts in which somebody shall have it.
fn assigned_to(world: &World<'_>, name: &str) -> BTreeSet<String> {
    let members = world.zone.desired.iter().filter_map(|(address, desired)| match (address, desired) {
        (Address::Assignments { permission_set, .. }, Desired::Present(Spec::Assignments(spec)))
            if permission_set == name =>
        {
            Some(&spec.members)
        }
        _ => None,
    });
    members.flatten().cloned().collect()
}

/// The number of accounts that have its role.
fn provisioned(world: &World<'_>, name: &str) -> usize {
    let sets = world.snapshot.identity_center.permission_sets.values();
    sets.filter(|set| set.name == name).map(|set| set.accounts.len()).sum()
}

/// Parts of requests, a note each, the first few.
fn listed(what: &str, parts: &[Reached]) -> Vec<String> {
    let mut notes: Vec<String> = parts
        .iter()
        .take(TOLD)
        .map(|part| {
            let under = match part.conditions.as_slice() {
                [] => String::new(),
                conditions => format!(", where {}", conditions.join(" and ")),
            };
            let because = if part.because.contains(GRANTED) || part.because.contains("`inline`") {
                String::new()
            } else {
                format!(" ({})", part.because)
            };
            format!("{what} {} on {}{under}{because}", part.actions, part.resources)
        })
        .collect();
    if let Some(more) = parts.len().checked_sub(TOLD).filter(|more| *more > 0) {
        notes.push(format!("{what} {more} more parts of requests"));
    }
    notes
}

fn named(accounts: &[String]) -> String {
    let mut names: Vec<String> =
        accounts.iter().take(NAMED).map(|name| format!("`{}`", printable(name))).collect();
    if let Some(more) = accounts.len().checked_sub(NAMED).filter(|more| *more > 0) {
        names.push(format!("{more} more"));
    }
    names.join(", ")
}

fn counted(count: usize, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

fn of_assignments(world: &World<'_>, set: &str, change: &Change) -> Vec<String> {
    let mut notes = Vec::new();
    let (given, taken) = turned(&change.action);
    let Address::Assignments { principal, .. } = &change.address else { return notes };
    if given.contains(&world.zone.management_name) {
        notes.push("it reaches the management account, where no SCP holds".to_owned());
    }
    let ended = world.zone.identity_center.iter().flat_map(|center| &center.ended);
    let mut days: BTreeMap<glidepath_model::Date, Vec<String>> = BTreeMap::new();
    for one in ended {
        if one.permission_set == set && one.principal == *principal && taken.contains(&one.account) {
            days.entry(one.until).or_default().push(one.account.clone());
        }
    }
    for (day, accounts) in days {
        notes.push(format!("it ended on {day} in {}", named(&accounts)));
    }
    notes
}
