//! `--target`: the named changes and everything they wait for; the rest is left for another run.

use crate::change::Change;
use crate::plan::Notice;
use glidepath_model::Address;
use std::collections::{BTreeMap, BTreeSet};

/// What is left of a plan that was asked for some addresses only.
#[derive(Debug, Clone, PartialEq)]
pub struct Narrowed {
    /// The changes kept, in their order.
    pub changes: Vec<Change>,
    /// How many were left out, and names that match nothing.
    pub notices: Vec<Notice>,
}

/// Keeps the changes to these addresses and what they wait for, directly and through others.
#[must_use]
pub fn narrow(changes: Vec<Change>, targets: &[Address]) -> Narrowed {
    if targets.is_empty() {
        return Narrowed { changes, notices: Vec::new() };
    }
    let waits: BTreeMap<&Address, &BTreeSet<Address>> =
        changes.iter().map(|change| (&change.address, &change.waits_for)).collect();
    let mut kept: BTreeSet<Address> = BTreeSet::new();
    let mut open: Vec<&Address> = targets.iter().filter(|target| waits.contains_key(target)).collect();
    while let Some(address) = open.pop() {
        if kept.insert(address.clone()) {
            open.extend(waits.get(address).into_iter().copied().flatten());
        }
    }
    let mut notices: Vec<Notice> = targets
        .iter()
        .filter(|target| !waits.contains_key(target))
        .map(|target| Notice {
            address: Some(target.clone()),
            text: format!("`{target}` was asked for, and nothing changes there"),
        })
        .collect();
    let total = changes.len();
    let changes: Vec<Change> = changes.into_iter().filter(|change| kept.contains(&change.address)).collect();
    let left = total - changes.len();
    if left > 0 {
        let more = if left == 1 { "1 more change is".to_owned() } else { format!("{left} more changes are") };
        let text = format!("{more} left out, since only some addresses were asked for");
        notices.push(Notice { address: None, text });
    }
    Narrowed { changes, notices }
}
