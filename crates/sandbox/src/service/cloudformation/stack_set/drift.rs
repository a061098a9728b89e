//! Drift of a whole set: each instance's stack compared with its template, one after another as an operation.
//!
//! What an instance was found to be is kept until the next detection; a set's counts stay with the operation.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-drift.html>

use super::super::super::{Context, EpochSeconds, ServiceError};
use super::super::drift::{self, Difference, Finding};
use super::super::drift_detection;
use super::super::resource::Resource;
use super::super::stack::Stack;
use super::call_as::{CallAs, active, operable};
use super::harvest::Finish;
use super::instance::{self, Instance};
use super::instance_change::Submitted;
use super::operation::{self, Action, Origin, StackSetOperation, Status};
use super::operation_result::{self, OperationResult};
use super::page::{Wanted, page};
use super::preferences::Preferences;
use super::set::{SetDrift, StackSet};
use super::submission::{Aim, Submission, in_progress, submit};
use super::targets::DeploymentTargets;
use crate::world::{Dumped, Entity, World};
use glidepath_model::Timestamp;
use glidepath_model::text::printable;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A resource of an instance, as it was found.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Found {
    logical_id: String,
    physical_id: Option<String>,
    ty: String,
    status: String,
    differences: Vec<Difference>,
}

/// What the last detection found of an instance.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct InstanceDrift {
    set: String,
    account: String,
    region: String,
    /// The detection's key.
    operation: String,
    stack: String,
    pub(super) checked: Timestamp,
    is_drifted: bool,
    resources: Vec<Found>,
}

impl Entity for InstanceDrift {
    const TABLE: &'static str = "cloudformation.stack_instance_drift";
    const DUMPED: Dumped = Dumped::Never;

    fn key(&self) -> String {
        instance::key(&self.set, &self.account, &self.region)
    }
}

impl InstanceDrift {
    pub(super) fn status(&self) -> &'static str {
        if self.is_drifted { "DRIFTED" } else { "IN_SYNC" }
    }
}

impl SetDrift {
    pub(super) fn status(&self) -> &'static str {
        match (self.drifted, self.in_sync) {
            (0, 0) => "NOT_CHECKED",
            (0, _) => "IN_SYNC",
            _ => "DRIFTED",
        }
    }
}

/// A set's drift, as answers tell it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Details {
    drift_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    drift_detection_status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_drift_check_timestamp: Option<EpochSeconds>,
    total_stack_instances_count: u64,
    drifted_stack_instances_count: u64,
    in_sync_stack_instances_count: u64,
    in_progress_stack_instances_count: u64,
    failed_stack_instances_count: u64,
}

/// A set's drift: of the detection that runs, else of the last one.
pub(super) fn details(world: &World, set: &StackSet) -> Details {
    let running = detections(world, &set.id).find(|detection| detection.status != Status::Queued);
    match (running, &set.drift) {
        (Some(detection), _) => details_of(world, &detection),
        (None, Some(drift)) => told(drift, None, 0),
        (None, None) => Details {
            drift_status: "NOT_CHECKED",
            drift_detection_status: None,
            last_drift_check_timestamp: None,
            total_stack_instances_count: 0,
            drifted_stack_instances_count: 0,
            in_sync_stack_instances_count: 0,
            in_progress_stack_instances_count: 0,
            failed_stack_instances_count: 0,
        },
    }
}

/// What one detection has found so far.
pub(super) fn details_of(world: &World, detection: &StackSetOperation) -> Details {
    if let Some(drift) = &detection.drift {
        return told(drift, None, 0);
    }
    let running = detection.regions.iter().map(|region| region.pending + region.running).sum();
    told(&count(world, detection, detection.created), Some("IN_PROGRESS"), running)
}

fn told(drift: &SetDrift, status: Option<&str>, running: u64) -> Details {
    Details {
        drift_status: drift.status(),
        drift_detection_status: Some(status.unwrap_or(&drift.outcome).to_owned()),
        last_drift_check_timestamp: Some(EpochSeconds(drift.checked)),
        total_stack_instances_count: drift.total,
        drifted_stack_instances_count: drift.drifted,
        in_sync_stack_instances_count: drift.in_sync,
        in_progress_stack_instances_count: running,
        failed_stack_instances_count: drift.failed,
    }
}

fn detections(world: &World, set: &str) -> impl Iterator<Item = std::sync::Arc<StackSetOperation>> {
    let unfinished: Vec<_> = world
        .by::<StackSetOperation>("unfinished", set)
        .filter(|operation| operation.action == Action::DetectDrift)
        .collect();
    unfinished.into_iter()
}

/// Counts what a detection found.
fn count(world: &World, detection: &StackSetOperation, checked: Timestamp) -> SetDrift {
    let key = detection.key();
    let (mut drifted, mut in_sync) = (0, 0);
    for result in world.below::<OperationResult>(&format!("{key}/")) {
        if result.status == operation_result::Status::Succeeded
            && let Some(found) =
                world.get::<InstanceDrift>(&instance::key(&detection.set, &result.account, &result.region))
            && found.operation == key
        {
            drifted += u64::from(found.is_drifted);
            in_sync += u64::from(!found.is_drifted);
        }
    }
    let total = detection.regions.iter().map(|region| region.total).sum();
    let failed = detection.failed();
    let outcome = match detection.status {
        Status::Stopped => "STOPPED",
        _ if failed > 0 && failed == total => "FAILED",
        _ if failed > 0 || drifted + in_sync < total => "PARTIAL_SUCCESS",
        _ => "COMPLETED",
    };
    SetDrift { checked, outcome: outcome.to_owned(), total, drifted, in_sync, failed }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Detect {
    stack_set_name: String,
    #[serde(default)]
    operation_preferences: Preferences,
    operation_id: Option<String>,
    #[serde(default)]
    call_as: CallAs,
}

/// Begins a detection over every instance that has a stack. One at a time, also with managed execution.
pub(super) fn detect_stack_set_drift(
    context: &mut Context<'_>,
    request: Detect,
) -> Result<Submitted, ServiceError> {
    let set = operable(context, request.call_as, &request.stack_set_name)?;
    let world = &mut *context.world;
    if detections(world, &set.id).next().is_some() {
        return Err(in_progress(&set));
    }
    if let Some(id) = &request.operation_id
        && operation::find(world, &set.id, id).is_some()
    {
        // The operation lists no error of its own for an id that was used.
        let message = format!("Operation with id {} already exists", printable(id));
        return Err(ServiceError::new("InvalidOperationException", message));
    }
    let aims: Vec<Aim> = world
        .below::<Instance>(&format!("{}/", set.id))
        .filter(|instance| instance.stack.is_some())
        .map(|instance| Aim {
            account: instance.account.clone(),
            region: instance.region.clone(),
            unit: instance.unit.clone(),
        })
        .collect();
    let regions: BTreeSet<String> = aims.iter().map(|aim| aim.region.clone()).collect();
    let submission = Submission {
        id: request.operation_id,
        action: Action::DetectDrift,
        origin: Origin::Set,
        preferences: request.operation_preferences.checked(&regions)?,
        targets: DeploymentTargets::units(set.targets.keys().cloned()),
        aims,
    };
    let operation_id = submit(world, context.now, set, submission)?;
    Ok(Submitted { operation_id })
}

/// Looks at one instance.
pub(super) fn detect(
    world: &mut World,
    now: Timestamp,
    detection: &StackSetOperation,
    instance: &Instance,
) -> Finish {
    let stack = instance.stack.as_ref().and_then(|stack| world.get::<Stack>(&stack.id));
    let Some(stack) = stack.filter(|stack| stack.is_alive()) else {
        return Finish::Failed("The stack does not exist any more".to_owned());
    };
    if stack.status.is_running() {
        return Finish::Failed(format!(
            "Drift detection can not be performed on a stack that is in {} state",
            stack.status.api_name()
        ));
    }
    let mut stack = Stack::clone(&stack);
    let (status, drifted) = drift_detection::look(world, &mut stack, &BTreeSet::new(), now);
    stack.drift = Some((status.to_owned(), now));
    let resources = stack.members.iter().filter_map(|(logical_id, member)| {
        let (status, _) = member.drift.as_ref()?;
        let resource = stack.resource_key(member).and_then(|key| world.get::<Resource>(&key));
        let differences = match resource.map(|resource| drift::find(&resource)) {
            Some(Finding::Modified(differences)) => differences,
            Some(Finding::NotChecked | Finding::InSync | Finding::Deleted) | None => Vec::new(),
        };
        Some(Found {
            logical_id: logical_id.clone(),
            physical_id: member.physical_id.clone(),
            ty: member.ty.to_string(),
            status: status.clone(),
            differences,
        })
    });
    let found = InstanceDrift {
        set: instance.set.clone(),
        account: instance.account.clone(),
        region: instance.region.clone(),
        operation: detection.key(),
        stack: stack.id.clone(),
        checked: now,
        is_drifted: drifted > 0,
        resources: resources.collect(),
    };
    world.put(found);
    world.put(stack);
    Finish::Checked
}

/// Keeps what a detection came to.
pub(super) fn conclude(world: &mut World, now: Timestamp, ended: &StackSetOperation) {
    let drift = count(world, ended, now);
    let mut detection = ended.clone();
    detection.drift = Some(drift.clone());
    world.put(detection);
    if let Some(set) = world.get::<StackSet>(&ended.set) {
        let mut set = StackSet::clone(&set);
        set.drift = Some(drift);
        world.put(set);
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    stack_set_name: String,
    stack_instance_account: String,
    stack_instance_region: String,
    operation_id: String,
    #[serde(default)]
    stack_instance_resource_drift_statuses: BTreeSet<String>,
    next_token: Option<String>,
    max_results: Option<usize>,
    #[serde(default)]
    call_as: CallAs,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shape {
    stack_id: String,
    logical_resource_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    physical_resource_id: Option<String>,
    resource_type: String,
    property_differences: Vec<Difference>,
    stack_resource_drift_status: String,
    timestamp: EpochSeconds,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Drifts {
    summaries: Vec<Shape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// Lists what a detection found of an instance's resources. What an earlier detection found is not kept: its listing is
/// empty once a later one has looked.
pub(super) fn list_stack_instance_resource_drifts(
    context: &mut Context<'_>,
    request: List,
) -> Result<Drifts, ServiceError> {
    let set = active(context, request.call_as, &request.stack_set_name)?;
    let world = &*context.world;
    let (account, region) = (&request.stack_instance_account, &request.stack_instance_region);
    let instance = instance::existing(world, &set, account, region)?;
    let detection = operation::existing(world, &set, &request.operation_id)?;
    let found = world.get::<InstanceDrift>(&instance.key());
    let found = found.filter(|found| found.operation == detection.key());
    let statuses = &request.stack_instance_resource_drift_statuses;
    let wanted = Wanted {
        listing: format!(
            "ListStackInstanceResourceDrifts/{}/{}/{statuses:?}",
            instance.key(),
            detection.key()
        ),
        token: request.next_token.as_deref(),
        size: request.max_results,
    };
    let page = page(world, &wanted, |after, at_most| {
        let Some(found) = &found else { return Vec::new() };
        let resources = found.resources.iter().filter(|resource| {
            after.is_none_or(|after| resource.logical_id.as_str() > after)
                && (statuses.is_empty() || statuses.contains(&resource.status))
        });
        let shapes = resources.take(at_most).map(|resource| {
            let shape = Shape {
                stack_id: found.stack.clone(),
                logical_resource_id: resource.logical_id.clone(),
                physical_resource_id: resource.physical_id.clone(),
                resource_type: resource.ty.clone(),
                property_differences: resource.differences.clone(),
                stack_resource_drift_status: resource.status.clone(),
                timestamp: EpochSeconds(found.checked),
            };
            (resource.logical_id.clone(), shape)
        });
        shapes.collect()
    })?;
    Ok(Drifts { summaries: page.items, next_token: page.next })
}
