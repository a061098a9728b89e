//! What a reader has to know of stacks that AWS takes away or makes by itself: those of an account that moves, and
//! those below a unit that is no target any more.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html>

use crate::change::Change;
use crate::kind::stack_set_targets::is_below;
use crate::spec::{Desired, Spec};
use crate::world::World;
use glidepath_model::text::printable;
use glidepath_model::{Address, Target, UnitPath};
use std::collections::{BTreeMap, BTreeSet};

/// The notes on the move of an account, or on targets.
pub(super) fn notes(world: &World<'_>, change: &Change) -> Vec<String> {
    match (change.action.before(), change.action.after()) {
        (Some(Spec::Account(before)), Some(Spec::Account(after))) if before.unit != after.unit => {
            moved(world, &before.unit, &after.unit)
        }
        (Some(Spec::StackSetTargets(before)), Some(Spec::StackSetTargets(after))) => {
            let gone: Vec<_> = before.members.difference(&after.members).collect();
            let anew = after.members.iter().filter(|member| gone.iter().any(|above| is_below(member, above)));
            let anew: BTreeSet<String> =
                anew.map(|member| printable(&member.target.to_string()).into_owned()).collect();
            if anew.is_empty() {
                return Vec::new();
            }
            let listed = listed(anew.iter());
            vec![format!(
                "AWS lets a unit go with all its stacks only: those of {listed} are deleted and made anew"
            )]
        }
        _ => Vec::new(),
    }
}

/// What becomes of an account's stacks of sets whose stacks follow accounts.
fn moved(world: &World<'_>, from: &UnitPath, to: &UnitPath) -> Vec<String> {
    let (mut gone, mut left, mut come) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (address, desired) in &world.zone.desired {
        let (Address::StackSet(name), Desired::Present(Spec::StackSet(set))) = (address, desired) else {
            continue;
        };
        let Some(auto) = &set.auto_deployment else { continue };
        let (before, after) = (covered(world, name, from), covered(world, name, to));
        let shown = printable(name).into_owned();
        if before.iter().any(|(region, unit)| after.get(region) != Some(unit)) {
            if auto.retain {
                left.insert(shown.clone())
            } else {
                gone.insert(shown.clone())
            };
        }
        if after.iter().any(|(region, unit)| before.get(region) != Some(unit)) {
            come.insert(shown);
        }
    }
    let sentence = |names: &BTreeSet<String>, says: &str| {
        (!names.is_empty()).then(|| format!("{says} {}", listed(names.iter())))
    };
    let all = [
        sentence(&gone, "by the move AWS deletes its stacks of"),
        sentence(&left, "by the move it keeps, outside of any stack set, its stacks of"),
        sentence(&come, "by the move AWS makes it stacks of"),
    ];
    all.into_iter().flatten().collect()
}

/// The Regions in which accounts of a unit get stacks by themselves, each with the unit they get them by.
fn covered<'a>(world: &World<'a>, set: &str, unit: &UnitPath) -> BTreeMap<&'a str, &'a UnitPath> {
    let address = Address::StackSetTargets(set.to_owned());
    let Some(Desired::Present(Spec::StackSetTargets(targets))) = world.zone.desired.get(&address) else {
        return BTreeMap::new();
    };
    let mut covered: BTreeMap<&str, &UnitPath> = BTreeMap::new();
    for member in &targets.members {
        let Target::Unit(path) = &member.target else { continue };
        let nearer = covered.get(member.region.as_str()).is_none_or(|other| path.is_within(other));
        if unit.is_within(path) && nearer {
            covered.insert(&member.region, path);
        }
    }
    covered
}

fn listed<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
