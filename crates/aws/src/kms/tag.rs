//! Tags of keys.

use super::{Reader, Writer, malformed};
use crate::error::Error;
use crate::pages::pages;
use aws_sdk_kms::types::Tag;
use aws_smithy_types::error::operation::BuildError;
use glidepath_model::Tags;

impl Reader {
    /// The tags of a key.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_tags(&self, id: &str) -> Result<Tags, Error> {
        const OPERATION: &str = "kms:ListResourceTags";
        let told = pages(OPERATION, |marker| async move {
            let send = || self.client.list_resource_tags().key_id(id).set_marker(marker.clone()).send();
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.tags.unwrap_or_default(), page.next_marker))
        });
        Ok(told.await?.into_iter().map(|tag| (tag.tag_key, tag.tag_value)).collect())
    }
}

impl Writer {
    /// Sets tags; those with other keys stay.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn tag(&self, id: &str, tags: &Tags) -> Result<(), Error> {
        const OPERATION: &str = "kms:TagResource";
        // AWS refuses an empty list, and there is nothing to do.
        let Some(tags) = sdk_tags(OPERATION, tags)? else { return Ok(()) };
        let send = || self.client.tag_resource().key_id(id).set_tags(Some(tags.clone())).send();
        self.write(OPERATION, send).await.map(drop)
    }

    /// Removes tags by their keys.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn untag(&self, id: &str, keys: &[String]) -> Result<(), Error> {
        const OPERATION: &str = "kms:UntagResource";
        if keys.is_empty() {
            return Ok(());
        }
        let send = || self.client.untag_resource().key_id(id).set_tag_keys(Some(keys.to_vec())).send();
        self.write(OPERATION, send).await.map(drop)
    }
}

/// Tags as the SDK wants them; none at all where there are none.
pub(super) fn sdk_tags(operation: &'static str, tags: &Tags) -> Result<Option<Vec<Tag>>, Error> {
    let tag = |(key, value): (&String, &String)| Tag::builder().tag_key(key).tag_value(value).build();
    let tags: Result<Vec<Tag>, BuildError> = tags.iter().map(tag).collect();
    let tags = tags.map_err(|error| malformed(operation, error.to_string()))?;
    Ok(Some(tags).filter(|tags| !tags.is_empty()))
}
