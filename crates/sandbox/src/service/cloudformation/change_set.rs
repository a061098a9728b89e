//! Change sets: what an update would change, looked at before it is made. They are computed a moment after they were
//! asked for; executing one deletes the others of its stack.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets.html>

use super::super::{Context, ServiceError};
use super::Done;
use super::attempt::{Purpose, attempt};
use super::change::{ResourceChange, changes};
use super::deployment::{self, CreationTerms, RequestToken, Started, UpdateTerms};
use super::inputs::{Asked, GivenParameter, Inputs, Tag};
use super::refusal::{invalid, no_change_set, no_stack, not_simulated};
use super::stack::{self, OnFailure, Stack, Status as StackStatus, uuid};
use super::stack_request::{
    DeploymentConfig, RollbackConfiguration, on_failure_of, refuse_unsimulated, repeated,
};
use super::template_text;
use super::work::Failing;
use crate::world::{Alphabet, Due, Dumped, Entity, World};
use glidepath_model::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The due kind of a change set's computation.
pub(super) const DUE: &str = "change set";
/// Seconds until a change set is computed: a client that does not wait meets `CREATE_PENDING`.
const SECONDS: i64 = 2;
/// The reason of a change set that would change nothing, as AWS gives it. Clients tell by it that all is well.
const NO_CHANGES: &str =
    "The submitted information didn't contain changes. Submit different information to create a change set.";

/// A change set.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct ChangeSet {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) stack: String,
    pub(super) stack_name: String,
    pub(super) kind: Kind,
    pub(super) inputs: Inputs,
    pub(super) description: Option<String>,
    pub(super) on_failure: Option<String>,
    pub(super) created: Timestamp,
    pub(super) state: State,
    pub(super) token: Option<String>,
}

/// What a change set does to its stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Kind {
    Create,
    Update,
}

/// How far a change set has come.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum State {
    Pending,
    Failed { reason: String },
    Complete { changes: Vec<ResourceChange>, execution: Execution },
}

/// Whether a change set can be executed, or was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Execution {
    Available,
    InProgress,
    Complete,
    Failed,
    Obsolete,
}

impl State {
    pub(super) fn status(&self) -> &'static str {
        match self {
            Self::Pending => "CREATE_PENDING",
            Self::Failed { .. } => "FAILED",
            Self::Complete { .. } => "CREATE_COMPLETE",
        }
    }

    pub(super) fn execution_status(&self) -> &'static str {
        match self {
            Self::Pending | Self::Failed { .. } => "UNAVAILABLE",
            Self::Complete { execution, .. } => match execution {
                Execution::Available => "AVAILABLE",
                Execution::InProgress => "EXECUTE_IN_PROGRESS",
                Execution::Complete => "EXECUTE_COMPLETE",
                Execution::Failed => "EXECUTE_FAILED",
                Execution::Obsolete => "OBSOLETE",
            },
        }
    }

    /// Whether it was executed: then it is found by its id alone.
    fn is_used(&self) -> bool {
        matches!(
            self,
            Self::Complete { execution: Execution::InProgress | Execution::Complete | Execution::Failed, .. }
        )
    }
}

impl Entity for ChangeSet {
    const TABLE: &'static str = "cloudformation.change_set";
    // It is a question about a stack, and says nothing of what the stack is.
    const DUMPED: Dumped = Dumped::Never;

    fn key(&self) -> String {
        self.id.clone()
    }

    fn index(&self) -> Vec<(&'static str, String)> {
        vec![("stack", self.stack.clone())]
    }
}

/// The change set that a request names, by id or by name with its stack.
pub(super) fn find(
    context: &Context<'_>,
    named: &str,
    stack_name: Option<&str>,
) -> Result<Arc<ChangeSet>, ServiceError> {
    if named.starts_with("arn:") {
        let found = context.world.get::<ChangeSet>(named).filter(|set| {
            set.id.split(':').nth(3) == Some(context.region)
                && set.id.split(':').nth(4) == Some(context.caller.account.as_str())
        });
        return found.ok_or_else(|| no_change_set(named));
    }
    let stack_name = stack_name
        .ok_or_else(|| invalid("StackName must be specified if ChangeSetName is not specified as an ARN."))?;
    let stack = stack::existing(context, stack_name)?;
    of_stack(context.world, &stack.id, named).ok_or_else(|| no_change_set(named))
}

/// The change set of that name that was not executed.
fn of_stack(world: &World, stack: &str, name: &str) -> Option<Arc<ChangeSet>> {
    world.by::<ChangeSet>("stack", stack).find(|set| set.name == name && !set.state.is_used())
}

/// The change sets of a stack that can be listed.
pub(super) fn listed(world: &World, stack: &str) -> Vec<Arc<ChangeSet>> {
    world.by::<ChangeSet>("stack", stack).filter(|set| !set.state.is_used()).collect()
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateChangeSet {
    stack_name: String,
    template_body: Option<String>,
    #[serde(rename = "TemplateURL")]
    template_url: Option<String>,
    use_previous_template: Option<bool>,
    #[serde(default)]
    parameters: Vec<GivenParameter>,
    #[serde(default)]
    capabilities: Vec<String>,
    resource_types: Option<Vec<String>>,
    #[serde(rename = "RoleARN")]
    role_arn: Option<String>,
    rollback_configuration: Option<RollbackConfiguration>,
    #[serde(rename = "NotificationARNs")]
    notification_arns: Option<Vec<String>>,
    tags: Option<Vec<Tag>>,
    change_set_name: String,
    client_token: Option<String>,
    description: Option<String>,
    change_set_type: Option<String>,
    #[serde(default)]
    resources_to_import: Vec<serde_json::Value>,
    on_stack_failure: Option<String>,
    import_existing_resources: Option<bool>,
    deployment_mode: Option<String>,
    deployment_config: Option<DeploymentConfig>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Created {
    id: String,
    stack_id: String,
}

fn kind_of(request: &CreateChangeSet) -> Result<Kind, ServiceError> {
    if request.import_existing_resources == Some(true) || !request.resources_to_import.is_empty() {
        return Err(not_simulated("imports of existing resources"));
    }
    if request.deployment_mode.is_some() {
        return Err(not_simulated("change sets that revert drift"));
    }
    refuse_unsimulated(request.rollback_configuration.as_ref(), request.deployment_config.as_ref(), None)?;
    match request.change_set_type.as_deref() {
        None | Some("UPDATE") => Ok(Kind::Update),
        Some("CREATE") => Ok(Kind::Create),
        Some(_) => Err(not_simulated("imports of existing resources")),
    }
}

pub(super) fn create_change_set(
    context: &mut Context<'_>,
    request: CreateChangeSet,
) -> Result<Created, ServiceError> {
    let kind = kind_of(&request)?;
    let name = request.change_set_name;
    let stack = stack::find(context, &request.stack_name).filter(|stack| stack.is_alive());
    if let Some(set) = stack.as_ref().and_then(|stack| of_stack(context.world, &stack.id, &name)) {
        // The same request again is answered as the first one was.
        if set.token.is_some() && set.token == request.client_token {
            return Ok(Created { id: set.id.clone(), stack_id: set.stack.clone() });
        }
        return Err(ServiceError::new(
            "AlreadyExistsException",
            format!("ChangeSet {name} cannot be created due to a mismatch with existing attribute Template"),
        ));
    }
    check_stack(stack.as_deref(), kind, &request.stack_name)?;
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
    let previous = stack.as_ref().filter(|_| kind == Kind::Update).map(|stack| stack.standing_inputs());
    let (inputs, parsed) = Inputs::asked(context, asked, previous)?;
    let stack = match stack {
        Some(stack) => stack,
        None => {
            let place = (context.caller.account.as_str(), context.region, request.stack_name.as_str());
            let stack = deployment::new_stack(context.world, context.now, place, inputs.clone(), &parsed)?;
            context.world.put(stack.clone());
            Arc::new(stack)
        }
    };
    let natural = format!("{}/{name}", stack.id);
    let unique = uuid(&context.world.mint("change set", &natural, Alphabet::LowerHexadecimal, 32));
    let start = stack::prefix(&stack.account, &stack.region).replace(":stack/", ":changeSet/");
    let id = format!("{start}{name}/{unique}");
    context.world.put(ChangeSet {
        id: id.clone(),
        name,
        stack: stack.id.clone(),
        stack_name: stack.name.clone(),
        kind,
        inputs,
        description: request.description,
        on_failure: request.on_stack_failure,
        created: context.now,
        state: State::Pending,
        token: request.client_token,
    });
    super::schedule(context.world, super::later(context.now, SECONDS), DUE, &id);
    Ok(Created { id, stack_id: stack.id.clone() })
}

/// Whether a stack is in a state in which a change set of this kind can be asked for.
fn check_stack(stack: Option<&Stack>, kind: Kind, named: &str) -> Result<(), ServiceError> {
    match (stack, kind) {
        (None, Kind::Create) => Ok(()),
        (None, Kind::Update) => Err(no_stack(named)),
        (Some(stack), Kind::Create) if stack.status == StackStatus::ReviewInProgress => Ok(()),
        (Some(stack), Kind::Create) => Err(invalid(format!(
            "Stack [{}] already exists and cannot be created again with the changeSet.",
            stack.name
        ))),
        (Some(stack), Kind::Update) if stack.status.is_updatable() => Ok(()),
        (Some(stack), Kind::Update) => Err(deployment::not_in_state(stack, "updated")),
    }
}

/// Computes a change set.
pub(super) fn settle(world: &mut World, due: &Due) {
    let Some(set) = world.get::<ChangeSet>(&due.key) else { return };
    let Some(stack) = world.get::<Stack>(&set.stack) else { return };
    let mut set = ChangeSet::clone(&set);
    set.state = computed(world, &stack, &set);
    world.put(set);
}

fn computed(world: &World, stack: &Stack, set: &ChangeSet) -> State {
    let old_inputs = stack.standing_inputs();
    let parsed = template_text::load(world, &set.inputs.template);
    let old = template_text::load(world, &old_inputs.template);
    let (parsed, old) = match (parsed, old) {
        (Ok(parsed), Ok(old)) => (parsed, old),
        (Err(error), _) | (_, Err(error)) => return State::Failed { reason: error.message },
    };
    let attempt = attempt(world, stack, &set.inputs, &parsed, Purpose::Tell);
    if let Some(failure) = attempt.failure {
        return State::Failed { reason: failure.reason };
    }
    let old = (old_inputs, &*old);
    let changes = changes(stack, old, (&set.inputs, &parsed), &attempt);
    let same = changes.is_empty() && attempt.outputs == stack.outputs && set.inputs.tags == old_inputs.tags;
    if same && set.kind == Kind::Update {
        return State::Failed { reason: NO_CHANGES.to_owned() };
    }
    State::Complete { changes, execution: Execution::Available }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Execute {
    change_set_name: String,
    stack_name: Option<String>,
    client_request_token: Option<String>,
    disable_rollback: Option<bool>,
    retain_except_on_create: Option<bool>,
}

fn wrong_status(set: &ChangeSet, what: &str) -> ServiceError {
    let status = match &set.state {
        State::Complete { .. } => set.state.execution_status(),
        State::Pending | State::Failed { .. } => set.state.status(),
    };
    ServiceError::new(
        "InvalidChangeSetStatusException",
        format!("ChangeSet [{}] cannot be {what} in its current status of [{status}]", set.id),
    )
}

pub(super) fn execute_change_set(context: &mut Context<'_>, request: Execute) -> Result<Done, ServiceError> {
    refuse_unsimulated(None, None, request.retain_except_on_create)?;
    let token = request.client_request_token;
    // An executed set is no longer found by its name: whether this is a repetition is asked first.
    let stack_name = match &request.stack_name {
        Some(stack_name) => stack_name.clone(),
        None => find(context, &request.change_set_name, None)?.stack.clone(),
    };
    let operation = format!("ExecuteChangeSet {}", request.change_set_name);
    if repeated(context, token.as_ref(), &operation, &stack_name)?.is_some() {
        return Ok(Done {});
    }
    let token = RequestToken::of(token, &operation);
    let set = find(context, &request.change_set_name, Some(&stack_name))?;
    let State::Complete { changes, execution: Execution::Available } = &set.state else {
        return Err(wrong_status(&set, "executed"));
    };
    let stack = context.world.get::<Stack>(&set.stack).filter(|stack| stack.is_alive());
    let stack = stack.ok_or_else(|| no_stack(&set.stack_name))?;
    let parsed = template_text::load(context.world, &set.inputs.template)?;
    let on_failure = set.on_failure.as_deref();
    match set.kind {
        Kind::Create => {
            let on_failure = on_failure_of(on_failure, request.disable_rollback);
            let mut stack = Stack { inputs: set.inputs.clone(), ..Stack::clone(&stack) };
            stack.change_set = Some(set.id.clone());
            let terms = CreationTerms { on_failure, token, ..CreationTerms::default() };
            deployment::begin_create(context.world, context.now, stack, &parsed, terms);
        }
        Kind::Update => {
            let stays = on_failure_of(on_failure, request.disable_rollback) == OnFailure::DoNothing;
            let failing = if stays { Failing::Stays } else { Failing::RollsBack };
            let change_set = Some(set.id.clone());
            let terms = UpdateTerms { failing, token, change_set, ..UpdateTerms::default() };
            let (stack, inputs) = (Stack::clone(&stack), set.inputs.clone());
            let started =
                deployment::begin_update(context.world, context.now, stack, inputs, &parsed, terms)?;
            if started == Started::NothingToDo {
                return Err(wrong_status(&set, "executed"));
            }
        }
    }
    let others = context.world.by::<ChangeSet>("stack", &set.stack).filter(|other| other.id != set.id);
    for id in others.map(|other| other.id.clone()).collect::<Vec<_>>() {
        context.world.delete::<ChangeSet>(&id);
    }
    let state = State::Complete { changes: changes.clone(), execution: Execution::InProgress };
    context.world.put(ChangeSet { state, ..ChangeSet::clone(&set) });
    Ok(Done {})
}

/// Notes on a stack's change sets what became of it.
pub(super) fn follow(world: &mut World, stack: &Stack) {
    if !stack.is_alive() {
        let ids: Vec<String> = world.by::<ChangeSet>("stack", &stack.id).map(|set| set.id.clone()).collect();
        for id in ids {
            world.delete::<ChangeSet>(&id);
        }
        return;
    }
    let Some(set) = stack.change_set.as_deref().and_then(|id| world.get::<ChangeSet>(id)) else { return };
    let State::Complete { changes, execution: Execution::InProgress } = &set.state else { return };
    let execution = match stack.status {
        StackStatus::CreateComplete | StackStatus::UpdateComplete => Execution::Complete,
        status if status.is_running() => return,
        _ => Execution::Failed,
    };
    let state = State::Complete { changes: changes.clone(), execution };
    world.put(ChangeSet { state, ..ChangeSet::clone(&set) });
}

/// Notes that a stack was updated without its change sets: they no longer fit it.
pub(super) fn outdate(world: &mut World, stack: &str) {
    let sets: Vec<Arc<ChangeSet>> = world.by::<ChangeSet>("stack", stack).collect();
    for set in sets {
        if let State::Complete { changes, execution: Execution::Available } = &set.state {
            let state = State::Complete { changes: changes.clone(), execution: Execution::Obsolete };
            world.put(ChangeSet { state, ..ChangeSet::clone(&set) });
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Delete {
    change_set_name: String,
    stack_name: Option<String>,
}

/// Deletes a change set. One that is not there is deleted already; its stack must be.
pub(super) fn delete_change_set(context: &mut Context<'_>, request: Delete) -> Result<Done, ServiceError> {
    let set = match find(context, &request.change_set_name, request.stack_name.as_deref()) {
        Ok(set) => set,
        Err(error) if error.code == "ChangeSetNotFoundException" => return Ok(Done {}),
        Err(error) => return Err(error),
    };
    let busy = matches!(set.state, State::Pending | State::Complete { execution: Execution::InProgress, .. });
    if busy {
        return Err(wrong_status(&set, "deleted"));
    }
    context.world.delete::<ChangeSet>(&set.id);
    Ok(Done {})
}
