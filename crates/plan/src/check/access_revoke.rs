//! Much access taken away at once: more often a lost line than a wish. Access that the same principal keeps in the same
//! account by another permission set is not taken away.

use super::removals::exceeds;
use super::{Finding, Scene, counted, gate};
use crate::gate::GateName;
use crate::kind::assignments::turned;
use crate::ownership::Ownership;
use crate::spec::Spec;
use glidepath_model::{Address, Principal};
use std::collections::BTreeSet;

/// The gates on access and on permission sets.
#[must_use]
pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let mut given: BTreeSet<(&Principal, String)> = BTreeSet::new();
    for change in scene.changes.values() {
        if let Address::Assignments { principal, .. } = &change.address {
            given.extend(turned(&change.action).0.into_iter().map(|account| (principal, account)));
        }
    }
    let mut revoked = Vec::new();
    let mut count = 0;
    for change in scene.changes.values() {
        let Address::Assignments { principal, .. } = &change.address else { continue };
        let taken = turned(&change.action).1;
        let lost = taken.into_iter().filter(|account| !given.contains(&(principal, account.clone()))).count();
        if lost > 0 {
            count += lost;
            revoked.push(change.address.clone());
        }
    }
    let owned: usize = scene
        .observed
        .values()
        .filter(|seen| seen.ownership == Ownership::Ours)
        .map(|seen| match &seen.spec {
            Spec::Assignments(spec) => spec.members.len(),
            _ => 0,
        })
        .sum();
    if !exceeds(count, owned, scene.world.zone.safety.removals) {
        return Vec::new();
    }
    let summary = format!("{} of our {owned} taken away", counted(count, "assignment is", "assignments are"));
    gate(GateName::AccessRevoke, revoked, summary)
}
