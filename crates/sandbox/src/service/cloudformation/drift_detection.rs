//! Detecting drift of a stack or of one resource, and telling what was found.
//!
//! A detection takes a few simulated seconds; what it finds is kept on the stack and on its resources until the next.

use super::super::{Context, EpochSeconds, ServiceError};
use super::deployment::not_in_state;
use super::drift::{self, Difference, Finding};
use super::page::{Wanted, page};
use super::refusal::invalid;
use super::resource::{Live, Resource};
use super::stack::{self, Member, Stack, Status, uuid};
use super::stack_resource::no_resource;
use crate::world::{Alphabet, Due, Dumped, Entity, World};
use glidepath_model::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The due kind of a detection's end.
pub(super) const DUE: &str = "drift detection";
/// Seconds that a detection takes at least.
const SECONDS: i64 = 4;

/// A detection of a stack's drift.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct DriftDetection {
    id: String,
    stack: String,
    /// The resources it looks at; all if none is named.
    only: BTreeSet<String>,
    begun: Timestamp,
    ended: Option<Ended>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Ended {
    status: String,
    drifted: u64,
}

impl Entity for DriftDetection {
    const TABLE: &'static str = "cloudformation.drift_detection";
    const DUMPED: Dumped = Dumped::Never;

    fn key(&self) -> String {
        self.id.clone()
    }

    fn index(&self) -> Vec<(&'static str, String)> {
        if self.ended.is_none() { vec![("running", self.stack.clone())] } else { Vec::new() }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Detect {
    stack_name: String,
    #[serde(default)]
    logical_resource_ids: BTreeSet<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Detecting {
    stack_drift_detection_id: String,
}

/// Whether drift of a stack in this state is detected.
fn check_status(stack: &Stack) -> Result<(), ServiceError> {
    let fine = matches!(
        stack.status,
        Status::CreateComplete
            | Status::UpdateComplete
            | Status::UpdateRollbackComplete
            | Status::UpdateRollbackFailed
    );
    if fine { Ok(()) } else { Err(not_in_state(stack, "checked for drift")) }
}

pub(super) fn detect_stack_drift(
    context: &mut Context<'_>,
    request: Detect,
) -> Result<Detecting, ServiceError> {
    let stack = stack::existing_alive(context, &request.stack_name)?;
    check_status(&stack)?;
    let strays = request.logical_resource_ids.iter().find(|id| !stack.members.contains_key(*id));
    if let Some(stray) = strays {
        return Err(no_resource(&stack, stray));
    }
    if context.world.by::<DriftDetection>("running", &stack.id).next().is_some() {
        return Err(invalid(format!("Drift detection is already in progress for stack [{}]", stack.id)));
    }
    let id = uuid(&context.world.mint("drift detection", &stack.id, Alphabet::LowerHexadecimal, 32));
    let seconds = SECONDS + i64::try_from(stack.members.len()).unwrap_or(0) / 4;
    context.world.put(DriftDetection {
        id: id.clone(),
        stack: stack.id,
        only: request.logical_resource_ids,
        begun: context.now,
        ended: None,
    });
    super::schedule(context.world, super::later(context.now, seconds), DUE, &id);
    Ok(Detecting { stack_drift_detection_id: id })
}

/// Ends a detection.
pub(super) fn settle(world: &mut World, due: &Due) {
    let Some(detection) = world.get::<DriftDetection>(&due.key) else { return };
    let mut detection = DriftDetection::clone(&detection);
    let stack = world.get::<Stack>(&detection.stack).map(|stack| Stack::clone(&stack));
    let Some(mut stack) = stack else { return };
    let (status, drifted) = look(world, &mut stack, &detection.only, due.at);
    stack.drift = Some((status.to_owned(), due.at));
    detection.ended = Some(Ended { status: status.to_owned(), drifted });
    world.put(detection);
    world.put(stack);
}

/// Looks at a stack's resources and notes what is found; tells the stack's status and how many drifted.
pub(super) fn look(
    world: &World,
    stack: &mut Stack,
    only: &BTreeSet<String>,
    now: Timestamp,
) -> (&'static str, u64) {
    let keys: BTreeMap<String, String> = stack
        .members
        .iter()
        .filter(|(id, member)| member.stands() && (only.is_empty() || only.contains(*id)))
        .filter_map(|(id, member)| Some((id.clone(), stack.resource_key(member)?)))
        .collect();
    let mut drifted = 0;
    for (logical_id, key) in keys {
        let finding = world.get::<Resource>(&key).map_or(Finding::Deleted, |resource| drift::find(&resource));
        drifted += u64::from(finding.is_drift());
        if let Some(member) = stack.members.get_mut(&logical_id) {
            member.drift = Some((finding.api_name().to_owned(), now));
        }
    }
    (if drifted > 0 { "DRIFTED" } else { "IN_SYNC" }, drifted)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeStatus {
    stack_drift_detection_id: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DetectionStatus {
    stack_id: String,
    stack_drift_detection_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    stack_drift_status: Option<String>,
    detection_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    drifted_stack_resource_count: Option<u64>,
    timestamp: EpochSeconds,
}

pub(super) fn describe_stack_drift_detection_status(
    context: &mut Context<'_>,
    request: DescribeStatus,
) -> Result<DetectionStatus, ServiceError> {
    let start = stack::prefix(context.caller.account.as_str(), context.region);
    let detection = context.world.get::<DriftDetection>(&request.stack_drift_detection_id);
    let detection = detection.filter(|detection| detection.stack.starts_with(&start)).ok_or_else(|| {
        let id = glidepath_model::text::printable(&request.stack_drift_detection_id).into_owned();
        invalid(format!("Drift detection [{id}] does not exist"))
    })?;
    let ended = detection.ended.as_ref();
    Ok(DetectionStatus {
        stack_id: detection.stack.clone(),
        stack_drift_detection_id: detection.id.clone(),
        stack_drift_status: ended.map(|ended| ended.status.clone()),
        detection_status: if ended.is_some() { "DETECTION_COMPLETE" } else { "DETECTION_IN_PROGRESS" },
        drifted_stack_resource_count: ended.map(|ended| ended.drifted),
        timestamp: EpochSeconds(detection.begun),
    })
}

/// What was found of one resource.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ResourceDrift {
    stack_id: String,
    logical_resource_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    physical_resource_id: Option<String>,
    resource_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_properties: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actual_properties: Option<String>,
    property_differences: Vec<Difference>,
    stack_resource_drift_status: String,
    timestamp: EpochSeconds,
}

/// Tells a member by what was found when it was looked at; its properties are those of now.
fn told(
    world: &World,
    stack: &Stack,
    (logical_id, member): (&str, &Member),
    (status, at): (&str, Timestamp),
) -> ResourceDrift {
    let resource: Option<Arc<Resource>> =
        stack.resource_key(member).and_then(|key| world.get::<Resource>(&key));
    let (mut expected, mut actual, mut differences) = (None, None, Vec::new());
    if let Some(resource) = resource.filter(|_| status != "NOT_CHECKED") {
        expected = Some(drift::readable(&resource, &resource.properties).to_string());
        actual = match &resource.live {
            Live::AsDeployed => expected.clone(),
            Live::Changed(actual) => Some(drift::readable(&resource, actual).to_string()),
            Live::Gone => None,
        };
        if let Finding::Modified(found) = drift::find(&resource) {
            differences = found;
        }
    }
    ResourceDrift {
        stack_id: stack.id.clone(),
        logical_resource_id: logical_id.to_owned(),
        physical_resource_id: member.physical_id.clone(),
        resource_type: member.ty.to_string(),
        expected_properties: expected,
        actual_properties: actual,
        property_differences: differences,
        stack_resource_drift_status: status.to_owned(),
        timestamp: EpochSeconds(at),
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeDrifts {
    stack_name: String,
    stack_resource_drift_status_filters: Option<BTreeSet<String>>,
    next_token: Option<String>,
    max_results: Option<usize>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Drifts {
    stack_resource_drifts: Vec<ResourceDrift>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// Tells the resources that were looked at; those whose drift is not detected are left out, as in AWS.
pub(super) fn describe_stack_resource_drifts(
    context: &mut Context<'_>,
    request: DescribeDrifts,
) -> Result<Drifts, ServiceError> {
    let stack = stack::existing(context, &request.stack_name)?;
    let filter = request.stack_resource_drift_status_filters.unwrap_or_default();
    let found = stack.members.iter().filter_map(|(logical_id, member)| {
        let (status, at) = member.drift.as_ref()?;
        let wanted = status != "NOT_CHECKED" && (filter.is_empty() || filter.contains(status));
        wanted.then(|| (logical_id.clone(), told(context.world, &stack, (logical_id, member), (status, *at))))
    });
    let names: Vec<&str> = filter.iter().map(String::as_str).collect();
    let listing = format!("DescribeStackResourceDrifts/{}/{}", stack.id, names.join(","));
    let wanted = Wanted { listing, token: request.next_token, size: request.max_results };
    let page = page(context.world, &wanted, found.collect())?;
    Ok(Drifts { stack_resource_drifts: page.items, next_token: page.next })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DetectOne {
    stack_name: String,
    logical_resource_id: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DriftAnswer {
    stack_resource_drift: ResourceDrift,
}

/// Looks at one resource, at once.
pub(super) fn detect_stack_resource_drift(
    context: &mut Context<'_>,
    request: DetectOne,
) -> Result<DriftAnswer, ServiceError> {
    let mut stack = stack::existing_alive(context, &request.stack_name)?;
    check_status(&stack)?;
    let logical_id = request.logical_resource_id;
    look(context.world, &mut stack, &BTreeSet::from([logical_id.clone()]), context.now);
    let member = stack.members.get(&logical_id).ok_or_else(|| no_resource(&stack, &logical_id))?;
    let status = member.drift.as_ref().map_or("NOT_CHECKED", |(status, _)| status.as_str());
    if status == "NOT_CHECKED" {
        return Err(invalid(format!("Drift detection is not supported for resource type {}", member.ty)));
    }
    let drift = told(context.world, &stack, (&logical_id, member), (status, context.now));
    context.world.put(stack);
    Ok(DriftAnswer { stack_resource_drift: drift })
}
