//! Tags of a key.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/tagging-keys.html>

use super::super::{Context, ServiceError, tagging};
use super::Done;
use super::access::{self, Given};
use super::key::State;
use super::page::{Wanted, page};
use super::refusal::{limit_exceeded, tag_refused};
use glidepath_model::Tags;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Tags that one key can have.
const MOST: usize = 50;

/// A tag in a request or answer.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag {
    tag_key: String,
    tag_value: String,
}

/// The tags a key has after these were added, if AWS takes them.
pub(super) fn checked(added: &[Tag], existing: Tags) -> Result<Tags, ServiceError> {
    let keys: BTreeSet<&str> = added.iter().map(|tag| tag.tag_key.as_str()).collect();
    if keys.len() < added.len() {
        return Err(tag_refused("Duplicate tag keys"));
    }
    for tag in added {
        check_key(&tag.tag_key)?;
        if !tag.tag_value.chars().all(is_taken) {
            return Err(tag_refused("A tag value has characters that are not allowed."));
        }
    }
    let mut tags = existing;
    tags.extend(added.iter().map(|tag| (tag.tag_key.clone(), tag.tag_value.clone())));
    if tags.len() > MOST {
        return Err(limit_exceeded(format!("A key has at most {MOST} tags.")));
    }
    Ok(tags)
}

fn check_key(key: &str) -> Result<(), ServiceError> {
    if key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:")) {
        return Err(tag_refused("Tag keys that begin with aws: are AWS's own."));
    }
    if key.chars().all(is_taken) {
        Ok(())
    } else {
        Err(tag_refused("A tag key has characters that are not allowed."))
    }
}

/// Letters and digits of any script, spaces, and these signs.
fn is_taken(character: char) -> bool {
    character.is_alphanumeric() || character == ' ' || "_.:/=+-@".contains(character)
}

/// Tags as answers list them.
pub(super) fn listed(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag { tag_key: key.clone(), tag_value: value.clone() }).collect()
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TagResource {
    key_id: String,
    tags: Vec<Tag>,
}

pub(super) fn tag_resource(context: &mut Context<'_>, request: TagResource) -> Result<Done, ServiceError> {
    let key = access::key(context, &request.key_id, Given::Id, "TagResource")?;
    key.refuse_in(&State::FIXED)?;
    let tags = checked(&request.tags, tagging::tags_of(context.world, &key.arn()))?;
    tagging::put_tags(context.world, &key.arn(), tags);
    Ok(Done {})
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UntagResource {
    key_id: String,
    tag_keys: Vec<String>,
}

pub(super) fn untag_resource(
    context: &mut Context<'_>,
    request: UntagResource,
) -> Result<Done, ServiceError> {
    let key = access::key(context, &request.key_id, Given::Id, "UntagResource")?;
    key.refuse_in(&State::FIXED)?;
    for tag in &request.tag_keys {
        check_key(tag)?;
    }
    let mut tags = tagging::tags_of(context.world, &key.arn());
    tags.retain(|tag, _| !request.tag_keys.contains(tag));
    tagging::put_tags(context.world, &key.arn(), tags);
    Ok(Done {})
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListResourceTags {
    key_id: String,
    limit: Option<u64>,
    marker: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TagsAnswer {
    tags: Vec<Tag>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_marker: Option<String>,
    truncated: bool,
}

pub(super) fn list_resource_tags(
    context: &mut Context<'_>,
    request: ListResourceTags,
) -> Result<TagsAnswer, ServiceError> {
    let key = access::key(context, &request.key_id, Given::Id, "ListResourceTags")?;
    let wanted = Wanted {
        listing: format!("ListResourceTags/{}", key.arn()),
        marker: request.marker.as_deref(),
        limit: request.limit,
        usual: 50,
        most: 50,
    };
    // By number, since a marker must not become longer than a key of a tag may make it.
    let tags = listed(&tagging::tags_of(context.world, &key.arn()));
    let numbered = tags.into_iter().enumerate().map(|(number, tag)| (format!("{number:02}"), tag));
    let page = page(context.world, &wanted, numbered)?;
    Ok(TagsAnswer { tags: page.items, truncated: page.next.is_some(), next_marker: page.next })
}
