//! What a sandbox is opened with.

use crate::consistency::Consistency;
use crate::faults::FaultPlan;
use crate::rates::Rates;
use crate::world::WorldSeed;
use std::fs::File;
use std::sync::Arc;

/// What a sandbox is opened with.
#[derive(Debug, Clone)]
pub struct SandboxOptions {
    /// What a new world is made from; a world that exists keeps its own.
    pub world: WorldSeed,
    /// Whether calls are held to AWS's published rates.
    pub rates: Rates,
    /// When readers see what was written.
    pub consistency: Consistency,
    /// Faults on purpose.
    pub faults: Option<FaultPlan>,
    /// Where every request and answer is written, a line of JSON each.
    pub record: Option<Arc<File>>,
    /// What holds the directory, told to a second process that wants it: the command line.
    pub command: String,
}

impl SandboxOptions {
    /// A world without faults, limits or delays.
    #[must_use]
    pub fn new(world: WorldSeed) -> Self {
        Self {
            world,
            rates: Rates::default(),
            consistency: Consistency::default(),
            faults: None,
            record: None,
            command: "glidepath".to_owned(),
        }
    }
}
