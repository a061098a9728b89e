//! What `sandbox show` prints of keys: a line each.

use super::alias::Alias;
use super::key::{Key, Regionality, State};
use crate::world::{Entity, World};
use glidepath_model::text::printable;

/// One line a key.
pub(super) fn lines(world: &World) -> Vec<String> {
    world.all::<Key>().map(|key| line(world, &key)).collect()
}

fn line(world: &World, key: &Key) -> String {
    let row = key.key();
    let names: Vec<String> =
        Alias::of(world, &row).map(|alias| printable(alias.name()).into_owned()).collect();
    let names = if names.is_empty() { String::new() } else { format!(" [{}]", names.join(", ")) };
    let kind = match key.regionality {
        Regionality::Single => "",
        Regionality::Primary => " primary",
        Regionality::Replica => " replica",
    };
    let state = match key.state {
        State::Enabled => String::new(),
        State::Creating
        | State::Disabled
        | State::PendingDeletion
        | State::PendingImport
        | State::PendingReplicaDeletion
        | State::Updating => format!(" ({})", key.state.words()),
    };
    format!("key{kind} {}{names}{state}", key.arn())
}
