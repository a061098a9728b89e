//! What happened to a stack and its resources, newest first.
//!
//! The events of one step are written together, as one row, with times spread over the step: nobody sees a resource
//! half-way, and a stack costs few writes.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackEvent.html>

use super::super::{Context, EpochSeconds, ServiceError};
use super::page::{Wanted, page};
use super::stack::{self, Stack, Status, uuid};
use crate::world::{Alphabet, Dumped, Entity, Word, World};
use glidepath_model::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// An event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Event {
    pub(super) logical_id: Word,
    pub(super) physical_id: Arc<str>,
    pub(super) ty: Word,
    pub(super) status: Word,
    pub(super) reason: Option<Box<str>>,
    /// The resource's properties, told where it failed.
    pub(super) properties: Option<Box<str>>,
    pub(super) token: Option<Arc<str>>,
    pub(super) at: Timestamp,
}

/// The events of one step of a stack, oldest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct EventBatch {
    pub(super) stack: String,
    pub(super) number: u32,
    pub(super) events: Box<[Event]>,
}

impl Entity for EventBatch {
    const TABLE: &'static str = "cloudformation.event";
    const DUMPED: Dumped = Dumped::Never;

    fn key(&self) -> String {
        format!("{}/{:08}", self.stack, self.number)
    }
}

/// The type of a stack among its own events.
const STACK_TYPE: &str = "AWS::CloudFormation::Stack";

/// Collects the events of one step.
#[derive(Debug, Default)]
pub(super) struct Journal {
    events: Vec<Event>,
}

impl Journal {
    /// Notes an event of a resource.
    pub(super) fn resource(
        &mut self,
        (logical_id, ty): (&str, &str),
        physical_id: Option<&str>,
        status: &str,
        reason: Option<String>,
    ) {
        // The two events of one step share their texts.
        let physical_id = physical_id.unwrap_or_default();
        let before = self.events.last().map(|event| &event.physical_id);
        let shared = before.filter(|before| ***before == *physical_id).cloned();
        self.events.push(Event {
            // A stack's own name is nobody else's.
            logical_id: if ty == STACK_TYPE { Word::alone(logical_id) } else { Word::of(logical_id) },
            physical_id: shared.unwrap_or_else(|| Arc::from(physical_id)),
            ty: Word::of(ty),
            status: Word::of(status),
            reason: reason.map(String::into_boxed_str),
            properties: None,
            token: None,
            at: Timestamp::UNIX_EPOCH,
        });
    }

    /// Notes that a resource goes from one status to another: `UPDATE_IN_PROGRESS`, then `UPDATE_COMPLETE`.
    pub(super) fn passes(&mut self, what: (&str, &str), physical_id: Option<&str>, verb: &str) {
        self.resource(what, physical_id, &format!("{verb}_IN_PROGRESS"), None);
        self.resource(what, physical_id, &format!("{verb}_COMPLETE"), None);
    }

    /// Tells the properties of the resource that was noted last.
    pub(super) fn with_properties(&mut self, properties: &serde_json::Value) {
        if let Some(event) = self.events.last_mut() {
            event.properties = Some(properties.to_string().into_boxed_str());
        }
    }

    /// Notes the stack's own status, unless it is one that the shape of events does not have.
    pub(super) fn stack(&mut self, stack: &Stack) {
        if matches!(
            stack.status,
            Status::UpdateCompleteCleanupInProgress
                | Status::UpdateRollbackCompleteCleanupInProgress
                | Status::ReviewInProgress
        ) {
            return;
        }
        self.resource(
            (&stack.name, STACK_TYPE),
            Some(&stack.id),
            stack.status.api_name(),
            stack.status_reason.clone(),
        );
    }

    /// Writes what was noted, spread evenly over the time of the step.
    pub(super) fn write(
        mut self,
        world: &mut World,
        stack: &mut Stack,
        (since, until): (Timestamp, Timestamp),
    ) {
        if self.events.is_empty() {
            return;
        }
        stack.batches += 1;
        let steps = i64::try_from(self.events.len()).unwrap_or(i64::MAX);
        let span = until.as_millisecond() - since.as_millisecond();
        let token: Option<Arc<str>> = stack.token.as_deref().map(Arc::from);
        for (event, number) in self.events.iter_mut().zip(1_i64..) {
            let at = since.as_millisecond() + span / steps * number;
            event.at = if number == steps { until } else { Timestamp::from_millisecond(at).unwrap_or(until) };
            event.token = token.clone();
        }
        let events = self.events.into_boxed_slice();
        world.put(EventBatch { stack: stack.id.clone(), number: stack.batches, events });
    }
}

/// The id of an event: made up when it is told, since most are never looked at.
fn event_id(world: &World, batch: &EventBatch, event: &Event, number: u32) -> String {
    let of = format!("event/{}/{}/{number}", batch.stack, batch.number);
    let unique = uuid(&world.derive(&of, Alphabet::LowerHexadecimal, 32));
    let of_stack = event.ty == STACK_TYPE && *event.physical_id == *batch.stack;
    if of_stack { unique } else { format!("{}-{}-{unique}", event.logical_id, event.status) }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeEvents {
    stack_name: String,
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shape {
    stack_id: String,
    event_id: String,
    stack_name: String,
    logical_resource_id: String,
    physical_resource_id: String,
    resource_type: String,
    timestamp: EpochSeconds,
    resource_status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_status_reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_properties: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_request_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Events {
    stack_events: Vec<Shape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn describe_stack_events(
    context: &mut Context<'_>,
    request: DescribeEvents,
) -> Result<Events, ServiceError> {
    let stack = stack::existing(context, &request.stack_name)?;
    let start = format!("{}/", stack.id);
    let mut shapes = Vec::new();
    for batch in context.world.below::<EventBatch>(&start) {
        shapes.extend(batch.events.iter().zip(1_u32..).map(|(event, number)| {
            let id = event_id(context.world, &batch, event, number);
            let shape = Shape {
                stack_id: stack.id.clone(),
                event_id: id.clone(),
                stack_name: stack.name.clone(),
                logical_resource_id: event.logical_id.to_string(),
                physical_resource_id: event.physical_id.to_string(),
                resource_type: event.ty.to_string(),
                timestamp: EpochSeconds(event.at),
                resource_status: event.status.to_string(),
                resource_status_reason: event.reason.as_deref().map(str::to_owned),
                resource_properties: event.properties.as_deref().map(str::to_owned),
                client_request_token: event.token.as_deref().map(str::to_owned),
            };
            (id, shape)
        }));
    }
    shapes.reverse();
    let wanted = Wanted {
        listing: format!("DescribeStackEvents/{}", stack.id),
        token: request.next_token,
        size: None,
    };
    let page = page(context.world, &wanted, shapes)?;
    Ok(Events { stack_events: page.items, next_token: page.next })
}
