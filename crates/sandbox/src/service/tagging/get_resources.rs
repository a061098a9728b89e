//! `GetResources`: resources that are or were tagged, by tag, type or ARN, in pages.
//!
//! A resource is listed for the account its ARN names, in its own Region; global ones in `us-east-1`.
//! Source: <https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html>

use super::super::{Context, ServiceError};
use super::resource::TaggedResource;
use glidepath_model::Tags;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Resources on a page when the request does not say.
const PAGE: usize = 50;
/// Seconds that a pagination token lives, as the API reference has it.
const TOKEN_LIFE: i64 = 15 * 60;
/// Where resources without a Region are listed.
const GLOBAL_REGION: &str = "us-east-1";

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Request {
    pagination_token: Option<String>,
    #[serde(default)]
    tag_filters: Vec<TagFilter>,
    resources_per_page: Option<usize>,
    tags_per_page: Option<usize>,
    #[serde(default)]
    resource_type_filters: Vec<String>,
    include_compliance_details: Option<bool>,
    exclude_compliant_resources: Option<bool>,
    #[serde(rename = "ResourceARNList")]
    resource_arn_list: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TagFilter {
    key: Option<String>,
    #[serde(default)]
    values: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Answer {
    pagination_token: String,
    resource_tag_mapping_list: Vec<Mapping>,
}

#[derive(Debug, Serialize)]
struct Mapping {
    #[serde(rename = "ResourceARN")]
    arn: String,
    #[serde(rename = "Tags")]
    tags: Vec<Tag>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Tag {
    key: String,
    value: String,
}

pub(super) fn get_resources(context: &mut Context<'_>, request: Request) -> Result<Answer, ServiceError> {
    if request.include_compliance_details == Some(true) || request.exclude_compliant_resources == Some(true) {
        return Err(invalid("the sandbox does not evaluate tag policy compliance"));
    }
    if let Some(arns) = &request.resource_arn_list {
        let other = request.resources_per_page.is_some()
            || request.tags_per_page.is_some()
            || request.pagination_token.as_ref().is_some_and(|token| !token.is_empty())
            || !request.tag_filters.is_empty()
            || !request.resource_type_filters.is_empty();
        if other {
            return Err(invalid("ResourceARNList cannot be combined with filters or paging"));
        }
        let mut found: Vec<_> =
            arns.iter().filter_map(|arn| context.world.get::<TaggedResource>(arn)).collect();
        found.retain(|resource| listed_here(context, &resource.arn));
        found.sort_by(|one, two| one.arn.cmp(&two.arn));
        found.dedup();
        return Ok(Answer {
            pagination_token: String::new(),
            resource_tag_mapping_list: found.iter().map(mapping).collect(),
        });
    }
    page(context, &request)
}

fn page(context: &Context<'_>, request: &Request) -> Result<Answer, ServiceError> {
    let tags_per_page = request.tags_per_page.unwrap_or(usize::MAX);
    if request.tags_per_page.is_some_and(|tags| !(100..=500).contains(&tags) || tags % 100 != 0) {
        return Err(invalid("TagsPerPage must be a multiple of 100 between 100 and 500"));
    }
    let size = request.resources_per_page.unwrap_or(PAGE);
    if !(1..=100).contains(&size) {
        return Err(invalid("ResourcesPerPage must be between 1 and 100"));
    }
    if request.tag_filters.iter().any(|filter| filter.key.is_none()) {
        return Err(invalid("a tag filter needs a Key"));
    }
    let after = match request.pagination_token.as_deref() {
        None | Some("") => None,
        Some(token) => Some(read_token(context, token)?),
    };
    let mut page: Vec<Mapping> = Vec::new();
    let mut tags = 0;
    let matching = context.world.after::<TaggedResource>(after.as_deref()).filter(|resource| {
        listed_here(context, &resource.arn)
            && of_type(&resource.arn, &request.resource_type_filters)
            && request.tag_filters.iter().all(|filter| passes(&resource.tags, filter))
    });
    for resource in matching {
        tags += resource.tags.len();
        if page.len() == size || (tags > tags_per_page && !page.is_empty()) {
            let last = page.last().map(|mapping| mapping.arn.as_str()).unwrap_or_default();
            return Ok(Answer { pagination_token: token(context, last), resource_tag_mapping_list: page });
        }
        page.push(mapping(&resource));
    }
    Ok(Answer { pagination_token: String::new(), resource_tag_mapping_list: page })
}

fn invalid(message: &str) -> ServiceError {
    ServiceError::new("InvalidParameterException", message)
}

fn mapping(resource: &Arc<TaggedResource>) -> Mapping {
    let tags = resource.tags.iter().map(|(key, value)| Tag { key: key.clone(), value: value.clone() });
    Mapping { arn: resource.arn.clone(), tags: tags.collect() }
}

/// Whether the ARN's account is the caller's, and its Region (or `us-east-1` for a global one) the one asked.
fn listed_here(context: &Context<'_>, arn: &str) -> bool {
    let mut parts = arn.splitn(6, ':').skip(3);
    let region = parts.next().filter(|region| !region.is_empty()).unwrap_or(GLOBAL_REGION);
    region == context.region && parts.next() == Some(context.caller.account.as_str())
}

/// Whether the ARN is of one of the types, `organizations` or `organizations:account`; no types means all.
fn of_type(arn: &str, types: &[String]) -> bool {
    let mut parts = arn.splitn(6, ':');
    let service = parts.nth(2).unwrap_or_default();
    let kind = parts.nth(2).and_then(|resource| resource.split(['/', ':']).next()).unwrap_or_default();
    types.is_empty()
        || types.iter().any(|wanted| match wanted.split_once(':') {
            Some((of, noun)) => of == service && noun == kind,
            None => wanted == service,
        })
}

/// Whether the tags have the filter's key, with one of its values if it gives any.
fn passes(tags: &Tags, filter: &TagFilter) -> bool {
    let value = filter.key.as_ref().and_then(|key| tags.get(key));
    value.is_some_and(|value| filter.values.is_empty() || filter.values.contains(value))
}

/// A token names the last resource of its page and the time it was made.
fn token(context: &Context<'_>, last: &str) -> String {
    let bytes = last.bytes().map(|byte| format!("{byte:02x}"));
    format!("{:x}.{}", context.now.as_second(), bytes.collect::<String>())
}

fn read_token(context: &Context<'_>, token: &str) -> Result<String, ServiceError> {
    let read = || -> Option<(i64, String)> {
        let (made, last) = token.split_once('.')?;
        let pairs = last.as_bytes().chunks(2).map(std::str::from_utf8);
        let bytes: Option<Vec<u8>> = pairs.map(|pair| u8::from_str_radix(pair.ok()?, 16).ok()).collect();
        Some((i64::from_str_radix(made, 16).ok()?, String::from_utf8(bytes?).ok()?))
    };
    let (made, last) =
        read().ok_or_else(|| invalid("PaginationToken is not one that GetResources returned"))?;
    if context.now.as_second() - made > TOKEN_LIFE {
        return Err(ServiceError::new(
            "PaginationTokenExpiredException",
            "the pagination token is past its 15 minutes",
        ));
    }
    Ok(last)
}
