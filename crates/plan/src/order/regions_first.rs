//! Regions come before what is deployed in them, and the management account has them before any other: CloudFormation
//! makes no stack of a stack set in a Region that the administrator's account has not enabled.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-opt-in-regions.html>

use super::{Scene, Wait, Why};
use crate::change::Change;
use crate::spec::Spec;
use glidepath_model::{Address, Target, UnitPath};
use std::collections::BTreeSet;

/// What each change waits for.
#[must_use]
pub fn waits(scene: &Scene<'_>) -> Vec<Wait> {
    let opting: Vec<Opting<'_>> =
        scene.changes.iter().filter_map(|(address, change)| Opting::of(address, change)).collect();
    let mut found = Vec::new();
    let mut wait = |later: &Address, earlier: &Address| {
        found.push(Wait { why: Why::Tidy, later: later.clone(), earlier: earlier.clone() });
    };
    for one in &opting {
        for other in opting.iter().filter(|other| other.is_management && !one.is_management) {
            wait(one.address, other.address);
        }
        for (address, change) in scene.changes {
            if one.is_needed_by(address, change) {
                wait(address, one.address);
            }
        }
    }
    found
}

/// An account that is given Regions.
struct Opting<'a> {
    address: &'a Address,
    name: &'a str,
    unit: &'a UnitPath,
    regions: BTreeSet<&'a str>,
    is_management: bool,
}

impl<'a> Opting<'a> {
    fn of(address: &'a Address, change: &'a Change) -> Option<Self> {
        let Address::Account(name) = address else { return None };
        let Some(Spec::Account(after)) = change.action.after() else { return None };
        let before = match change.action.before() {
            Some(Spec::Account(before)) => before.regions.iter().collect(),
            Some(_) | None => BTreeSet::new(),
        };
        let regions: BTreeSet<&str> =
            after.regions.iter().filter(|region| !before.contains(region)).map(String::as_str).collect();
        (!regions.is_empty()).then_some(Self {
            address,
            name,
            unit: &after.unit,
            regions,
            is_management: after.is_management(),
        })
    }

    /// Whether something is deployed in one of the Regions, in this account or by it.
    fn is_needed_by(&self, address: &Address, change: &Change) -> bool {
        match (address, change.action.after()) {
            (Address::Stack { region, .. }, Some(_)) => {
                self.is_management && self.regions.contains(region.as_str())
            }
            (Address::StackSetTargets(_), Some(Spec::StackSetTargets(after))) => {
                let before = match change.action.before() {
                    Some(Spec::StackSetTargets(before)) => before.members.clone(),
                    Some(_) | None => BTreeSet::new(),
                };
                after.members.difference(&before).any(|member| {
                    let reached = match &member.target {
                        Target::Unit(path) => self.unit.is_within(path),
                        Target::Account(name) => name == self.name,
                    };
                    self.regions.contains(member.region.as_str()) && (reached || self.is_management)
                })
            }
            _ => false,
        }
    }
}
