//! A key of AWS KMS as it was read: what it is, and all that hangs on it.

use crate::ids::AccountId;
use crate::organization::Tags;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How a key stands.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum KeyState {
    /// A replica that is being made.
    Creating,
    /// It can be used.
    Enabled,
    /// It cannot be used until it is enabled again.
    Disabled,
    /// It will be deleted.
    PendingDeletion,
    /// It has no material yet.
    PendingImport,
    /// A primary key that will be deleted once its replicas are gone.
    PendingReplicaDeletion,
    /// Its custom key store is not connected.
    Unavailable,
    /// Its primary Region is being changed.
    Updating,
}

impl KeyState {
    /// The state of this name in AWS's answers.
    #[must_use]
    pub fn from_api_name(name: &str) -> Option<Self> {
        Some(match name {
            "Creating" => Self::Creating,
            "Enabled" => Self::Enabled,
            "Disabled" => Self::Disabled,
            "PendingDeletion" => Self::PendingDeletion,
            "PendingImport" => Self::PendingImport,
            "PendingReplicaDeletion" => Self::PendingReplicaDeletion,
            "Unavailable" => Self::Unavailable,
            "Updating" => Self::Updating,
            _ => return None,
        })
    }

    /// Whether it will be deleted.
    #[must_use]
    pub fn is_going(self) -> bool {
        matches!(self, Self::PendingDeletion | Self::PendingReplicaDeletion)
    }

    /// Whether this passes by itself within seconds.
    #[must_use]
    pub fn is_passing(self) -> bool {
        matches!(self, Self::Creating | Self::Updating)
    }
}

/// What a key is among those of its id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Regionality {
    /// It is in one Region for good.
    Single,
    /// The primary key of a set.
    Primary {
        /// The Regions of its replicas.
        replicas: BTreeSet<String>,
    },
    /// A replica.
    Replica {
        /// The Region of its primary key.
        primary: String,
    },
}

/// A key, in one account and Region.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key {
    /// The account that owns it.
    pub account: AccountId,
    /// Where it is.
    pub region: String,
    /// Its id; related multi-Region keys have the same.
    pub id: String,
    /// Its ARN.
    pub arn: String,
    /// Its description; empty if none.
    pub description: String,
    /// How it stands.
    pub state: KeyState,
    /// What it is among those of its id.
    pub regionality: Regionality,
}

/// A key with all that hangs on it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct KeyRecord {
    /// The key.
    pub key: Key,
    /// Its policy, as AWS shows it.
    pub policy: String,
    /// Its aliases, `alias/log-archive`.
    pub aliases: BTreeSet<String>,
    /// Days between two rotations; none while it is not rotated by itself. A replica's primary key tells.
    pub rotation: Option<u32>,
    /// Its tags.
    pub tags: Tags,
}
