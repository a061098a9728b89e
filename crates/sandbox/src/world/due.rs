//! What happens later: account creation, closing, policy types switching. Each is a row with the time it falls due,
//! carried out at the start of the first call that comes after it.

use super::World;
use super::entity::{Dumped, Entity};
use glidepath_model::Timestamp;
use serde::{Deserialize, Serialize};

/// Something that falls due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// When.
    pub at: Timestamp,
    /// The service that carries it out.
    pub service: String,
    /// What, in that service's words.
    pub kind: String,
    /// The thing it is about.
    pub key: String,
}

impl Entity for Due {
    const TABLE: &'static str = "world.due";
    const DUMPED: Dumped = Dumped::Never;

    fn key(&self) -> String {
        // Twenty digits of nanoseconds keep the rows in order of time until the year 5138.
        format!("{:020}/{}/{}/{}", self.at.as_nanosecond(), self.service, self.kind, self.key)
    }
}

impl World {
    /// Has a service's `settle` called with this once `at` is reached.
    pub fn schedule(&mut self, due: Due) {
        self.put(due);
    }

    /// Takes the first thing that is due by `now`.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> Option<Due> {
        let first = self.all::<Due>().next().filter(|due| due.at <= now)?;
        self.delete::<Due>(&first.key());
        Some(Due::clone(&first))
    }

    /// When the next thing falls due, if anything does.
    #[must_use]
    pub fn next_due(&self) -> Option<Timestamp> {
        self.all::<Due>().next().map(|due| due.at)
    }
}
