//! What AWS CloudFormation tells about stack sets and stacks, in our own types: the facts that readers
//! return and the planner compares. Nothing here says what is wanted.
//!
//! Source of all shapes: the CloudFormation API model,
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/Welcome.html>.

use crate::Timestamp;
use crate::ids::AccountId;
use crate::organization::Tags;
use crate::regions;
use crate::singleton::{Existing, Singleton};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A service-managed stack set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackSet {
    /// Its name, unique among the active stack sets of the administrator account.
    pub name: String,
    /// Its id: the name, a colon, and a UUID.
    pub id: String,
    /// Its ARN.
    pub arn: String,
    /// Its description; empty if none.
    pub description: String,
    /// The template, as stored.
    pub template: String,
    /// The values of the template's parameters.
    pub parameters: BTreeMap<String, String>,
    /// The capabilities that were acknowledged, `CAPABILITY_NAMED_IAM`.
    pub capabilities: BTreeSet<String>,
    /// Whether new accounts of its units get instances by themselves; none where they do not.
    pub auto_deployment: Option<AutoDeployment>,
    /// Whether operations that do not disturb each other run at once and others queue.
    pub managed_execution: bool,
    /// Its tags, which every stack of it carries.
    pub tags: Tags,
}

/// How accounts that come to a unit, or leave it, get or lose their stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AutoDeployment {
    /// Whether the stack stays in an account that leaves.
    pub retain: bool,
    /// The ARNs of the stack sets whose instances must be there first.
    pub depends_on: BTreeSet<String>,
}

/// A unit that new accounts of get instances in some Regions of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AutoDeploymentTarget {
    /// The root's or unit's id.
    pub unit: String,
    /// The Regions.
    pub regions: BTreeSet<String>,
}

/// One stack of a stack set: an account in a Region.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Instance {
    /// The account.
    pub account: AccountId,
    /// The Region.
    pub region: String,
    /// The id of the root or unit it was made for; none where AWS does not tell.
    pub unit: Option<String>,
    /// Whether it has what the set says.
    pub status: InstanceStatus,
    /// What stands in the way, in AWS's words; empty if nothing.
    pub reason: String,
}

/// Words by which CloudFormation says that an account has not enabled a Region. AWS documents that stacks then
/// fail, and not how it says so: any of these counts, in a Region that has to be enabled.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-opt-in-regions.html>
const NOT_ENABLED: [&str; 4] = ["not enabled", "is disabled", "not opted in", "opt-in"];

/// Whether a stack waits for its Region to be enabled, by what stands in its way.
#[must_use]
pub fn waits_for_region(region: &str, reason: &str) -> bool {
    let opt_in = regions::is_opt_in(region);
    let reason = reason.to_lowercase();
    opt_in && NOT_ENABLED.iter().any(|words| reason.contains(words))
}

/// Whether a stack of a stack set has what the set says.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackInstanceComprehensiveStatus.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum InstanceStatus {
    /// It does.
    Succeeded,
    /// An operation is to reach it.
    Pending,
    /// An operation is on it.
    Running,
    /// The last operation failed on it.
    Failed,
    /// The last operation was stopped before it reached it.
    Cancelled,
    /// The stack could not be deleted, and no operation touches it until somebody has.
    Inoperable,
    /// Its account is suspended.
    SkippedSuspendedAccount,
}

impl InstanceStatus {
    /// AWS's name of it.
    #[must_use]
    pub fn api_name(self) -> &'static str {
        match self {
            Self::Succeeded => "SUCCEEDED",
            Self::Pending => "PENDING",
            Self::Running => "RUNNING",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
            Self::Inoperable => "INOPERABLE",
            Self::SkippedSuspendedAccount => "SKIPPED_SUSPENDED_ACCOUNT",
        }
    }

    /// The status of that name; an import that failed has failed.
    #[must_use]
    pub fn from_api_name(name: &str) -> Option<Self> {
        if name == "FAILED_IMPORT" {
            return Some(Self::Failed);
        }
        [
            Self::Succeeded,
            Self::Pending,
            Self::Running,
            Self::Failed,
            Self::Cancelled,
            Self::Inoperable,
            Self::SkippedSuspendedAccount,
        ]
        .into_iter()
        .find(|status| status.api_name() == name)
    }
}

/// An operation on a stack set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackSetOperation {
    /// Its id, chosen by who asked for it.
    pub id: String,
    /// What it does.
    pub action: StackSetAction,
    /// How it stands.
    pub status: OperationStatus,
    /// When it was asked for.
    pub created: Option<Timestamp>,
    /// On how many stacks it failed; none where AWS does not tell.
    pub failed: Option<u32>,
}

/// What an operation does to the stacks of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StackSetAction {
    /// It makes stacks.
    Create,
    /// It updates them.
    Update,
    /// It deletes them.
    Delete,
    /// It compares them with what is there.
    DetectDrift,
}

/// How an operation on a stack set stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OperationStatus {
    /// It waits for others.
    Queued,
    /// It runs.
    Running,
    /// It is being stopped.
    Stopping,
    /// It was stopped.
    Stopped,
    /// It ended, with no more failures than were tolerated.
    Succeeded,
    /// It ended with more failures than were tolerated.
    Failed,
}

impl OperationStatus {
    /// Whether it has ended.
    #[must_use]
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Stopped | Self::Succeeded | Self::Failed)
    }
}

/// What an operation did to one stack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OperationResult {
    /// The account.
    pub account: AccountId,
    /// The Region.
    pub region: String,
    /// AWS's word: `SUCCEEDED`, `FAILED`, `CANCELLED`, `PENDING` or `RUNNING`.
    pub status: String,
    /// What stands in the way, in AWS's words; empty if nothing.
    pub reason: String,
}

/// A stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stack {
    /// Its name, unique in its account and Region.
    pub name: String,
    /// Its ARN.
    pub id: String,
    /// AWS's word for how it stands, `CREATE_COMPLETE`.
    pub status: String,
    /// Why, in AWS's words; empty if AWS says nothing.
    pub reason: String,
    /// The values of its template's parameters.
    pub parameters: BTreeMap<String, String>,
    /// The capabilities that were acknowledged.
    pub capabilities: BTreeSet<String>,
    /// Whether it is kept from being deleted.
    pub termination_protection: bool,
    /// What it gives out, by name.
    pub outputs: BTreeMap<String, String>,
    /// Its tags.
    pub tags: Tags,
}

impl Stack {
    /// Whether something is being done to it.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.status.ends_with("_IN_PROGRESS") && self.status != "REVIEW_IN_PROGRESS"
    }
}

/// The stack sets and stacks that one look found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployments {
    /// Service-managed stack sets, by name.
    pub stack_sets: BTreeMap<String, DeployedStackSet>,
    /// Stacks of the management account, by Region and name.
    pub stacks: BTreeMap<(String, String), DeployedStack>,
    /// What accounts have once in a Region, by account and Region: those that a stack to come would make, none where
    /// it was looked for and is not there.
    pub singletons: BTreeMap<(AccountId, String), BTreeMap<Singleton, Option<Existing>>>,
}

/// A resource of a stack that is not as the stack says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ResourceDrift {
    /// Its name in the template.
    pub logical_id: String,
    /// AWS's id of it; none where AWS does not tell.
    pub physical_id: Option<String>,
    /// Its type, `AWS::S3::Bucket`.
    #[serde(rename = "type")]
    pub ty: String,
    /// What became of it.
    pub state: ResourceState,
    /// What differs, by path; nothing of what was deleted.
    pub properties: Vec<PropertyDrift>,
}

/// What became of a resource behind its stack's back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ResourceState {
    /// It is there and differs.
    Modified,
    /// It is gone.
    Deleted,
}

/// A property of a resource that is not as the stack says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PropertyDrift {
    /// Where it is, as a JSON pointer.
    pub path: String,
    /// What the template says; empty if nothing.
    pub expected: String,
    /// What is there; empty if nothing.
    pub actual: String,
}

/// A stack whose resources are not as it says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct StackDrift {
    /// The account.
    pub account: AccountId,
    /// The Region.
    pub region: String,
    /// What differs in it.
    pub resources: Vec<ResourceDrift>,
}

/// A stack set with what was read of its stacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeployedStackSet {
    /// The set.
    pub set: StackSet,
    /// The units that it deploys to by itself; empty for a set without auto-deployment.
    pub targets: BTreeSet<AutoDeploymentTarget>,
    /// Its stacks, as far as they were listed.
    pub instances: BTreeSet<Instance>,
    /// Which of its stacks were listed.
    pub listing: Listing,
    /// What runs or waits to run on it.
    pub running: Vec<StackSetOperation>,
}

/// Which stacks of a stack set a look has listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Listing {
    /// Every one of them.
    Every,
    /// Those that are not as they should be; what other stacks there are was not asked.
    #[default]
    Troubled,
    /// Likewise; and the name of the last operation that made or deleted stacks says that it left the set with
    /// just the targets that the manifest wants.
    Traced,
}

/// A stack with its template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeployedStack {
    /// The stack.
    pub stack: Stack,
    /// The template it was last given, as it was sent; none where it was not asked for.
    pub template: Option<String>,
    /// The resources, by their names in the template, at which its way back or its deletion failed; empty where
    /// neither did.
    pub stuck: BTreeSet<String>,
}
