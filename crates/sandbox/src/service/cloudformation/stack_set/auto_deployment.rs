//! Instances follow accounts: one that comes into a unit of a set gets its instances, one that leaves loses them.
//!
//! Account filters, overrides and preferences of earlier requests count for nothing here. Between two units of a set
//! an account loses the instances of the one and then gets those of the other.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html>

use super::super::super::organizations::{self, Placement};
use super::super::super::{Context, ServiceError};
use super::super::refusal::invalid;
use super::call_as::{CallAs, active};
use super::instance;
use super::operation::{Action, Origin, Retain};
use super::organizations_access::TRUSTED;
use super::page::{Wanted, page};
use super::preferences::Preferences;
use super::queue;
use super::set::{StackSet, id_of_arn};
use super::submission::{Aim, Submission, enqueue};
use super::targets::DeploymentTargets;
use crate::world::World;
use glidepath_model::Timestamp;
use glidepath_model::text::printable;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The most sets that a set can depend on.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
const DEPENDENCIES_OF_A_SET: usize = 10;
/// The most dependencies that the sets of an account can have together. Source: as above.
const DEPENDENCIES_OF_AN_ACCOUNT: usize = 100;
/// What a set says that would have too many dependencies.
pub(super) const TOO_MANY_DEPENDENCIES: &str = "A stack set can depend on 10 other stack sets, and all stack sets of an account together have 100 dependencies";

/// Refuses what automatic deployment cannot mean.
pub(super) fn check(world: &World, set: &StackSet) -> Result<(), ServiceError> {
    let wish = &set.auto_deployment;
    if !wish.enabled && wish.retain_stacks_on_account_removal.is_some() {
        return Err(invalid(
            "RetainStacksOnAccountRemoval must only be specified if AutoDeployment is enabled",
        ));
    }
    if !wish.enabled && !wish.depends_on.is_empty() {
        return Err(invalid("DependsOn must only be specified if AutoDeployment is enabled"));
    }
    let distinct: BTreeSet<&String> = wish.depends_on.iter().collect();
    if distinct.len() < wish.depends_on.len() {
        return Err(invalid("DependsOn must not contain duplicates"));
    }
    for arn in &wish.depends_on {
        let other =
            id_of_arn(arn).and_then(|id| world.get::<StackSet>(id)).filter(|other| other.arn() == *arn);
        let Some(other) = other else {
            return Err(invalid(format!("StackSet {} in DependsOn not found", printable(arn))));
        };
        if other.region != set.region {
            return Err(invalid(format!("StackSet {arn} in DependsOn is in another Region")));
        }
        if leads_to(world, &other, &set.id) {
            return Err(invalid(format!("DependsOn must not be circular: {arn} depends on this stack set")));
        }
    }
    Ok(())
}

/// Whether a set is, or depends on, another one.
fn leads_to(world: &World, from: &StackSet, id: &str) -> bool {
    let mut open = BTreeSet::from([from.id.clone()]);
    let mut seen = BTreeSet::new();
    while let Some(next) = open.pop_first() {
        if next == id {
            return true;
        }
        if let Some(set) = world.get::<StackSet>(&next)
            && seen.insert(next)
        {
            open.extend(queue::dependencies(&set));
        }
    }
    false
}

/// Whether a set as it is to be breaks a quota of dependencies.
pub(super) fn has_too_many_dependencies(world: &World, set: &StackSet) -> bool {
    let own = set.auto_deployment.depends_on.len();
    if own == 0 {
        return false;
    }
    let others: usize = world
        .all::<StackSet>()
        .filter(|other| other.id != set.id)
        .map(|other| other.auto_deployment.depends_on.len())
        .sum();
    own > DEPENDENCIES_OF_A_SET || own + others > DEPENDENCIES_OF_AN_ACCOUNT
}

/// Has the instances of every set follow an account that was placed.
pub(in crate::service) fn account_placed(world: &mut World, now: Timestamp, placement: &Placement<'_>) {
    let Some(organization) = organizations::organization(world) else { return };
    if placement.account == organization.management || !organizations::is_trusted(world, TRUSTED) {
        return;
    }
    let lineage = |at: Option<&str>| at.map(|at| organizations::lineage(world, at)).unwrap_or_default();
    let (from, to) = (lineage(placement.from), lineage(placement.to));
    let sets: Vec<Arc<StackSet>> = world.by::<StackSet>("automatic", &organization.management).collect();
    let mut changed = Vec::new();
    for set in sets {
        let (before, after) = (covered(&set, &from), covered(&set, &to));
        let leaves: Vec<Aim> = uncommon(&before, &after)
            .filter(|(region, _)| instance::find(world, &set.id, placement.account, region).is_some())
            .map(|(region, unit)| aim(placement, region, unit))
            .collect();
        let comes: Vec<Aim> =
            uncommon(&after, &before).map(|(region, unit)| aim(placement, region, unit)).collect();
        let retain = match set.auto_deployment.retain_stacks_on_account_removal {
            Some(true) => Retain::Stacks,
            Some(false) | None => Retain::Nothing,
        };
        let wanted =
            [(Action::Delete(retain), leaves), (Action::Create { overrides: BTreeMap::new() }, comes)];
        for (action, aims) in wanted {
            if !aims.is_empty() {
                follow(world, now, &set.id, action, placement.account, aims);
                changed.push(set.id.clone());
            }
        }
    }
    // Only now, so that each operation sees those of the sets it waits for.
    for set in changed {
        queue::dispatch(world, now, &set);
    }
}

fn aim(placement: &Placement<'_>, region: &str, unit: &str) -> Aim {
    Aim { account: placement.account.to_owned(), region: region.to_owned(), unit: unit.to_owned() }
}

/// The Regions that a set covers for what hangs at the end of a lineage, each with the units that do, the nearest last.
fn covered(set: &StackSet, lineage: &[String]) -> BTreeMap<String, Vec<String>> {
    let mut covered: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for unit in lineage {
        for region in set.targets.get(unit).into_iter().flatten() {
            covered.entry(region.clone()).or_default().push(unit.clone());
        }
    }
    covered
}

/// The Regions that are covered by none of the units that cover them in `other`, each with its nearest unit.
fn uncommon<'a>(
    covered: &'a BTreeMap<String, Vec<String>>,
    other: &'a BTreeMap<String, Vec<String>>,
) -> impl Iterator<Item = (&'a String, &'a String)> {
    covered.iter().filter_map(|(region, units)| {
        let there = other.get(region).map(Vec::as_slice).unwrap_or_default();
        let stays = units.iter().any(|unit| there.contains(unit));
        units.last().filter(|_| !stays).map(|unit| (region, unit))
    })
}

/// Queues an operation that follows an account.
fn follow(world: &mut World, now: Timestamp, set: &str, action: Action, account: &str, aims: Vec<Aim>) {
    let Some(set) = world.get::<StackSet>(set) else { return };
    let regions: BTreeSet<String> = aims.iter().map(|aim| aim.region.clone()).collect();
    // Preferences that say nothing contradict nothing.
    let Ok(preferences) = Preferences::default().checked(&regions) else { return };
    let units: BTreeSet<String> = aims.iter().map(|aim| aim.unit.clone()).collect();
    let submission = Submission {
        id: None,
        action,
        origin: Origin::Account(account.to_owned()),
        preferences,
        targets: DeploymentTargets::units(units),
        aims,
    };
    enqueue(world, now, StackSet::clone(&set), submission);
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    stack_set_name: String,
    next_token: Option<String>,
    max_results: Option<usize>,
    #[serde(default)]
    call_as: CallAs,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Target {
    organizational_unit_id: String,
    regions: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Targets {
    summaries: Vec<Target>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// Lists the units of a set with the Regions in which accounts that come into them get instances.
pub(super) fn list_stack_set_auto_deployment_targets(
    context: &mut Context<'_>,
    request: List,
) -> Result<Targets, ServiceError> {
    let set = active(context, request.call_as, &request.stack_set_name)?;
    let wanted = Wanted {
        listing: format!("ListStackSetAutoDeploymentTargets/{}", set.id),
        token: request.next_token.as_deref(),
        size: request.max_results,
    };
    let page = page(context.world, &wanted, |after, at_most| {
        let targets = set.targets.iter().filter(|(unit, _)| after.is_none_or(|after| unit.as_str() > after));
        let targets = targets.take(at_most).map(|(unit, regions)| {
            let regions = regions.iter().cloned().collect();
            (unit.clone(), Target { organizational_unit_id: unit.clone(), regions })
        });
        targets.collect()
    })?;
    Ok(Targets { summaries: page.items, next_token: page.next })
}
