//! From a landing zone and a snapshot to a plan: difference, order, checks.
//!
//! Pure: the same inputs give the same plan, byte for byte, in whatever order they were collected.

use crate::access::access_changes;
use crate::change::Change;
use crate::check::{self, Finding, check};
use crate::diff::diff;
use crate::impact::impact;
use crate::kind;
use crate::narrow::narrow;
use crate::order::{self, Ordered, order};
use crate::plan::{FORMAT_VERSION, Plan, Refusal};
use crate::quota::Quotas;
use crate::remark::remarks;
use crate::shape::Transition;
use crate::spec::Observed;
use crate::world::World;
use crate::zone::LandingZone;
use glidepath_model::organization::{Gap, Snapshot};
use glidepath_model::{Address, Date, Principal};
use std::collections::{BTreeMap, BTreeSet};

/// What a plan is asked for beside the landing zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanOptions {
    /// The day the plan is for.
    pub today: Date,
    /// The only changes to keep, with all that they wait for; empty for all.
    pub targets: Vec<Address>,
    /// The ARN of who plans, where it is known: nobody takes their own access away unasked.
    pub caller: Option<String>,
}

/// Plans: what has to happen so that AWS is as the landing zone says.
#[must_use]
pub fn plan(zone: &LandingZone, snapshot: &Snapshot, options: &PlanOptions) -> Plan {
    let world = World::new(zone, snapshot);
    let observed = world.observed();
    let difference = diff(&world, &observed);
    let mut refusals = world.identity.refusals.clone();
    refusals.extend(difference.refusals);
    let mut notices = difference.notices;

    let whole = Transition::new(&world, &observed, &difference.changes);
    let scene =
        order::Scene { changes: &difference.changes, transition: &whole, quotas: Quotas::new(&zone.limits) };
    let ordered = order(&scene).unwrap_or_else(|error| {
        refusals.push(Refusal::from(&error));
        Ordered { changes: difference.changes.values().cloned().collect(), notices: Vec::new() }
    });
    notices.extend(ordered.notices);
    let narrowed = narrow(ordered.changes, &options.targets);
    notices.extend(narrowed.notices);

    let mut changes = narrowed.changes;
    let by_address: BTreeMap<Address, Change> =
        changes.iter().map(|change| (change.address.clone(), change.clone())).collect();
    let transition = Transition::new(&world, &observed, &by_address);
    let scene = check::Scene {
        world: &world,
        observed: &observed,
        changes: &by_address,
        transition: &transition,
        options,
    };
    let mut gates = Vec::new();
    for finding in check(&scene) {
        match finding {
            Finding::Gate(gate) => gates.push(gate),
            Finding::Refusal(refusal) => refusals.push(refusal),
            Finding::Notice(notice) => notices.push(notice),
        }
    }
    for change in &mut changes {
        change.notes.extend(remarks(&world, &transition, &by_address, change));
    }
    let held = difference.withheld.iter().map(|withheld| &withheld.gap);
    let gaps: BTreeSet<Gap> = snapshot.gaps.iter().chain(held).cloned().collect();
    Plan {
        format_version: FORMAT_VERSION,
        organization: zone.organization.clone(),
        organization_id: snapshot.organization.as_ref().map(|organization| organization.id.clone()),
        today: options.today,
        manifest: zone.digest.clone(),
        changes,
        withheld: difference.withheld,
        refusals,
        gates,
        notices,
        gaps: gaps.into_iter().collect(),
        unlisted: kind::stack_set_targets::unlisted(&world),
        converging: difference.converging,
        impact: impact(&transition, &zone.management_name),
        access: access_changes(&transition, &zone.management_name),
        usage: check::quotas::usage(&scene),
        unmanaged: difference.unmanaged,
        foreign: difference.foreign,
        physical_ids: physical_ids(&world, &observed),
    }
}

/// Every AWS id that an apply may start from, AWS's own policies included.
fn physical_ids(world: &World<'_>, observed: &BTreeMap<Address, Observed>) -> BTreeMap<Address, String> {
    let mut all = world.identity.physical_ids();
    for policy in world.snapshot.policies.values() {
        let address = Address::Policy { ty: policy.ty, name: policy.name.clone() };
        all.insert(address, policy.id.to_string());
    }
    // Groups and users of others' directories are assigned by their ids too.
    all.extend(world.snapshot.identity_center.principals.iter().map(|(principal, id)| {
        let address = match principal {
            Principal::Group(name) => Address::Group(name.clone()),
            Principal::User(name) => Address::User(name.clone()),
        };
        (address, id.id().to_owned())
    }));
    all.extend(
        observed
            .iter()
            .filter(|(address, _)| !matches!(address, Address::Organization | Address::Attachment { .. }))
            .map(|(address, seen)| (address.clone(), seen.physical.clone())),
    );
    all
}
