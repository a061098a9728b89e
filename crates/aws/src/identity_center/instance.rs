//! The instance.

use super::{PAGE, Reader, malformed, member};
use crate::error::Error;
use crate::pages::pages;
use glidepath_model::AccountId;
use glidepath_model::identity_center::Instance;

impl Reader {
    /// The instances that the caller's account sees in this Region: at most one is the organization's.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_instances(&self) -> Result<Vec<Instance>, Error> {
        const OPERATION: &str = "sso-admin:ListInstances";
        let told = pages(OPERATION, |token| async move {
            let send = || self.client.list_instances().max_results(PAGE).set_next_token(token.clone()).send();
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.instances.unwrap_or_default(), page.next_token))
        });
        let mut all = Vec::new();
        for told in told.await? {
            let owner = told.owner_account_id.as_deref().map(AccountId::parse).transpose();
            all.push(Instance {
                arn: member(OPERATION, "InstanceArn", told.instance_arn)?,
                identity_store: member(OPERATION, "IdentityStoreId", told.identity_store_id)?,
                owner: owner.map_err(|error| malformed(OPERATION, error.to_string()))?,
            });
        }
        Ok(all)
    }
}
