//! How many there are of what a quota counts, so that a write need not count rows.

use crate::world::{Dumped, Entity, World};
use serde::{Deserialize, Serialize};

/// How many there are of one thing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Tally {
    of: String,
    count: u64,
}

impl Entity for Tally {
    const TABLE: &'static str = "organizations.tally";
    const DUMPED: Dumped = Dumped::Never;

    fn key(&self) -> String {
        self.of.clone()
    }
}

/// Member accounts, the management account included.
pub(super) const MEMBERS: &str = "members";

pub(super) fn count(world: &World, of: &str) -> u64 {
    world.get::<Tally>(of).map_or(0, |tally| tally.count)
}

pub(super) fn add(world: &mut World, of: &str) {
    let count = count(world, of) + 1;
    world.put(Tally { of: of.to_owned(), count });
}

pub(super) fn take(world: &mut World, of: &str) {
    let count = count(world, of).saturating_sub(1);
    world.put(Tally { of: of.to_owned(), count });
}
