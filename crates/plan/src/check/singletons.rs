//! What an account has once in a Region and a stack would make once more.

use super::{Finding, Scene, counted, gate};
use crate::deployment::Member;
use crate::gate::GateName;
use crate::plan::{Notice, Refusal};
use crate::singleton::{Verdict, verdicts};
use crate::spec::{Desired, Spec};
use glidepath_model::Address;
use glidepath_model::singleton::Singleton;
use glidepath_model::text::printable;
use std::collections::{BTreeMap, BTreeSet};

/// Accounts and Regions that are named before the rest is counted.
const NAMED: usize = 5;

/// A refusal where something would be lost, a gate where settings would be replaced, a notice where a stack is not
/// made since all is there.
#[must_use]
pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut replaced: Vec<Address> = Vec::new();
    let mut summaries: Vec<String> = Vec::new();
    for (address, desired) in &scene.world.zone.desired {
        if !matches!(desired, Desired::Present(Spec::StackSetTargets(_) | Spec::Stack(_))) {
            continue;
        }
        let mut spared: BTreeMap<BTreeSet<Singleton>, Vec<Member>> = BTreeMap::new();
        let mut replaces = spared.clone();
        let mut conflicts = spared.clone();
        for (member, verdict) in verdicts(scene.world, address) {
            let (all, singletons) = match verdict {
                Verdict::Spare(singletons) => (&mut spared, singletons),
                Verdict::Replace(singletons) => (&mut replaces, singletons),
                Verdict::Conflict(singletons) => (&mut conflicts, singletons),
            };
            all.entry(singletons).or_default().push(member);
        }
        for (singletons, members) in &spared {
            findings.push(Finding::Notice(Notice {
                address: Some(address.clone()),
                text: format!(
                    "no stack is made for {}, where {} is there already and does what is wanted",
                    named(members),
                    words(singletons)
                ),
            }));
        }
        // What does not change is not in the way.
        if !scene.changes.contains_key(address) {
            continue;
        }
        for (singletons, members) in &conflicts {
            findings.push(Finding::Refusal(Refusal {
                code: "singleton-there".into(),
                addresses: vec![address.clone()],
                summary: format!(
                    "{} is there already in {}, differs from what `{address}` makes, and there can be one only",
                    words(singletons),
                    named(members)
                ),
                help: "spare these accounts by `except:`, or make it what the stack would; one that is deleted takes along what it found".into(),
            }));
        }
        for (singletons, members) in &replaces {
            summaries.push(format!("{} in {}", words(singletons), named(members)));
            replaced.push(address.clone());
        }
    }
    replaced.dedup();
    let what = counted(replaced.len(), "deployment deletes", "deployments delete");
    let summary = format!("{what} what is there once and makes its own instead: {}", summaries.join("; "));
    findings.extend(gate(GateName::SingletonReplace, replaced, summary));
    findings
}

fn words(singletons: &BTreeSet<Singleton>) -> String {
    let words: Vec<&str> = singletons.iter().map(|one| one.words()).collect();
    words.join(" and ")
}

fn named(members: &[Member]) -> String {
    let mut names: Vec<String> =
        members.iter().take(NAMED).map(|member| format!("`{}`", printable(&member.to_string()))).collect();
    let rest = members.len().saturating_sub(NAMED);
    if rest > 0 {
        names.push(format!("{rest} more"));
    }
    names.join(", ")
}
