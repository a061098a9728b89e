//! A stack set: the template and everything its instances share, and the units it was given to.
//!
//! Its key is its id, `name:uuid`. A deleted set moves to a table of its own, where it stays listed as AWS lists it for
//! 90 days, and frees its name.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackSet.html>

use super::super::stack::{partition, uuid};
use crate::world::{Alphabet, Dumped, Entity, World};
use glidepath_model::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Whether operations of a set wait for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) enum Execution {
    /// An operation at a time; a second one is refused.
    #[default]
    Plain,
    /// Operations that touch different instances run at once, others wait for their turn.
    Managed,
}

/// Whether instances follow the accounts of the set's units.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AutoDeployment {
    #[serde(default)]
    pub(super) enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) retain_stacks_on_account_removal: Option<bool>,
    /// ARNs of the sets whose instances come first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) depends_on: Vec<String>,
}

/// What the last drift detection of all instances found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SetDrift {
    pub(super) checked: Timestamp,
    /// `COMPLETED`, `PARTIAL_SUCCESS`, `FAILED` or `STOPPED`.
    pub(super) outcome: String,
    pub(super) total: u64,
    pub(super) drifted: u64,
    pub(super) in_sync: u64,
    pub(super) failed: u64,
}

/// A stack set.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in super::super) struct StackSet {
    pub(super) id: String,
    pub(super) name: String,
    /// The management account, in which it lives.
    pub(super) account: String,
    /// The Region it was made in.
    pub(super) region: String,
    pub(super) description: Option<String>,
    /// The digest of the template's text.
    pub(in super::super) template: String,
    /// Every parameter of the template with its value.
    pub(super) parameters: BTreeMap<String, String>,
    pub(super) capabilities: Vec<String>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) auto_deployment: AutoDeployment,
    pub(super) execution: Execution,
    /// The root and units it was given to, with the Regions: where new accounts get instances by themselves.
    pub(super) targets: BTreeMap<String, BTreeSet<String>>,
    /// How many instances there are in each Region.
    pub(super) regions: BTreeMap<String, u64>,
    /// Grows with every change of what instances are made from; an instance of an older one is outdated.
    pub(super) revision: u64,
    /// The digest of the request that made it, by the request's token.
    pub(super) made_by: Option<(String, String)>,
    /// How many operations it had: orders them.
    pub(super) operations: u64,
    /// How many of them wait for their turn.
    pub(super) waiting: u64,
    pub(super) drift: Option<SetDrift>,
}

impl Entity for StackSet {
    const TABLE: &'static str = "cloudformation.stack_set";
    const DUMPED: Dumped = Dumped::Without(&["revision", "made_by", "operations", "waiting", "drift"]);

    fn key(&self) -> String {
        self.id.clone()
    }

    fn index(&self) -> Vec<(&'static str, String)> {
        let mut index = vec![("name", self.natural())];
        if self.auto_deployment.enabled {
            index.push(("automatic", self.account.clone()));
        }
        index.extend(self.auto_deployment.depends_on.iter().map(|arn| ("depends on", arn.clone())));
        index
    }

    fn alias(&self) -> Option<(String, String)> {
        let unique = self.id.rsplit(':').next()?;
        Some((unique.to_owned(), format!("stack set/{}", self.natural())))
    }
}

impl StackSet {
    /// What makes it unique while it is not deleted: its Region and its name.
    pub(super) fn natural(&self) -> String {
        format!("{}/{}", self.region, self.name)
    }

    pub(super) fn arn(&self) -> String {
        format!(
            "arn:{}:cloudformation:{}:{}:stackset/{}",
            partition(&self.region),
            self.region,
            self.account,
            self.id
        )
    }

    /// How many instances it has.
    pub(super) fn instances(&self) -> u64 {
        self.regions.values().sum()
    }

    /// Notes an instance more in a Region.
    pub(super) fn count_in(&mut self, region: &str) {
        *self.regions.entry(region.to_owned()).or_default() += 1;
    }

    /// Notes an instance less in a Region.
    pub(super) fn count_out(&mut self, region: &str) {
        let left = self.regions.get(region).map_or(0, |count| count.saturating_sub(1));
        if left == 0 {
            self.regions.remove(region);
        } else {
            self.regions.insert(region.to_owned(), left);
        }
    }
}

/// The id in a set's ARN.
pub(super) fn id_of_arn(arn: &str) -> Option<&str> {
    arn.split_once(":stackset/").map(|(_, id)| id)
}

/// Makes up the id of a new set.
pub(super) fn new_id(world: &mut World, region: &str, name: &str) -> String {
    let unique = world.mint("stack set", &format!("{region}/{name}"), Alphabet::LowerHexadecimal, 32);
    format!("{name}:{}", uuid(&unique))
}

/// A set that is deleted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct DeletedStackSet {
    pub(super) set: StackSet,
}

impl Entity for DeletedStackSet {
    const TABLE: &'static str = "cloudformation.deleted_stack_set";
    const DUMPED: Dumped = Dumped::Never;

    fn key(&self) -> String {
        self.set.id.clone()
    }

    fn alias(&self) -> Option<(String, String)> {
        self.set.alias()
    }
}
