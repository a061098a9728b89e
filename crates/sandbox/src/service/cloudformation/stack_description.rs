//! Telling stacks: `DescribeStacks` in full, `ListStacks` in short.

use super::super::{Context, EpochSeconds, ServiceError};
use super::inputs::{Tag, ToldParameter};
use super::page::{Wanted, page};
use super::refusal::no_stack;
use super::stack::{self, OnFailure, Output, Stack};
use super::template_text;
use crate::world::World;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ToldOutput {
    output_key: String,
    output_value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    export_name: Option<String>,
}

impl ToldOutput {
    fn of(output: &Output) -> Self {
        Self {
            output_key: output.name.clone(),
            output_value: output.value.clone(),
            description: output.description.clone(),
            export_name: output.export.clone(),
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Drift {
    stack_drift_status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_check_timestamp: Option<EpochSeconds>,
}

impl Drift {
    fn of(stack: &Stack) -> Self {
        match &stack.drift {
            Some((status, at)) => {
                Self { stack_drift_status: status.clone(), last_check_timestamp: Some(EpochSeconds(*at)) }
            }
            None => Self { stack_drift_status: "NOT_CHECKED".to_owned(), last_check_timestamp: None },
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shape {
    stack_id: String,
    stack_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    change_set_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    parameters: Vec<ToldParameter>,
    creation_time: EpochSeconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    deletion_time: Option<EpochSeconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_updated_time: Option<EpochSeconds>,
    rollback_configuration: serde_json::Map<String, serde_json::Value>,
    stack_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    stack_status_reason: Option<String>,
    disable_rollback: bool,
    #[serde(rename = "NotificationARNs")]
    notification_arns: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout_in_minutes: Option<u64>,
    capabilities: BTreeSet<String>,
    outputs: Vec<ToldOutput>,
    #[serde(rename = "RoleARN", skip_serializing_if = "Option::is_none")]
    role_arn: Option<String>,
    tags: Vec<Tag>,
    enable_termination_protection: bool,
    drift_information: Drift,
}

impl Shape {
    fn of(world: &World, stack: &Stack) -> Result<Self, ServiceError> {
        let parsed = template_text::load(world, &stack.inputs.template)?;
        Ok(Self {
            stack_id: stack.id.clone(),
            stack_name: stack.name.clone(),
            change_set_id: stack.change_set.clone(),
            description: stack.description.clone().filter(|description| !description.is_empty()),
            parameters: stack.inputs.told_parameters(&parsed),
            creation_time: EpochSeconds(stack.created),
            deletion_time: stack.deleted.map(EpochSeconds),
            last_updated_time: stack.updated.map(EpochSeconds),
            rollback_configuration: serde_json::Map::new(),
            stack_status: stack.status.api_name(),
            stack_status_reason: stack.status_reason.clone(),
            disable_rollback: stack.on_failure == OnFailure::DoNothing,
            notification_arns: stack.inputs.notification_arns.clone(),
            timeout_in_minutes: stack.timeout_minutes,
            capabilities: stack.inputs.capabilities.clone(),
            outputs: stack.outputs.iter().map(ToldOutput::of).collect(),
            role_arn: stack.inputs.role_arn.clone(),
            tags: stack.inputs.told_tags(),
            enable_termination_protection: stack.termination_protection,
            drift_information: Drift::of(stack),
        })
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Describe {
    stack_name: Option<String>,
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Stacks {
    stacks: Vec<Shape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn describe_stacks(context: &mut Context<'_>, request: Describe) -> Result<Stacks, ServiceError> {
    if let Some(named) = &request.stack_name {
        let stack = stack::find(context, named).ok_or_else(|| no_stack(named))?;
        return Ok(Stacks { stacks: vec![Shape::of(context.world, &stack)?], next_token: None });
    }
    let prefix = stack::prefix(context.caller.account.as_str(), context.region);
    let found = context.world.below::<Stack>(&prefix).filter(|stack| stack.is_alive());
    let found = found.map(|stack| (stack.id.clone(), stack)).collect();
    let wanted =
        Wanted { listing: format!("DescribeStacks/{prefix}"), token: request.next_token, size: None };
    let page = page(context.world, &wanted, found)?;
    let stacks: Result<Vec<Shape>, ServiceError> =
        page.items.iter().map(|stack| Shape::of(context.world, stack)).collect();
    Ok(Stacks { stacks: stacks?, next_token: page.next })
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Summary {
    stack_id: String,
    stack_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    template_description: Option<String>,
    creation_time: EpochSeconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_updated_time: Option<EpochSeconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deletion_time: Option<EpochSeconds>,
    stack_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    stack_status_reason: Option<String>,
    drift_information: Drift,
}

impl Summary {
    fn of(stack: &Stack) -> Self {
        Self {
            stack_id: stack.id.clone(),
            stack_name: stack.name.clone(),
            template_description: stack.description.clone(),
            creation_time: EpochSeconds(stack.created),
            last_updated_time: stack.updated.map(EpochSeconds),
            deletion_time: stack.deleted.map(EpochSeconds),
            stack_status: stack.status.api_name(),
            stack_status_reason: stack.status_reason.clone(),
            drift_information: Drift::of(stack),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    next_token: Option<String>,
    #[serde(default)]
    stack_status_filter: BTreeSet<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Summaries {
    stack_summaries: Vec<Summary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// Lists stacks, deleted ones too.
pub(super) fn list_stacks(context: &mut Context<'_>, request: List) -> Result<Summaries, ServiceError> {
    let filter = request.stack_status_filter;
    let prefix = stack::prefix(context.caller.account.as_str(), context.region);
    let found = context
        .world
        .below::<Stack>(&prefix)
        .filter(|stack| filter.is_empty() || filter.contains(stack.status.api_name()))
        .map(|stack| (stack.id.clone(), stack))
        .collect();
    let filter: Vec<String> = filter.into_iter().collect();
    let listing = format!("ListStacks/{prefix}/{}", filter.join(","));
    let page = page(context.world, &Wanted { listing, token: request.next_token, size: None }, found)?;
    let stack_summaries = page.items.iter().map(|stack| Summary::of(stack)).collect();
    Ok(Summaries { stack_summaries, next_token: page.next })
}
