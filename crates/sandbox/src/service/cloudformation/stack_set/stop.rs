//! Stopping an operation: what is under way is finished, the rest is not begun.

use super::super::super::{Context, ServiceError};
use super::call_as::{CallAs, operable};
use super::operation::{self, StackSetOperation, Status};
use super::organizations_access::Done;
use super::{queue, run};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Stop {
    stack_set_name: String,
    operation_id: String,
    #[serde(default)]
    call_as: CallAs,
}

pub(super) fn stop_stack_set_operation(
    context: &mut Context<'_>,
    request: Stop,
) -> Result<Done, ServiceError> {
    let set = operable(context, request.call_as, &request.stack_set_name)?;
    let found = operation::existing(context.world, &set, &request.operation_id)?;
    let mut operation = StackSetOperation::clone(&found);
    let world = &mut *context.world;
    match operation.status {
        Status::Running => {
            operation.status = Status::Stopping;
            world.put(operation);
        }
        Status::Queued => {
            queue::leave(world, &operation);
            let ended = operation::end(world, context.now, operation, Status::Stopped, Some(run::STOPPED));
            queue::go_on(world, context.now, &ended);
        }
        Status::Stopping => {}
        Status::Succeeded | Status::Failed | Status::Stopped => {
            return Err(ServiceError::new(
                "InvalidOperationException",
                format!(
                    "Operation {} is {} and can not be stopped",
                    operation.id,
                    operation.status.api_name()
                ),
            ));
        }
    }
    Ok(Done {})
}
