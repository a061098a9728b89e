//! What `sandbox show` prints of the directory: groups with their members, and users.

use super::group::Group;
use super::membership::Membership;
use super::user::User;
use crate::world::World;
use glidepath_model::text::printable;

/// What a user or group is called, `group platform`.
pub(in crate::service) fn name_of(world: &World, id: &str) -> Option<String> {
    let group = world.get::<Group>(id).map(|group| format!("group {}", group.name()));
    group.or_else(|| world.get::<User>(id).map(|user| format!("user {}", user.name())))
}

/// A line each.
pub(super) fn lines(world: &World) -> Vec<String> {
    let groups = world.all::<Group>().map(|group| {
        let members: Vec<String> = world
            .by::<Membership>("group", &group.record.id)
            .filter_map(|one| world.get::<User>(&one.user))
            .map(|user| printable(user.name()).into_owned())
            .collect();
        let members = if members.is_empty() { String::new() } else { format!(" [{}]", members.join(", ")) };
        format!("group {}{members}", printable(group.name()))
    });
    let users = world.all::<User>().map(|user| format!("user {}", printable(user.name())));
    groups.chain(users).collect()
}
