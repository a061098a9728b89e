//! Rule (a): a change waits for the creation, update or adoption of everything it refers to.
//!
//! An attachment needs its target only to exist: it does not wait for an account's move or a unit's new
//! name, since an account has to be guarded before it moves (see [`super::guard_before_move`]).

use super::{Scene, Wait, Why};
use crate::change::{Action, Change};
use glidepath_model::Address;

/// What each change needs first.
#[must_use]
pub fn waits(scene: &Scene<'_>) -> Vec<Wait> {
    let mut found = Vec::new();
    for (address, change) in scene.changes {
        let specs = [change.action.before(), change.action.after()].into_iter().flatten();
        for reference in specs.flat_map(|spec| spec.references(address)) {
            if scene.changes.get(&reference).is_some_and(|other| is_needed(address, change, other)) {
                found.push(Wait { why: Why::Firm, later: address.clone(), earlier: reference });
            }
        }
    }
    found
}

/// Creations are needed even by what goes: AWS's own attachments come with a new target. Updates and
/// adoptions are needed by what stays.
fn is_needed(address: &Address, change: &Change, other: &Change) -> bool {
    match other.action {
        Action::Create { .. } => true,
        Action::Update { .. } | Action::Adopt { .. } => {
            let only_a_target = match address {
                Address::Attachment { target, .. } => target.address() == other.address,
                _ => false,
            };
            let refers =
                change.action.after().is_some_and(|after| after.references(address).contains(&other.address));
            refers && !only_a_target
        }
        Action::Delete { .. } | Action::Forget { .. } => false,
    }
}
