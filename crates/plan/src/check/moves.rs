//! A large share of the accounts moved to another unit, where other policies reach them.

use super::removals::exceeds;
use super::{Finding, Scene, gate};
use crate::gate::GateName;
use crate::spec::Spec;

/// The gate on moves.
#[must_use]
pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let moved = scene.changed(|change| match (change.action.before(), change.action.after()) {
        (Some(Spec::Account(before)), Some(Spec::Account(after))) => before.unit != after.unit,
        _ => false,
    });
    let all = scene.observed.values().filter(|seen| matches!(seen.spec, Spec::Account(_))).count();
    if !exceeds(moved.len(), all, scene.world.zone.safety.moves) {
        return Vec::new();
    }
    let summary = format!("{} of {all} accounts are moved to another unit", moved.len());
    gate(GateName::AccountMove, moved, summary)
}
