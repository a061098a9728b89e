//! A key: what it is, and listing keys.

use super::super::{Context, ServiceError};
use super::key_spec::{Spec, Usage};
use super::page::{Wanted, page};
use super::refusal::{invalid_state, not_found};
use crate::world::{Alphabet, Dumped, Entity, World};
use glidepath_model::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The partition of every ARN here.
pub(super) const PARTITION: &str = "aws";

/// The state of a key. AWS knows one more, `Unavailable`, for custom key stores.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum State {
    Creating,
    Enabled,
    Disabled,
    PendingDeletion,
    PendingImport,
    PendingReplicaDeletion,
    Updating,
}

impl State {
    /// States of a key that is going to be deleted.
    pub(super) const DELETING: [Self; 2] = [Self::PendingDeletion, Self::PendingReplicaDeletion];
    /// States that pass by themselves within seconds. AWS lets some changes through in them; here none is, so that
    /// a client which does not wait is found out.
    pub(super) const UNSETTLED: [Self; 2] = [Self::Creating, Self::Updating];
    /// States in which nothing about a key can be changed but its deletion.
    pub(super) const FIXED: [Self; 4] =
        [Self::PendingDeletion, Self::PendingReplicaDeletion, Self::Creating, Self::Updating];
    /// States in which a key cannot be used.
    pub(super) const UNUSABLE: [Self; 6] = [
        Self::Disabled,
        Self::PendingImport,
        Self::PendingDeletion,
        Self::PendingReplicaDeletion,
        Self::Creating,
        Self::Updating,
    ];

    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Creating => "creating",
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
            Self::PendingDeletion => "pending deletion",
            Self::PendingImport => "pending import",
            Self::PendingReplicaDeletion => "pending replica deletion",
            Self::Updating => "updating",
        }
    }
}

/// Where the material of a key comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Origin {
    #[serde(rename = "AWS_KMS")]
    AwsKms,
    #[serde(rename = "EXTERNAL")]
    External,
}

/// What a key is among the keys of its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Regionality {
    Single,
    Primary,
    Replica,
}

/// A key of one account in one Region.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Key {
    pub(super) account: AccountId,
    pub(super) region: String,
    pub(super) id: String,
    /// What it is called in a canonical dump: what it was made for, and the how manieth it is of that.
    pub(super) natural: String,
    pub(super) description: String,
    pub(super) usage: Usage,
    pub(super) spec: Spec,
    pub(super) origin: Origin,
    pub(super) state: State,
    pub(super) regionality: Regionality,
    /// Its policy as it is stored.
    pub(super) policy: String,
    /// Days between rotations; none while rotation is off. Of a set of multi-Region keys the primary has it for all.
    pub(super) rotation: Option<u32>,
    /// Since when it is rotated by itself.
    pub(super) rotated: Option<Timestamp>,
    /// Days between scheduling its deletion and it.
    pub(super) window: Option<u32>,
    pub(super) deletion: Option<Timestamp>,
    pub(super) created: Timestamp,
}

impl Entity for Key {
    const TABLE: &'static str = "kms.key";
    const DUMPED: Dumped = Dumped::Without(&["rotated", "deletion", "created"]);

    fn key(&self) -> String {
        row(&self.account, &self.region, &self.id)
    }

    fn index(&self) -> Vec<(&'static str, String)> {
        vec![("set", set(&self.account, &self.id))]
    }

    fn alias(&self) -> Option<(String, String)> {
        Some((self.id.clone(), format!("key/{}", self.natural)))
    }
}

/// The key of a row of the table of keys.
pub(super) fn row(account: &AccountId, region: &str, id: &str) -> String {
    format!("{account}/{region}/{id}")
}

/// What the related multi-Region keys of an account have in common.
fn set(account: &AccountId, id: &str) -> String {
    format!("{account}/{id}")
}

/// The ARN of a key.
pub(super) fn arn(account: &AccountId, region: &str, id: &str) -> String {
    format!("arn:{PARTITION}:kms:{region}:{account}:key/{id}")
}

impl Key {
    pub(super) fn arn(&self) -> String {
        arn(&self.account, &self.region, &self.id)
    }

    pub(super) fn is_multi_region(&self) -> bool {
        self.regionality != Regionality::Single
    }

    /// Refuses where the key is in one of these states: a disabled one by that name, others as invalid.
    pub(super) fn refuse_in(&self, states: &[State]) -> Result<(), ServiceError> {
        if !states.contains(&self.state) {
            return Ok(());
        }
        let message = format!("{} is {}.", self.arn(), self.state.words());
        Err(match self.state {
            State::Disabled => ServiceError::new("DisabledException", message),
            State::Creating
            | State::Enabled
            | State::PendingDeletion
            | State::PendingImport
            | State::PendingReplicaDeletion
            | State::Updating => invalid_state(message),
        })
    }

    /// Every key of its id, itself among them, by Region.
    pub(super) fn related(&self, world: &World) -> Vec<Arc<Self>> {
        world.by::<Self>("set", &set(&self.account, &self.id)).collect()
    }

    /// The key that holds what related keys share: the primary key of a set, else itself.
    pub(super) fn primary(&self, world: &World) -> Arc<Self> {
        let primary = self.related(world).into_iter().find(|key| key.regionality == Regionality::Primary);
        primary.unwrap_or_else(|| Arc::new(self.clone()))
    }
}

/// The id of a new key, and what it is called in a dump. `made_for` tells keys apart in a way that does not depend on
/// when they are made; the second key that is made for the same gets another id and name.
pub(super) fn new_id(
    context: &mut Context<'_>,
    made_for: &str,
    regionality: Regionality,
) -> (String, String) {
    let place = format!("{}/{}/{made_for}", context.caller.account, context.region);
    let here = format!("{}/{}/", context.caller.account, context.region);
    let same = format!("{place}#");
    let times = context.world.below::<Key>(&here).filter(|key| key.natural.starts_with(&same)).count();
    let digits = context.world.mint("key", &place, Alphabet::Hexadecimal, 32);
    let id = if regionality == Regionality::Single {
        let mut id = String::with_capacity(36);
        for (at, digit) in digits.chars().enumerate() {
            if matches!(at, 8 | 12 | 16 | 20) {
                id.push('-');
            }
            id.push(digit);
        }
        id
    } else {
        format!("mrk-{digits}")
    };
    (id, format!("{place}#{}", times + 1))
}

/// The key of the caller's account and Region with this id.
pub(super) fn own(context: &Context<'_>, id: &str) -> Result<Arc<Key>, ServiceError> {
    let account = &context.caller.account;
    context
        .world
        .get::<Key>(&row(account, context.region, id))
        .ok_or_else(|| not_found(format!("Key '{}' does not exist", arn(account, context.region, id))))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListKeys {
    limit: Option<u64>,
    marker: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct KeysAnswer {
    keys: Vec<Entry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_marker: Option<String>,
    truncated: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    key_id: String,
    key_arn: String,
}

pub(super) fn list_keys(context: &mut Context<'_>, request: ListKeys) -> Result<KeysAnswer, ServiceError> {
    let prefix = format!("{}/{}/", context.caller.account, context.region);
    let wanted = Wanted {
        listing: format!("ListKeys/{prefix}"),
        marker: request.marker.as_deref(),
        limit: request.limit,
        usual: 100,
        most: 1000,
    };
    let keys = context.world.below::<Key>(&prefix).map(|key| (key.id.clone(), key));
    let page = page(context.world, &wanted, keys)?;
    let entry = |key: Arc<Key>| Entry { key_id: key.id.clone(), key_arn: key.arn() };
    Ok(KeysAnswer {
        keys: page.items.into_iter().map(entry).collect(),
        truncated: page.next.is_some(),
        next_marker: page.next,
    })
}
