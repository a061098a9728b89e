//! What an account has once in a Region, where a stack that makes one is about to come: whether it is there already,
//! and what becomes of the stack then.
//!
//! Which resources are concerned is read off the templates that are deployed, so that a blueprint of one's own counts
//! like one of the catalogue.

mod compare;

use crate::deployment::{Member, Parameters};
use crate::kind::stack_set_targets;
use crate::plan::Notice;
use crate::spec::{Desired, Spec};
use crate::world::World;
use crate::zone::LandingZone;
use glidepath_model::deployment::{DeployedStackSet, Listing};
use glidepath_model::organization::AccountState;
use glidepath_model::singleton::Singleton;
use glidepath_model::{AccountId, Address, Target};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// An account in a Region.
pub type Spot = (AccountId, String);

/// What becomes of a stack where something that it would make is there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// All of it is there and is as it shall be: the stack is not made.
    Spare(BTreeSet<Singleton>),
    /// It is not as it shall be and holds settings alone: it is deleted before the stack is made, if somebody consents.
    Replace(BTreeSet<Singleton>),
    /// It is not as it shall be, and deleting it would lose what it found.
    Conflict(BTreeSet<Singleton>),
}

/// The singletons that a template makes, with the names of the resources that are them.
fn declared(template: &Value) -> BTreeMap<Singleton, &str> {
    let resources = template.get("Resources").and_then(Value::as_object).into_iter().flatten();
    resources
        .filter_map(|(logical, resource)| {
            let ty = resource.get("Type").and_then(Value::as_str)?;
            let properties = resource.get("Properties").unwrap_or(&Value::Null);
            Some((Singleton::of_resource(ty, properties)?, logical.as_str()))
        })
        .collect()
}

/// What is deployed at an address, and with which values.
fn deployed<'a>(world: &World<'a>, address: &Address) -> Option<(&'a Value, &'a Parameters)> {
    let desired = match address {
        Address::StackSetTargets(name) => world.zone.desired.get(&Address::StackSet(name.clone())),
        other => world.zone.desired.get(other),
    };
    match desired {
        Some(Desired::Present(Spec::StackSet(set))) => Some((&set.template, &set.parameters)),
        Some(Desired::Present(Spec::Stack(stack))) => Some((&stack.template, &stack.parameters)),
        _ => None,
    }
}

/// The addresses of stacks, and of targets of stack sets, whose template makes what an account has once in a Region.
#[must_use]
pub fn makers(zone: &LandingZone) -> BTreeSet<Address> {
    let template = |address: &Address| match zone.desired.get(address) {
        Some(Desired::Present(Spec::StackSet(set))) => Some(&set.template),
        Some(Desired::Present(Spec::Stack(stack))) => Some(&stack.template),
        _ => None,
    };
    let makes = |address: &&Address| template(address).is_some_and(|template| !declared(template).is_empty());
    let targets = |address: &Address| match address {
        Address::StackSet(name) => Address::StackSetTargets(name.clone()),
        other => other.clone(),
    };
    zone.desired.keys().filter(makes).map(targets).collect()
}

/// Where stacks are about to come that make what an account has once in a Region.
#[derive(Debug, Default)]
struct Expected {
    /// Those that this plan makes.
    coming: BTreeSet<Spot>,
    /// Those that AWS makes by itself, once an account has moved to a unit.
    arriving: BTreeSet<Spot>,
    /// What they make.
    made: BTreeSet<Singleton>,
}

/// By the address of their targets or of the stack. Accounts that the plan creates have nothing yet and are not among
/// them.
fn all_expected(world: &World<'_>) -> BTreeMap<Address, Expected> {
    let mut all = BTreeMap::new();
    for (address, desired) in &world.zone.desired {
        let (coming, arriving) = match desired {
            Desired::Present(Spec::StackSetTargets(wanted)) => {
                let coming = coming(world, address, &wanted.members);
                let mut arriving = arriving(world, address, &wanted.members);
                arriving.retain(|spot| !coming.contains(spot));
                (coming, arriving)
            }
            Desired::Present(Spec::Stack(_)) => {
                let Address::Stack { name, region } = address else { continue };
                let there = world.snapshot.deployments.stacks.contains_key(&(region.clone(), name.clone()));
                let spot = (world.zone.management_id.clone(), region.clone());
                (if there { BTreeSet::new() } else { BTreeSet::from([spot]) }, BTreeSet::new())
            }
            _ => continue,
        };
        let made = deployed(world, address).map(|(template, _)| declared(template)).unwrap_or_default();
        if !(coming.is_empty() && arriving.is_empty() || made.is_empty()) {
            let made = made.into_keys().collect();
            all.insert(address.clone(), Expected { coming, arriving, made });
        }
    }
    all
}

/// Where it is looked for what accounts have once in a Region, since stacks are about to come that make it: by the
/// address of their targets or of the stack, with what they make.
#[must_use]
pub fn expected(world: &World<'_>) -> BTreeMap<Address, (BTreeSet<Spot>, BTreeSet<Singleton>)> {
    let each = all_expected(world).into_iter();
    each.map(|(address, Expected { coming, arriving, made })| {
        (address, (coming.into_iter().chain(arriving).collect(), made))
    })
    .collect()
}

/// The accounts and Regions that get a stack of a set from AWS, since they move to a unit that has it from one that
/// has not. No operation of ours can pass over them.
fn arriving(world: &World<'_>, address: &Address, wanted: &BTreeSet<Member>) -> BTreeSet<Spot> {
    let Address::StackSetTargets(name) = address else { return BTreeSet::new() };
    let followed = match world.zone.desired.get(&Address::StackSet(name.clone())) {
        Some(Desired::Present(Spec::StackSet(set))) => set.auto_deployment.is_some(),
        _ => false,
    };
    let moves = world.zone.accounts.iter().filter(|(_, account)| followed && !account.close);
    let moves = moves.filter_map(|(name, account)| {
        let id = world.identity.account_id(name)?;
        let seen = world.snapshot.accounts.get(id).filter(|seen| seen.state == AccountState::Active)?;
        let from = world.identity.node_path(&seen.parent)?;
        (*from != account.unit).then_some((id, from, &account.unit))
    });
    let mut all = BTreeSet::new();
    for (id, from, to) in moves {
        let has = |place: &glidepath_model::UnitPath, member: &Member| match &member.target {
            Target::Unit(unit) => place.is_within(unit),
            Target::Account(_) => false,
        };
        for member in wanted.iter().filter(|member| has(to, member)) {
            let had = wanted.iter().any(|other| other.region == member.region && has(from, other));
            if !had {
                all.insert((id.clone(), member.region.clone()));
            }
        }
    }
    all
}

/// What stands in the way of stacks that AWS makes by itself in accounts that move.
#[must_use]
pub fn notices(world: &World<'_>) -> Vec<Notice> {
    let found = &world.snapshot.deployments.singletons;
    let mut notices = Vec::new();
    if found.is_empty() {
        return notices;
    }
    for (address, Expected { arriving, made, .. }) in all_expected(world) {
        for spot in arriving {
            let Some(looked) = found.get(&spot) else { continue };
            let there = made.iter().filter(|one| looked.get(one).is_some_and(Option::is_some));
            let there: Vec<&str> = there.map(|one| one.words()).collect();
            if let (Some(name), false) = (world.identity.account_name(&spot.0), there.is_empty()) {
                let text = format!(
                    "AWS makes the stack of `{address}` in {} by itself once the account has moved, and it will fail: \
                     {} is there; take it away before, unless it goes with the stacks of the unit that is left",
                    spot.1,
                    there.join(" and ")
                );
                notices.push(Notice { address: Some(Address::Account(name.to_owned())), text });
            }
        }
    }
    notices
}

/// The accounts and Regions that are about to get a stack of a set.
fn coming(world: &World<'_>, address: &Address, wanted: &BTreeSet<Member>) -> BTreeSet<Spot> {
    let Address::StackSetTargets(name) = address else { return BTreeSet::new() };
    let seen = world.snapshot.deployments.stack_sets.get(name);
    // What is known not to have changed gets nothing.
    if seen.is_some_and(|seen| seen.listing == Listing::Traced) {
        return BTreeSet::new();
    }
    let mut all: BTreeSet<Spot> =
        seen.map(|seen| stack_set_targets::lacking(world, seen)).unwrap_or_default();
    let there = |account: &AccountId, region: &str| {
        seen.is_some_and(|seen| {
            seen.instances.iter().any(|one| one.account == *account && one.region == region)
        })
    };
    for account in world.snapshot.accounts.values() {
        let Some(name) = world.identity.account_name(&account.id) else { continue };
        if account.state != AccountState::Active || account.id == world.zone.management_id {
            continue;
        }
        let place = world.identity.node_path(&account.parent);
        for member in wanted {
            let reached = match &member.target {
                Target::Account(wanted) => wanted == name,
                Target::Unit(unit) => {
                    place.is_some_and(|place| place.is_within(unit)) && !is_target(world, seen, member)
                }
            };
            if reached && !there(&account.id, &member.region) {
                all.insert((account.id.clone(), member.region.clone()));
            }
        }
    }
    all
}

/// Whether AWS looks after this unit, or one above it, in this Region already.
fn is_target(world: &World<'_>, seen: Option<&DeployedStackSet>, member: &Member) -> bool {
    let Target::Unit(unit) = &member.target else { return false };
    let above = |target: &glidepath_model::deployment::AutoDeploymentTarget| {
        let node = glidepath_model::NodeId::parse(&target.unit).ok();
        let path = node.and_then(|node| world.identity.node_path(&node));
        path.is_some_and(|path| unit.is_within(path)) && target.regions.contains(&member.region)
    };
    seen.is_some_and(|seen| seen.targets.iter().any(above))
}

/// What becomes of the stacks that are about to come to `address`, where something is there already: by account and
/// Region. Where nothing is, or where it could not be looked for, the stack is made as any other.
#[must_use]
pub fn verdicts(world: &World<'_>, address: &Address) -> BTreeMap<Member, Verdict> {
    let found = &world.snapshot.deployments.singletons;
    let mut all = BTreeMap::new();
    if found.is_empty() {
        return all;
    }
    let Some((template, parameters)) = deployed(world, address) else { return all };
    let made = declared(template);
    if made.is_empty() {
        return all;
    }
    let Some(Expected { coming: spots, .. }) = all_expected(world).remove(address) else { return all };
    let read = glidepath_template::read(&template.to_string()).ok();
    for spot in spots {
        let Some(looked) = found.get(&spot) else { continue };
        let there: BTreeSet<Singleton> =
            made.keys().copied().filter(|one| looked.get(one).is_some_and(Option::is_some)).collect();
        if there.is_empty() {
            continue;
        }
        let wanted = read.as_ref().and_then(|template| {
            compare::Wanted::new(world, template, parameters, (spot.0.as_str(), &spot.1))
        });
        let fits = |one: &Singleton| {
            let existing = looked.get(one).and_then(Option::as_ref);
            let (Some(wanted), Some(existing), Some(logical)) = (&wanted, existing, made.get(one)) else {
                return false;
            };
            wanted.fits(*one, logical, &existing.properties)
        };
        let verdict = if there.len() == made.len() && there.iter().all(fits) {
            Verdict::Spare(there)
        } else if there.iter().all(|one| one.is_replaceable()) {
            Verdict::Replace(there)
        } else {
            Verdict::Conflict(there)
        };
        if let Some(name) = world.identity.account_name(&spot.0) {
            all.insert(Member { target: Target::Account(name.to_owned()), region: spot.1 }, verdict);
        }
    }
    all
}

/// The accounts and Regions that are spared a stack, since what it would make is there.
#[must_use]
pub fn spared(world: &World<'_>, address: &Address) -> BTreeSet<Member> {
    let spare = |(member, verdict): (Member, Verdict)| match verdict {
        Verdict::Spare(_) => Some(member),
        Verdict::Replace(_) | Verdict::Conflict(_) => None,
    };
    verdicts(world, address).into_iter().filter_map(spare).collect()
}

/// What is deleted before a stack is made, by account and Region as text.
#[must_use]
pub fn replaced(world: &World<'_>, address: &Address) -> BTreeMap<String, BTreeSet<Singleton>> {
    let replace = |(member, verdict): (Member, Verdict)| match verdict {
        Verdict::Replace(singletons) => Some((member.to_string(), singletons)),
        Verdict::Spare(_) | Verdict::Conflict(_) => None,
    };
    verdicts(world, address).into_iter().filter_map(replace).collect()
}
