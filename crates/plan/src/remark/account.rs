//! What a reader has to know of accounts that come, get Regions, or leave.

use crate::change::{Action, Change};
use crate::kind::account::{ACCOUNT_MANAGEMENT, AccountSpec};
use crate::spec::{Desired, Spec};
use crate::world::World;
use glidepath_model::{Address, Target, UnitPath};
use std::collections::BTreeSet;

/// The notes on one account.
pub(super) fn notes(world: &World<'_>, change: &Change) -> Vec<String> {
    let Address::Account(name) = &change.address else { return Vec::new() };
    match &change.action {
        Action::Update { before: Spec::Account(before), after: Spec::Account(after), .. }
        | Action::Adopt { before: Spec::Account(before), after: Spec::Account(after), .. }
            if after.closed && !before.closed =>
        {
            closes(world, name, &before.unit)
        }
        Action::Create { after: Spec::Account(after) } => created(after).into_iter().collect(),
        Action::Update { before: Spec::Account(before), after: Spec::Account(after), .. }
        | Action::Adopt { before: Spec::Account(before), after: Spec::Account(after), .. } => {
            changed(world, before, after)
        }
        _ => Vec::new(),
    }
}

/// A new account is opted in before it moves: what the units deploy would fail in a Region that it has not.
fn created(after: &AccountSpec) -> Option<String> {
    if after.regions.is_empty() || after.unit.is_root() {
        return None;
    }
    Some(format!(
        "AWS enables {} in it first, which takes minutes, sometimes hours; until then it stays at the root, where only \
         what is attached to the root guards it",
        listed(&after.regions)
    ))
}

/// How an account leaves, and what goes with it.
fn closes(world: &World<'_>, name: &str, unit: &UnitPath) -> Vec<String> {
    let mut notes = vec![
        "step: it is frozen, then everybody but those who respond loses access; last it is closed, with \
         `--allow-close` alone, and until then it stays as it is"
            .to_owned(),
    ];
    let mut stacks = BTreeSet::new();
    let mut logs = BTreeSet::new();
    for (address, deployment) in &world.zone.deployments {
        let Address::StackSet(set) = address else { continue };
        let regions = reached(world, set, name, unit);
        if regions.is_empty() {
            continue;
        }
        stacks.insert(set);
        if deployment.blueprint == ACCESS_LOGS {
            logs.extend(regions);
        }
    }
    if !stacks.is_empty() {
        notes.push(format!(
            "its stacks stay ({} of stack sets): nothing in it runs on once it is closed, stack sets pass it over, and \
             without them what happens until then would not be recorded",
            stacks.len()
        ));
    }
    if !logs.is_empty() {
        notes.push(format!(
            "the logs of access to its own buckets and load balancers lie in it ({}) and go with it after 90 days: \
             copy them before if they are still needed",
            listed(&logs)
        ));
    }
    notes
}

/// The blueprint whose buckets lie in each account itself.
const ACCESS_LOGS: &str = "access-log-buckets";

/// The Regions in which an account has stacks of a set.
fn reached(world: &World<'_>, set: &str, account: &str, unit: &UnitPath) -> BTreeSet<String> {
    let targets = world.zone.desired.get(&Address::StackSetTargets(set.to_owned()));
    let Some(Desired::Present(Spec::StackSetTargets(targets))) = targets else { return BTreeSet::new() };
    let here = |target: &Target| match target {
        Target::Unit(path) => unit.is_within(path),
        Target::Account(name) => name == account,
    };
    targets.members.iter().filter(|member| here(&member.target)).map(|member| member.region.clone()).collect()
}

fn changed(world: &World<'_>, before: &AccountSpec, after: &AccountSpec) -> Vec<String> {
    let gained: BTreeSet<String> = after.regions.difference(&before.regions).cloned().collect();
    if gained.is_empty() {
        return Vec::new();
    }
    let mut notes = vec![format!(
        "AWS enables {}, which takes minutes, sometimes hours; none is ever disabled here",
        listed(&gained)
    )];
    if !after.is_management() && !world.snapshot.trusted_access.contains(ACCOUNT_MANAGEMENT) {
        notes.push(
            "which Regions it has is not known before account management has trusted access: one that is enabled \
             stays so"
                .to_owned(),
        );
    }
    notes
}

fn listed(regions: &BTreeSet<String>) -> String {
    regions.iter().map(|region| format!("`{region}`")).collect::<Vec<_>>().join(", ")
}
