//! `ReplicateKey`: the same key in another Region.
//!
//! Related keys share id, material, spec, usage and rotation; each has its own policy, description, tags, aliases,
//! grants and state.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html>

use super::super::{Context, ServiceError, tagging};
use super::access::{self, Given};
use super::key::{self, Key, Regionality, State};
use super::metadata::Metadata;
use super::policy_document::{self, LockOutCheck};
use super::refusal::{invalid, unsupported};
use super::state::put_unsettled;
use super::tag::{self, Tag};
use glidepath_model::{Tags, regions};
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ReplicateKey {
    key_id: String,
    replica_region: String,
    policy: Option<String>,
    bypass_policy_lockout_safety_check: Option<bool>,
    #[serde(default)]
    description: String,
    #[serde(default)]
    tags: Vec<Tag>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ReplicaAnswer {
    replica_key_metadata: Metadata,
    replica_policy: String,
    replica_tags: Vec<Tag>,
}

pub(super) fn replicate_key(
    context: &mut Context<'_>,
    request: ReplicateKey,
) -> Result<ReplicaAnswer, ServiceError> {
    let primary = access::key(context, &request.key_id, Given::Id, "ReplicateKey")?;
    if primary.regionality != Regionality::Primary {
        return Err(unsupported(format!("{} is not a multi-Region primary key.", primary.arn())));
    }
    primary.refuse_in(&State::UNUSABLE)?;
    let region = request.replica_region;
    if regions::region(&region).is_none_or(|region| region.partition != key::PARTITION) {
        return Err(invalid(format!("{region} is not a Region of this partition.")));
    }
    if region == primary.region
        || context.world.get::<Key>(&key::row(&primary.account, &region, &primary.id)).is_some()
    {
        return Err(ServiceError::new(
            "AlreadyExistsException",
            format!("{} already exists", key::arn(&primary.account, &region, &primary.id)),
        ));
    }
    let tags = tag::checked(&request.tags, Tags::new())?;
    let mut replica = Key {
        region,
        description: request.description,
        state: State::Creating,
        regionality: Regionality::Replica,
        policy: policy_document::usual(&primary.account),
        rotation: None,
        rotated: None,
        window: None,
        deletion: None,
        created: context.now,
        ..Key::clone(&primary)
    };
    if let Some(policy) = &request.policy {
        let check = LockOutCheck::asked(request.bypass_policy_lockout_safety_check);
        replica.policy = policy_document::accepted(context, &replica, policy, check)?;
    }
    let replica_tags = tag::listed(&tags);
    tagging::put_tags(context.world, &replica.arn(), tags);
    put_unsettled(context, replica.clone());
    Ok(ReplicaAnswer {
        replica_key_metadata: Metadata::of(context.world, &replica),
        replica_policy: replica.policy,
        replica_tags,
    })
}
