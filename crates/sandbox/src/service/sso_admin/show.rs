//! What `sandbox show` prints of Identity Center: permission sets, and who has them where.

use super::super::identitystore;
use super::assignment::Assignment;
use super::permission_set::PermissionSet;
use super::provision::Provision;
use crate::world::{Entity as _, World};
use glidepath_model::text::printable;

/// A line each.
pub(super) fn lines(world: &World) -> Vec<String> {
    let mut lines = Vec::new();
    for set in world.all::<PermissionSet>() {
        lines.push(format!("permission set {}", printable(&set.name)));
        let id = set.key();
        for assignment in world.by::<Assignment>("set", &id) {
            let stale = world
                .get::<Provision>(&Provision::row(&assignment.account, &id))
                .is_none_or(|provision| provision.content != set.content);
            let note = if stale { " (not its latest content)" } else { "" };
            let principal = &assignment.principal;
            let name = identitystore::name_of(world, &principal.principal_id);
            let name = name.unwrap_or_else(|| principal.principal_id.clone());
            lines.push(format!("  {} in {}{note}", printable(&name), assignment.account));
        }
    }
    lines
}
