//! `--target`: the named changes and everything they wait for; the rest is left for another run.

use crate::change::{Action, Change, differences};
use crate::kind::assignments::{AssignmentsSpec, turned};
use crate::plan::Notice;
use crate::spec::Spec;
use glidepath_model::Address;
use std::collections::{BTreeMap, BTreeSet};

/// What is left of a plan that was asked for some addresses only.
#[derive(Debug, Clone, PartialEq)]
pub struct Narrowed {
    /// The changes kept, in their order.
    pub changes: Vec<Change>,
    /// How many were left out, and names that match nothing.
    pub notices: Vec<Notice>,
}

/// Keeps the changes to these addresses and what they wait for, directly and through others.
#[must_use]
pub fn narrow(changes: Vec<Change>, targets: &[Address]) -> Narrowed {
    if targets.is_empty() {
        return Narrowed { changes, notices: Vec::new() };
    }
    let (changes, targets) = &members_only(changes, targets);
    let waits: BTreeMap<&Address, &BTreeSet<Address>> =
        changes.iter().map(|change| (&change.address, &change.waits_for)).collect();
    let mut kept: BTreeSet<Address> = BTreeSet::new();
    let mut open: Vec<&Address> = targets.iter().filter(|target| waits.contains_key(target)).collect();
    while let Some(address) = open.pop() {
        if kept.insert(address.clone()) {
            open.extend(waits.get(address).into_iter().copied().flatten());
        }
    }
    let mut notices: Vec<Notice> = targets
        .iter()
        .filter(|target| !waits.contains_key(target))
        .map(|target| Notice {
            address: Some(target.clone()),
            text: format!("`{target}` was asked for, and nothing changes there"),
        })
        .collect();
    let total = changes.len();
    let changes: Vec<Change> =
        changes.iter().filter(|change| kept.contains(&change.address)).cloned().collect();
    let left = total - changes.len();
    if left > 0 {
        let more = if left == 1 { "1 more change is".to_owned() } else { format!("{left} more changes are") };
        let text = format!("{more} left out, since only some addresses were asked for");
        notices.push(Notice { address: None, text });
    }
    Narrowed { changes, notices }
}

/// Assignments of which only some accounts were asked for are changed in these alone; the accounts are then asked for
/// by the assignments that they belong to.
fn members_only(changes: Vec<Change>, targets: &[Address]) -> (Vec<Change>, Vec<Address>) {
    let mut asked: BTreeMap<Address, BTreeSet<&str>> = BTreeMap::new();
    let mut whole: Vec<Address> = Vec::new();
    for target in targets {
        match target {
            Address::Assignment { permission_set, principal, account } => {
                let of = Address::Assignments {
                    permission_set: permission_set.clone(),
                    principal: principal.clone(),
                };
                asked.entry(of).or_default().insert(account);
            }
            other => whole.push(other.clone()),
        }
    }
    asked.retain(|address, _| !whole.contains(address));
    let narrowed = changes.into_iter().filter_map(|change| match asked.get(&change.address) {
        Some(accounts) => only(change, accounts),
        None => Some(change),
    });
    let narrowed = narrowed.collect();
    whole.extend(asked.into_keys());
    (narrowed, whole)
}

/// The part of a change of assignments that is about these accounts; none where it is about none of them.
fn only(change: Change, accounts: &BTreeSet<&str>) -> Option<Change> {
    let (given, taken) = turned(&change.action);
    let keeps = |all: BTreeSet<String>| -> BTreeSet<String> {
        all.into_iter().filter(|account| accounts.contains(account.as_str())).collect()
    };
    let (given, taken) = (keeps(given), keeps(taken));
    if given.is_empty() && taken.is_empty() {
        return None;
    }
    let members = match change.action.before() {
        Some(Spec::Assignments(before)) => &(&before.members - &taken) | &given,
        Some(_) | None => given,
    };
    let after = |spec: &Spec| match spec {
        Spec::Assignments(spec) => {
            Spec::Assignments(AssignmentsSpec { members: members.clone(), after: spec.after.clone() })
        }
        other => other.clone(),
    };
    let action = match change.action {
        Action::Create { after: wanted } => Action::Create { after: after(&wanted) },
        Action::Delete { physical, before } if members.is_empty() => Action::Delete { physical, before },
        Action::Delete { physical, before } => {
            let after = after(&before);
            let fields = differences(&before.fields(), &after.fields());
            Action::Update { physical, before, after, fields }
        }
        Action::Update { physical, before, after: wanted, .. }
        | Action::Adopt { physical, before, after: wanted, .. } => {
            let after = after(&wanted);
            let fields = differences(&before.fields(), &after.fields());
            Action::Update { physical, before, after, fields }
        }
        Action::Forget { physical, before } => Action::Forget { physical, before },
    };
    Some(Change { action, ..change })
}
