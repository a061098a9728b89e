//! A plan: everything that has to happen, in order, and everything that stands in the way of it.
//!
//! Plans are byte-identical for identical inputs: no time of day, no counts of retries, nothing random.

use crate::change::{Change, Verb};
use glidepath_model::organization::Gap;
use glidepath_model::{Address, Date, Digest, OrganizationId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the plan's form on disk and on stdout.
pub const FORMAT_VERSION: u32 = 1;

/// A plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Plan {
    /// The form's version.
    pub format_version: u32,
    /// The organization's name in the manifest.
    pub organization: String,
    /// The organization's id, once it exists.
    pub organization_id: Option<OrganizationId>,
    /// The day the plan is for.
    pub today: Date,
    /// The digest of the resolved manifest.
    pub manifest: Digest,
    /// What has to happen, in an order that can be followed one by one.
    pub changes: Vec<Change>,
    /// What would have to happen but hangs on something that was not read.
    pub withheld: Vec<Withheld>,
    /// What forbids the plan altogether.
    pub refusals: Vec<Refusal>,
    /// Dangers that need a gate opened by name.
    pub gates: Vec<Gate>,
    /// What a reader should know.
    pub notices: Vec<Notice>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
    /// Things that are there and nobody promised, inside what is ours.
    pub unmanaged: Vec<Unmanaged>,
    /// Other foreign things, counted by kind.
    pub foreign: BTreeMap<String, usize>,
    /// AWS ids of what exists already: what an apply starts from. Not part of the plan's form.
    #[serde(skip)]
    pub physical_ids: BTreeMap<Address, String>,
}

/// A change that is not made because something was not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Withheld {
    /// What would have changed, as far as can be told.
    pub address: Address,
    /// How.
    pub verb: Verb,
    /// What was not read.
    pub gap: Gap,
}

/// A reason not to apply this plan, whatever the flags.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Refusal {
    /// A stable word for the reason.
    pub code: String,
    /// What it is about.
    pub addresses: Vec<Address>,
    /// What is wrong.
    pub summary: String,
    /// What to do about it.
    pub help: String,
}

/// A danger that somebody has to consent to by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Gate {
    /// The gate.
    pub name: GateName,
    /// What it is about.
    pub addresses: Vec<Address>,
    /// What would happen.
    pub summary: String,
}

/// The gates there are; each is opened by `--allow NAME`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GateName {
    /// New accounts: opened by `--allow-new-accounts N`.
    NewAccounts,
    /// Closing accounts: opened by `--allow-close`.
    Close,
    /// Creating the organization: opened by `--create-organization`.
    CreateOrganization,
    /// Many policies deleted.
    PolicyDelete,
    /// Many policies detached.
    PolicyDetach,
    /// Many units deleted.
    UnitDelete,
    /// Many accounts forgotten.
    AccountForget,
    /// Anything removed at the root.
    RootRemoval,
    /// A switch turned off.
    SwitchOff,
    /// Many accounts moved.
    AccountMove,
    /// The last Allow at or above an account removed.
    LastAllow,
}

/// A sentence for the reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Notice {
    /// What it is about, if one thing.
    pub address: Option<Address>,
    /// The sentence.
    pub text: String,
}

/// A thing that is there and nobody promised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Unmanaged {
    /// The thing.
    pub address: Address,
    /// The thing of ours that it is in or on.
    pub inside: Address,
}

impl Plan {
    /// Whether AWS is as the manifest says, as far as was checked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.withheld.is_empty()
    }
}
