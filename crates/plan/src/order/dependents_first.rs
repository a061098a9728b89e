//! Rule (b): what is deleted, and a unit that loses our mark, waits for every change to what still refers
//! to it.

use super::{Scene, Wait, Why};
use crate::change::Action;

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
    }
    found
}
