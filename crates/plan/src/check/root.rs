//! Anything removed at the root: it reaches every account at once.

use super::{Finding, Scene, counted, gate, is_delete};
use crate::gate::GateName;
use glidepath_model::{Address, Target, UnitPath};

/// The gate on removals at the root.
#[must_use]
pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let root = Target::Unit(UnitPath::root());
    let removed = scene.changed(|change| {
        is_delete(change) && matches!(&change.address, Address::Attachment { target, .. } if *target == root)
    });
    let summary = format!("{} taken off the root", counted(removed.len(), "policy is", "policies are"));
    gate(GateName::RootRemoval, removed, summary)
}
