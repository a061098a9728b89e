//! Telling the resources of a stack.

use super::super::{Context, EpochSeconds, ServiceError};
use super::page::{Wanted, page};
use super::refusal::{invalid, no_stack};
use super::stack::{self, Member, Stack};
use super::template_text;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Drift {
    stack_resource_drift_status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_check_timestamp: Option<EpochSeconds>,
}

impl Drift {
    fn of(member: &Member) -> Self {
        match &member.drift {
            Some((status, at)) => Self {
                stack_resource_drift_status: status.clone(),
                last_check_timestamp: Some(EpochSeconds(*at)),
            },
            None => {
                Self { stack_resource_drift_status: "NOT_CHECKED".to_owned(), last_check_timestamp: None }
            }
        }
    }
}

/// A resource in short.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Summary {
    logical_resource_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    physical_resource_id: Option<String>,
    resource_type: String,
    last_updated_timestamp: EpochSeconds,
    resource_status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_status_reason: Option<String>,
    drift_information: Drift,
}

impl Summary {
    fn of(logical_id: &str, member: &Member) -> Self {
        Self {
            logical_resource_id: logical_id.to_owned(),
            physical_resource_id: member.physical_id.clone(),
            resource_type: member.ty.to_string(),
            last_updated_timestamp: EpochSeconds(member.changed),
            resource_status: member.status.to_string(),
            resource_status_reason: member.reason.clone(),
            drift_information: Drift::of(member),
        }
    }
}

/// A resource with its stack.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shape {
    stack_name: String,
    stack_id: String,
    logical_resource_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    physical_resource_id: Option<String>,
    resource_type: String,
    timestamp: EpochSeconds,
    resource_status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_status_reason: Option<String>,
    drift_information: Drift,
}

impl Shape {
    fn of(stack: &Stack, logical_id: &str, member: &Member) -> Self {
        Self {
            stack_name: stack.name.clone(),
            stack_id: stack.id.clone(),
            logical_resource_id: logical_id.to_owned(),
            physical_resource_id: member.physical_id.clone(),
            resource_type: member.ty.to_string(),
            timestamp: EpochSeconds(member.changed),
            resource_status: member.status.to_string(),
            resource_status_reason: member.reason.clone(),
            drift_information: Drift::of(member),
        }
    }
}

/// A resource with its metadata.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Detail {
    stack_name: String,
    stack_id: String,
    logical_resource_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    physical_resource_id: Option<String>,
    resource_type: String,
    last_updated_timestamp: EpochSeconds,
    resource_status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_status_reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<String>,
    drift_information: Drift,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeOne {
    stack_name: String,
    logical_resource_id: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DetailAnswer {
    stack_resource_detail: Detail,
}

pub(super) fn describe_stack_resource(
    context: &mut Context<'_>,
    request: DescribeOne,
) -> Result<DetailAnswer, ServiceError> {
    let stack = stack::existing(context, &request.stack_name)?;
    let logical_id = request.logical_resource_id;
    let member = stack.members.get(&logical_id).ok_or_else(|| no_resource(&stack, &logical_id))?;
    let parsed = template_text::load(context.world, &stack.inputs.template)?;
    let metadata =
        parsed.template.resources().get(&logical_id).and_then(|resource| resource.metadata.as_ref());
    let detail = Detail {
        stack_name: stack.name.clone(),
        stack_id: stack.id.clone(),
        physical_resource_id: member.physical_id.clone(),
        resource_type: member.ty.to_string(),
        last_updated_timestamp: EpochSeconds(member.changed),
        resource_status: member.status.to_string(),
        resource_status_reason: member.reason.clone(),
        metadata: metadata.map(ToString::to_string),
        drift_information: Drift::of(member),
        logical_resource_id: logical_id,
    };
    Ok(DetailAnswer { stack_resource_detail: detail })
}

/// A stack has no resource of that logical id.
pub(super) fn no_resource(stack: &Stack, logical_id: &str) -> ServiceError {
    let logical_id = glidepath_model::text::printable(logical_id);
    invalid(format!("Resource {logical_id} does not exist for stack {}", stack.name))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeAll {
    stack_name: Option<String>,
    logical_resource_id: Option<String>,
    physical_resource_id: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Resources {
    stack_resources: Vec<Shape>,
}

/// Tells the resources of a stack, named by itself or by the physical id of one of them.
pub(super) fn describe_stack_resources(
    context: &mut Context<'_>,
    request: DescribeAll,
) -> Result<Resources, ServiceError> {
    let stack = match (&request.stack_name, &request.physical_resource_id) {
        (Some(_), Some(_)) => {
            return Err(invalid("Parameters StackName and PhysicalResourceId cannot be specified together."));
        }
        (None, None) => {
            return Err(invalid("Either StackName or PhysicalResourceId must be specified."));
        }
        (Some(named), None) => stack::existing(context, named)?,
        (None, Some(physical_id)) => owner(context, physical_id)
            .ok_or_else(|| invalid(format!("Stack for {physical_id} does not exist")))?,
    };
    let only = request.logical_resource_id;
    if let Some(only) = only.as_ref().filter(|only| !stack.members.contains_key(*only)) {
        return Err(no_resource(&stack, only));
    }
    let members =
        stack.members.iter().filter(|(logical_id, _)| only.as_ref().is_none_or(|only| only == *logical_id));
    let stack_resources = members.map(|(logical_id, member)| Shape::of(&stack, logical_id, member)).collect();
    Ok(Resources { stack_resources })
}

/// The stack that a resource of the caller's account and Region belongs to.
fn owner(context: &Context<'_>, physical_id: &str) -> Option<Arc<Stack>> {
    let start = format!("{}/{}/", context.caller.account, context.region);
    let resource = context
        .world
        .below::<super::resource::Resource>(&start)
        .find(|resource| resource.physical_id == physical_id && resource.stack.is_some())?;
    context.world.get::<Stack>(resource.stack.as_deref()?)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    stack_name: String,
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Summaries {
    stack_resource_summaries: Vec<Summary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn list_stack_resources(
    context: &mut Context<'_>,
    request: List,
) -> Result<Summaries, ServiceError> {
    let stack = stack::find(context, &request.stack_name).ok_or_else(|| no_stack(&request.stack_name))?;
    let members = stack.members.iter();
    let found =
        members.map(|(logical_id, member)| (logical_id.clone(), Summary::of(logical_id, member))).collect();
    let wanted =
        Wanted { listing: format!("ListStackResources/{}", stack.id), token: request.next_token, size: None };
    let page = page(context.world, &wanted, found)?;
    Ok(Summaries { stack_resource_summaries: page.items, next_token: page.next })
}
