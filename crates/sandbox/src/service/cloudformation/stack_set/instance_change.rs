//! Making, updating and removing instances by units, accounts and Regions.
//!
//! Sources: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackInstances.html> and its like
//! for updates and deletions.

use super::super::super::{Context, ServiceError};
use super::super::refusal::{invalid, limit};
use super::call_as::{CallAs, operable};
use super::instance;
use super::operation::{Action, Origin, Retain};
use super::parameter::{GivenParameter, Wish, wishes};
use super::preferences::Preferences;
use super::set::StackSet;
use super::submission::{Aim, Submission, refuse_if_busy, submit};
use super::targets::{DeploymentTargets, Reached, UNITS_AT_MOST, checked_regions, only_units};
use super::template;
use crate::world::World;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The most instances of a set.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
const INSTANCES_AT_MOST: u64 = 100_000;

/// An operation's id in an answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Submitted {
    pub(super) operation_id: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Create {
    stack_set_name: String,
    #[serde(default)]
    accounts: Vec<String>,
    #[serde(default)]
    deployment_targets: DeploymentTargets,
    regions: Vec<String>,
    #[serde(default)]
    parameter_overrides: Vec<GivenParameter>,
    #[serde(default)]
    operation_preferences: Preferences,
    operation_id: Option<String>,
    #[serde(default)]
    call_as: CallAs,
}

pub(super) fn create_stack_instances(
    context: &mut Context<'_>,
    request: Create,
) -> Result<Submitted, ServiceError> {
    let mut set = operable(context, request.call_as, &request.stack_set_name)?;
    let targets = request.deployment_targets;
    if targets.organizational_unit_ids.len() > UNITS_AT_MOST {
        return Err(limit(format!("A request can name {UNITS_AT_MOST} organizational units")));
    }
    let asked = Asked::read(
        context.world,
        &request.accounts,
        &targets,
        &request.regions,
        request.operation_preferences,
    )?;
    let overrides = wishes(request.parameter_overrides)?;
    if let Some((key, _)) = overrides.iter().find(|(_, wish)| **wish == Wish::Previous) {
        return Err(invalid(format!(
            "Invalid input for parameter key {}. New stack instances have no previous value",
            glidepath_model::text::printable(key)
        )));
    }
    template::refuse_strangers(context.world, &set.template, overrides.keys())?;
    refuse_if_busy(context.world, &set, request.operation_id.as_deref())?;
    let aims = aims(&targets.reached(context.world)?, &asked.regions);
    let new = aims
        .iter()
        .filter(|aim| instance::find(context.world, &set.id, &aim.account, &aim.region).is_none())
        .count() as u64;
    if set.instances() + new > INSTANCES_AT_MOST {
        return Err(limit(format!("A stack set can have {INSTANCES_AT_MOST} stack instances")));
    }
    for unit in &targets.organizational_unit_ids {
        set.targets.entry(unit.clone()).or_default().extend(asked.regions.iter().cloned());
    }
    let submission = Submission {
        id: request.operation_id,
        action: Action::Create { overrides },
        origin: Origin::Instances,
        preferences: asked.preferences,
        targets,
        aims,
    };
    let operation_id = submit(context.world, context.now, set, submission)?;
    Ok(Submitted { operation_id })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Update {
    stack_set_name: String,
    #[serde(default)]
    accounts: Vec<String>,
    #[serde(default)]
    deployment_targets: DeploymentTargets,
    regions: Vec<String>,
    /// Absent leaves overrides as they are; an empty list takes them all away.
    parameter_overrides: Option<Vec<GivenParameter>>,
    #[serde(default)]
    operation_preferences: Preferences,
    operation_id: Option<String>,
    #[serde(default)]
    call_as: CallAs,
}

pub(super) fn update_stack_instances(
    context: &mut Context<'_>,
    request: Update,
) -> Result<Submitted, ServiceError> {
    let set = operable(context, request.call_as, &request.stack_set_name)?;
    let targets = request.deployment_targets;
    refuse_too_many(&targets)?;
    let asked = Asked::read(
        context.world,
        &request.accounts,
        &targets,
        &request.regions,
        request.operation_preferences,
    )?;
    let overrides = request.parameter_overrides.map(wishes).transpose()?;
    let keys = overrides.iter().flat_map(|overrides| overrides.keys());
    template::refuse_strangers(context.world, &set.template, keys)?;
    refuse_if_busy(context.world, &set, request.operation_id.as_deref())?;
    let aims = existing_aims(context.world, &set, &targets, &asked.regions)?;
    let submission = Submission {
        id: request.operation_id,
        action: Action::Update { overrides },
        origin: Origin::Instances,
        preferences: asked.preferences,
        targets,
        aims,
    };
    let operation_id = submit(context.world, context.now, set, submission)?;
    Ok(Submitted { operation_id })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Delete {
    stack_set_name: String,
    #[serde(default)]
    accounts: Vec<String>,
    #[serde(default)]
    deployment_targets: DeploymentTargets,
    regions: Vec<String>,
    retain_stacks: bool,
    #[serde(default)]
    operation_preferences: Preferences,
    operation_id: Option<String>,
    #[serde(default)]
    call_as: CallAs,
}

pub(super) fn delete_stack_instances(
    context: &mut Context<'_>,
    request: Delete,
) -> Result<Submitted, ServiceError> {
    let mut set = operable(context, request.call_as, &request.stack_set_name)?;
    let targets = request.deployment_targets;
    refuse_too_many(&targets)?;
    let asked = Asked::read(
        context.world,
        &request.accounts,
        &targets,
        &request.regions,
        request.operation_preferences,
    )?;
    refuse_if_busy(context.world, &set, request.operation_id.as_deref())?;
    let mut aims = aims(&targets.reached_instances(context.world, &set), &asked.regions);
    aims.retain(|aim| instance::find(context.world, &set.id, &aim.account, &aim.region).is_some());
    if targets.is_of_whole_units() {
        // A unit that lost its instances gets none by itself any more.
        for unit in &targets.organizational_unit_ids {
            if let Some(regions) = set.targets.get_mut(unit) {
                regions.retain(|region| !asked.regions.contains(region));
            }
        }
        set.targets.retain(|_, regions| !regions.is_empty());
    }
    let submission = Submission {
        id: request.operation_id,
        action: Action::Delete(if request.retain_stacks { Retain::Stacks } else { Retain::Nothing }),
        origin: Origin::Instances,
        preferences: asked.preferences,
        targets,
        aims,
    };
    let operation_id = submit(context.world, context.now, set, submission)?;
    Ok(Submitted { operation_id })
}

/// What every request on instances gives, found in order.
struct Asked {
    regions: BTreeSet<String>,
    preferences: Preferences,
}

impl Asked {
    fn read(
        world: &World,
        accounts: &[String],
        targets: &DeploymentTargets,
        regions: &[String],
        preferences: Preferences,
    ) -> Result<Self, ServiceError> {
        if !accounts.is_empty() {
            return Err(only_units());
        }
        targets.check(world)?;
        let regions = checked_regions(regions)?;
        let preferences = preferences.checked(&regions)?;
        Ok(Self { regions, preferences })
    }
}

/// Operations without a `LimitExceededException` refuse too many units as invalid.
pub(super) fn refuse_too_many(targets: &DeploymentTargets) -> Result<(), ServiceError> {
    if targets.organizational_unit_ids.len() > UNITS_AT_MOST {
        return Err(invalid(format!("A request can name {UNITS_AT_MOST} organizational units")));
    }
    Ok(())
}

/// Every account in every Region.
fn aims(reached: &Reached, regions: &BTreeSet<String>) -> Vec<Aim> {
    let each = reached.iter().flat_map(|(account, unit)| {
        regions.iter().map(|region| Aim {
            account: account.clone(),
            region: region.clone(),
            unit: unit.clone(),
        })
    });
    each.collect()
}

/// The instances that a request to update means. One that it names by its account and that is not there is refused; of
/// whole units, those accounts that have none are passed over, unless none has any.
pub(super) fn existing_aims(
    world: &World,
    set: &StackSet,
    targets: &DeploymentTargets,
    regions: &BTreeSet<String>,
) -> Result<Vec<Aim>, ServiceError> {
    let mut aims = aims(&targets.reached_instances(world, set), regions);
    if targets.is_of_whole_units() {
        let missing = aims.first().cloned();
        aims.retain(|aim| instance::find(world, &set.id, &aim.account, &aim.region).is_some());
        if let (Some(missing), true) = (missing, aims.is_empty()) {
            instance::existing(world, set, &missing.account, &missing.region)?;
        }
        return Ok(aims);
    }
    for aim in &aims {
        instance::existing(world, set, &aim.account, &aim.region)?;
    }
    Ok(aims)
}
