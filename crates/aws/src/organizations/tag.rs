//! Tags of what an organization holds. A resource id is that of the root, a unit, an account, a policy or
//! the resource policy.

use super::member::sdk_tags;
use super::{Reader, Writer};
use crate::error::Error;
use crate::pages::pages;
use glidepath_model::Tags;

impl Reader {
    /// The tags of one resource.
    ///
    /// # Errors
    /// Any [`Error`] of a read; [`Error::is_not_found`] when there is no such resource.
    pub async fn list_tags(&self, resource_id: &str) -> Result<Tags, Error> {
        const OPERATION: &str = "organizations:ListTagsForResource";
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_tags_for_resource().resource_id(resource_id);
                ask.set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.tags.unwrap_or_default(), page.next_token))
        });
        Ok(told.await?.into_iter().map(|tag| (tag.key, tag.value)).collect())
    }
}

impl Writer {
    /// Sets tags; those with other keys stay.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn tag(&self, resource_id: &str, tags: &Tags) -> Result<(), Error> {
        const OPERATION: &str = "organizations:TagResource";
        // AWS refuses an empty list, and there is nothing to do.
        let Some(tags) = sdk_tags(OPERATION, tags)? else { return Ok(()) };
        let send = || self.client.tag_resource().resource_id(resource_id).set_tags(Some(tags.clone())).send();
        self.write(OPERATION, send).await.map(drop)
    }

    /// Removes tags by their keys.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn untag(&self, resource_id: &str, keys: &[String]) -> Result<(), Error> {
        const OPERATION: &str = "organizations:UntagResource";
        if keys.is_empty() {
            return Ok(());
        }
        let send =
            || self.client.untag_resource().resource_id(resource_id).set_tag_keys(Some(keys.to_vec())).send();
        self.write(OPERATION, send).await.map(drop)
    }
}
