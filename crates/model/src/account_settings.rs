//! Settings that concern an account as a whole: contacts, alias, password policy, public access to buckets, and what
//! new volumes, images, snapshots and instances of each Region get. As facts that readers return and as what is wanted:
//! one type for both, in which a setting that is not asked for, or that AWS does not have, is left out.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What an account has of the settings in question.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct AccountSettings {
    /// Its alternate contacts.
    pub contacts: BTreeMap<ContactKind, AlternateContact>,
    /// Its alias, which stands for the id in the address of its sign-in page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// Its password policy; of one that is wanted only the members that shall be so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_policy: Option<PasswordPolicy>,
    /// What none of its buckets may make public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub s3_public_access_block: Option<PublicAccessBlock>,
    /// What it has in each Region.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub regions: BTreeMap<String, RegionSettings>,
}

/// What an account has in one Region.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RegionSettings {
    /// Whether new volumes are encrypted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ebs_encryption: Option<bool>,
    /// By which key: `key/NAME` of the manifest, an alias, or an ARN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ebs_key: Option<String>,
    /// Defaults for the metadata of new instances; of wanted ones only the members that shall be so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_metadata: Option<InstanceMetadata>,
    /// Whether instances can be reached by their serial consoles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial_console: Option<bool>,
    /// Whether snapshots can be shared with everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot_block: Option<SnapshotBlock>,
    /// Whether sharing of images with everybody is blocked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_block: Option<bool>,
    /// The default VPC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_vpc: Option<DefaultVpc>,
}

/// A kind of alternate contact.
///
/// Source: <https://docs.aws.amazon.com/accounts/latest/reference/API_PutAlternateContact.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ContactKind {
    /// Whom AWS asks about bills.
    Billing,
    /// Whom AWS asks about what runs.
    Operations,
    /// Whom AWS tells of security findings and abuse.
    Security,
}

impl ContactKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Billing, Self::Operations, Self::Security];

    /// Its word in the manifest.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Billing => "billing",
            Self::Operations => "operations",
            Self::Security => "security",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// What AWS calls it.
    #[must_use]
    pub fn api_name(self) -> &'static str {
        match self {
            Self::Billing => "BILLING",
            Self::Operations => "OPERATIONS",
            Self::Security => "SECURITY",
        }
    }
}

/// An alternate contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlternateContact {
    /// The person's or team's name.
    pub name: String,
    /// Their title.
    pub title: String,
    /// Their e-mail address.
    pub email: String,
    /// Their telephone number.
    pub phone: String,
}

/// The password policy of an account; a member that is left out is not asked for, or is not set.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html>
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PasswordPolicy {
    /// The fewest characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum_length: Option<u32>,
    /// Whether a symbol is required.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub symbols: Option<bool>,
    /// Whether a digit is required.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numbers: Option<bool>,
    /// Whether a capital letter is required.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uppercase: Option<bool>,
    /// Whether a small letter is required.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lowercase: Option<bool>,
    /// After how many days a password expires.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u32>,
    /// How many former passwords cannot be used again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reuse_prevention: Option<u32>,
    /// Whether somebody whose password expired is locked out until an administrator sets another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hard_expiry: Option<bool>,
    /// Whether users may change their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub users_may_change: Option<bool>,
}

impl PasswordPolicy {
    /// The length that AWS asks for where an account has no policy.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html>
    pub const USUAL_LENGTH: u32 = 8;

    /// What is wanted, and of all else what was there before: AWS replaces the whole policy, so that what is not said
    /// would be lost. Where there was none, the length that AWS asked for until then stays.
    #[must_use]
    pub fn over(&self, before: Option<&Self>) -> Self {
        let none = Self { minimum_length: Some(Self::USUAL_LENGTH), ..Self::default() };
        let before = before.unwrap_or(&none);
        Self {
            minimum_length: self.minimum_length.or(before.minimum_length),
            symbols: self.symbols.or(before.symbols),
            numbers: self.numbers.or(before.numbers),
            uppercase: self.uppercase.or(before.uppercase),
            lowercase: self.lowercase.or(before.lowercase),
            max_age: self.max_age.or(before.max_age),
            reuse_prevention: self.reuse_prevention.or(before.reuse_prevention),
            hard_expiry: self.hard_expiry.or(before.hard_expiry),
            users_may_change: self.users_may_change.or(before.users_may_change),
        }
    }

    /// Only those members that `wanted` speaks of.
    #[must_use]
    pub fn only(&self, wanted: &Self) -> Self {
        Self {
            minimum_length: self.minimum_length.filter(|_| wanted.minimum_length.is_some()),
            symbols: self.symbols.filter(|_| wanted.symbols.is_some()),
            numbers: self.numbers.filter(|_| wanted.numbers.is_some()),
            uppercase: self.uppercase.filter(|_| wanted.uppercase.is_some()),
            lowercase: self.lowercase.filter(|_| wanted.lowercase.is_some()),
            max_age: self.max_age.filter(|_| wanted.max_age.is_some()),
            reuse_prevention: self.reuse_prevention.filter(|_| wanted.reuse_prevention.is_some()),
            hard_expiry: self.hard_expiry.filter(|_| wanted.hard_expiry.is_some()),
            users_may_change: self.users_may_change.filter(|_| wanted.users_may_change.is_some()),
        }
    }
}

/// What an account lets none of its buckets make public.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_PutPublicAccessBlock.html>
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PublicAccessBlock {
    /// Whether public access control lists are refused.
    pub block_public_acls: bool,
    /// Whether public access control lists that are there have no effect.
    pub ignore_public_acls: bool,
    /// Whether bucket policies that make something public are refused.
    pub block_public_policy: bool,
    /// Whether buckets with a public policy are open to the account alone.
    pub restrict_public_buckets: bool,
}

impl PublicAccessBlock {
    /// All four on, or all four off.
    #[must_use]
    pub fn all(on: bool) -> Self {
        Self {
            block_public_acls: on,
            ignore_public_acls: on,
            block_public_policy: on,
            restrict_public_buckets: on,
        }
    }
}

/// Defaults for the metadata service of new instances; a member that is left out is not asked for.
///
/// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMetadataDefaults.html>
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct InstanceMetadata {
    /// Whether a token is needed: `required` is version 2 alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_tokens: Option<HttpTokens>,
    /// How many hops an answer may travel, 1 to 64; none where AWS has no preference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hop_limit: Option<u32>,
    /// Whether the service answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<Preference>,
    /// Whether it tells the tags of the instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Preference>,
}

impl InstanceMetadata {
    /// Only those members that `wanted` speaks of.
    #[must_use]
    pub fn only(&self, wanted: &Self) -> Self {
        Self {
            http_tokens: self.http_tokens.filter(|_| wanted.http_tokens.is_some()),
            hop_limit: self.hop_limit.filter(|_| wanted.hop_limit.is_some()),
            endpoint: self.endpoint.filter(|_| wanted.endpoint.is_some()),
            tags: self.tags.filter(|_| wanted.tags.is_some()),
        }
    }
}

/// Whether instances ask for a token before they tell their metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HttpTokens {
    /// With a token only.
    Required,
    /// With and without.
    Optional,
    /// As the image or the launch says.
    NoPreference,
}

impl HttpTokens {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Required, Self::Optional, Self::NoPreference];

    /// Its word, which is AWS's.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Optional => "optional",
            Self::NoPreference => "no-preference",
        }
    }

    /// The choice of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.word() == word)
    }
}

/// Whether something is on where whoever launches an instance says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Preference {
    /// On.
    Enabled,
    /// Off.
    Disabled,
    /// As the image or the launch says.
    NoPreference,
}

impl Preference {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Enabled, Self::Disabled, Self::NoPreference];

    /// Its word, which is AWS's.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
            Self::NoPreference => "no-preference",
        }
    }

    /// The choice of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.word() == word)
    }
}

/// Whether snapshots of volumes can be shared with everybody.
///
/// Source: <https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SnapshotBlock {
    /// None can, and those that are shared no longer are.
    BlockAllSharing,
    /// No more can; those that are shared stay so.
    BlockNewSharing,
    /// All can.
    Unblocked,
}

impl SnapshotBlock {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::BlockAllSharing, Self::BlockNewSharing, Self::Unblocked];

    /// Its word, which is AWS's.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::BlockAllSharing => "block-all-sharing",
            Self::BlockNewSharing => "block-new-sharing",
            Self::Unblocked => "unblocked",
        }
    }

    /// The choice of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.word() == word)
    }
}

/// How the default VPC of a Region stands.
///
/// Source: <https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html>
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DefaultVpc {
    /// There is none.
    Absent,
    /// It is there, with what goes with it.
    Present(DefaultVpcParts),
}

/// A default VPC and what goes with it; its route table, access list and security group go by themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DefaultVpcParts {
    /// Its id.
    pub vpc: String,
    /// The ids of its subnets.
    pub subnets: BTreeSet<String>,
    /// The id of its internet gateway.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway: Option<String>,
    /// Whether that gateway hangs on nothing any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub detached: bool,
    /// The ids of network interfaces that live in it, so that it cannot go.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub interfaces: BTreeSet<String>,
}

/// A part of the organization's centralized root access.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-enable-root-access.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RootFeature {
    /// The organization can take root credentials of members away, and members made since have none.
    CredentialsManagement,
    /// The organization can act as the root of a member, for tasks that AWS lists.
    Sessions,
}

impl RootFeature {
    /// Every part.
    pub const ALL: [Self; 2] = [Self::CredentialsManagement, Self::Sessions];

    /// Its word in addresses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::CredentialsManagement => "credentials-management",
            Self::Sessions => "sessions",
        }
    }

    /// The part of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|feature| feature.word() == word)
    }

    /// What AWS calls it.
    #[must_use]
    pub fn api_name(self) -> &'static str {
        match self {
            Self::CredentialsManagement => "RootCredentialsManagement",
            Self::Sessions => "RootSessions",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn policy() -> impl Strategy<Value = PasswordPolicy> {
        let flag = || proptest::option::of(any::<bool>());
        let number = || proptest::option::of(1u32..200);
        let numbers = (number(), number(), number());
        let flags = (flag(), flag(), flag(), flag(), flag(), flag());
        (numbers, flags).prop_map(|((minimum_length, max_age, reuse_prevention), flags)| {
            let (symbols, numbers, uppercase, lowercase, hard_expiry, users_may_change) = flags;
            PasswordPolicy {
                minimum_length,
                symbols,
                numbers,
                uppercase,
                lowercase,
                max_age,
                reuse_prevention,
                hard_expiry,
                users_may_change,
            }
        })
    }

    proptest! {
        #[test]
        fn what_is_wanted_comes_about_and_all_else_stays(wanted in policy(), before in policy()) {
            let after = wanted.over(Some(&before));
            prop_assert_eq!(after.only(&wanted), wanted.clone());
            prop_assert_eq!(wanted.over(Some(&after)), after.clone(), "once more changes nothing");
            prop_assert_eq!(PasswordPolicy::default().over(Some(&before)), before);
        }
    }

    #[test]
    fn a_first_policy_asks_for_no_shorter_passwords_than_aws_did() {
        let wanted = PasswordPolicy { symbols: Some(true), ..PasswordPolicy::default() };
        assert_eq!(wanted.over(None).minimum_length, Some(8));
    }

    #[test]
    fn every_word_comes_back() {
        assert!(ContactKind::ALL.iter().all(|kind| ContactKind::from_word(kind.word()) == Some(*kind)));
        assert!(RootFeature::ALL.iter().all(|one| RootFeature::from_word(one.word()) == Some(*one)));
        assert!(SnapshotBlock::ALL.iter().all(|one| SnapshotBlock::from_word(one.word()) == Some(*one)));
        assert_eq!(HttpTokens::from_word("no"), None);
    }
}
