//! Keys: telling what they are, making them, switching them on.

use super::{Reader, Writer, malformed};
use crate::error::Error;
use crate::kms::tag::sdk_tags;
use crate::pages::pages;
use aws_sdk_kms::types::{KeyMetadata, MultiRegionKeyType};
use glidepath_model::key::{Key, KeyState, Regionality};
use glidepath_model::{AccountId, Tags};

/// Keys on one page, the most that AWS gives.
const PAGE: i32 = 1000;

/// A symmetric encryption key that is to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewKey<'a> {
    /// What it is for; empty for nothing.
    pub description: &'a str,
    /// Its policy.
    pub policy: &'a str,
    /// Its tags, our mark among them.
    pub tags: &'a Tags,
    /// Whether it can have replicas.
    pub extent: Extent,
}

/// Whether a key can be in more than one Region. It is for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// In one Region.
    Single,
    /// As the primary key of several.
    Multi,
}

impl Reader {
    /// A key by its id, ARN or alias; none when there is none.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn describe_key(&self, named: &str) -> Result<Option<Key>, Error> {
        const OPERATION: &str = "kms:DescribeKey";
        match self.session.read(OPERATION, || self.client.describe_key().key_id(named).send()).await {
            Ok(told) => key(OPERATION, &self.region, told.key_metadata).map(Some),
            Err(error) => error.settled("NotFoundException", None),
        }
    }

    /// The ids of all keys, AWS's own for this account included.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_keys(&self) -> Result<Vec<String>, Error> {
        const OPERATION: &str = "kms:ListKeys";
        let told = pages(OPERATION, |marker| async move {
            let send = || self.client.list_keys().limit(PAGE).set_marker(marker.clone()).send();
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.keys.unwrap_or_default(), page.next_marker))
        });
        Ok(told.await?.into_iter().filter_map(|key| key.key_id).collect())
    }
}

impl Writer {
    /// Makes a key. It is never sent twice: when its outcome is unknown, look for it by its tags.
    ///
    /// # Errors
    /// Any [`Error`] of a write, [`Error::OutcomeUnknown`] among them.
    pub async fn create_key(&self, new: NewKey<'_>) -> Result<Key, Error> {
        const OPERATION: &str = "kms:CreateKey";
        let tags = sdk_tags(OPERATION, new.tags)?;
        let send = || {
            let ask = self.client.create_key().policy(new.policy).description(new.description);
            ask.set_tags(tags.clone()).multi_region(new.extent == Extent::Multi).send()
        };
        let told = self.write(OPERATION, send).await?;
        key(OPERATION, &self.region, told.key_metadata)
    }

    /// Gives a key another description.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn update_description(&self, id: &str, description: &str) -> Result<(), Error> {
        const OPERATION: &str = "kms:UpdateKeyDescription";
        let send = || self.client.update_key_description().key_id(id).description(description).send();
        self.write(OPERATION, send).await.map(drop)
    }

    /// Lets a key be used again.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn enable_key(&self, id: &str) -> Result<(), Error> {
        const OPERATION: &str = "kms:EnableKey";
        self.write(OPERATION, || self.client.enable_key().key_id(id).send()).await.map(drop)
    }
}

/// A key out of an answer of one Region.
pub(super) fn key(operation: &'static str, region: &str, told: Option<KeyMetadata>) -> Result<Key, Error> {
    let missing = |member: &str| malformed(operation, format!("`{member}` is missing"));
    let told = told.ok_or_else(|| missing("KeyMetadata"))?;
    let account = told.aws_account_id.as_deref().ok_or_else(|| missing("AWSAccountId"))?;
    let account = AccountId::parse(account).map_err(|error| malformed(operation, error.to_string()))?;
    let state = told.key_state.as_ref().ok_or_else(|| missing("KeyState"))?;
    let state = KeyState::from_api_name(state.as_str())
        .ok_or_else(|| malformed(operation, "`KeyState` is none that is known"))?;
    let regionality = match &told.multi_region_configuration {
        None => Regionality::Single,
        Some(set) => match &set.multi_region_key_type {
            Some(MultiRegionKeyType::Primary) => {
                let replicas = set.replica_keys().iter().filter_map(|key| key.region.clone());
                Regionality::Primary { replicas: replicas.collect() }
            }
            _ => {
                let primary = set.primary_key().and_then(|key| key.region.clone());
                Regionality::Replica { primary: primary.ok_or_else(|| missing("PrimaryKey"))? }
            }
        },
    };
    Ok(Key {
        account,
        region: region.to_owned(),
        arn: told.arn.ok_or_else(|| missing("Arn"))?,
        id: told.key_id,
        description: told.description.unwrap_or_default(),
        state,
        regionality,
    })
}
