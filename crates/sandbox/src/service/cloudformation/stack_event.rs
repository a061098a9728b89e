//! What happened to a stack and its resources, newest first.
//!
//! The events of one step are written together, as one row, with times spread over the step: nobody sees a resource
//! half-way, and a stack costs few writes.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackEvent.html>

use super::super::{Context, EpochSeconds, ServiceError};
use super::page::{Wanted, page};
use super::stack::{self, Stack, Status, uuid};
use crate::world::{Alphabet, Dumped, Entity, World};
use glidepath_model::Timestamp;
use serde::{Deserialize, Serialize};

/// An event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Event {
    pub(super) logical_id: String,
    pub(super) physical_id: String,
    pub(super) ty: String,
    pub(super) status: String,
    pub(super) reason: Option<String>,
    /// The resource's properties, told where it failed.
    pub(super) properties: Option<String>,
    pub(super) token: Option<String>,
    pub(super) at: Timestamp,
}

/// The events of one step of a stack, oldest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct EventBatch {
    pub(super) stack: String,
    pub(super) number: u32,
    pub(super) events: Vec<Event>,
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
        self.events.push(Event {
            logical_id: logical_id.to_owned(),
            physical_id: physical_id.unwrap_or_default().to_owned(),
            ty: ty.to_owned(),
            status: status.to_owned(),
            reason,
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
            event.properties = Some(properties.to_string());
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
        for (event, number) in self.events.iter_mut().zip(1_i64..) {
            let at = since.as_millisecond() + span / steps * number;
            event.at = if number == steps { until } else { Timestamp::from_millisecond(at).unwrap_or(until) };
            event.token = stack.token.clone();
        }
        world.put(EventBatch { stack: stack.id.clone(), number: stack.batches, events: self.events });
    }
}

/// The id of an event: made up when it is told, since most are never looked at.
fn event_id(world: &World, batch: &EventBatch, event: &Event, number: u32) -> String {
    let of = format!("event/{}/{}/{number}", batch.stack, batch.number);
    let unique = uuid(&world.derive(&of, Alphabet::LowerHexadecimal, 32));
    let of_stack = event.ty == STACK_TYPE && event.physical_id == batch.stack;
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
                logical_resource_id: event.logical_id.clone(),
                physical_resource_id: event.physical_id.clone(),
                resource_type: event.ty.clone(),
                timestamp: EpochSeconds(event.at),
                resource_status: event.status.clone(),
                resource_status_reason: event.reason.clone(),
                resource_properties: event.properties.clone(),
                client_request_token: event.token.clone(),
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
