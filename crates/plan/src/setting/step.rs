//! The steps from what an account has to what it shall have.

use crate::change::Change;
use crate::kind::account_settings::only;
use crate::spec::Spec;
use glidepath_model::account_settings::{
    AccountSettings, AlternateContact, ContactKind, DefaultVpc, DefaultVpcParts, HttpTokens,
    InstanceMetadata, PasswordPolicy, Preference, PublicAccessBlock, RegionSettings, SnapshotBlock,
};

/// One step: one setting brought to what it shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// An alternate contact is put.
    Contact(ContactKind, AlternateContact),
    /// The account gets this alias.
    Alias(String),
    /// The password policy gets these members, and keeps its others.
    PasswordPolicy(PasswordPolicy),
    /// What no bucket may make public.
    PublicAccessBlock(PublicAccessBlock),
    /// Something of one Region.
    InRegion(String, RegionSetting),
}

/// One step in one Region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegionSetting {
    /// Encryption of new volumes is turned on or off.
    EbsEncryption(bool),
    /// New volumes are encrypted by this key: `key/NAME` of the manifest, an alias, or an ARN.
    EbsKey(String),
    /// New instances get these defaults; the others stay.
    InstanceMetadata(InstanceMetadata),
    /// Serial consoles are opened or shut.
    SerialConsole(bool),
    /// Public sharing of snapshots.
    SnapshotBlock(SnapshotBlock),
    /// Public sharing of images is blocked or not.
    ImageBlock(bool),
    /// The default VPC goes.
    DeleteDefaultVpc(DefaultVpcParts),
}

/// What has to be done, in the order in which it is done. Nothing where nothing differs.
#[must_use]
pub fn steps(before: &AccountSettings, after: &AccountSettings) -> Vec<Setting> {
    let before = &only(before, after);
    let mut all = Vec::new();
    let contacts =
        after.contacts.iter().filter(|(kind, contact)| before.contacts.get(*kind) != Some(*contact));
    all.extend(contacts.map(|(kind, contact)| Setting::Contact(*kind, contact.clone())));
    all.extend(after.alias.clone().filter(|_| before.alias != after.alias).map(Setting::Alias));
    let policy = after.password_policy.clone().filter(|_| before.password_policy != after.password_policy);
    all.extend(policy.map(Setting::PasswordPolicy));
    let block = after.s3_public_access_block;
    let block = block.filter(|_| before.s3_public_access_block != after.s3_public_access_block);
    all.extend(block.map(Setting::PublicAccessBlock));
    let nowhere = RegionSettings::default();
    for (region, after) in &after.regions {
        let before = before.regions.get(region).unwrap_or(&nowhere);
        let steps = in_region(before, after).into_iter();
        all.extend(steps.map(|step| Setting::InRegion(region.clone(), step)));
    }
    all
}

fn in_region(before: &RegionSettings, after: &RegionSettings) -> Vec<RegionSetting> {
    let mut all = Vec::new();
    // The key first: nothing is encrypted by another one in between.
    let key = after.ebs_key.clone().filter(|_| before.ebs_key != after.ebs_key);
    all.extend(key.map(RegionSetting::EbsKey));
    let ebs = after.ebs_encryption.filter(|_| before.ebs_encryption != after.ebs_encryption);
    all.extend(ebs.map(RegionSetting::EbsEncryption));
    if let Some(wanted) = &after.instance_metadata {
        let before = before.instance_metadata.clone().unwrap_or_default();
        let differing = InstanceMetadata {
            http_tokens: wanted.http_tokens.filter(|_| wanted.http_tokens != before.http_tokens),
            hop_limit: wanted.hop_limit.filter(|_| wanted.hop_limit != before.hop_limit),
            endpoint: wanted.endpoint.filter(|_| wanted.endpoint != before.endpoint),
            tags: wanted.tags.filter(|_| wanted.tags != before.tags),
        };
        if differing != InstanceMetadata::default() {
            all.push(RegionSetting::InstanceMetadata(differing));
        }
    }
    let console = after.serial_console.filter(|_| before.serial_console != after.serial_console);
    all.extend(console.map(RegionSetting::SerialConsole));
    let snapshots = after.snapshot_block.filter(|_| before.snapshot_block != after.snapshot_block);
    all.extend(snapshots.map(RegionSetting::SnapshotBlock));
    let images = after.image_block.filter(|_| before.image_block != after.image_block);
    all.extend(images.map(RegionSetting::ImageBlock));
    if let (Some(DefaultVpc::Present(parts)), Some(DefaultVpc::Absent)) =
        (&before.default_vpc, &after.default_vpc)
    {
        all.push(RegionSetting::DeleteDefaultVpc(parts.clone()));
    }
    all
}

/// The default VPCs that a change takes away, by Region.
#[must_use]
pub fn deleted_default_vpcs(change: &Change) -> Vec<(String, DefaultVpcParts)> {
    let (Some(Spec::AccountSettings(before)), Some(Spec::AccountSettings(after))) =
        (change.action.before(), change.action.after())
    else {
        return Vec::new();
    };
    let vpc = |step| match step {
        Setting::InRegion(region, RegionSetting::DeleteDefaultVpc(parts)) => Some((region, parts)),
        _ => None,
    };
    steps(before, after).into_iter().filter_map(vpc).collect()
}

/// Whether all that a change still does is what AWS documents as slow: a block of images shows after up to ten minutes.
///
/// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableImageBlockPublicAccess.html>
#[must_use]
pub fn is_slow(change: &Change) -> bool {
    let (Some(Spec::AccountSettings(before)), Some(Spec::AccountSettings(after))) =
        (change.action.before(), change.action.after())
    else {
        return false;
    };
    let steps = steps(before, after);
    let slow = |step: &Setting| matches!(step, Setting::InRegion(_, RegionSetting::ImageBlock(_)));
    !steps.is_empty() && steps.iter().all(slow)
}

impl Setting {
    /// The operations that it takes.
    #[must_use]
    pub fn operations(&self) -> Vec<&'static str> {
        match self {
            Self::Contact(..) => vec!["account:PutAlternateContact"],
            Self::Alias(_) => vec!["iam:CreateAccountAlias"],
            Self::PasswordPolicy(_) => {
                vec!["iam:GetAccountPasswordPolicy", "iam:UpdateAccountPasswordPolicy"]
            }
            Self::PublicAccessBlock(_) => vec!["s3control:PutPublicAccessBlock"],
            Self::InRegion(_, setting) => setting.operations(),
        }
    }

    /// Whether it takes protection away.
    #[must_use]
    pub fn weakens(&self) -> bool {
        match self {
            Self::Contact(..) | Self::Alias(_) | Self::PasswordPolicy(_) => false,
            Self::PublicAccessBlock(block) => *block != PublicAccessBlock::all(true),
            Self::InRegion(_, setting) => match setting {
                RegionSetting::EbsEncryption(on) | RegionSetting::ImageBlock(on) => !on,
                RegionSetting::SerialConsole(on) => *on,
                RegionSetting::SnapshotBlock(block) => *block == SnapshotBlock::Unblocked,
                RegionSetting::InstanceMetadata(metadata) => {
                    let optional = |tokens| tokens != HttpTokens::Required;
                    metadata.http_tokens.is_some_and(optional)
                        || metadata.tags.is_some_and(|tags| tags == Preference::Enabled)
                }
                RegionSetting::DeleteDefaultVpc(_) => true,
                RegionSetting::EbsKey(_) => false,
            },
        }
    }
}

impl RegionSetting {
    fn operations(&self) -> Vec<&'static str> {
        match self {
            Self::EbsEncryption(true) => vec!["ec2:EnableEbsEncryptionByDefault"],
            Self::EbsEncryption(false) => vec!["ec2:DisableEbsEncryptionByDefault"],
            Self::EbsKey(_) => vec!["ec2:ModifyEbsDefaultKmsKeyId"],
            Self::InstanceMetadata(_) => vec!["ec2:ModifyInstanceMetadataDefaults"],
            Self::SerialConsole(true) => vec!["ec2:EnableSerialConsoleAccess"],
            Self::SerialConsole(false) => vec!["ec2:DisableSerialConsoleAccess"],
            Self::SnapshotBlock(SnapshotBlock::Unblocked) => vec!["ec2:DisableSnapshotBlockPublicAccess"],
            Self::SnapshotBlock(_) => vec!["ec2:EnableSnapshotBlockPublicAccess"],
            Self::ImageBlock(true) => vec!["ec2:EnableImageBlockPublicAccess"],
            Self::ImageBlock(false) => vec!["ec2:DisableImageBlockPublicAccess"],
            Self::DeleteDefaultVpc(parts) => {
                let mut all = vec!["ec2:DescribeNetworkInterfaces"];
                if parts.gateway.is_some() {
                    all.extend((!parts.detached).then_some("ec2:DetachInternetGateway"));
                    all.push("ec2:DeleteInternetGateway");
                }
                all.extend(parts.subnets.iter().map(|_| "ec2:DeleteSubnet"));
                all.push("ec2:DeleteVpc");
                all
            }
        }
    }
}
