//! Replicas of multi-Region keys.

use super::{Writer, key::key};
use crate::error::Error;
use crate::kms::NewKey;
use crate::kms::tag::sdk_tags;
use glidepath_model::key::Key;

impl Writer {
    /// Makes the replica of a primary key of this Region in another one. It is being created when this returns.
    ///
    /// # Errors
    /// Any [`Error`] of a write; [`Error::is_already_there`] when it has one there.
    pub async fn replicate_key(&self, id: &str, region: &str, new: NewKey<'_>) -> Result<Key, Error> {
        const OPERATION: &str = "kms:ReplicateKey";
        let tags = sdk_tags(OPERATION, new.tags)?;
        let send = || {
            let ask = self.client.replicate_key().key_id(id).replica_region(region);
            ask.policy(new.policy).description(new.description).set_tags(tags.clone()).send()
        };
        let told = self.write(OPERATION, send).await?;
        key(OPERATION, region, told.replica_key_metadata)
    }
}
