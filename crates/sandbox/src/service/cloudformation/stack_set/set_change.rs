//! Making, updating and deleting stack sets.
//!
//! An update changes the set at once, whatever becomes of its instances: those it does not reach stay outdated.
//!
//! Sources: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackSet.html>,
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStackSet.html>

use super::super::super::{Context, ServiceError, tagging};
use super::super::inputs::Tag;
use super::super::refusal::{invalid, limit, not_simulated};
use super::auto_deployment;
use super::call_as::{CallAs, NO_ACCESS, administrator, find_active, operable};
use super::instance::{Condition, Instance};
use super::instance_change::{Submitted, existing_aims, refuse_too_many};
use super::operation::{self, Action, Origin};
use super::organizations_access::{Done, TRUSTED};
use super::parameter::{GivenParameter, granted, wishes};
use super::preferences::Preferences;
use super::set::{self, AutoDeployment, DeletedStackSet, Execution, StackSet};
use super::set_listing::SERVICE_MANAGED;
use super::submission::{Aim, Submission, in_progress, refuse_if_busy, submit};
use super::targets::{DeploymentTargets, checked_regions, only_units};
use super::template::{self, Origin as TemplateOrigin};
use crate::service::organizations;
use crate::world::World;
use glidepath_model::Digest;
use glidepath_model::text::printable;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The most sets of an administrator account.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
const SETS_AT_MOST: usize = 1_000;
/// The longest name of a set.
const LONGEST_NAME: usize = 128;

#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ManagedExecution {
    #[serde(default)]
    active: bool,
}

impl ManagedExecution {
    fn execution(self) -> Execution {
        if self.active { Execution::Managed } else { Execution::Plain }
    }
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Create {
    stack_set_name: String,
    description: Option<String>,
    template_body: Option<String>,
    #[serde(rename = "TemplateURL")]
    template_url: Option<String>,
    stack_id: Option<String>,
    #[serde(default)]
    parameters: Vec<GivenParameter>,
    #[serde(default)]
    capabilities: Vec<String>,
    #[serde(default)]
    tags: Vec<Tag>,
    #[serde(rename = "AdministrationRoleARN")]
    administration_role_arn: Option<String>,
    execution_role_name: Option<String>,
    permission_model: Option<String>,
    auto_deployment: Option<AutoDeployment>,
    #[serde(default, skip_serializing)]
    call_as: CallAs,
    #[serde(skip_serializing)]
    client_request_token: Option<String>,
    managed_execution: Option<ManagedExecution>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Created {
    stack_set_id: String,
}

pub(super) fn create_stack_set(context: &mut Context<'_>, request: Create) -> Result<Created, ServiceError> {
    if request.permission_model.as_deref() != Some(SERVICE_MANAGED) {
        return Err(not_simulated(
            "stack sets with self-managed permissions: give PermissionModel SERVICE_MANAGED",
        ));
    }
    if request.stack_id.is_some() {
        return Err(not_simulated("the import of stacks into a stack set"));
    }
    refuse_roles(request.administration_role_arn.as_deref(), request.execution_role_name.as_deref())?;
    let account = administrator(context, request.call_as)?;
    if !organizations::is_trusted(context.world, TRUSTED) {
        return Err(invalid(NO_ACCESS));
    }
    check_name(&request.stack_set_name)?;
    let made_by = request.client_request_token.clone().map(|token| (token, digest(&request)));
    if let Some(existing) = find_active(context, request.call_as, &request.stack_set_name)? {
        return repeated(&existing, made_by.as_ref());
    }
    let Some(auto_deployment) = request.auto_deployment else {
        return Err(invalid(
            "You must specify AutoDeployment for a stack set with SERVICE_MANAGED permission model",
        ));
    };
    if context.world.count::<StackSet>() >= SETS_AT_MOST {
        return Err(limit(format!("An account can have {SETS_AT_MOST} stack sets")));
    }
    let tags = tag_map(request.tags)?;
    let origin = TemplateOrigin {
        body: request.template_body.as_deref(),
        url: request.template_url.as_deref(),
        use_previous: None,
    };
    let parsed = template::wanted(context.world, &origin, None)?;
    let given = granted(wishes(request.parameters)?, &BTreeMap::new())?;
    let parameters = template::arguments(context.world, &parsed, &given, &request.capabilities, &tags)?;
    let id = set::new_id(context.world, context.region, &request.stack_set_name);
    let set = StackSet {
        id: id.clone(),
        name: request.stack_set_name,
        account,
        region: context.region.to_owned(),
        description: request.description,
        template: parsed.digest.clone(),
        parameters,
        capabilities: request.capabilities,
        tags: tags.clone(),
        auto_deployment,
        execution: request.managed_execution.map(ManagedExecution::execution).unwrap_or_default(),
        targets: BTreeMap::new(),
        regions: BTreeMap::new(),
        revision: 1,
        made_by,
        operations: 0,
        waiting: 0,
        drift: None,
    };
    auto_deployment::check(context.world, &set)?;
    if auto_deployment::has_too_many_dependencies(context.world, &set) {
        return Err(limit(auto_deployment::TOO_MANY_DEPENDENCIES));
    }
    tagging::put_tags(context.world, &set.arn(), tags);
    context.world.put(set);
    Ok(Created { stack_set_id: id })
}

/// What a request says whose name is taken: made again with its token, it is answered as the first time, unless the
/// set has changed since.
fn repeated(existing: &StackSet, made_by: Option<&(String, String)>) -> Result<Created, ServiceError> {
    let named = printable(&existing.name);
    match (&existing.made_by, made_by) {
        (Some((token, digest)), Some((again, asked))) if token == again => {
            if digest == asked && existing.revision == 1 {
                Ok(Created { stack_set_id: existing.id.clone() })
            } else {
                Err(ServiceError::new(
                    "CreatedButModifiedException",
                    format!("StackSet {named} exists, but has been changed"),
                ))
            }
        }
        _ => Err(ServiceError::new(
            "NameAlreadyExistsException",
            format!("StackSet with name {named} already exists"),
        )),
    }
}

/// What tells requests apart that carry one token.
fn digest(request: &Create) -> String {
    let text = serde_json::to_string(request).unwrap_or_default();
    Digest::of_bytes(text.as_bytes()).as_str().to_owned()
}

fn refuse_roles(administration: Option<&str>, execution: Option<&str>) -> Result<(), ServiceError> {
    if administration.is_some() || execution.is_some() {
        return Err(invalid(
            "AdministrationRoleARN and ExecutionRoleName must not be specified with the SERVICE_MANAGED permission model",
        ));
    }
    Ok(())
}

/// A name begins with a letter and goes on with letters, digits and hyphens.
fn check_name(name: &str) -> Result<(), ServiceError> {
    let fits = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '-')
        && name.len() <= LONGEST_NAME;
    if fits {
        return Ok(());
    }
    Err(invalid(format!(
        "1 validation error detected: Value '{}' at 'stackSetName' failed to satisfy constraint: Member must satisfy \
         regular expression pattern: [a-zA-Z][-a-zA-Z0-9]* and have length less than or equal to {LONGEST_NAME}",
        printable(name)
    )))
}

fn tag_map(tags: Vec<Tag>) -> Result<BTreeMap<String, String>, ServiceError> {
    let mut map = BTreeMap::new();
    for tag in tags {
        if map.insert(tag.key.clone(), tag.value).is_some() {
            return Err(invalid(format!("Duplicate tag key: {}", printable(&tag.key))));
        }
    }
    Ok(map)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Update {
    stack_set_name: String,
    description: Option<String>,
    template_body: Option<String>,
    #[serde(rename = "TemplateURL")]
    template_url: Option<String>,
    use_previous_template: Option<bool>,
    #[serde(default)]
    parameters: Vec<GivenParameter>,
    #[serde(default)]
    capabilities: Vec<String>,
    /// Absent leaves them as they are; an empty list takes them all away.
    tags: Option<Vec<Tag>>,
    #[serde(default)]
    operation_preferences: Preferences,
    #[serde(rename = "AdministrationRoleARN")]
    administration_role_arn: Option<String>,
    execution_role_name: Option<String>,
    deployment_targets: Option<DeploymentTargets>,
    permission_model: Option<String>,
    auto_deployment: Option<AutoDeployment>,
    operation_id: Option<String>,
    #[serde(default)]
    accounts: Vec<String>,
    #[serde(default)]
    regions: Vec<String>,
    #[serde(default)]
    call_as: CallAs,
    managed_execution: Option<ManagedExecution>,
}

pub(super) fn update_stack_set(
    context: &mut Context<'_>,
    request: Update,
) -> Result<Submitted, ServiceError> {
    let before = operable(context, request.call_as, &request.stack_set_name)?;
    if request.permission_model.as_deref().is_some_and(|model| model != SERVICE_MANAGED) {
        return Err(ServiceError::new(
            "InvalidOperationException",
            "The permission model of a stack set can not be changed while it has stack instances",
        ));
    }
    refuse_roles(request.administration_role_arn.as_deref(), request.execution_role_name.as_deref())?;
    if !request.accounts.is_empty() {
        return Err(only_units());
    }
    let execution = request.managed_execution.map_or(before.execution, ManagedExecution::execution);
    if execution != before.execution && operation::is_one_unfinished(context.world, &before.id) {
        return Err(ServiceError::new(
            "InvalidOperationException",
            "ManagedExecution can not be changed while operations of the stack set are running or queued",
        ));
    }
    refuse_if_busy(context.world, &before, request.operation_id.as_deref())?;
    let narrowed = request.deployment_targets.is_some() || !request.regions.is_empty();
    if narrowed && request.auto_deployment.is_some() {
        return Err(invalid("If you specify AutoDeployment, do not specify DeploymentTargets or Regions"));
    }
    let origin = TemplateOrigin {
        body: request.template_body.as_deref(),
        url: request.template_url.as_deref(),
        use_previous: request.use_previous_template,
    };
    let parsed = template::wanted(context.world, &origin, Some(&before.template))?;
    let mut set = before.clone();
    if let Some(tags) = request.tags {
        set.tags = tag_map(tags)?;
    }
    let given = granted(wishes(request.parameters)?, &before.parameters)?;
    set.parameters = template::arguments(context.world, &parsed, &given, &request.capabilities, &set.tags)?;
    set.template.clone_from(&parsed.digest);
    set.capabilities = request.capabilities;
    set.execution = execution;
    set.description = request.description.or(set.description);
    set.auto_deployment = request.auto_deployment.unwrap_or(set.auto_deployment);
    auto_deployment::check(context.world, &set)?;
    if auto_deployment::has_too_many_dependencies(context.world, &set) {
        return Err(invalid(auto_deployment::TOO_MANY_DEPENDENCIES));
    }
    set.revision += u64::from(is_deployed_otherwise(&before, &set));
    let (targets, aims) = match request.deployment_targets {
        None if !request.regions.is_empty() => {
            return Err(invalid("Regions must be specified together with DeploymentTargets"));
        }
        None => {
            let targets = DeploymentTargets::units(set.targets.keys().cloned());
            (targets, every_instance(context.world, &set))
        }
        Some(targets) => {
            refuse_too_many(&targets)?;
            targets.check(context.world)?;
            let regions = checked_regions(&request.regions)?;
            let mut aims = existing_aims(context.world, &set, &targets, &regions)?;
            aims.retain(|aim| is_operable(context.world, &set, aim));
            (targets, aims)
        }
    };
    let regions: BTreeSet<String> = aims.iter().map(|aim| aim.region.clone()).collect();
    let submission = Submission {
        id: request.operation_id,
        action: Action::Update { overrides: None },
        origin: Origin::Set,
        preferences: request.operation_preferences.checked(&regions)?,
        targets,
        aims,
    };
    tagging::put_tags(context.world, &set.arn(), set.tags.clone());
    let operation_id = submit(context.world, context.now, set, submission)?;
    Ok(Submitted { operation_id })
}

/// Whether instances of the changed set would be deployed from something else.
fn is_deployed_otherwise(before: &StackSet, after: &StackSet) -> bool {
    before.template != after.template
        || before.parameters != after.parameters
        || before.capabilities != after.capabilities
        || before.tags != after.tags
}

/// Every instance of a set but those that are inoperable.
fn every_instance(world: &World, set: &StackSet) -> Vec<Aim> {
    world
        .below::<Instance>(&format!("{}/", set.id))
        .filter(|instance| instance.condition != Condition::Inoperable)
        .map(|instance| Aim {
            account: instance.account.clone(),
            region: instance.region.clone(),
            unit: instance.unit.clone(),
        })
        .collect()
}

fn is_operable(world: &World, set: &StackSet, aim: &Aim) -> bool {
    super::instance::find(world, &set.id, &aim.account, &aim.region)
        .is_some_and(|instance| instance.condition != Condition::Inoperable)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Delete {
    stack_set_name: String,
    #[serde(default)]
    call_as: CallAs,
}

/// Deletes a set without instances. AWS lists no error for a set that is not there: it succeeds.
pub(super) fn delete_stack_set(context: &mut Context<'_>, request: Delete) -> Result<Done, ServiceError> {
    let Some(set) = find_active(context, request.call_as, &request.stack_set_name)? else {
        return Ok(Done {});
    };
    if operation::is_one_unfinished(context.world, &set.id) {
        return Err(in_progress(&set));
    }
    if set.instances() > 0 {
        return Err(ServiceError::new(
            "StackSetNotEmptyException",
            format!("StackSet {} is not empty", set.arn()),
        ));
    }
    tagging::forget(context.world, &set.arn());
    context.world.delete::<StackSet>(&set.id);
    context.world.put(DeletedStackSet { set });
    Ok(Done {})
}
