//! What a world is made from, and the count of what was done to it.

use super::entity::Entity;
use glidepath_model::{AccountId, OrganizationId, Timestamp};
use serde::{Deserialize, Serialize};

/// What a new world is made from: equal seeds make equal worlds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorldSeed {
    /// The number every id and every chance follows from.
    pub seed: u64,
    /// The account that is, or will be, the management account.
    pub management: ManagementAccount,
    /// Whether the organization exists from the start.
    pub founding: Founding,
    /// The id that the organization has or gets; none to derive one from the seed.
    #[serde(default)]
    pub organization_id: Option<OrganizationId>,
    /// ARNs of IAM roles that exist from the start, besides the access roles of created accounts. They trust the
    /// management account and their own. A text that is no role's ARN is passed over.
    pub roles: Vec<String>,
    /// The time at which the world begins.
    pub start: Timestamp,
    /// Whether somebody has enabled IAM Identity Center for the organization, which no call can do.
    #[serde(default)]
    pub identity_center: IdentityCenter,
}

/// Whether IAM Identity Center is enabled for the organization. Where it is, a new organization has it at once.
///
/// Source: <https://docs.aws.amazon.com/singlesignon/latest/userguide/enable-identity-center.html>
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum IdentityCenter {
    /// Nobody has enabled it.
    Absent,
    /// It is enabled in a Region, with its own directory.
    In(String),
}

impl Default for IdentityCenter {
    fn default() -> Self {
        Self::In("us-east-1".to_owned())
    }
}

/// The account that is, or will be, the management account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManagementAccount {
    /// Its id.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// Its e-mail address.
    pub email: String,
}

/// Whether an organization exists from the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Founding {
    /// An organization with all features and no policy type enabled, long past its first hour.
    Organization,
    /// A stand-alone account.
    StandAlone,
}

/// How often a mutating operation succeeded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Calls {
    pub(crate) operation: String,
    pub(crate) times: u64,
}

impl Entity for Calls {
    const TABLE: &'static str = "world.calls";

    fn key(&self) -> String {
        self.operation.clone()
    }
}
