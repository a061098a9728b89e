//! What `sandbox show` prints of stacks and stack sets: a line each, and the resources that stay behind without one.

use super::resource::Resource;
use super::stack::Stack;
use super::stack_set::show_lines;
use crate::world::World;
use glidepath_model::text::printable;

/// One line a stack set, one a stack that is not deleted.
pub(super) fn lines(world: &World) -> Vec<String> {
    let stacks = world.all::<Stack>().filter(|stack| stack.is_alive());
    let mut lines = show_lines(world);
    lines.extend(stacks.map(|stack| {
        let standing = stack.members.values().filter(|member| member.stands()).count();
        format!(
            "stack {} {} {} ({standing} resources, {})",
            stack.account,
            stack.region,
            printable(&stack.name),
            stack.status.api_name()
        )
    }));
    let orphans = world.all::<Resource>().filter(|resource| resource.stack.is_none());
    lines.extend(orphans.map(|resource| {
        format!(
            "resource {} {} {} {} (no stack)",
            resource.account,
            resource.region,
            resource.ty,
            printable(&resource.physical_id)
        )
    }));
    lines
}
