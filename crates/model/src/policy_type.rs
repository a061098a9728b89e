//! The fourteen types of organization policy.
//!
//! Source: `PolicyType` of the AWS Organizations API model, and
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies.html>.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! policy_types {
    ($($(#[$doc:meta])* $variant:ident $key:literal $api:literal),+ $(,)?) => {
        /// A type of organization policy.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub enum PolicyType { $($(#[$doc])* $variant),+ }

        impl PolicyType {
            /// Every type, in the order of their names in a manifest's reference page.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word for it in manifests and addresses: `scp`.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),+ }
            }

            /// AWS's name for it: `SERVICE_CONTROL_POLICY`.
            #[must_use]
            pub fn api_name(self) -> &'static str {
                match self { $(Self::$variant => $api),+ }
            }
        }
    };
}

policy_types! {
    /// Service control policy: the most that principals of member accounts may do.
    Scp "scp" "SERVICE_CONTROL_POLICY",
    /// Resource control policy: who may reach resources of member accounts at the most.
    Rcp "rcp" "RESOURCE_CONTROL_POLICY",
    /// Declarative policy for EC2.
    Ec2 "ec2" "DECLARATIVE_POLICY_EC2",
    /// Tag policy.
    Tag "tag" "TAG_POLICY",
    /// Backup policy.
    Backup "backup" "BACKUP_POLICY",
    /// AI services opt-out policy.
    AiOptOut "ai-opt-out" "AISERVICES_OPT_OUT_POLICY",
    /// Chat applications policy.
    Chat "chat" "CHATBOT_POLICY",
    /// Security Hub policy.
    SecurityHub "security-hub" "SECURITYHUB_POLICY",
    /// Inspector policy.
    Inspector "inspector" "INSPECTOR_POLICY",
    /// GuardDuty policy.
    GuardDuty "guard-duty" "GUARDDUTY_POLICY",
    /// Bedrock policy.
    Bedrock "bedrock" "BEDROCK_POLICY",
    /// S3 policy: account-level public access block.
    S3 "s3" "S3_POLICY",
    /// Upgrade rollout policy.
    UpgradeRollout "upgrade-rollout" "UPGRADE_ROLLOUT_POLICY",
    /// Network Security Director policy.
    NetworkSecurityDirector "network-security-director" "NETWORK_SECURITY_DIRECTOR_POLICY",
}

/// A text that names no policy type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a policy type")]
pub struct PolicyTypeError(pub String);

impl PolicyType {
    /// Reads the manifest's word, `scp`.
    ///
    /// # Errors
    /// [`PolicyTypeError`] for any other word.
    pub fn from_key(text: &str) -> Result<Self, PolicyTypeError> {
        Self::find(text, Self::key)
    }

    /// Reads AWS's name, `SERVICE_CONTROL_POLICY`.
    ///
    /// # Errors
    /// [`PolicyTypeError`] for a type that this version does not know.
    pub fn from_api_name(text: &str) -> Result<Self, PolicyTypeError> {
        Self::find(text, Self::api_name)
    }

    fn find(text: &str, name: fn(Self) -> &'static str) -> Result<Self, PolicyTypeError> {
        let found = Self::ALL.iter().copied().find(|ty| name(*ty) == text);
        found.ok_or_else(|| PolicyTypeError(crate::text::printable(text).into_owned()))
    }

    /// Whether children inherit by merging (declarative) rather than by authorization (SCP, RCP).
    #[must_use]
    pub fn is_declarative(self) -> bool {
        !matches!(self, Self::Scp | Self::Rcp)
    }

    /// The policy that AWS attaches to every target by itself when the type is enabled.
    ///
    /// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html>
    #[must_use]
    pub fn full_access_policy(self) -> Option<FullAccess> {
        match self {
            Self::Scp => Some(FullAccess { id: "p-FullAWSAccess", name: "FullAWSAccess", detachable: true }),
            Self::Rcp => {
                Some(FullAccess { id: "p-RCPFullAWSAccess", name: "RCPFullAWSAccess", detachable: false })
            }
            _ => None,
        }
    }

    /// Whether a policy of this type attached to the root also reaches the management account.
    ///
    /// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies.html>
    #[must_use]
    pub fn reaches_management_account(self) -> bool {
        self.is_declarative()
    }
}

/// A policy of AWS's own that allows everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FullAccess {
    /// Its policy id, the same in every organization.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Whether AWS lets it be detached.
    pub detachable: bool,
}

impl fmt::Display for PolicyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl TryFrom<String> for PolicyType {
    type Error = PolicyTypeError;
    fn try_from(text: String) -> Result<Self, PolicyTypeError> {
        Self::from_key(&text)
    }
}

impl From<PolicyType> for String {
    fn from(ty: PolicyType) -> String {
        ty.key().to_owned()
    }
}
