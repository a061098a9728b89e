//! The operations that begin to create, update or delete a stack, and the protection from deletion.
//!
//! Sources: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html> and its neighbours

use super::super::{Context, ServiceError};
use super::Done;
use super::deployment::{self, CreationTerms, DeletionTerms, Protection, RequestToken, Started, UpdateTerms};
use super::inputs::{Asked, GivenParameter, Inputs, Tag};
use super::refusal::{invalid, not_simulated, token_exists};
use super::stack::{self, OnFailure, Stack, Status};
use super::stack_policy;
use super::work::{Failing, Forced};
use crate::world::World;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The triggers that would end a deployment; the sandbox watches no alarms.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RollbackConfiguration {
    #[serde(default)]
    rollback_triggers: Vec<serde_json::Value>,
}

/// How a deployment runs.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeploymentConfig {
    mode: Option<String>,
    disable_rollback: Option<bool>,
}

/// Refuses by name what a deployment may be told and the sandbox does not do.
pub(super) fn refuse_unsimulated(
    rollback: Option<&RollbackConfiguration>,
    config: Option<&DeploymentConfig>,
    retain_except_on_create: Option<bool>,
) -> Result<(), ServiceError> {
    if rollback.is_some_and(|rollback| !rollback.rollback_triggers.is_empty()) {
        return Err(not_simulated("rollback triggers"));
    }
    if config.is_some_and(|config| config.mode.as_deref() == Some("EXPRESS")) {
        return Err(not_simulated("the express mode"));
    }
    if retain_except_on_create == Some(true) {
        return Err(not_simulated("RetainExceptOnCreate of a request: write it as a DeletionPolicy"));
    }
    Ok(())
}

/// The stack on which a request token was used already for the same thing: the request is a repetition.
pub(super) fn repeated(
    context: &Context<'_>,
    token: Option<&String>,
    operation: &str,
    named: &str,
) -> Result<Option<Arc<Stack>>, ServiceError> {
    let Some(token) = token else { return Ok(None) };
    let at = format!("{}/{}/{token}", context.caller.account, context.region);
    let Some(stack) = context.world.by::<Stack>("token", &at).next() else { return Ok(None) };
    let same = stack.tokens.get(token).is_some_and(|of| of == operation);
    if same && (stack.name == named || stack.id == named) {
        Ok(Some(stack))
    } else {
        Err(token_exists(token))
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateStack {
    stack_name: String,
    template_body: Option<String>,
    #[serde(rename = "TemplateURL")]
    template_url: Option<String>,
    #[serde(default)]
    parameters: Vec<GivenParameter>,
    disable_rollback: Option<bool>,
    rollback_configuration: Option<RollbackConfiguration>,
    timeout_in_minutes: Option<u64>,
    #[serde(rename = "NotificationARNs")]
    notification_arns: Option<Vec<String>>,
    #[serde(default)]
    capabilities: Vec<String>,
    resource_types: Option<Vec<String>>,
    #[serde(rename = "RoleARN")]
    role_arn: Option<String>,
    on_failure: Option<String>,
    stack_policy_body: Option<String>,
    #[serde(rename = "StackPolicyURL")]
    stack_policy_url: Option<String>,
    tags: Option<Vec<Tag>>,
    client_request_token: Option<String>,
    enable_termination_protection: Option<bool>,
    retain_except_on_create: Option<bool>,
    deployment_config: Option<DeploymentConfig>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct StackIdAnswer {
    pub(super) stack_id: String,
}

pub(super) fn create_stack(
    context: &mut Context<'_>,
    request: CreateStack,
) -> Result<StackIdAnswer, ServiceError> {
    let token = request.client_request_token;
    if let Some(stack) = repeated(context, token.as_ref(), "CreateStack", &request.stack_name)? {
        return Ok(StackIdAnswer { stack_id: stack.id.clone() });
    }
    let config = request.deployment_config.as_ref();
    refuse_unsimulated(request.rollback_configuration.as_ref(), config, request.retain_except_on_create)?;
    let no_rollback = request.disable_rollback.or_else(|| config.and_then(|config| config.disable_rollback));
    let on_failure = match (request.on_failure.as_deref(), no_rollback) {
        (Some(_), Some(_)) => {
            return Err(invalid("Only one of the parameters [DisableRollback, OnFailure] can be specified."));
        }
        (on_failure, no_rollback) => on_failure_of(on_failure, no_rollback),
    };
    let policy = stack_policy::checked(request.stack_policy_body, request.stack_policy_url.as_ref())?;
    let asked = Asked {
        body: request.template_body,
        url: request.template_url,
        parameters: request.parameters,
        capabilities: request.capabilities,
        tags: request.tags,
        notification_arns: request.notification_arns,
        role_arn: request.role_arn,
        resource_types: request.resource_types,
        use_previous_template: None,
    };
    let (inputs, parsed) = Inputs::asked(context, asked, None)?;
    let place = (context.caller.account.as_str(), context.region, request.stack_name.as_str());
    let stack = deployment::new_stack(context.world, context.now, place, inputs, &parsed)?;
    let terms = CreationTerms {
        on_failure,
        timeout_minutes: request.timeout_in_minutes,
        protection: protection(request.enable_termination_protection == Some(true)),
        policy,
        stack_set: None,
        token: RequestToken::of(token, "CreateStack"),
    };
    let stack_id = deployment::begin_create(context.world, context.now, stack, &parsed, terms);
    Ok(StackIdAnswer { stack_id })
}

/// What happens to a stack whose creation fails, as a request says it.
pub(super) fn on_failure_of(on_failure: Option<&str>, no_rollback: Option<bool>) -> OnFailure {
    match (on_failure, no_rollback) {
        (Some("DELETE"), _) => OnFailure::Delete,
        (Some("DO_NOTHING"), _) | (None, Some(true)) => OnFailure::DoNothing,
        _ => OnFailure::RollBack,
    }
}

fn protection(wanted: bool) -> Protection {
    if wanted { Protection::On } else { Protection::Off }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdateStack {
    stack_name: String,
    template_body: Option<String>,
    #[serde(rename = "TemplateURL")]
    template_url: Option<String>,
    use_previous_template: Option<bool>,
    stack_policy_during_update_body: Option<String>,
    #[serde(rename = "StackPolicyDuringUpdateURL")]
    stack_policy_during_update_url: Option<String>,
    #[serde(default)]
    parameters: Vec<GivenParameter>,
    #[serde(default)]
    capabilities: Vec<String>,
    resource_types: Option<Vec<String>>,
    #[serde(rename = "RoleARN")]
    role_arn: Option<String>,
    rollback_configuration: Option<RollbackConfiguration>,
    stack_policy_body: Option<String>,
    #[serde(rename = "StackPolicyURL")]
    stack_policy_url: Option<String>,
    #[serde(rename = "NotificationARNs")]
    notification_arns: Option<Vec<String>>,
    tags: Option<Vec<Tag>>,
    disable_rollback: Option<bool>,
    client_request_token: Option<String>,
    retain_except_on_create: Option<bool>,
    deployment_config: Option<DeploymentConfig>,
}

pub(super) fn update_stack(
    context: &mut Context<'_>,
    request: UpdateStack,
) -> Result<StackIdAnswer, ServiceError> {
    let token = request.client_request_token;
    if let Some(stack) = repeated(context, token.as_ref(), "UpdateStack", &request.stack_name)? {
        return Ok(StackIdAnswer { stack_id: stack.id.clone() });
    }
    let stack = stack::existing_alive(context, &request.stack_name)?;
    let config = request.deployment_config.as_ref();
    refuse_unsimulated(request.rollback_configuration.as_ref(), config, request.retain_except_on_create)?;
    let no_rollback = request.disable_rollback.or_else(|| config.and_then(|config| config.disable_rollback));
    let policy_during = stack_policy::checked(
        request.stack_policy_during_update_body,
        request.stack_policy_during_update_url.as_ref(),
    )?;
    let policy = stack_policy::checked(request.stack_policy_body, request.stack_policy_url.as_ref())?;
    let asked = Asked {
        body: request.template_body,
        url: request.template_url,
        use_previous_template: request.use_previous_template,
        parameters: request.parameters,
        capabilities: request.capabilities,
        tags: request.tags,
        notification_arns: request.notification_arns,
        role_arn: request.role_arn,
        resource_types: request.resource_types,
    };
    let (inputs, parsed) = Inputs::asked(context, asked, Some(stack.standing_inputs()))?;
    let failing = if no_rollback == Some(true) { Failing::Stays } else { Failing::RollsBack };
    let token = RequestToken::of(token, "UpdateStack");
    let terms = UpdateTerms { failing, policy_during, policy, token, change_set: None };
    let stack_id = stack.id.clone();
    match deployment::begin_update(context.world, context.now, stack, inputs, &parsed, terms)? {
        Started::Begun => Ok(StackIdAnswer { stack_id }),
        Started::NothingToDo => Err(invalid("No updates are to be performed.")),
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeleteStack {
    stack_name: String,
    #[serde(default)]
    retain_resources: Vec<String>,
    client_request_token: Option<String>,
    deletion_mode: Option<String>,
    deployment_config: Option<DeploymentConfig>,
}

/// Begins to delete a stack. One that is not there is deleted already.
pub(super) fn delete_stack(context: &mut Context<'_>, request: DeleteStack) -> Result<Done, ServiceError> {
    let token = request.client_request_token;
    if repeated(context, token.as_ref(), "DeleteStack", &request.stack_name)?.is_some() {
        return Ok(Done {});
    }
    refuse_unsimulated(None, request.deployment_config.as_ref(), None)?;
    let Some(stack) = stack::find(context, &request.stack_name).filter(|stack| stack.is_alive()) else {
        return Ok(Done {});
    };
    let forced = request.deletion_mode.as_deref() == Some("FORCE_DELETE_STACK");
    if stack.status != Status::DeleteFailed {
        if !request.retain_resources.is_empty() {
            return Err(invalid(format!(
                "Invalid operation on stack [{}]. RetainResources can only be specified for a stack in the DELETE_FAILED \
                 state.",
                stack.id
            )));
        }
        if forced {
            return Err(invalid(format!(
                "Invalid operation on stack [{}]. FORCE_DELETE_STACK can only be specified for a stack in the \
                 DELETE_FAILED state.",
                stack.id
            )));
        }
    }
    let retain: BTreeSet<String> = request.retain_resources.into_iter().collect();
    if let Some(stray) = retain.iter().find(|logical_id| {
        stack.members.get(*logical_id).is_none_or(|member| member.status != "DELETE_FAILED")
    }) {
        return Err(invalid(format!(
            "The specified resources to retain must be in a valid state. Resources [{}] are not in DELETE_FAILED",
            glidepath_model::text::printable(stray)
        )));
    }
    let mut stack = Stack::clone(&stack);
    if !stack.termination_protection
        && let Some(reason) = deployment::export_in_use(context.world, &stack)
    {
        // AWS takes the request and leaves the stack in the state it had, with this as its reason.
        tell_reason(context.world, &mut stack, context.now, reason);
        return Ok(Done {});
    }
    let forced = if forced { Forced::Yes } else { Forced::No };
    let token = RequestToken::of(token, "DeleteStack");
    let terms = DeletionTerms { retain, forced, token };
    deployment::begin_delete(context.world, context.now, stack, terms)?;
    Ok(Done {})
}

fn tell_reason(world: &mut World, stack: &mut Stack, now: glidepath_model::Timestamp, reason: String) {
    stack.status_reason = Some(reason);
    let mut journal = super::stack_event::Journal::default();
    journal.stack(stack);
    journal.write(world, stack, (now, now));
    world.put(stack.clone());
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdateProtection {
    stack_name: String,
    enable_termination_protection: bool,
}

pub(super) fn update_termination_protection(
    context: &mut Context<'_>,
    request: UpdateProtection,
) -> Result<StackIdAnswer, ServiceError> {
    let mut stack = stack::existing_alive(context, &request.stack_name)?;
    if stack.status == Status::DeleteInProgress {
        return Err(deployment::not_in_state(&stack, "protected"));
    }
    let stack_id = stack.id.clone();
    stack.termination_protection = request.enable_termination_protection;
    context.world.put(stack);
    Ok(StackIdAnswer { stack_id })
}
