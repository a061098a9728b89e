//! What `sandbox show` prints of the organization: the tree with its attachments, then the switches.

use super::account::Account;
use super::attachment::Attachment;
use super::delegated_administrator::Delegation;
use super::organization::Organization;
use super::policy::Policy;
use super::root::{self, Root};
use super::trusted_access::TrustedAccess;
use super::unit::Unit;
use crate::world::{Entity, World};
use glidepath_model::text::printable;

/// One line a thing, children two columns further in.
pub(super) fn lines(world: &World) -> Vec<String> {
    let Some(organization) = world.all::<Organization>().next() else {
        return vec!["no organization".to_owned()];
    };
    let mut lines = vec![format!("organization {} of {}", organization.id, organization.management_id)];
    if let Some(root) = root::root(world) {
        lines.push(format!("root {}{}", types(&root), policies(world, &root.id)));
        below(world, &root.id, 1, &mut lines);
    }
    lines.extend(world.all::<TrustedAccess>().map(|access| format!("trusted access {}", access.principal)));
    lines.extend(
        world.all::<Delegation>().map(|delegation| format!("delegated administrator {}", delegation.key())),
    );
    lines
}

fn below(world: &World, parent: &str, depth: usize, lines: &mut Vec<String>) {
    let indent = "  ".repeat(depth);
    for account in world.by::<Account>("parent", parent) {
        lines.push(format!(
            "{indent}account {} {} {}{}",
            account.id,
            printable(&account.name),
            account.state.api_name(),
            policies(world, account.id.as_str()),
        ));
    }
    for unit in world.by::<Unit>("parent", parent) {
        lines.push(format!("{indent}unit {}{}", printable(&unit.name), policies(world, &unit.id)));
        below(world, &unit.id, depth + 1, lines);
    }
}

fn types(root: &Root) -> String {
    let words: Vec<&str> = root.policy_types.keys().map(|ty| ty.key()).collect();
    format!("(policy types: {})", if words.is_empty() { "none".to_owned() } else { words.join(", ") })
}

fn policies(world: &World, target: &str) -> String {
    let mut names: Vec<String> = world
        .by::<Attachment>("target", target)
        .filter_map(|attachment| world.get::<Policy>(&attachment.policy))
        .map(|policy| format!("{}/{}", policy.ty, printable(&policy.name)))
        .collect();
    names.sort();
    if names.is_empty() { String::new() } else { format!(" [{}]", names.join(", ")) }
}
