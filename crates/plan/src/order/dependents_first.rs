//! Rule (b): what is deleted, and a unit that loses our mark, waits for every change to what still refers
//! to it. A policy also waits for the units that take their attachment of it along when they are deleted.

use super::{Scene, Wait, Why};
use crate::change::Action;
use glidepath_model::{Address, Target};

/// What has to be done before each removal.
#[must_use]
pub fn waits(scene: &Scene<'_>) -> Vec<Wait> {
    let mut found = Vec::new();
    for (address, change) in scene.changes {
        let before = change.action.before().map(|before| before.references(address)).unwrap_or_default();
        for reference in before {
            let goes = scene
                .changes
                .get(&reference)
                .is_some_and(|other| matches!(other.action, Action::Delete { .. } | Action::Forget { .. }));
            if goes {
                found.push(Wait { why: Why::Firm, later: reference, earlier: address.clone() });
            }
        }
        if let (Address::Policy { ty, name }, Action::Delete { .. }) = (address, &change.action) {
            let targets = scene.transition.before.targets_of(*ty, name).map(Target::address);
            let deleted = targets.filter(|target| {
                scene.changes.get(target).is_some_and(|other| matches!(other.action, Action::Delete { .. }))
            });
            found.extend(deleted.map(|earlier| Wait { why: Why::Firm, later: address.clone(), earlier }));
        }
    }
    found
}
