//! Nobody is without access in between: what takes a principal's access to an account waits for what gives the same
//! principal another one there. So it is when a permission set takes the place of another, which AWS cannot rename.

use super::{Scene, Wait, Why};
use crate::kind::assignments::turned;
use glidepath_model::{Address, Principal};
use std::collections::{BTreeMap, BTreeSet};

/// What each removal waits for.
#[must_use]
pub fn waits(scene: &Scene<'_>) -> Vec<Wait> {
    let mut gives: BTreeMap<&Principal, Vec<(&Address, BTreeSet<String>)>> = BTreeMap::new();
    let mut takes: BTreeMap<&Principal, Vec<(&Address, BTreeSet<String>)>> = BTreeMap::new();
    for (address, change) in scene.changes {
        let Address::Assignments { principal, .. } = address else { continue };
        let (given, taken) = turned(&change.action);
        if !given.is_empty() {
            gives.entry(principal).or_default().push((address, given));
        }
        if !taken.is_empty() {
            takes.entry(principal).or_default().push((address, taken));
        }
    }
    let mut found = Vec::new();
    for (principal, removals) in takes {
        for (later, taken) in removals {
            let others = gives.get(principal).into_iter().flatten().filter(|(other, _)| *other != later);
            for (earlier, given) in others {
                if !given.is_disjoint(&taken) {
                    found.push(Wait { why: Why::Working, later: later.clone(), earlier: (*earlier).clone() });
                }
            }
        }
    }
    found
}
