//! The policy of a key.

use super::{Reader, Writer, malformed};
use crate::error::Error;

/// The one name that a key's policy can have.
const NAME: &str = "default";

impl Reader {
    /// A key's policy, as AWS shows it: in its own order, with deleted principals by their ids.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn key_policy(&self, id: &str) -> Result<String, Error> {
        const OPERATION: &str = "kms:GetKeyPolicy";
        let told = self
            .session
            .read(OPERATION, || self.client.get_key_policy().key_id(id).policy_name(NAME).send())
            .await?;
        told.policy.ok_or_else(|| malformed(OPERATION, "`Policy` is missing"))
    }
}

impl Writer {
    /// Gives a key another policy. AWS refuses one after which the caller could not change it again.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn put_key_policy(&self, id: &str, policy: &str) -> Result<(), Error> {
        const OPERATION: &str = "kms:PutKeyPolicy";
        let send = || self.client.put_key_policy().key_id(id).policy_name(NAME).policy(policy).send();
        self.write(OPERATION, send).await.map(drop)
    }
}
