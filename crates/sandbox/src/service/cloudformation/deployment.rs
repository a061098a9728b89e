//! What stack sets, requests and change sets alike do to a stack: begin to create, update or delete it, and see how far
//! it has come. The end comes later by itself.

use super::super::ServiceError;
use super::attempt::{Purpose, attempt, importers};
use super::change_set;
use super::inputs::Inputs;
use super::refusal::{already_exists, invalid, limit, no_stack};
use super::stack::{self, OnFailure, Stack, Status, Unfinished};
use super::template_text::{self, Parsed};
use super::work::{self, Failing, Forced, Work};
use crate::world::World;
use glidepath_model::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How many stacks an account may have in a Region.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
const MOST_STACKS: usize = 2_000;
/// The longest name of a stack.
const LONGEST_NAME: usize = 128;

/// What is to be deployed where.
#[derive(Debug, Clone, Copy)]
pub(super) struct Order<'a> {
    pub(super) account: &'a str,
    pub(super) region: &'a str,
    pub(super) stack_name: &'a str,
    /// The template's text. Orders that share it share the work of reading it.
    pub(super) template: &'a Arc<str>,
    /// The parameters that are given; the others have their defaults.
    pub(super) parameters: &'a BTreeMap<String, String>,
    pub(super) capabilities: &'a [String],
    pub(super) tags: &'a BTreeMap<String, String>,
    /// The stack set the stack is an instance of, by id.
    pub(super) stack_set: Option<&'a str>,
}

/// Whether an update began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Started {
    Begun,
    /// The stack is as the order wants it.
    NothingToDo,
}

/// What a deletion leaves behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Retain {
    /// What the template's deletion policies say, nothing else.
    Nothing,
    /// The stack and all its resources: it only stops being an instance of its stack set, at once.
    Everything,
}

/// How far a stack has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Progress {
    Running,
    /// It stands as ordered, or is gone as ordered.
    Done,
    Failed {
        reason: String,
    },
}

/// What a creation has besides inputs.
#[derive(Debug)]
pub(super) struct CreationTerms {
    pub(super) on_failure: OnFailure,
    pub(super) timeout_minutes: Option<u64>,
    pub(super) protection: Protection,
    pub(super) policy: Option<String>,
    pub(super) stack_set: Option<String>,
    pub(super) token: Option<RequestToken>,
}

/// Whether a stack is protected from deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protection {
    Off,
    On,
}

impl Default for CreationTerms {
    fn default() -> Self {
        Self {
            on_failure: OnFailure::RollBack,
            timeout_minutes: None,
            protection: Protection::Off,
            policy: None,
            stack_set: None,
            token: None,
        }
    }
}

/// What an update has besides inputs.
#[derive(Debug)]
pub(super) struct UpdateTerms {
    pub(super) failing: Failing,
    /// The stack policy that holds for this update alone.
    pub(super) policy_during: Option<String>,
    /// The stack policy that holds from now on.
    pub(super) policy: Option<String>,
    pub(super) token: Option<RequestToken>,
    /// The change set that is executed, by id.
    pub(super) change_set: Option<String>,
}

impl Default for UpdateTerms {
    fn default() -> Self {
        Self { failing: Failing::RollsBack, policy_during: None, policy: None, token: None, change_set: None }
    }
}

/// Begins to create a stack; tells its id.
pub(super) fn create(world: &mut World, now: Timestamp, order: &Order<'_>) -> Result<String, ServiceError> {
    let parsed = template_text::read(order.template)?;
    let inputs = Inputs::ordered(&parsed, order.parameters, order.capabilities, order.tags)?;
    template_text::keep(world, &parsed);
    let terms = CreationTerms { stack_set: order.stack_set.map(str::to_owned), ..CreationTerms::default() };
    let stack = new_stack(world, now, (order.account, order.region, order.stack_name), inputs, &parsed)?;
    Ok(begin_create(world, now, stack, &parsed, terms))
}

/// A stack of this place and name that nothing was done to yet.
pub(super) fn new_stack(
    world: &mut World,
    now: Timestamp,
    (account, region, name): (&str, &str, &str),
    inputs: Inputs,
    parsed: &Parsed,
) -> Result<Stack, ServiceError> {
    check_name(name)?;
    if stack::alive(world, account, region, name).is_some() {
        return Err(already_exists(name));
    }
    if world.by::<Stack>("place", &format!("{account}/{region}/")).count() >= MOST_STACKS {
        return Err(limit(format!(
            "Limit for stack has been exceeded: an account may have {MOST_STACKS} in a Region"
        )));
    }
    Ok(Stack {
        id: stack::new_id(world, account, region, name),
        account: account.to_owned(),
        region: region.to_owned(),
        name: name.to_owned(),
        description: parsed.template.description().map(str::to_owned),
        inputs,
        status: Status::ReviewInProgress,
        status_reason: None,
        failure: None,
        created: now,
        updated: None,
        deleted: None,
        on_failure: OnFailure::RollBack,
        timeout_minutes: None,
        termination_protection: false,
        policy: None,
        outputs: Vec::new(),
        imports: BTreeSet::new(),
        members: BTreeMap::new(),
        stack_set: None,
        change_set: None,
        tokens: BTreeMap::new(),
        token: None,
        drift: None,
        generations: BTreeMap::new(),
        unfinished: None,
        pending: None,
        batches: 0,
    })
}

/// Begins to make the resources of a stack that has none; tells its id.
pub(super) fn begin_create(
    world: &mut World,
    now: Timestamp,
    mut stack: Stack,
    parsed: &Parsed,
    terms: CreationTerms,
) -> String {
    stack.on_failure = terms.on_failure;
    stack.timeout_minutes = terms.timeout_minutes;
    stack.termination_protection |= terms.protection == Protection::On;
    stack.policy = terms.policy.or(stack.policy);
    stack.stack_set = terms.stack_set;
    stack.description = parsed.template.description().map(str::to_owned);
    note_token(&mut stack, terms.token);
    stack.status = Status::CreateInProgress;
    stack.status_reason = Some("User Initiated".to_owned());
    work::begin(world, &mut stack, now, parsed.order.len(), Work::Create);
    let id = stack.id.clone();
    world.put(stack);
    id
}

/// `[a-zA-Z][-a-zA-Z0-9]*`, which the shape data leaves out.
fn check_name(name: &str) -> Result<(), ServiceError> {
    let mut characters = name.chars();
    let starts = characters.next().is_some_and(|first| first.is_ascii_alphabetic());
    if !starts || !characters.all(|character| character.is_ascii_alphanumeric() || character == '-') {
        return Err(invalid(format!(
            "1 validation error detected: Value '{}' at 'stackName' failed to satisfy constraint: Member must satisfy \
             regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*",
            glidepath_model::text::printable(name)
        )));
    }
    if name.len() > LONGEST_NAME {
        return Err(invalid(format!(
            "1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint: Member must have \
             length less than or equal to {LONGEST_NAME}"
        )));
    }
    Ok(())
}

/// Begins to make a stack what the order says.
pub(super) fn update(
    world: &mut World,
    now: Timestamp,
    stack_id: &str,
    order: &Order<'_>,
) -> Result<Started, ServiceError> {
    let stack = alive(world, stack_id)?;
    let parsed = template_text::read(order.template)?;
    let mut inputs = Inputs::ordered(&parsed, order.parameters, order.capabilities, order.tags)?;
    inputs.notification_arns.clone_from(&stack.inputs.notification_arns);
    inputs.role_arn.clone_from(&stack.inputs.role_arn);
    template_text::keep(world, &parsed);
    begin_update(world, now, stack, inputs, &parsed, UpdateTerms::default())
}

/// Begins to make a stack what the inputs say, unless it is that already.
pub(super) fn begin_update(
    world: &mut World,
    now: Timestamp,
    mut stack: Stack,
    inputs: Inputs,
    parsed: &Parsed,
    terms: UpdateTerms,
) -> Result<Started, ServiceError> {
    let may = stack.status.is_updatable()
        || (stack.status == Status::CreateFailed && terms.failing == Failing::Stays);
    if !may {
        return Err(not_in_state(&stack, "updated"));
    }
    if stack.status != Status::UpdateFailed && inputs == stack.inputs {
        return Ok(Started::NothingToDo);
    }
    let attempt = attempt(world, &stack, &inputs, parsed, Purpose::Deploy(None));
    let standing = stack.standing_inputs();
    let same = inputs.tags == standing.tags && inputs.notification_arns == standing.notification_arns;
    if same && stack.status != Status::UpdateFailed && attempt.is_empty(&stack) {
        return Ok(Started::NothingToDo);
    }
    if stack.unfinished.is_none() {
        stack.unfinished = Some(Box::new(Unfinished {
            inputs: stack.inputs.clone(),
            members: stack.members.clone(),
            done: Vec::new(),
            leftovers: Vec::new(),
        }));
    }
    stack.inputs = inputs;
    stack.description = parsed.template.description().map(str::to_owned);
    stack.policy = terms.policy.or(stack.policy);
    note_token(&mut stack, terms.token);
    stack.status = Status::UpdateInProgress;
    stack.status_reason = Some("User Initiated".to_owned());
    stack.failure = None;
    stack.updated = Some(now);
    if terms.change_set.is_none() {
        change_set::outdate(world, &stack.id);
    } else {
        stack.change_set = terms.change_set;
    }
    let policy = terms.policy_during.or_else(|| stack.policy.clone());
    let work = Work::Update { policy, failing: terms.failing };
    work::begin(world, &mut stack, now, attempt.size(), work);
    world.put(stack);
    Ok(Started::Begun)
}

/// Begins to delete a stack, or sets it free.
pub(super) fn delete(
    world: &mut World,
    now: Timestamp,
    stack_id: &str,
    retain: Retain,
) -> Result<(), ServiceError> {
    let mut stack = alive(world, stack_id)?;
    match retain {
        Retain::Everything => {
            stack.stack_set = None;
            world.put(stack);
            Ok(())
        }
        Retain::Nothing => {
            if let Some(reason) = export_in_use(world, &stack) {
                return Err(invalid(reason));
            }
            begin_delete(world, now, stack, DeletionTerms::default())
        }
    }
}

/// What a deletion has besides its stack.
#[derive(Debug)]
pub(super) struct DeletionTerms {
    pub(super) retain: BTreeSet<String>,
    pub(super) forced: Forced,
    pub(super) token: Option<RequestToken>,
}

impl Default for DeletionTerms {
    fn default() -> Self {
        Self { retain: BTreeSet::new(), forced: Forced::No, token: None }
    }
}

/// Begins to delete a stack. One that is being deleted already is left to it.
pub(super) fn begin_delete(
    world: &mut World,
    now: Timestamp,
    mut stack: Stack,
    terms: DeletionTerms,
) -> Result<(), ServiceError> {
    if stack.termination_protection {
        return Err(invalid(format!(
            "Stack [{}] cannot be deleted while TerminationProtection is enabled",
            stack.name
        )));
    }
    match stack.status {
        Status::DeleteInProgress => return Ok(()),
        // What creates and has made nothing yet can be given up.
        status if status.is_running() && status != Status::CreateInProgress => {
            return Err(invalid(format!(
                "Stack [{}] cannot be deleted while in status {}",
                stack.name,
                status.api_name()
            )));
        }
        _ => {}
    }
    note_token(&mut stack, terms.token);
    let nothing_stands = !stack.members.values().any(stack::Member::stands);
    if stack.status == Status::ReviewInProgress && nothing_stands {
        stack.status = Status::DeleteComplete;
        stack.deleted = Some(now);
        change_set::follow(world, &stack);
        world.put(stack);
        return Ok(());
    }
    stack.status = Status::DeleteInProgress;
    stack.status_reason = Some("User Initiated".to_owned());
    let resources = stack.members.len();
    let work = Work::Delete { retain: terms.retain, forced: terms.forced };
    work::begin(world, &mut stack, now, resources, work);
    world.put(stack);
    Ok(())
}

/// Why a stack cannot be deleted that others import from.
pub(super) fn export_in_use(world: &World, stack: &Stack) -> Option<String> {
    stack.outputs.iter().filter_map(|output| output.export.as_deref()).find_map(|name| {
        let importers = importers(world, stack, name);
        (!importers.is_empty())
            .then(|| format!("Export {name} cannot be deleted as it is in use by {}", importers.join(", ")))
    })
}

/// How far a stack has come.
pub(super) fn progress(world: &World, stack_id: &str) -> Progress {
    let Some(stack) = world.get::<Stack>(stack_id) else {
        return Progress::Failed { reason: no_stack(stack_id).message };
    };
    if stack.status.is_running() {
        return Progress::Running;
    }
    match stack.status {
        Status::CreateComplete | Status::UpdateComplete | Status::DeleteComplete => Progress::Done,
        _ => {
            let reason = stack.failure.clone().or_else(|| stack.status_reason.clone());
            Progress::Failed { reason: reason.unwrap_or_else(|| stack.status.api_name().to_owned()) }
        }
    }
}

fn alive(world: &World, stack_id: &str) -> Result<Stack, ServiceError> {
    let stack = world.get::<Stack>(stack_id).filter(|stack| stack.is_alive());
    stack.map(|stack| Stack::clone(&stack)).ok_or_else(|| no_stack(stack_id))
}

/// What a stack's state does not allow.
pub(super) fn not_in_state(stack: &Stack, what: &str) -> ServiceError {
    let status = stack.status.api_name();
    invalid(format!("Stack:{} is in {status} state and can not be {what}.", stack.id))
}

/// A request token, with the operation it was given for.
#[derive(Debug, Clone)]
pub(super) struct RequestToken {
    pub(super) text: String,
    pub(super) operation: String,
}

impl RequestToken {
    pub(super) fn of(text: Option<String>, operation: &str) -> Option<Self> {
        text.map(|text| Self { text, operation: operation.to_owned() })
    }
}

/// Notes the request token of an operation that begins.
pub(super) fn note_token(stack: &mut Stack, token: Option<RequestToken>) {
    stack.token = token.as_ref().map(|token| token.text.clone());
    stack.tokens.extend(token.map(|token| (token.text, token.operation)));
}
