//! Where a stack set has stacks: a set resource whose members are units or accounts in Regions. It carries
//! no tags: it is ours if its stack set is.
//!
//! What AWS is to bring about by itself (a stack for every account of a unit) is one member; the stacks are
//! status, and only those that are not as they should be are told one by one.

use crate::deployment::Member;
use crate::kind::stack_set::TRUSTED_SERVICE;
use crate::ownership::Ownership;
use crate::plan::Notice;
use crate::singleton::{Spot, replaced, spared};
use crate::spec::{Leaving, Observed, Spec};
use crate::world::World;
use glidepath_model::deployment::{
    AutoDeploymentTarget, DeployedStackSet, Instance, InstanceStatus, Listing, waits_for_region,
};
use glidepath_model::organization::{Account, AccountState};
use glidepath_model::regions::OptInStatus;
use glidepath_model::singleton::Singleton;
use glidepath_model::text::printable;
use glidepath_model::{AccountId, Address, Digest, NodeId, Target};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The targets of a stack set; the set's name is the address.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct StackSetTargetsSpec {
    /// Units, or single accounts, in Regions.
    pub members: BTreeSet<Member>,
    /// What must be there before these stacks.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub after: BTreeSet<Address>,
    /// The accounts in units whose stack is not made, since all that it would make of what there is once is there.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub spared: BTreeSet<Member>,
    /// What is deleted before a stack is made, by account and Region: there is one of its kind only.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub replaces: BTreeMap<String, BTreeSet<Singleton>>,
    /// The stacks that are not as they should be, and how they stand.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub trouble: BTreeMap<String, String>,
}

/// The targets of every stack set that has any.
#[must_use]
pub fn observed(world: &World<'_>) -> Vec<(Address, Observed)> {
    world
        .snapshot
        .deployments
        .stack_sets
        .values()
        .filter_map(|seen| {
            let address = Address::StackSetTargets(seen.set.name.clone());
            let spec = spec(world, &address, seen);
            if spec.members.is_empty() && spec.trouble.is_empty() {
                return None;
            }
            let owner = Ownership::of(Some(&seen.set.tags), &world.zone.organization);
            let (ownership, leaving) = match owner {
                // The set is adopted, and its targets with it.
                Ownership::Unclaimed if world.zone.desired.contains_key(&address) => {
                    (Ownership::Ours, Leaving::Delete)
                }
                Ownership::Unclaimed => (Ownership::Foreign, Leaving::Keep),
                other => (other, Leaving::Delete),
            };
            let observed = Observed {
                physical: seen.set.id.clone(),
                spec: Spec::StackSetTargets(spec),
                ownership,
                leaving,
            };
            Some((address, observed))
        })
        .collect()
}

fn spec(world: &World<'_>, address: &Address, seen: &DeployedStackSet) -> StackSetTargetsSpec {
    let mut spec = StackSetTargetsSpec::default();
    // Only the manifest knows what comes after what where accounts do not come by themselves.
    if let Some(wanted) = wanted(world, address) {
        spec.after = wanted.after.clone();
    }
    for target in &seen.targets {
        let node = NodeId::parse(&target.unit).ok().and_then(|node| world.identity.target(&node));
        // A unit that is gone has no address, and AWS drops it by itself.
        let Some(unit) = node else { continue };
        spec.members.extend(
            target.regions.iter().map(|region| Member { target: unit.clone(), region: region.clone() }),
        );
    }
    // What is below another one is reached by it.
    let all = spec.members.clone();
    spec.members.retain(|member| !all.iter().any(|above| is_below(member, above)));
    for instance in &seen.instances {
        let Some(name) = world.identity.account_name(&instance.account) else { continue };
        let member = Member { target: Target::Account(name.to_owned()), region: instance.region.clone() };
        match instance.status {
            // Nothing helps before its Region is enabled.
            InstanceStatus::Failed if waits(world, instance) => {}
            InstanceStatus::Failed | InstanceStatus::Cancelled | InstanceStatus::Inoperable => {
                spec.trouble.insert(member.to_string(), word(instance.status).to_owned());
            }
            // Its account is left out of every run until AWS takes it back.
            InstanceStatus::SkippedSuspendedAccount
            | InstanceStatus::Succeeded
            | InstanceStatus::Pending
            | InstanceStatus::Running => {}
        }
        if seen.set.auto_deployment.is_none() {
            spec.members.insert(member);
        }
    }
    if seen.listing == Listing::Traced {
        spec.members.extend(reachable(world, address));
    }
    let spared = spared(world, address);
    for member in missing(world, seen) {
        if !spared.contains(&member) {
            spec.trouble.insert(member.to_string(), MISSING.to_owned());
        }
    }
    // As the manifest's side has it: being spared is no difference.
    if let Some(wanted) = wanted(world, address) {
        spec.spared = covered(wanted, spared);
        spec.replaces = replaced(world, address);
    }
    spec
}

/// Whether a stack failed since its Region was not enabled, as far as is known still: once it is enabled in the
/// management account and in the stack's, the next apply tries again.
fn waits(world: &World<'_>, instance: &Instance) -> bool {
    let enabled = |account: &AccountId| {
        let told = world.snapshot.opt_ins.get(account).and_then(|told| told.get(&instance.region));
        told == Some(&OptInStatus::Enabled)
    };
    waits_for_region(&instance.region, &instance.reason)
        && !(enabled(&world.zone.management_id) && enabled(&instance.account))
}

/// The word for a stack that its account should have by its unit and does not.
pub const MISSING: &str = "missing";
/// The word for a stack that no operation touches until somebody has seen to it.
pub const INOPERABLE: &str = "inoperable";

fn wanted<'a>(world: &World<'a>, address: &Address) -> Option<&'a StackSetTargetsSpec> {
    match world.zone.desired.get(address) {
        Some(crate::spec::Desired::Present(Spec::StackSetTargets(wanted))) => Some(wanted),
        _ => None,
    }
}

/// The members that the manifest wants and that can be there by now: those of accounts that exist and can be
/// worked with.
#[must_use]
pub fn reachable(world: &World<'_>, address: &Address) -> BTreeSet<Member> {
    let usable = |member: &&Member| match &member.target {
        Target::Unit(_) => true,
        Target::Account(name) => world
            .identity
            .account_id(name)
            .and_then(|id| world.snapshot.accounts.get(id))
            .is_some_and(|account| account.state == AccountState::Active),
    };
    let members =
        wanted(world, address).map(|wanted| wanted.members.iter().filter(usable).cloned().collect());
    members.unwrap_or_default()
}

/// Characters of a trace: 80 bits, since two sets of members of one stack set must not have the same.
const TRACE: usize = 20;

/// A word that stands for single accounts in Regions. The operation that leaves a stack set with just these carries
/// it in its name, so that a later look knows them by one call, however many there are. None where a unit is among
/// them, or an account without an id.
#[must_use]
pub fn trace(members: &BTreeSet<Member>, id: impl Fn(&str) -> Option<AccountId>) -> Option<String> {
    let one = |member: &Member| match &member.target {
        Target::Account(name) => Some(format!("{}@{}\n", id(name)?, member.region)),
        Target::Unit(_) => None,
    };
    let all: BTreeSet<String> = members.iter().map(one).collect::<Option<_>>()?;
    let text: String = all.into_iter().collect();
    Some(Digest::of_bytes(text.as_bytes()).as_str().chars().take(TRACE).collect())
}

/// The stacks that accounts should have by their units and do not, where every stack was listed and nothing is
/// under way that may still make them.
fn missing(world: &World<'_>, seen: &DeployedStackSet) -> BTreeSet<Member> {
    let lacking = lacking(world, seen).into_iter().filter_map(|(account, region)| {
        let name = world.identity.account_name(&account)?.to_owned();
        Some(Member { target: Target::Account(name), region })
    });
    lacking.collect()
}

/// Likewise, by the accounts' ids.
pub(crate) fn lacking(world: &World<'_>, seen: &DeployedStackSet) -> BTreeSet<Spot> {
    if seen.set.auto_deployment.is_none() || seen.listing != Listing::Every || !seen.running.is_empty() {
        return BTreeSet::new();
    }
    let there: BTreeSet<(&AccountId, &str)> =
        seen.instances.iter().map(|one| (&one.account, one.region.as_str())).collect();
    by_unit(world, seen)
        .filter(|(account, _, region)| !there.contains(&(*account, *region)))
        .map(|(account, _, region)| (account.clone(), region.to_owned()))
        .collect()
}

/// What is wanted, without stacks in accounts that cannot be worked with, nor where what they would make is there.
pub(crate) fn settled(
    world: &World<'_>,
    address: &Address,
    spec: &StackSetTargetsSpec,
    dropped: &BTreeSet<String>,
) -> StackSetTargetsSpec {
    let mut spec = spec.clone();
    let spared = spared(world, address);
    spec.members.retain(|member| {
        let gone = matches!(&member.target, Target::Account(name) if dropped.contains(name));
        !gone && !spared.contains(member)
    });
    spec.spared = covered(&spec, spared);
    spec.replaces = replaced(world, address);
    spec
}

/// The accounts among these that a unit which is a target brings a stack.
fn covered(spec: &StackSetTargetsSpec, accounts: BTreeSet<Member>) -> BTreeSet<Member> {
    let by_unit = |member: &Member| {
        spec.members
            .iter()
            .any(|target| matches!(target.target, Target::Unit(_)) && target.region == member.region)
    };
    accounts.into_iter().filter(by_unit).collect()
}

/// How many stacks a set has, and whether that is the least: where not all were listed, those count that accounts
/// have by their units.
#[must_use]
pub fn reach(world: &World<'_>, seen: &DeployedStackSet) -> (usize, bool) {
    let listed = seen.instances.iter().map(|one| (&one.account, one.region.as_str()));
    let mut all: BTreeSet<(&AccountId, &str)> = listed.collect();
    if seen.listing != Listing::Every {
        all.extend(by_unit(world, seen).map(|(account, _, region)| (account, region)));
    }
    (all.len(), seen.listing != Listing::Every)
}

/// The stacks that accounts should have by their units: account, its name, Region.
fn by_unit<'a>(
    world: &'a World<'_>,
    seen: &'a DeployedStackSet,
) -> impl Iterator<Item = (&'a AccountId, &'a str, &'a str)> {
    let usable =
        |account: &&Account| account.state == AccountState::Active && account.id != world.zone.management_id;
    let accounts = world.snapshot.accounts.values().filter(usable);
    let named = accounts.filter_map(|account| Some((account, world.identity.account_name(&account.id)?)));
    named.flat_map(move |(account, name)| {
        let place = world.identity.node_path(&account.parent);
        let above = move |target: &&AutoDeploymentTarget| {
            let node = NodeId::parse(&target.unit).ok();
            let unit = node.and_then(|node| world.identity.node_path(&node));
            place.zip(unit).is_some_and(|(place, unit)| place.is_within(unit))
        };
        let regions = seen.targets.iter().filter(above).flat_map(|target| &target.regions);
        regions.map(move |region| (&account.id, name, region.as_str()))
    })
}

/// The stack sets of the landing zone whose stacks were not all listed: whether every account has its stack was
/// not checked.
#[must_use]
pub fn unlisted(world: &World<'_>) -> BTreeSet<Address> {
    let sets = world.snapshot.deployments.stack_sets.values();
    let sets = sets.filter(|seen| seen.listing != Listing::Every);
    sets.map(|seen| Address::StackSetTargets(seen.set.name.clone()))
        .filter(|address| wanted(world, address).is_some())
        .collect()
}

/// The stacks that wait for a Region to be enabled, of every stack set that is wanted.
#[must_use]
pub fn notices(world: &World<'_>) -> Vec<Notice> {
    let mut notices = Vec::new();
    for seen in world.snapshot.deployments.stack_sets.values() {
        let address = Address::StackSetTargets(seen.set.name.clone());
        if !world.zone.desired.contains_key(&address) {
            continue;
        }
        let mut waiting: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for instance in &seen.instances {
            let waiting_still = instance.status == InstanceStatus::Failed && waits(world, instance);
            if let (true, Some(name)) = (waiting_still, world.identity.account_name(&instance.account)) {
                waiting.entry(&instance.region).or_default().insert(name);
            }
        }
        for (region, accounts) in waiting {
            let names: Vec<String> = accounts.iter().map(|name| format!("`{}`", printable(name))).collect();
            notices.push(Notice {
                address: Some(address.clone()),
                text: format!(
                    "stacks in `{}` wait until the Region is enabled in the management account and in {}: AWS \
                     tries again with the stack set's next operation",
                    printable(region),
                    names.join(", ")
                ),
            });
        }
    }
    notices
}

/// Whether a unit lies below another one that is a target in the same Region.
#[must_use]
pub fn is_below(member: &Member, above: &Member) -> bool {
    match (&member.target, &above.target) {
        (Target::Unit(path), Target::Unit(other)) => {
            path != other && path.is_within(other) && member.region == above.region
        }
        _ => false,
    }
}

fn word(status: InstanceStatus) -> &'static str {
    match status {
        InstanceStatus::Failed => "failed",
        InstanceStatus::Cancelled => "cancelled",
        InstanceStatus::Inoperable => INOPERABLE,
        InstanceStatus::SkippedSuspendedAccount => "suspended",
        InstanceStatus::Succeeded => "current",
        InstanceStatus::Pending => "pending",
        InstanceStatus::Running => "running",
    }
}

/// The stack set, CloudFormation's access, the units and accounts, and the stacks that come first.
#[must_use]
pub fn references(address: &Address, spec: &StackSetTargetsSpec) -> Vec<Address> {
    let Address::StackSetTargets(name) = address else { return Vec::new() };
    let mut all = vec![Address::StackSet(name.clone()), Address::TrustedAccess(TRUSTED_SERVICE.to_owned())];
    all.extend(spec.members.iter().map(|member| member.target.address()));
    all.extend(spec.after.iter().cloned());
    all.sort();
    all.dedup();
    all
}
