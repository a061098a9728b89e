//! What a reader has to know of accounts that come, get Regions, or leave.

use crate::change::{Action, Change};
use crate::kind::account::{ACCOUNT_MANAGEMENT, AccountSpec};
use crate::spec::Spec;
use crate::world::World;
use glidepath_model::Address;
use std::collections::BTreeSet;

/// The notes on one account.
pub(super) fn notes(world: &World<'_>, change: &Change) -> Vec<String> {
    let Address::Account(_) = &change.address else { return Vec::new() };
    match &change.action {
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
