//! What IAM Identity Center tells, in our own types: the instance, its permission sets, who is assigned them where,
//! and the directory. Nothing here says what is wanted.
//!
//! Source of all shapes: the API references of IAM Identity Center and of the identity store,
//! <https://docs.aws.amazon.com/singlesignon/latest/APIReference/welcome.html>,
//! <https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/welcome.html>.

use crate::Timestamp;
use crate::ids::AccountId;
use crate::organization::Tags;
use crate::principal::Principal;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The organization's instance of IAM Identity Center.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    /// Its ARN, without Region or account: `arn:aws:sso:::instance/ssoins-…`.
    pub arn: String,
    /// The id of its directory, `d-…`.
    pub identity_store: String,
    /// The account it belongs to: the management account for the organization's own.
    pub owner: Option<AccountId>,
}

/// A reference to a policy that each account has for itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerPolicy {
    /// Its name.
    pub name: String,
    /// Its path, `/` unless it has one.
    pub path: String,
}

/// The policy beyond which a permission set grants nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Boundary {
    /// One of AWS's own, by its ARN.
    Managed(String),
    /// One that each account has for itself.
    Customer(CustomerPolicy),
}

/// A permission set with all that hangs on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionSet {
    /// Its ARN, `arn:aws:sso:::permissionSet/ssoins-…/ps-…`.
    pub arn: String,
    /// Its name, unique in the instance and never changed.
    pub name: String,
    /// Its description; empty if none.
    pub description: String,
    /// How long a session lasts, in seconds.
    pub session: u32,
    /// Where a session begins; empty for the console's start page.
    pub relay_state: String,
    /// The ARNs of AWS's own policies in it.
    pub managed: BTreeSet<String>,
    /// The policies of each account in it.
    pub customer: BTreeSet<CustomerPolicy>,
    /// Its inline policy, as stored; none if it has none.
    pub inline: Option<String>,
    /// Its boundary.
    pub boundary: Option<Boundary>,
    /// Its tags.
    pub tags: Tags,
    /// The accounts that have its role.
    pub accounts: BTreeSet<AccountId>,
    /// Those of them whose role is not what the set says by now.
    pub stale: BTreeSet<AccountId>,
}

/// A permission set of which only the name and the owner were asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignPermissionSet {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// Its tags.
    pub tags: Tags,
}

/// One principal that has one permission set in one account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Assignment {
    /// The permission set's ARN.
    pub permission_set: String,
    /// The group or user.
    pub principal: PrincipalId,
    /// The account.
    pub account: AccountId,
}

/// A group or a user, by its id in the directory.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PrincipalId {
    /// A group.
    Group(String),
    /// A user.
    User(String),
}

impl PrincipalId {
    /// The id alone.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Group(id) | Self::User(id) => id,
        }
    }

    /// The principal of this id, under a name.
    #[must_use]
    pub fn named(&self, name: &str) -> Principal {
        match self {
            Self::Group(_) => Principal::Group(name.to_owned()),
            Self::User(_) => Principal::User(name.to_owned()),
        }
    }
}

/// A group of the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its description; empty if none.
    pub description: String,
    /// The ids of its users, where they were read.
    pub members: Option<BTreeSet<String>>,
}

/// A user of the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The id.
    pub id: String,
    /// The user name.
    pub name: String,
    /// The name as it is shown; empty if none.
    pub display: String,
    /// The given name; empty if none.
    pub given: String,
    /// The family name; empty if none.
    pub family: String,
    /// The primary e-mail address; empty if none.
    pub email: String,
}

/// A request that AWS carries out in its own time: an assignment made or taken away, a set provisioned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Its id.
    pub id: String,
    /// How it stands.
    pub state: RequestState,
    /// When it was made, where AWS tells.
    pub created: Option<Timestamp>,
}

/// How a request stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RequestState {
    /// Not decided yet.
    InProgress,
    /// It is done.
    Succeeded,
    /// AWS's reason.
    Failed(String),
}

/// Everything that one look at IAM Identity Center found.
///
/// What could not be read is missing here and named in the snapshot's gaps.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityCenter {
    /// The instance; none where it is not enabled, or was not looked for.
    pub instance: Option<Instance>,
    /// Permission sets that are ours or wanted, by ARN.
    pub permission_sets: BTreeMap<String, PermissionSet>,
    /// The others, by ARN.
    pub foreign_sets: BTreeMap<String, ForeignPermissionSet>,
    /// Groups and users of whom anything was asked, by name.
    pub principals: BTreeMap<Principal, PrincipalId>,
    /// Those that the manifest names and the directory does not have, each with the nearest name that it has.
    pub missing: BTreeMap<Principal, Option<String>>,
    /// Assignments of the permission sets that are ours or wanted, as far as they were read.
    pub assignments: BTreeSet<Assignment>,
    /// Names of principals that the manifest does not name and that were found in assignments.
    pub names: BTreeMap<PrincipalId, String>,
    /// Pairs of permission set and account of which every principal was read.
    pub whole: BTreeSet<(String, AccountId)>,
    /// Groups of a managed directory, by name.
    pub groups: BTreeMap<String, Group>,
    /// Users of a managed directory, by name.
    pub users: BTreeMap<String, User>,
    /// Attributes for access control, by name, each with where its value comes from; none where they are not enabled,
    /// or were not looked for.
    pub attributes: Option<BTreeMap<String, String>>,
}
