//! What a reader has to know of stacks that AWS takes away or makes by itself: those of an account that moves, and
//! those below a unit that is no target any more.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html>

use crate::change::{Change, Verb};
use crate::kind::stack::StackSpec;
use crate::kind::stack_set_targets::{self, INOPERABLE, MISSING, StackSetTargetsSpec, is_below};
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
        (Some(Spec::StackSet(_)), Some(Spec::StackSet(_))) => adopted(world, change),
        (Some(Spec::Stack(before)), after) => recovered(before, after.is_some(), &change.address),
        (Some(Spec::StackSetTargets(before)), Some(Spec::StackSetTargets(after))) => {
            let mut notes = mended(before);
            let gone: Vec<_> = before.members.difference(&after.members).collect();
            let anew = after.members.iter().filter(|member| gone.iter().any(|above| is_below(member, above)));
            let anew: BTreeSet<String> =
                anew.map(|member| printable(&member.target.to_string()).into_owned()).collect();
            if !anew.is_empty() {
                let listed = listed(anew.iter());
                notes.push(format!(
                    "AWS lets a unit go with all its stacks only: those of {listed} are deleted and made anew"
                ));
            }
            notes
        }
        _ => Vec::new(),
    }
}

/// A set that is adopted gets our mark, which every stack of it carries.
fn adopted(world: &World<'_>, change: &Change) -> Vec<String> {
    let Address::StackSet(name) = &change.address else { return Vec::new() };
    let seen = world.snapshot.deployments.stack_sets.get(name);
    let (Some(seen), Verb::Adopt) = (seen, change.action.verb()) else { return Vec::new() };
    let (number, least) = stack_set_targets::reach(world, seen);
    let about = if least { "at least " } else { "" };
    let stacks = if number == 1 { "stack" } else { "stacks" };
    vec![format!("every stack of it gets our mark, by one operation: {about}{number} {stacks}")]
}

/// What is done first about a stack in which an earlier change went wrong.
fn recovered(before: &StackSpec, stays: bool, address: &Address) -> Vec<String> {
    let stuck: BTreeSet<String> = before.stuck.iter().map(|name| printable(name).into_owned()).collect();
    let left = |what: &str| {
        (!stuck.is_empty()).then(|| {
            let address = printable(&address.to_string()).into_owned();
            format!("{what} at {}; `--leave-stuck {address}` leaves them as they are", listed(stuck.iter()))
        })
    };
    let (step, left) = match before.trouble.as_deref() {
        Some("UPDATE_ROLLBACK_FAILED") if stays => (
            "step: the way back of a failed update is continued, then the stack is changed",
            left("it failed"),
        ),
        Some("DELETE_FAILED") if stays => {
            ("step: it could not be deleted; that is tried again, then it is made anew", left("it failed"))
        }
        Some("DELETE_FAILED") => ("step: it could not be deleted; that is tried again", left("it failed")),
        Some("ROLLBACK_COMPLETE" | "ROLLBACK_FAILED" | "CREATE_FAILED") if stays => {
            ("step: it was never made and holds nothing; it is deleted, then made anew", None)
        }
        Some(_) if stays => ("step: its last change failed; it is changed again", None),
        Some(_) | None => return Vec::new(),
    };
    std::iter::once(step.to_owned()).chain(left).collect()
}

/// What is done about stacks of a set that are not as they should be.
fn mended(before: &StackSetTargetsSpec) -> Vec<String> {
    let count =
        |wanted: &[&str]| before.trouble.values().filter(|told| wanted.contains(&told.as_str())).count();
    let stacks = |number: usize| if number == 1 { "1 stack".to_owned() } else { format!("{number} stacks") };
    let (again, anew) = (count(&["failed", "cancelled"]), count(&[MISSING]));
    let (inoperable, mut notes) = (count(&[INOPERABLE]), Vec::new());
    if again > 0 {
        notes.push(format!("step: update again what failed or was not reached: {}", stacks(again)));
    }
    if anew > 0 {
        notes.push(format!("step: make what is not there: {}", stacks(anew)));
    }
    if inoperable > 0 {
        notes.push(format!(
            "inoperable, so that no operation touches it: {}; take it out of the set by hand with \
             `delete-stack-instances --retain-stacks`, delete it in its account, and plan again",
            stacks(inoperable)
        ));
    }
    notes
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
