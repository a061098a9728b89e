//! Stacks come after the accounts they are for: what a stack set is newly given waits for the accounts that arrive
//! below it. One operation then reaches them all at once and tells what failed; accounts that arrive later are
//! served by AWS, one after the other, and nobody waits for it.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html>

use super::{Scene, Wait, Why};
use crate::change::Change;
use crate::deployment::Member;
use crate::spec::Spec;
use glidepath_model::{Target, UnitPath};

/// What each new target waits for.
#[must_use]
pub fn waits(scene: &Scene<'_>) -> Vec<Wait> {
    let mut found = Vec::new();
    for (targets, change) in scene.changes {
        let come = come(change);
        if come.is_empty() {
            continue;
        }
        for (account, other) in scene.changes {
            let Some(unit) = arrives(other) else { continue };
            let reached = |path: &UnitPath| unit.is_within(path);
            if come.iter().any(|member| matches!(&member.target, Target::Unit(path) if reached(path))) {
                found.push(Wait { why: Why::Tidy, later: targets.clone(), earlier: account.clone() });
            }
        }
    }
    found
}

/// The members that a stack set is newly given.
fn come(change: &Change) -> Vec<&Member> {
    let Some(Spec::StackSetTargets(after)) = change.action.after() else { return Vec::new() };
    match change.action.before() {
        Some(Spec::StackSetTargets(before)) => after.members.difference(&before.members).collect(),
        _ => after.members.iter().collect(),
    }
}

/// The unit that an account comes into.
fn arrives(change: &Change) -> Option<&UnitPath> {
    let Some(Spec::Account(after)) = change.action.after() else { return None };
    match change.action.before() {
        Some(Spec::Account(before)) if before.unit == after.unit => None,
        _ => Some(&after.unit),
    }
}
