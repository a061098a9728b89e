//! What a reader has to know of a policy that changes: whom it reaches, how full its targets get, and which
//! guardrails make the difference.

use crate::change::{Action, Change};
use crate::quota::Quotas;
use crate::shape::{Shape, Transition};
use crate::spec::Spec;
use crate::world::World;
use glidepath_model::canonical::canonical_json;
use glidepath_model::limits::Limits;
use glidepath_model::text::printable;
use glidepath_model::{Address, PolicyType, Target};
use serde_json::Value;
use std::collections::BTreeSet;

/// How many targets are named before the rest is counted.
const NAMED: usize = 4;

/// The notes on a policy or an attachment.
pub(super) fn notes(world: &World<'_>, transition: &Transition, change: &Change) -> Vec<String> {
    let shape = if change.action.after().is_some() { &transition.after } else { &transition.before };
    match &change.address {
        Address::Policy { ty, name } => {
            let mut notes = vec![reach(world, shape, *ty, name, &change.action)];
            notes.extend(guardrails(world, change));
            notes
        }
        // Where the policy itself changes, that is told there, of all its targets.
        Address::Attachment { ty, policy, target } if !changes(transition, *ty, policy) => {
            let accounts = accounts_below(world, shape, *ty, std::iter::once(target));
            let size = shape.policies.get(&(*ty, policy.clone())).filter(|document| !document.is_null());
            let size = size.map_or_else(String::new, |document| {
                format!("; the policy has {}", counted(characters(document), "character"))
            });
            let full = fullness(world, &transition.after, *ty, target);
            vec![format!("reaches {}; {full}{size}", counted(accounts, "account"))]
        }
        _ => Vec::new(),
    }
}

/// Whether a policy's document changes.
fn changes(transition: &Transition, ty: PolicyType, policy: &str) -> bool {
    let key = (ty, policy.to_owned());
    transition.before.policies.get(&key) != transition.after.policies.get(&key)
}

fn reach(world: &World<'_>, shape: &Shape, ty: PolicyType, name: &str, action: &Action) -> String {
    let targets: Vec<&Target> = shape.targets_of(ty, name).collect();
    let size = match action.after() {
        Some(Spec::Policy(spec)) => {
            let most = Limits::published().map_or(0, |limits| limits.policy(ty).size);
            format!("; {} of {most} characters", characters(&spec.document))
        }
        _ => String::new(),
    };
    if targets.is_empty() {
        return format!("reaches no account: it is attached nowhere{size}");
    }
    let accounts = accounts_below(world, shape, ty, targets.iter().copied());
    let first = targets.iter().take(NAMED).map(|target| fullness(world, shape, ty, target));
    let mut places: Vec<String> = first.collect();
    if targets.len() > NAMED {
        places.push(format!("and {} more targets", targets.len() - NAMED));
    }
    format!("reaches {}; {}{size}", counted(accounts, "account"), places.join(", "))
}

/// How many accounts feel what is attached to these targets.
fn accounts_below<'t>(
    world: &World<'_>,
    shape: &Shape,
    ty: PolicyType,
    targets: impl Iterator<Item = &'t Target>,
) -> usize {
    let targets: BTreeSet<&Target> = targets.collect();
    let felt = |name: &String| {
        let of_management = *name == world.zone.management_name;
        (!of_management || ty.reaches_management_account())
            && shape.line(name).iter().any(|target| targets.contains(target))
    };
    shape.accounts.keys().filter(|name| felt(name)).count()
}

/// ``5 of 10 attached on `Workloads` ``.
fn fullness(world: &World<'_>, shape: &Shape, ty: PolicyType, target: &Target) -> String {
    let quota = Quotas::new(&world.zone.limits).attached_at_most(ty);
    let text = target.to_string();
    format!("{} of {quota} attached on `{}`", shape.attached_to(target, ty).count(), printable(&text))
}

/// The guardrails that a policy comes to be made of, or no longer is.
fn guardrails(world: &World<'_>, change: &Change) -> Option<String> {
    let origins = world.zone.origins.get(&change.address)?;
    let now: BTreeSet<String> = origins.iter().map(|origin| origin.guardrail.clone()).collect();
    let (Some(Spec::Policy(before)), Some(Spec::Policy(after))) =
        (change.action.before(), change.action.after())
    else {
        return None;
    };
    let Some(then) = crate::guardrail::described(&before.description) else {
        return Some("it had too many guardrails to name: which of them are new is not known".to_owned());
    };
    let listed = |names: BTreeSet<&String>| {
        let names: Vec<String> = names.iter().map(|name| format!("`{}`", printable(name))).collect();
        names.join(", ")
    };
    let (gained, lost) = (listed(now.difference(&then).collect()), listed(then.difference(&now).collect()));
    match (gained.is_empty(), lost.is_empty()) {
        (true, true) if before.document == after.document => None,
        (true, true) => Some(
            "the same guardrails say something else than before: a parameter, an exception, the exempt roles or \
             the catalogue of this version of glidepath is another one"
                .to_owned(),
        ),
        (false, true) => Some(format!("guardrails that come in: {gained}")),
        (true, false) => Some(format!("guardrails that go: {lost}")),
        (false, false) => Some(format!("guardrails that come in: {gained}; that go: {lost}")),
    }
}

fn characters(document: &Value) -> usize {
    canonical_json(document).chars().count()
}

fn counted(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
