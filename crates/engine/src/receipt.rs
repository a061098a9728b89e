//! What a run did: the last word of an `apply`, for people and for pipelines.

use crate::approve::Held;
use crate::readiness::Readiness;
use glidepath_model::Address;
use glidepath_model::organization::Gap;
use glidepath_plan::Verb;
use serde::Serialize;
use std::collections::BTreeMap;

/// What a run did. Every change of the plan stands in exactly one of `done`, `failed` and `skipped`.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// The run's id.
    pub run_id: String,
    /// What was done.
    pub done: Vec<Done>,
    /// What was tried and failed.
    pub failed: Vec<Failed>,
    /// What was not tried.
    pub skipped: Vec<Skipped>,
    /// What was left out since nobody consented to it yet, while all else was done.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<Held>,
    /// What was done and did not show when it was read again.
    pub not_converged: Vec<NotConverged>,
    /// How far the new accounts have come.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub new_accounts: Vec<Readiness>,
    /// Whether the run was asked to stop.
    pub stopped: bool,
    /// How often each AWS operation was called.
    pub calls: BTreeMap<String, u64>,
}

impl Receipt {
    /// Whether everything of the plan was done and shows.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty()
            && self.skipped.is_empty()
            && self.not_converged.iter().all(|left| left.state == Convergence::Converging)
    }
}

/// A change that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Done {
    /// What was changed.
    pub address: Address,
    /// How.
    pub verb: Verb,
    /// AWS's id of it, where it has one.
    pub physical: Option<String>,
    /// What a reader has to know of how it went, one sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// A change that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Failed {
    /// What should have been changed.
    pub address: Address,
    /// How.
    pub verb: Verb,
    /// Why it failed, and what to do about it.
    pub error: String,
}

/// A change that was not tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Skipped {
    /// What was not changed.
    pub address: Address,
    /// How it would have been changed.
    pub verb: Verb,
    /// Why.
    pub because: SkipReason,
}

/// Why a change was not tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum SkipReason {
    /// It waits for changes that are not done.
    WaitsFor {
        /// Those that failed or were themselves skipped.
        addresses: Vec<Address>,
    },
    /// The run was asked to stop.
    Stopped,
    /// Another run took the lock over.
    LockLost,
}

/// Something that was changed and does not show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NotConverged {
    /// What was changed.
    pub address: Address,
    /// How it stands.
    pub state: Convergence,
    /// What differs still, in one line.
    pub differs: String,
}

/// How something stands that does not show yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Convergence {
    /// AWS documents that it takes long, and its time is not up.
    Converging,
    /// It should show by now.
    Late,
    /// It could not be read again.
    NotChecked(Gap),
}
