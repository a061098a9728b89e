//! `CreateKey`.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html>

use super::super::{Context, ServiceError, tagging};
use super::key::{self, Key, Origin, Regionality, State};
use super::key_spec::{self, Usage};
use super::metadata::{Metadata, MetadataAnswer};
use super::policy_document::{self, LockOutCheck};
use super::refusal::{invalid, unsupported};
use super::tag::{self, Tag};
use glidepath_model::Tags;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateKey {
    policy: Option<String>,
    #[serde(default)]
    description: String,
    key_usage: Option<Usage>,
    customer_master_key_spec: Option<String>,
    key_spec: Option<String>,
    origin: Option<String>,
    custom_key_store_id: Option<String>,
    bypass_policy_lockout_safety_check: Option<bool>,
    #[serde(default)]
    tags: Vec<Tag>,
    multi_region: Option<bool>,
    xks_key_id: Option<String>,
}

pub(super) fn create_key(
    context: &mut Context<'_>,
    request: CreateKey,
) -> Result<MetadataAnswer, ServiceError> {
    let origin = origin(&request)?;
    let (spec, usage) =
        key_spec::chosen(request.key_spec, request.customer_master_key_spec, request.key_usage)?;
    let tags = tag::checked(&request.tags, Tags::new())?;
    let regionality =
        if request.multi_region == Some(true) { Regionality::Primary } else { Regionality::Single };
    let made_for = tags.get("glidepath:address").unwrap_or(&request.description).clone();
    let (id, natural) = key::new_id(context, &made_for, regionality);
    let account = context.caller.account.clone();
    let mut key = Key {
        region: context.region.to_owned(),
        id,
        natural,
        description: request.description,
        usage,
        spec,
        origin,
        state: if origin == Origin::External { State::PendingImport } else { State::Enabled },
        regionality,
        policy: policy_document::usual(&account),
        rotation: None,
        rotated: None,
        window: None,
        deletion: None,
        created: context.now,
        account,
    };
    if let Some(policy) = &request.policy {
        let check = LockOutCheck::asked(request.bypass_policy_lockout_safety_check);
        key.policy = policy_document::accepted(context, &key, policy, check)?;
    }
    tagging::put_tags(context.world, &key.arn(), tags);
    context.world.put(key.clone());
    Ok(MetadataAnswer { key_metadata: Metadata::of(context.world, &key) })
}

/// Where the material comes from; no custom key store exists here.
fn origin(request: &CreateKey) -> Result<Origin, ServiceError> {
    if let Some(store) = &request.custom_key_store_id {
        if request.multi_region == Some(true) {
            return Err(unsupported("A multi-Region key cannot be in a custom key store."));
        }
        return Err(ServiceError::new(
            "CustomKeyStoreNotFoundException",
            format!("There is no custom key store {}", glidepath_model::text::printable(store)),
        ));
    }
    if request.xks_key_id.is_some() {
        return Err(invalid("XksKeyId is for keys of an external key store only."));
    }
    match request.origin.as_deref() {
        None | Some("AWS_KMS") => Ok(Origin::AwsKms),
        Some("EXTERNAL") => Ok(Origin::External),
        Some(_) => Err(invalid("An origin in a custom key store needs a CustomKeyStoreId.")),
    }
}
