//! What stack sets, requests and change sets alike do to a stack: begin to create, update or delete it, and see how far
//! it has come. The end comes later by itself.

use super::super::ServiceError;
use super::refusal::{already_exists, invalid, no_stack};
use super::stack::{self, Blueprint, OnFailure, Stack, Status};
use super::template_text;
use super::work::{self, Work};
use crate::world::World;
use glidepath_model::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

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

/// Begins to create a stack; tells its id.
pub(super) fn create(world: &mut World, now: Timestamp, order: &Order<'_>) -> Result<String, ServiceError> {
    if stack::alive(world, order.account, order.region, order.stack_name).is_some() {
        return Err(already_exists(order.stack_name));
    }
    let id = stack::new_id(world, order.account, order.region, order.stack_name);
    let stack = Stack {
        id: id.clone(),
        account: order.account.to_owned(),
        region: order.region.to_owned(),
        name: order.stack_name.to_owned(),
        blueprint: blueprint(world, order),
        status: Status::CreateInProgress,
        status_reason: None,
        failure: None,
        created: now,
        updated: None,
        deleted: None,
        on_failure: OnFailure::RollBack,
        timeout_minutes: None,
        termination_protection: false,
        policy: None,
        description: None,
        outputs: Vec::new(),
        imports: BTreeSet::new(),
        members: BTreeMap::new(),
        stack_set: order.stack_set.map(str::to_owned),
        change_set: None,
        tokens: BTreeMap::new(),
        drift: None,
        work: Some(Work::Create),
        operations: 1,
    };
    world.put(stack);
    super::schedule(world, now, 10, work::DUE, &id);
    Ok(id)
}

fn blueprint(world: &mut World, order: &Order<'_>) -> Blueprint {
    Blueprint {
        template: template_text::keep(world, order.template),
        parameters: order.parameters.clone(),
        capabilities: order.capabilities.iter().cloned().collect(),
        tags: order.tags.clone(),
        notification_arns: Vec::new(),
        role_arn: None,
    }
}

/// Begins to make a stack what the order says.
pub(super) fn update(
    world: &mut World,
    now: Timestamp,
    stack_id: &str,
    order: &Order<'_>,
) -> Result<Started, ServiceError> {
    let mut stack = alive(world, stack_id)?;
    if !stack.status.is_updatable() {
        return Err(not_in_state(&stack, "updated"));
    }
    let blueprint = blueprint(world, order);
    if stack.blueprint == blueprint {
        return Ok(Started::NothingToDo);
    }
    stack.status = Status::UpdateInProgress;
    stack.updated = Some(now);
    stack.work = Some(Work::Update(Box::new(blueprint)));
    stack.operations += 1;
    world.put(stack);
    super::schedule(world, now, 10, work::DUE, stack_id);
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
        Retain::Everything => stack.stack_set = None,
        Retain::Nothing => {
            if stack.status.is_running() {
                return Err(not_in_state(&stack, "deleted"));
            }
            if stack.termination_protection {
                return Err(invalid(format!(
                    "Stack [{}] cannot be deleted while TerminationProtection is enabled",
                    stack.name
                )));
            }
            stack.status = Status::DeleteInProgress;
            stack.work = Some(Work::Delete);
            stack.operations += 1;
            super::schedule(world, now, 10, work::DUE, stack_id);
        }
    }
    world.put(stack);
    Ok(())
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

fn not_in_state(stack: &Stack, what: &str) -> ServiceError {
    let status = stack.status.api_name();
    invalid(format!("Stack:{} is in {status} state and can not be {what}.", stack.id))
}
