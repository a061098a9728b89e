//! The defaults of an account in a Region. A row is there once one of them was set.

use super::super::Context;
use crate::world::Entity;
use serde::{Deserialize, Serialize};

/// Who manages every setting here.
pub(super) const MANAGED_BY: &str = "account";

/// The defaults of an account in a Region.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Settings {
    account: String,
    region: String,
    pub(super) ebs_encryption: bool,
    /// The ARN of the key; none is AWS's own.
    pub(super) ebs_key: Option<String>,
    pub(super) snapshot_block: String,
    pub(super) image_block: String,
    pub(super) serial_console: bool,
    pub(super) metadata: Metadata,
}

/// Defaults for the metadata of new instances; none is no preference.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Metadata {
    pub(super) tokens: Option<String>,
    pub(super) hop_limit: Option<i64>,
    pub(super) endpoint: Option<String>,
    pub(super) tags: Option<String>,
    pub(super) tokens_enforced: Option<String>,
}

impl Entity for Settings {
    const TABLE: &'static str = "ec2.settings";

    fn key(&self) -> String {
        row(&self.account, &self.region)
    }
}

/// The key of the rows of an account and Region.
pub(super) fn row(account: &str, region: &str) -> String {
    format!("{account}/{region}")
}

/// The settings of the caller's account in the Region of the request: as they were set, else as new accounts have them.
///
/// Source: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-public-access-to-amis.html>: images are blocked
/// from the start.
pub(super) fn read(context: &Context<'_>) -> Settings {
    let account = context.caller.account.to_string();
    let found = context.world.get::<Settings>(&row(&account, context.region));
    found.map(|found| Settings::clone(&found)).unwrap_or_else(|| Settings {
        account,
        region: context.region.to_owned(),
        ebs_encryption: false,
        ebs_key: None,
        snapshot_block: "unblocked".to_owned(),
        image_block: "block-new-sharing".to_owned(),
        serial_console: false,
        metadata: Metadata::default(),
    })
}
