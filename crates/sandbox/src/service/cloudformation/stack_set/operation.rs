//! An operation of a stack set: what was asked for, how far it is in each Region, how it ended.
//!
//! Its key begins with its set and then counts down, so that the latest operations are listed first.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackSetOperation.html>

use super::super::super::{Context, EpochSeconds, ServiceError};
use super::call_as::{CallAs, active};
use super::page::{Wanted, page, rows};
use super::parameter::Wish;
use super::preferences::Preferences;
use super::set::{SetDrift, StackSet};
use super::targets::DeploymentTargets;
use super::{drift, operation_result};
use crate::world::{Dumped, Entity, World};
use glidepath_model::Timestamp;
use glidepath_model::text::printable;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What an operation does to instances.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Action {
    /// Makes instances, and updates those that exist; overrides replace theirs where there are any.
    Create { overrides: BTreeMap<String, Wish> },
    /// Updates instances, with new overrides where these are given.
    Update { overrides: Option<BTreeMap<String, Wish>> },
    /// Removes instances.
    Delete(Retain),
    /// Compares instances with their template.
    DetectDrift,
}

/// What becomes of the stacks of removed instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Retain {
    /// They are deleted.
    Nothing,
    /// They stay, and belong to no set.
    Stacks,
}

impl Action {
    fn api_name(&self) -> &'static str {
        match self {
            Self::Create { .. } => "CREATE",
            Self::Update { .. } => "UPDATE",
            Self::Delete(_) => "DELETE",
            Self::DetectDrift => "DETECT_DRIFT",
        }
    }
}

/// How far an operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Status {
    Queued,
    Running,
    Stopping,
    Succeeded,
    Failed,
    Stopped,
}

impl Status {
    pub(super) fn api_name(self) -> &'static str {
        match self {
            Self::Queued => "QUEUED",
            Self::Running => "RUNNING",
            Self::Stopping => "STOPPING",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::Stopped => "STOPPED",
        }
    }

    pub(super) fn is_over(self) -> bool {
        match self {
            Self::Queued | Self::Running | Self::Stopping => false,
            Self::Succeeded | Self::Failed | Self::Stopped => true,
        }
    }
}

/// Where an operation comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Origin {
    /// A request that names instances.
    Instances,
    /// A request that concerns the whole set: its template may have changed.
    Set,
    /// An account that came into the set's units, or left them.
    Account(String),
}

/// How far an operation is in one Region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RegionRun {
    pub(super) region: String,
    pub(super) total: u64,
    pub(super) pending: u64,
    pub(super) running: u64,
    pub(super) failed: u64,
}

impl RegionRun {
    /// Whether more instances failed than is borne.
    pub(super) fn has_failed(&self, preferences: &Preferences) -> bool {
        self.failed > preferences.tolerance(self.total)
    }
}

/// An operation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct StackSetOperation {
    /// The set's id.
    pub(super) set: String,
    pub(super) id: String,
    /// Which of the set's operations it is.
    pub(super) number: u64,
    pub(super) action: Action,
    pub(super) origin: Origin,
    pub(super) status: Status,
    pub(super) reason: Option<String>,
    pub(super) preferences: Preferences,
    pub(super) targets: DeploymentTargets,
    pub(super) created: Timestamp,
    pub(super) ended: Option<Timestamp>,
    /// In the order they are worked on.
    pub(super) regions: Vec<RegionRun>,
    /// What a detection of drift came to.
    pub(super) drift: Option<SetDrift>,
}

impl Entity for StackSetOperation {
    const TABLE: &'static str = "cloudformation.stack_set_operation";
    // How a world came to be is no part of what it is.
    const DUMPED: Dumped = Dumped::Never;

    fn key(&self) -> String {
        format!("{}/{:020}", self.set, u64::MAX - self.number)
    }

    fn index(&self) -> Vec<(&'static str, String)> {
        let mut index = vec![("id", format!("{}/{}", self.set, self.id))];
        if !self.status.is_over() {
            index.push(("unfinished", self.set.clone()));
            if let Origin::Account(account) = &self.origin {
                index.push(("automatic", account.clone()));
            }
        }
        index
    }
}

impl StackSetOperation {
    /// How many instances failed.
    pub(super) fn failed(&self) -> u64 {
        self.regions.iter().map(|region| region.failed).sum()
    }
}

/// The operation of an id.
pub(super) fn find(world: &World, set: &str, id: &str) -> Option<Arc<StackSetOperation>> {
    world.by::<StackSetOperation>("id", &format!("{set}/{id}")).next()
}

/// Like [`find`], and refuses where there is none.
pub(super) fn existing(
    world: &World,
    set: &StackSet,
    id: &str,
) -> Result<Arc<StackSetOperation>, ServiceError> {
    find(world, &set.id, id).ok_or_else(|| {
        ServiceError::new("OperationNotFoundException", format!("Operation {} not found", printable(id)))
    })
}

/// Whether an operation of the set is running or waits for its turn.
pub(super) fn is_one_unfinished(world: &World, set: &str) -> bool {
    world.by::<StackSetOperation>("unfinished", set).next().is_some()
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct StatusDetails {
    failed_stack_instances_count: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Summary {
    operation_id: String,
    action: &'static str,
    status: &'static str,
    creation_timestamp: EpochSeconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_timestamp: Option<EpochSeconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_reason: Option<String>,
    status_details: StatusDetails,
    operation_preferences: Preferences,
}

impl Summary {
    fn of(operation: &StackSetOperation) -> Self {
        Self {
            operation_id: operation.id.clone(),
            action: operation.action.api_name(),
            status: operation.status.api_name(),
            creation_timestamp: EpochSeconds(operation.created),
            end_timestamp: operation.ended.map(EpochSeconds),
            status_reason: operation.reason.clone(),
            status_details: StatusDetails { failed_stack_instances_count: operation.failed() },
            operation_preferences: operation.preferences.clone(),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Describe {
    stack_set_name: String,
    operation_id: String,
    #[serde(default)]
    call_as: CallAs,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OperationAnswer {
    stack_set_operation: Shape,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shape {
    #[serde(flatten)]
    summary: Summary,
    stack_set_id: String,
    deployment_targets: DeploymentTargets,
    #[serde(skip_serializing_if = "Option::is_none")]
    retain_stacks: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stack_set_drift_detection_details: Option<drift::Details>,
}

pub(super) fn describe_stack_set_operation(
    context: &mut Context<'_>,
    request: Describe,
) -> Result<OperationAnswer, ServiceError> {
    let set = active(context, request.call_as, &request.stack_set_name)?;
    let operation = existing(context.world, &set, &request.operation_id)?;
    let (retain_stacks, details) = match operation.action {
        Action::Create { .. } | Action::Update { .. } => (None, None),
        Action::Delete(retain) => (Some(retain == Retain::Stacks), None),
        Action::DetectDrift => (None, Some(drift::details_of(context.world, &operation))),
    };
    Ok(OperationAnswer {
        stack_set_operation: Shape {
            summary: Summary::of(&operation),
            stack_set_id: set.id,
            deployment_targets: operation.targets.clone(),
            retain_stacks,
            stack_set_drift_detection_details: details,
        },
    })
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
pub(super) struct Operations {
    summaries: Vec<Summary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn list_stack_set_operations(
    context: &mut Context<'_>,
    request: List,
) -> Result<Operations, ServiceError> {
    let set = active(context, request.call_as, &request.stack_set_name)?;
    let wanted = Wanted {
        listing: format!("ListStackSetOperations/{}", set.id),
        token: request.next_token.as_deref(),
        size: request.max_results,
    };
    let world = &*context.world;
    let page = page(world, &wanted, |after, at_most| {
        rows::<StackSetOperation>(world, &format!("{}/", set.id), after, at_most, |_| true)
    })?;
    let summaries = page.items.iter().map(|operation| Summary::of(operation)).collect();
    Ok(Operations { summaries, next_token: page.next })
}

/// Ends an operation; what it left undone is cancelled with a reason.
pub(super) fn end(
    world: &mut World,
    now: Timestamp,
    mut operation: StackSetOperation,
    status: Status,
    reason: Option<&str>,
) -> StackSetOperation {
    operation_result::cancel_pending(world, &mut operation, reason.unwrap_or("Cancelled"));
    operation.status = status;
    operation.ended = Some(now);
    if let Some(reason) = reason {
        operation.reason = Some(reason.to_owned());
    }
    world.put(operation.clone());
    operation
}
