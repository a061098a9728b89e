//! The last Allow: an account may do nothing at all unless at every level above it, and at itself, some
//! attached SCP allows something. The management account is not subject to SCPs.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html>

use super::{Finding, Scene, counted, gate};
use crate::gate::GateName;
use crate::shape::{Shape, allows};
use glidepath_model::{Address, PolicyType, Target};
use std::collections::BTreeSet;

/// The gate on taking the last Allow at or above an account.
#[must_use]
pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let (before, after) = (&scene.transition.before, &scene.transition.after);
    if !after.policy_types.contains(&PolicyType::Scp) {
        return Vec::new();
    }
    let was_enabled = before.policy_types.contains(&PolicyType::Scp);
    let mut accounts = Vec::new();
    let mut levels: BTreeSet<Target> = BTreeSet::new();
    for name in after.accounts.keys().filter(|name| **name != scene.world.zone.management_name) {
        let closed_before: BTreeSet<Target> = if was_enabled && before.accounts.contains_key(name) {
            closed(before, name).collect()
        } else {
            BTreeSet::new()
        };
        let newly: Vec<Target> = closed(after, name).filter(|level| !closed_before.contains(level)).collect();
        // A new account in a unit that has long been closed loses nothing.
        let is_new = !before.accounts.contains_key(name);
        let newly = newly.into_iter().filter(|level| !is_new || opened(before, level));
        let newly: Vec<Target> = newly.collect();
        if !newly.is_empty() {
            accounts.push(Address::Account(name.clone()));
            levels.extend(newly);
        }
    }
    let levels: Vec<String> = levels.iter().map(|level| format!("`{level}`")).collect();
    let summary = format!(
        "{} left without any Allow, since no attached SCP allows anything at {}",
        counted(accounts.len(), "account is", "accounts are"),
        levels.join(", ")
    );
    gate(GateName::LastAllow, accounts, summary)
}

/// The levels over an account at which nothing is allowed.
fn closed<'a>(shape: &'a Shape, account: &str) -> impl Iterator<Item = Target> + 'a {
    shape.line(account).into_iter().filter(|level| !allows_at(shape, level))
}

fn allows_at(shape: &Shape, level: &Target) -> bool {
    shape
        .attached_to(level, PolicyType::Scp)
        .any(|name| shape.policies.get(&(PolicyType::Scp, name.to_owned())).is_some_and(allows))
}

/// Whether a level was open before, or was not there.
fn opened(before: &Shape, level: &Target) -> bool {
    let there = match level {
        Target::Unit(path) => path.is_root() || before.units.contains(path),
        Target::Account(name) => before.accounts.contains_key(name),
    };
    !there || allows_at(before, level)
}
