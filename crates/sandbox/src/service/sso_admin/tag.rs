//! Tags of permission sets and of the instance.
//!
//! Source: <https://docs.aws.amazon.com/singlesignon/latest/userguide/tagging.html>

use super::super::listing::Page;
use super::super::{Context, ServiceError, tagging};
use super::access;
use super::refusal::{invalid, not_found, page, quota_exceeded};
use super::{Done, permission_set};
use glidepath_model::Tags;
use glidepath_model::text::printable;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Tags that one resource can have.
const MOST: usize = 50;

/// A tag in a request or answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag {
    key: String,
    value: String,
}

/// The tags a resource has after these were added, if AWS takes them.
pub(super) fn added(added: &[Tag], existing: Tags) -> Result<Tags, ServiceError> {
    let keys: BTreeSet<&str> = added.iter().map(|tag| tag.key.as_str()).collect();
    if keys.len() < added.len() {
        return Err(invalid("A tag key is given twice."));
    }
    added.iter().try_for_each(|tag| check_key(&tag.key))?;
    let mut tags = existing;
    tags.extend(added.iter().map(|tag| (tag.key.clone(), tag.value.clone())));
    if tags.len() > MOST {
        return Err(quota_exceeded(format!("A resource has at most {MOST} tags.")));
    }
    Ok(tags)
}

fn check_key(key: &str) -> Result<(), ServiceError> {
    if key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:")) {
        return Err(invalid("Tag keys that begin with aws: are AWS's own."));
    }
    Ok(())
}

/// Whether a resource is only read, or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Read,
    Write,
}

/// Refuses where there is no such resource, or it is not the caller's to tag.
fn check(
    context: &Context<'_>,
    instance_arn: Option<&str>,
    arn: &str,
    purpose: Purpose,
) -> Result<(), ServiceError> {
    let missing = || not_found(format!("Resource {} does not exist.", printable(arn)));
    // The ARN of a permission set names its instance.
    let own = match arn.split_once(":permissionSet/").and_then(|(_, rest)| rest.split('/').next()) {
        Some(instance) => format!("arn:aws:sso:::instance/{instance}"),
        None => arn.to_owned(),
    };
    if instance_arn.is_some_and(|given| given != own) {
        return Err(missing());
    }
    let (instance, administrator) = access::instance(context, &own)?;
    if own != arn {
        let set = permission_set::find(context.world, arn)?;
        if purpose == Purpose::Write {
            access::refuse_managements(context, &instance, administrator, &set)?;
        }
    }
    Ok(())
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TagResource {
    instance_arn: Option<String>,
    resource_arn: String,
    tags: Vec<Tag>,
}

pub(super) fn tag_resource(context: &mut Context<'_>, request: TagResource) -> Result<Done, ServiceError> {
    let arn = &request.resource_arn;
    check(context, request.instance_arn.as_deref(), arn, Purpose::Write)?;
    let tags = added(&request.tags, tagging::tags_of(context.world, arn))?;
    tagging::put_tags(context.world, arn, tags);
    Ok(Done {})
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UntagResource {
    instance_arn: Option<String>,
    resource_arn: String,
    tag_keys: Vec<String>,
}

pub(super) fn untag_resource(
    context: &mut Context<'_>,
    request: UntagResource,
) -> Result<Done, ServiceError> {
    let arn = &request.resource_arn;
    check(context, request.instance_arn.as_deref(), arn, Purpose::Write)?;
    request.tag_keys.iter().try_for_each(|key| check_key(key))?;
    let mut tags = tagging::tags_of(context.world, arn);
    tags.retain(|key, _| !request.tag_keys.contains(key));
    tagging::put_tags(context.world, arn, tags);
    Ok(Done {})
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    instance_arn: Option<String>,
    resource_arn: String,
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TagsAnswer {
    tags: Vec<Tag>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn list_tags_for_resource(
    context: &mut Context<'_>,
    request: List,
) -> Result<TagsAnswer, ServiceError> {
    let arn = &request.resource_arn;
    check(context, request.instance_arn.as_deref(), arn, Purpose::Read)?;
    // By number, since a token must not become longer than a key of a tag may make it.
    let tags = tagging::tags_of(context.world, arn);
    let found = tags.iter().enumerate().map(|(number, (key, value))| {
        (format!("{number:02}"), Tag { key: key.clone(), value: value.clone() })
    });
    let asked = (request.next_token.as_deref(), None);
    let Page { items, next } = page(context, format!("ListTagsForResource/{arn}"), asked, found)?;
    Ok(TagsAnswer { tags: items, next_token: next })
}
