//! Where a stack set has stacks: a set resource whose members are units or accounts in Regions. It carries
//! no tags: it is ours if its stack set is.
//!
//! What AWS is to bring about by itself (a stack for every account of a unit) is one member; the stacks are
//! status, and only those that are not as they should be are told one by one.

use crate::deployment::Member;
use crate::kind::stack_set::TRUSTED_SERVICE;
use crate::ownership::Ownership;
use crate::plan::Notice;
use crate::spec::{Leaving, Observed, Spec};
use crate::world::World;
use glidepath_model::deployment::{DeployedStackSet, InstanceStatus, waits_for_region};
use glidepath_model::text::printable;
use glidepath_model::{Address, NodeId, Target};
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
    if let Some(crate::spec::Desired::Present(Spec::StackSetTargets(wanted))) =
        world.zone.desired.get(address)
    {
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
            // A person has to enable its Region: nothing that an apply could do.
            InstanceStatus::Failed if waits_for_region(&instance.region, &instance.reason) => {}
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
    spec
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
            let waits = instance.status == InstanceStatus::Failed
                && waits_for_region(&instance.region, &instance.reason);
            if let (true, Some(name)) = (waits, world.identity.account_name(&instance.account)) {
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
        InstanceStatus::Inoperable => "inoperable",
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
