//! Telling change sets.

use super::super::{Context, EpochSeconds, ServiceError};
use super::change::ResourceChange;
use super::change_set::{ChangeSet, State, find, listed};
use super::inputs::{Tag, ToldParameter};
use super::page::{Wanted, page};
use super::stack;
use super::template_text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Change {
    #[serde(rename = "Type")]
    ty: &'static str,
    resource_change: ResourceChange,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Describe {
    change_set_name: String,
    stack_name: Option<String>,
    next_token: Option<String>,
    include_property_values: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Description {
    change_set_name: String,
    change_set_id: String,
    stack_id: String,
    stack_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    parameters: Vec<ToldParameter>,
    creation_time: EpochSeconds,
    execution_status: &'static str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_reason: Option<String>,
    #[serde(rename = "NotificationARNs")]
    notification_arns: Vec<String>,
    capabilities: BTreeSet<String>,
    tags: Vec<Tag>,
    changes: Vec<Change>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
    include_nested_stacks: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_stack_failure: Option<String>,
}

fn reason(set: &ChangeSet) -> Option<String> {
    match &set.state {
        State::Failed { reason } => Some(reason.clone()),
        State::Pending | State::Complete { .. } => None,
    }
}

pub(super) fn describe_change_set(
    context: &mut Context<'_>,
    request: Describe,
) -> Result<Description, ServiceError> {
    let set = find(context, &request.change_set_name, request.stack_name.as_deref())?;
    let changes = match &set.state {
        State::Complete { changes, .. } => changes.as_slice(),
        State::Pending | State::Failed { .. } => &[],
    };
    let told = changes.iter().enumerate().map(|(at, change)| {
        let resource_change = match request.include_property_values {
            Some(true) => change.clone(),
            _ => change.clone().without_values(),
        };
        (at.to_string(), Change { ty: "Resource", resource_change })
    });
    let listing = format!("DescribeChangeSet/{}/{:?}", set.id, request.include_property_values);
    let page =
        page(context.world, &Wanted { listing, token: request.next_token, size: None }, told.collect())?;
    let parsed = template_text::load(context.world, &set.inputs.template)?;
    Ok(Description {
        change_set_name: set.name.clone(),
        change_set_id: set.id.clone(),
        stack_id: set.stack.clone(),
        stack_name: set.stack_name.clone(),
        description: set.description.clone(),
        parameters: set.inputs.told_parameters(&parsed),
        creation_time: EpochSeconds(set.created),
        execution_status: set.state.execution_status(),
        status: set.state.status(),
        status_reason: reason(&set),
        notification_arns: set.inputs.notification_arns.clone(),
        capabilities: set.inputs.capabilities.clone(),
        tags: set.inputs.told_tags(),
        changes: page.items,
        next_token: page.next,
        include_nested_stacks: false,
        on_stack_failure: set.on_failure.clone(),
    })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    stack_name: String,
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Summary {
    stack_id: String,
    stack_name: String,
    change_set_id: String,
    change_set_name: String,
    execution_status: &'static str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_reason: Option<String>,
    creation_time: EpochSeconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Summaries {
    summaries: Vec<Summary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn list_change_sets(context: &mut Context<'_>, request: List) -> Result<Summaries, ServiceError> {
    let stack = stack::existing(context, &request.stack_name)?;
    let found = listed(context.world, &stack.id).into_iter().map(|set| {
        let summary = Summary {
            stack_id: set.stack.clone(),
            stack_name: set.stack_name.clone(),
            change_set_id: set.id.clone(),
            change_set_name: set.name.clone(),
            execution_status: set.state.execution_status(),
            status: set.state.status(),
            status_reason: reason(&set),
            creation_time: EpochSeconds(set.created),
            description: set.description.clone(),
        };
        (set.id.clone(), summary)
    });
    let wanted =
        Wanted { listing: format!("ListChangeSets/{}", stack.id), token: request.next_token, size: None };
    let page = page(context.world, &wanted, found.collect())?;
    Ok(Summaries { summaries: page.items, next_token: page.next })
}
