//! What AWS tells about an organization, in our own types: the facts that readers return and the
//! planner compares. Nothing here says what is wanted.
//!
//! Source of all shapes: the AWS Organizations API model.

use crate::Timestamp;
use crate::account_settings::{AccountSettings, RootFeature};
use crate::deployment::Deployments;
use crate::identity_center::IdentityCenter;
use crate::ids::{AccountId, CreateRequestId, NodeId, OrganizationId, PolicyId, RootId, UnitId};
use crate::key::KeyRecord;
use crate::policy_type::PolicyType;
use crate::regions::OptInStatus;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Tags by key. Keys are unique on a resource and compare by case.
pub type Tags = BTreeMap<String, String>;

/// The organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Its ARN.
    pub arn: String,
    /// Whether all features are on; policies and trusted access need them.
    pub features: FeatureSet,
    /// The management account.
    pub management_id: AccountId,
    /// The management account's e-mail address.
    pub management_email: String,
}

/// What an organization can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FeatureSet {
    /// Policies, trusted access and consolidated billing.
    All,
    /// Only consolidated billing.
    ConsolidatedBilling,
}

/// The root of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Root {
    /// Its id.
    pub id: RootId,
    /// Its ARN.
    pub arn: String,
    /// Its name, `Root` unless changed.
    pub name: String,
    /// The policy types that are enabled or on their way; a type not listed is disabled.
    pub policy_types: BTreeMap<PolicyType, PolicyTypeStatus>,
}

/// Where a policy type stands at the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PolicyTypeStatus {
    /// In force.
    Enabled,
    /// AWS is enabling it.
    PendingEnable,
    /// AWS is disabling it.
    PendingDisable,
}

/// A unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// Its ARN.
    pub arn: String,
    /// Its name, unique among its siblings.
    pub name: String,
    /// The root or the unit it hangs under.
    pub parent: NodeId,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its ARN.
    pub arn: String,
    /// Its name; AWS does not keep names unique.
    pub name: String,
    /// The root user's e-mail address, unique across AWS.
    pub email: String,
    /// Its state.
    pub state: AccountState,
    /// The root or the unit it hangs under.
    pub parent: NodeId,
    /// Whether Organizations created it (else it was invited and may lack the access role).
    pub created: bool,
    /// When it joined, where AWS tells.
    pub joined: Option<Timestamp>,
}

/// The state of an account.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_account_state.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccountState {
    /// Signed up, not usable yet.
    PendingActivation,
    /// In use.
    Active,
    /// Restricted by AWS.
    Suspended,
    /// A close request is being carried out.
    PendingClosure,
    /// Closed, recoverable for 90 days.
    Closed,
}

impl AccountState {
    /// Whether the account can be worked with.
    #[must_use]
    pub fn is_usable(self) -> bool {
        matches!(self, Self::Active)
    }
}

/// A policy without its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicySummary {
    /// Its id.
    pub id: PolicyId,
    /// Its ARN.
    pub arn: String,
    /// Its type.
    pub ty: PolicyType,
    /// Its name, unique within its type.
    pub name: String,
    /// Its description; empty if none.
    pub description: String,
    /// Whether AWS made it and nobody may change it.
    pub aws_managed: bool,
}

/// A policy with its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// What a listing tells.
    pub summary: PolicySummary,
    /// The document, as stored.
    pub content: String,
}

/// A delegated administrator of one service.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DelegatedAdministrator {
    /// The service principal.
    pub service: String,
    /// The account.
    pub account: AccountId,
}

/// The organization's delegation policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourcePolicy {
    /// Its id, `rp-…`.
    pub id: String,
    /// Its ARN.
    pub arn: String,
    /// The document, as stored.
    pub content: String,
}

/// A request to create an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateAccountRequest {
    /// Its id.
    pub id: CreateRequestId,
    /// The name that was asked for.
    pub account_name: String,
    /// How it stands.
    pub state: CreateAccountState,
    /// When it was made.
    pub requested: Timestamp,
}

/// How a request to create an account stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CreateAccountState {
    /// Not decided yet.
    InProgress,
    /// The account exists.
    Succeeded(AccountId),
    /// AWS's reason, such as `EMAIL_ALREADY_EXISTS`.
    Failed(String),
}

/// Everything that one look at an organization found, by AWS's ids.
///
/// What could not be read is missing here and named in [`Snapshot::gaps`]: a missing entry under a gap
/// is unknown, never absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The organization; none when the caller's account belongs to none.
    pub organization: Option<Organization>,
    /// Its root.
    pub root: Option<Root>,
    /// Every unit.
    pub units: BTreeMap<UnitId, Unit>,
    /// Every account, suspended and closed ones included.
    pub accounts: BTreeMap<AccountId, Account>,
    /// Requests to create accounts that are in progress.
    pub create_requests: Vec<CreateAccountRequest>,
    /// Every policy of the enabled types, AWS's own included.
    pub policies: BTreeMap<PolicyId, PolicySummary>,
    /// Contents of those policies that were read (customer policies).
    pub contents: BTreeMap<PolicyId, String>,
    /// What each policy is attached to, for those that were read.
    pub attachments: BTreeMap<PolicyId, BTreeSet<NodeId>>,
    /// Service principals with trusted access.
    pub trusted_access: BTreeSet<String>,
    /// Delegated administrators.
    pub delegated_administrators: BTreeSet<DelegatedAdministrator>,
    /// The delegation policy, if there is one.
    pub resource_policy: Option<ResourcePolicy>,
    /// Keys of AWS KMS that carry a mark or a name that the manifest gives, where it speaks of keys.
    pub keys: Vec<KeyRecord>,
    /// Tags by ARN, of everything whose tags were read; an entry may be empty.
    pub tags: BTreeMap<String, Tags>,
    /// Stack sets and stacks, as far as they were looked at.
    #[serde(default)]
    pub deployments: Deployments,
    /// IAM Identity Center, where the manifest speaks of it.
    #[serde(default)]
    pub identity_center: IdentityCenter,
    /// The opt-in Regions of the accounts that were asked for them, by account; one that is not named in a row is
    /// disabled. Where account management has no trusted access to the organization nobody can be asked, and the row
    /// of a member is empty. An account without a row was not asked.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub opt_ins: BTreeMap<AccountId, BTreeMap<String, OptInStatus>>,
    /// What accounts have of the settings that the manifest gives them, for those accounts that were asked.
    #[serde(default)]
    pub account_settings: BTreeMap<AccountId, AccountSettings>,
    /// Which parts of centralized root access are on, where the manifest speaks of it.
    #[serde(default)]
    pub root_access: Option<BTreeSet<RootFeature>>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Gap {
    /// The addresses that are unknown by it: every address whose text starts so (`policy/scp/`), or the
    /// empty text for all.
    pub prefix: String,
    /// The AWS operation that failed, `organizations:ListPolicies`.
    pub operation: String,
    /// What AWS answered, in one line.
    pub error: String,
}
