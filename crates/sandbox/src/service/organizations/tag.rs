//! Tags of the root, units, accounts, policies and the resource policy.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_tagging.html>

use super::super::{Context, ServiceError, tagging};
use super::organization::{Done, Organization};
use super::page::{Wanted, page_of};
use super::policy::Policy;
use super::refusal::{broken, constraint, invalid, target_not_found};
use super::resource_policy::ResourcePolicy;
use super::{access, tree};
use crate::world::World;
use glidepath_model::limits::Limits;
use glidepath_model::{PolicyType, Tags};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A tag in a request or answer.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag {
    key: String,
    value: String,
}

/// The tags a resource has after these were added, if AWS takes them.
pub(super) fn checked(added: &[Tag], existing: Tags) -> Result<Tags, ServiceError> {
    let keys: BTreeSet<&str> = added.iter().map(|tag| tag.key.as_str()).collect();
    if keys.len() < added.len() {
        return Err(invalid("DUPLICATE_TAG_KEY", "Tag keys must be unique among the tags of one entity."));
    }
    refuse_system_keys(keys.iter().copied())?;
    let mut tags = existing;
    tags.extend(added.iter().map(|tag| (tag.key.clone(), tag.value.clone())));
    if tags.len() as u64 > Limits::published().map_err(broken)?.limits.tags_per_resource.value {
        return Err(constraint(
            "MAX_TAG_LIMIT_EXCEEDED",
            "You have exceeded the number of tags allowed on this resource.",
        ));
    }
    Ok(tags)
}

fn refuse_system_keys<'a>(keys: impl IntoIterator<Item = &'a str>) -> Result<(), ServiceError> {
    let system = |key: &str| key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:"));
    if keys.into_iter().any(system) {
        return Err(invalid("INVALID_SYSTEM_TAGS_PARAMETER", "You can't add, edit or delete system tags."));
    }
    Ok(())
}

/// What can be tagged: its ARN, and its type where it is a policy.
fn taggable(world: &World, organization: &Organization, id: &str) -> Option<(String, Option<PolicyType>)> {
    if let Some(policy) = world.get::<Policy>(id).filter(|policy| !policy.aws_managed) {
        return Some((policy.arn(organization), Some(policy.ty)));
    }
    if let Some(policy) = world.get::<ResourcePolicy>(id) {
        return Some((policy.arn(organization), None));
    }
    tree::node(world, organization, id).map(|node| (node.arn, None))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TagResource {
    resource_id: String,
    tags: Vec<Tag>,
}

pub(super) fn tag_resource(context: &mut Context<'_>, request: TagResource) -> Result<Done, ServiceError> {
    let arn = writable(context, "TagResource", &request.resource_id)?;
    let tags = checked(&request.tags, tagging::tags_of(context.world, &arn))?;
    tagging::put_tags(context.world, &arn, tags);
    Ok(Done {})
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UntagResource {
    resource_id: String,
    tag_keys: Vec<String>,
}

pub(super) fn untag_resource(
    context: &mut Context<'_>,
    request: UntagResource,
) -> Result<Done, ServiceError> {
    let arn = writable(context, "UntagResource", &request.resource_id)?;
    refuse_system_keys(request.tag_keys.iter().map(String::as_str))?;
    let mut tags = tagging::tags_of(context.world, &arn);
    tags.retain(|key, _| !request.tag_keys.contains(key));
    tagging::put_tags(context.world, &arn, tags);
    Ok(Done {})
}

fn writable(context: &Context<'_>, operation: &str, id: &str) -> Result<String, ServiceError> {
    let organization = access::may_ask(context, operation)?;
    let (arn, ty) = taggable(context.world, &organization, id).ok_or_else(target_not_found)?;
    access::writer(context, &organization, operation, std::slice::from_ref(&arn), ty)?;
    Ok(arn)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListTags {
    resource_id: String,
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
    request: ListTags,
) -> Result<TagsAnswer, ServiceError> {
    let organization = access::reader(context, "ListTagsForResource")?;
    let id = &request.resource_id;
    let (arn, _) = taggable(context.world, &organization, id).ok_or_else(target_not_found)?;
    let tags = tagging::tags_of(context.world, &arn);
    let tags = tags.into_iter().map(|(key, value)| (key.clone(), Tag { key, value })).collect();
    let listing = format!("ListTagsForResource/{id}");
    let wanted = Wanted { listing, token: request.next_token.as_deref(), size: None };
    let page = page_of(context.world, &wanted, tags)?;
    Ok(TagsAnswer { tags: page.items, next_token: page.next })
}
