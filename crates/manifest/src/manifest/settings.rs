//! `accountSettings:`, and what is said of contacts and root access.

use super::GuardrailException;
use crate::span::{Span, Spanned};
use glidepath_model::Selector;
use glidepath_model::account_settings::{InstanceMetadata, PasswordPolicy, SnapshotBlock};

/// An alternate contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The person's or team's name.
    pub name: String,
    /// Their title.
    pub title: String,
    /// Their e-mail address.
    pub email: String,
    /// Their telephone number.
    pub phone: String,
}

/// An entry of `accountSettings:`; what is left out is left as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountSettingsUse {
    /// Where it stands.
    pub span: Span,
    /// The accounts that get the settings.
    pub on: Vec<Spanned<Selector>>,
    /// Those that are spared for a time.
    pub except: Vec<GuardrailException>,
    /// The password policy of IAM users, as far as it is stated.
    pub password_policy: Option<Spanned<PasswordPolicy>>,
    /// Whether new volumes are encrypted, and by which key.
    pub ebs_encryption: Option<Spanned<EbsEncryption>>,
    /// Whether no bucket can be made public.
    pub s3_public_access_block: Option<Spanned<bool>>,
    /// Defaults for the metadata of new instances, as far as they are stated.
    pub instance_metadata: Option<Spanned<InstanceMetadata>>,
    /// Whether instances can be reached by their serial consoles.
    pub serial_console: Option<Spanned<bool>>,
    /// Whether snapshots can be shared with everybody.
    pub snapshot_block: Option<Spanned<SnapshotBlock>>,
    /// Whether sharing of images with everybody is blocked.
    pub image_block: Option<Spanned<bool>>,
    /// Where it is stated that there shall be no default VPC.
    pub no_default_vpc: Option<Span>,
}

/// Whether new volumes are encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EbsEncryption {
    /// They are not.
    Off,
    /// By whatever key is set, AWS's own at first.
    On,
    /// By this key.
    By(EbsKey),
}

/// A key that encrypts new volumes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EbsKey {
    /// One of `keys:`, by its name.
    Named(String),
    /// An alias or an ARN in the account and Region.
    Text(String),
}
