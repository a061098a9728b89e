//! Stack sets as answers tell them.

use super::super::super::{Context, EpochSeconds, ServiceError};
use super::super::inputs::Tag;
use super::call_as::{CallAs, administered, existing};
use super::page::{Wanted, page, rows};
use super::parameter::ToldParameter;
use super::set::{AutoDeployment, DeletedStackSet, Execution, SetDrift, StackSet};
use super::{drift, template};
use crate::world::World;
use serde::{Deserialize, Serialize};

/// The only permission model of the sandbox.
pub(super) const SERVICE_MANAGED: &str = "SERVICE_MANAGED";

/// Whether a set is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Status {
    Active,
    Deleted,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ToldExecution {
    active: bool,
}

impl ToldExecution {
    fn of(set: &StackSet) -> Self {
        Self { active: set.execution == Execution::Managed }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Describe {
    stack_set_name: String,
    #[serde(default)]
    call_as: CallAs,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct StackSetAnswer {
    stack_set: Shape,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shape {
    stack_set_name: String,
    stack_set_id: String,
    #[serde(rename = "StackSetARN")]
    arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    status: Status,
    template_body: String,
    parameters: Vec<ToldParameter>,
    capabilities: Vec<String>,
    tags: Vec<Tag>,
    auto_deployment: AutoDeployment,
    permission_model: &'static str,
    organizational_unit_ids: Vec<String>,
    managed_execution: ToldExecution,
    regions: Vec<String>,
    stack_set_drift_detection_details: drift::Details,
}

pub(super) fn describe_stack_set(
    context: &mut Context<'_>,
    request: Describe,
) -> Result<StackSetAnswer, ServiceError> {
    let set = existing(context, request.call_as, &request.stack_set_name)?;
    let world = &*context.world;
    let is_active = world.get::<StackSet>(&set.id).is_some();
    let tags = set.tags.iter().map(|(key, value)| Tag { key: key.clone(), value: value.clone() });
    Ok(StackSetAnswer {
        stack_set: Shape {
            arn: set.arn(),
            status: if is_active { Status::Active } else { Status::Deleted },
            template_body: template::text(world, &set.template)?.to_string(),
            parameters: template::told(world, &set.template, &set.parameters)?,
            capabilities: set.capabilities.clone(),
            tags: tags.collect(),
            auto_deployment: set.auto_deployment.clone(),
            permission_model: SERVICE_MANAGED,
            organizational_unit_ids: set.targets.keys().cloned().collect(),
            managed_execution: ToldExecution::of(&set),
            regions: set.regions.keys().cloned().collect(),
            stack_set_drift_detection_details: drift::details(world, &set),
            stack_set_name: set.name,
            stack_set_id: set.id,
            description: set.description,
        },
    })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    next_token: Option<String>,
    max_results: Option<usize>,
    status: Option<Status>,
    #[serde(default)]
    call_as: CallAs,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct StackSets {
    summaries: Vec<Summary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Summary {
    stack_set_name: String,
    stack_set_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    status: Status,
    auto_deployment: AutoDeployment,
    permission_model: &'static str,
    drift_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_drift_check_timestamp: Option<EpochSeconds>,
    managed_execution: ToldExecution,
}

impl Summary {
    fn of(set: &StackSet, status: Status) -> Self {
        Self {
            stack_set_name: set.name.clone(),
            stack_set_id: set.id.clone(),
            description: set.description.clone(),
            status,
            auto_deployment: set.auto_deployment.clone(),
            permission_model: SERVICE_MANAGED,
            drift_status: set.drift.as_ref().map_or("NOT_CHECKED", SetDrift::status),
            last_drift_check_timestamp: set.drift.as_ref().map(|drift| EpochSeconds(drift.checked)),
            managed_execution: ToldExecution::of(set),
        }
    }
}

pub(super) fn list_stack_sets(context: &mut Context<'_>, request: List) -> Result<StackSets, ServiceError> {
    if administered(context, request.call_as)?.is_none() {
        // A member account has no sets of its own here.
        return Ok(StackSets { summaries: Vec::new(), next_token: None });
    }
    let wanted = Wanted {
        listing: format!("ListStackSets/{}/{:?}", context.region, request.status),
        token: request.next_token.as_deref(),
        size: request.max_results,
    };
    let (world, region) = (&*context.world, context.region);
    let page = page(world, &wanted, |after, at_most| {
        let mut found = Vec::new();
        if request.status != Some(Status::Deleted) {
            found.extend(summaries_of_active(world, region, after, at_most));
        }
        if request.status != Some(Status::Active) {
            found.extend(summaries_of_deleted(world, region, after, at_most));
        }
        found.sort_by(|one, two| one.0.cmp(&two.0));
        found.truncate(at_most);
        found
    })?;
    Ok(StackSets { summaries: page.items, next_token: page.next })
}

fn summaries_of_active(
    world: &World,
    region: &str,
    after: Option<&str>,
    at_most: usize,
) -> Vec<(String, Summary)> {
    let found = rows::<StackSet>(world, "", after, at_most, |set| set.region == region);
    found.into_iter().map(|(key, set)| (key, Summary::of(&set, Status::Active))).collect()
}

fn summaries_of_deleted(
    world: &World,
    region: &str,
    after: Option<&str>,
    at_most: usize,
) -> Vec<(String, Summary)> {
    let found = rows::<DeletedStackSet>(world, "", after, at_most, |deleted| deleted.set.region == region);
    found.into_iter().map(|(key, deleted)| (key, Summary::of(&deleted.set, Status::Deleted))).collect()
}
