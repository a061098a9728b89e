//! Tags of permission sets.

use super::{Reader, Writer, malformed};
use crate::error::Error;
use crate::pages::pages;
use aws_sdk_ssoadmin::types::Tag;
use aws_smithy_types::error::operation::BuildError;
use glidepath_model::Tags;

impl Reader {
    /// The tags of a permission set.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_tags(&self, instance: &str, set: &str) -> Result<Tags, Error> {
        const OPERATION: &str = "sso-admin:ListTagsForResource";
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_tags_for_resource().instance_arn(instance);
                ask.resource_arn(set).set_next_token(token.clone()).send()
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
    pub async fn tag(&self, instance: &str, set: &str, tags: &Tags) -> Result<(), Error> {
        const OPERATION: &str = "sso-admin:TagResource";
        // AWS refuses an empty list, and there is nothing to do.
        let Some(tags) = sdk_tags(OPERATION, tags)? else { return Ok(()) };
        let send = || {
            let ask = self.client.tag_resource().instance_arn(instance).resource_arn(set);
            ask.set_tags(Some(tags.clone())).send()
        };
        self.write(OPERATION, send).await.map(drop)
    }

    /// Removes tags by their keys.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn untag(&self, instance: &str, set: &str, keys: &[String]) -> Result<(), Error> {
        const OPERATION: &str = "sso-admin:UntagResource";
        if keys.is_empty() {
            return Ok(());
        }
        let send = || {
            let ask = self.client.untag_resource().instance_arn(instance).resource_arn(set);
            ask.set_tag_keys(Some(keys.to_vec())).send()
        };
        self.write(OPERATION, send).await.map(drop)
    }
}

/// Tags as the SDK wants them; none at all where there are none.
pub(super) fn sdk_tags(operation: &'static str, tags: &Tags) -> Result<Option<Vec<Tag>>, Error> {
    let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build();
    let tags: Result<Vec<Tag>, BuildError> = tags.iter().map(tag).collect();
    let tags = tags.map_err(|error| malformed(operation, error.to_string()))?;
    Ok(Some(tags).filter(|tags| !tags.is_empty()))
}
