//! What a stack has under way, carried out when its time has come: one [`Due`] a stack, however many resources it has.

use super::stack::{Blueprint, Stack, Status};
use crate::world::{Due, World};
use serde::{Deserialize, Serialize};

/// The due kind of a stack's next step.
pub(super) const DUE: &str = "stack";

/// What a stack has under way.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Work {
    /// Make every resource.
    Create,
    /// Become what this says.
    Update(Box<Blueprint>),
    /// Remove every resource.
    Delete,
}

/// Takes a stack's next step.
pub(super) fn settle(world: &mut World, due: &Due) {
    let Some(stack) = world.get::<Stack>(&due.key) else { return };
    let mut stack = Stack::clone(&stack);
    match stack.work.take() {
        None => return,
        Some(Work::Create) => stack.status = Status::CreateComplete,
        Some(Work::Update(blueprint)) => {
            stack.blueprint = *blueprint;
            stack.status = Status::UpdateComplete;
        }
        Some(Work::Delete) => {
            stack.status = Status::DeleteComplete;
            stack.deleted = Some(due.at);
        }
    }
    world.put(stack);
}
