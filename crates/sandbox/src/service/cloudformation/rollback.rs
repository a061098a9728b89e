//! Going back: giving up an update, finishing a rollback that failed, rolling back a deployment that failed and stayed.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html>

use super::super::{Context, ServiceError};
use super::Done;
use super::deployment::{RequestToken, not_in_state, note_token};
use super::refusal::invalid;
use super::stack::{self, Status};
use super::stack_request::{DeploymentConfig, StackIdAnswer, refuse_unsimulated, repeated};
use super::work::{self, Work};
use serde::Deserialize;
use std::collections::BTreeSet;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CancelUpdate {
    stack_name: String,
    client_request_token: Option<String>,
}

pub(super) fn cancel_update_stack(
    context: &mut Context<'_>,
    request: CancelUpdate,
) -> Result<Done, ServiceError> {
    let token = request.client_request_token;
    if repeated(context, token.as_ref(), "CancelUpdateStack", &request.stack_name)?.is_some() {
        return Ok(Done {});
    }
    let mut stack = stack::existing_alive(context, &request.stack_name)?;
    if stack.status != Status::UpdateInProgress {
        return Err(invalid("CancelUpdateStack cannot be called from current stack status"));
    }
    note_token(&mut stack, RequestToken::of(token, "CancelUpdateStack"));
    stack.status = Status::UpdateRollbackInProgress;
    stack.status_reason = Some("User Initiated".to_owned());
    stack.failure = Some("The update was cancelled".to_owned());
    let work = Work::RollBackUpdate { skip: BTreeSet::new() };
    work::begin(context.world, &mut stack, context.now, 0, work);
    context.world.put(stack);
    Ok(Done {})
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ContinueRollback {
    stack_name: String,
    #[serde(default)]
    resources_to_skip: Vec<String>,
    client_request_token: Option<String>,
}

pub(super) fn continue_update_rollback(
    context: &mut Context<'_>,
    request: ContinueRollback,
) -> Result<Done, ServiceError> {
    let token = request.client_request_token;
    if repeated(context, token.as_ref(), "ContinueUpdateRollback", &request.stack_name)?.is_some() {
        return Ok(Done {});
    }
    let mut stack = stack::existing_alive(context, &request.stack_name)?;
    if stack.status != Status::UpdateRollbackFailed {
        return Err(not_in_state(&stack, "continued to roll back"));
    }
    let skip: BTreeSet<String> = request.resources_to_skip.into_iter().collect();
    if let Some(stray) = skip.iter().find(|logical_id| {
        stack.members.get(*logical_id).is_none_or(|member| member.status != "UPDATE_FAILED")
    }) {
        return Err(invalid(format!("Resource {stray} cannot be skipped: it is not in UPDATE_FAILED state")));
    }
    note_token(&mut stack, RequestToken::of(token, "ContinueUpdateRollback"));
    stack.status = Status::UpdateRollbackInProgress;
    stack.status_reason = Some("User Initiated".to_owned());
    let resources = stack.members.len();
    work::begin(context.world, &mut stack, context.now, resources, Work::RollBackUpdate { skip });
    context.world.put(stack);
    Ok(Done {})
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RollbackStack {
    stack_name: String,
    client_request_token: Option<String>,
    retain_except_on_create: Option<bool>,
    deployment_config: Option<DeploymentConfig>,
}

pub(super) fn rollback_stack(
    context: &mut Context<'_>,
    request: RollbackStack,
) -> Result<StackIdAnswer, ServiceError> {
    let token = request.client_request_token;
    if let Some(stack) = repeated(context, token.as_ref(), "RollbackStack", &request.stack_name)? {
        return Ok(StackIdAnswer { stack_id: stack.id.clone() });
    }
    refuse_unsimulated(None, request.deployment_config.as_ref(), request.retain_except_on_create)?;
    let mut stack = stack::existing_alive(context, &request.stack_name)?;
    let (status, work) = match stack.status {
        Status::CreateFailed => (Status::RollbackInProgress, Work::RollBackCreate),
        Status::UpdateFailed => {
            (Status::UpdateRollbackInProgress, Work::RollBackUpdate { skip: BTreeSet::new() })
        }
        _ => return Err(not_in_state(&stack, "rolled back")),
    };
    note_token(&mut stack, RequestToken::of(token, "RollbackStack"));
    stack.status = status;
    stack.status_reason = Some("User Initiated".to_owned());
    let (stack_id, resources) = (stack.id.clone(), stack.members.len());
    work::begin(context.world, &mut stack, context.now, resources, work);
    context.world.put(stack);
    Ok(StackIdAnswer { stack_id })
}
