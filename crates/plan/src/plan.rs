//! A plan: everything that has to happen, in order, and everything that stands in the way of it.
//!
//! Plans are byte-identical for identical inputs: no time of day, no counts of retries, nothing random.

use crate::access::AccessChange;
use crate::change::{Change, Verb};
pub use crate::gate::{Allowances, Gate, GateName, NewAccounts};
use glidepath_model::organization::Gap;
use glidepath_model::{Address, Date, Digest, OrganizationId, PolicyType, Target};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The version of the plan's form on disk and on stdout.
pub const FORMAT_VERSION: u32 = 1;

/// A plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Plan {
    /// The form's version.
    #[serde(rename = "format_version")]
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
    /// The targets of which not every stack was looked at, since nobody asked for it: those whose stacks are not
    /// as they should be are known, those that are not there at all are not.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub unlisted: BTreeSet<Address>,
    /// What AWS is still carrying out of an earlier run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub converging: Vec<Converging>,
    /// The policies that accounts gain and lose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub impact: Vec<Impact>,
    /// What SCPs and RCPs newly deny and newly allow, by accounts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub access: Vec<AccessChange>,
    /// How much of AWS's quotas is used, before and after.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub usage: Vec<Usage>,
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

/// Something that AWS has begun and not finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Converging {
    /// The thing.
    pub address: Address,
    /// What AWS is doing, one sentence without a full stop.
    pub what: String,
}

/// Accounts that gain and lose the same policies, whatever level these are attached at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Impact {
    /// The accounts' names, sorted.
    pub accounts: Vec<String>,
    /// Policies that come to reach them, by type.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub gained: BTreeMap<PolicyType, BTreeSet<String>>,
    /// Policies that no longer reach them, by type.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lost: BTreeMap<PolicyType, BTreeSet<String>>,
}

/// How much of one quota is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Usage {
    /// The quota, by its name in `organization.limits`.
    pub limit: String,
    /// The fullest place, where the quota holds for each place alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Target>,
    /// Used before the plan.
    pub before: u64,
    /// Used after it.
    pub after: u64,
    /// What AWS grants.
    pub quota: u64,
}

impl Plan {
    /// The change to an address, if there is one.
    #[must_use]
    pub fn change(&self, address: &Address) -> Option<&Change> {
        self.changes.iter().find(|change| change.address == *address)
    }

    /// Whether AWS is as the manifest says, as far as was checked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.withheld.is_empty()
    }
}
