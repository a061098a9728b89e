//! Which policies come to reach accounts and which no longer do, whatever level they are attached at.

use crate::view::style::{DIM, GONE, GOOD, paint, shown};
use glidepath_model::PolicyType;
use glidepath_plan::plan::Impact;
use std::collections::{BTreeMap, BTreeSet};

/// Accounts named before the rest is counted.
const NAMED: usize = 6;

/// The groups of accounts with what they gain and lose, each line ending in a line break.
pub(crate) fn reach(impact: &[Impact]) -> String {
    let mut text = String::new();
    for group in impact {
        let names: Vec<String> = group.accounts.iter().take(NAMED).map(shown).collect();
        let more = match group.accounts.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        text.push_str(&format!("  {}{more}\n", names.join(", ")));
        for line in rows(&group.gained) {
            text.push_str(&format!("    {} {line}\n", paint(GOOD, "+")));
        }
        for line in rows(&group.lost) {
            text.push_str(&format!("    {} {line}\n", paint(GONE, "-")));
        }
    }
    text
}

fn rows(policies: &BTreeMap<PolicyType, BTreeSet<String>>) -> impl Iterator<Item = String> {
    policies.iter().map(|(ty, names)| {
        let names: Vec<String> = names.iter().map(shown).collect();
        format!("{} {}", paint(DIM, ty), names.join(", "))
    })
}
