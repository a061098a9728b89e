//! Defaults for the metadata service of new instances.
//!
//! Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMetadataDefaults.html>

use super::super::{Context, ServiceError};
use super::Plain;
use super::refusal::{invalid, refuse_dry_run};
use super::settings::{self, MANAGED_BY, Metadata};
use serde::{Deserialize, Serialize};

/// What clears a default.
const NO_PREFERENCE: &str = "no-preference";
/// What clears the hop limit.
const NO_LIMIT: i64 = -1;
/// How far metadata may travel.
const HOPS: std::ops::RangeInclusive<i64> = 1..=64;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Modify {
    http_tokens: Option<String>,
    http_put_response_hop_limit: Option<i64>,
    http_endpoint: Option<String>,
    instance_metadata_tags: Option<String>,
    http_tokens_enforced: Option<String>,
    dry_run: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Modified {
    r#return: bool,
}

/// Sets what the request names and leaves the rest.
pub(super) fn modify(context: &mut Context<'_>, request: Modify) -> Result<Modified, ServiceError> {
    if let Some(limit) = request.http_put_response_hop_limit
        && limit != NO_LIMIT
        && !HOPS.contains(&limit)
    {
        return Err(invalid("HttpPutResponseHopLimit must be between 1 and 64, or -1 for no preference."));
    }
    refuse_dry_run(request.dry_run)?;
    let mut settings = settings::read(context);
    let before = settings.metadata;
    let choose = |given: Option<String>, before: Option<String>| match given {
        Some(given) => Some(given).filter(|given| given != NO_PREFERENCE),
        None => before,
    };
    settings.metadata = Metadata {
        tokens: choose(request.http_tokens, before.tokens),
        hop_limit: match request.http_put_response_hop_limit {
            Some(limit) => Some(limit).filter(|limit| *limit != NO_LIMIT),
            None => before.hop_limit,
        },
        endpoint: choose(request.http_endpoint, before.endpoint),
        tags: choose(request.instance_metadata_tags, before.tags),
        tokens_enforced: choose(request.http_tokens_enforced, before.tokens_enforced),
    };
    context.world.put(settings);
    Ok(Modified { r#return: true })
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Defaults {
    account_level: Level,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Level {
    #[serde(skip_serializing_if = "Option::is_none")]
    http_tokens: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_put_response_hop_limit: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance_metadata_tags: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_tokens_enforced: Option<String>,
    managed_by: &'static str,
}

pub(super) fn get(context: &mut Context<'_>, request: Plain) -> Result<Defaults, ServiceError> {
    refuse_dry_run(request.dry_run)?;
    let metadata = settings::read(context).metadata;
    Ok(Defaults {
        account_level: Level {
            http_tokens: metadata.tokens,
            http_put_response_hop_limit: metadata.hop_limit,
            http_endpoint: metadata.endpoint,
            instance_metadata_tags: metadata.tags,
            http_tokens_enforced: metadata.tokens_enforced,
            managed_by: MANAGED_BY,
        },
    })
}
