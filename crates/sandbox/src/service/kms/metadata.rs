//! What a key tells about itself, and its description.

use super::super::{Context, EpochSeconds, ServiceError};
use super::access::{self, Given};
use super::key::{Key, Regionality, State};
use super::key_spec::{Algorithms, Usage};
use super::{Done, key};
use crate::world::{Alphabet, World};
use serde::{Deserialize, Serialize};

/// The metadata of a key.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Metadata {
    #[serde(rename = "AWSAccountId")]
    account: String,
    key_id: String,
    arn: String,
    creation_date: EpochSeconds,
    enabled: bool,
    description: String,
    key_usage: Usage,
    key_state: State,
    #[serde(skip_serializing_if = "Option::is_none")]
    deletion_date: Option<EpochSeconds>,
    origin: key::Origin,
    key_manager: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_master_key_spec: Option<String>,
    key_spec: String,
    #[serde(flatten)]
    algorithms: Algorithms,
    multi_region: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    multi_region_configuration: Option<Configuration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pending_deletion_window_in_days: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_key_material_id: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Configuration {
    multi_region_key_type: &'static str,
    primary_key: Relative,
    replica_keys: Vec<Relative>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Relative {
    arn: String,
    region: String,
}

impl Relative {
    fn of(key: &Key) -> Self {
        Self { arn: key.arn(), region: key.region.clone() }
    }
}

impl Metadata {
    pub(super) fn of(world: &World, key: &Key) -> Self {
        let material =
            world.derive(&format!("material/{}/{}", key.account, key.id), Alphabet::Hexadecimal, 64);
        let has_material = key.origin == key::Origin::AwsKms && key.spec.is_symmetric();
        Self {
            account: key.account.to_string(),
            key_id: key.id.clone(),
            arn: key.arn(),
            creation_date: EpochSeconds(key.created),
            enabled: key.state == State::Enabled,
            description: key.description.clone(),
            key_usage: key.usage,
            key_state: key.state,
            deletion_date: key.deletion.map(EpochSeconds),
            origin: key.origin,
            key_manager: "CUSTOMER",
            customer_master_key_spec: key.spec.older_name().map(str::to_owned),
            key_spec: key.spec.0.clone(),
            algorithms: Algorithms::of(&key.spec, key.usage),
            multi_region: key.is_multi_region(),
            multi_region_configuration: configuration(world, key),
            // Told only while the replicas are waited for; after that there is a date.
            pending_deletion_window_in_days: key
                .window
                .filter(|_| key.state == State::PendingReplicaDeletion),
            current_key_material_id: has_material.then_some(material),
        }
    }
}

fn configuration(world: &World, key: &Key) -> Option<Configuration> {
    let multi_region_key_type = match key.regionality {
        Regionality::Single => return None,
        Regionality::Primary => "PRIMARY",
        Regionality::Replica => "REPLICA",
    };
    let replicas = key.related(world);
    let replicas = replicas.iter().filter(|key| key.regionality == Regionality::Replica);
    Some(Configuration {
        multi_region_key_type,
        primary_key: Relative::of(&key.primary(world)),
        replica_keys: replicas.map(|key| Relative::of(key)).collect(),
    })
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct MetadataAnswer {
    pub(super) key_metadata: Metadata,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeKey {
    key_id: String,
}

pub(super) fn describe_key(
    context: &mut Context<'_>,
    request: DescribeKey,
) -> Result<MetadataAnswer, ServiceError> {
    let key = access::key(context, &request.key_id, Given::AliasAcross, "DescribeKey")?;
    Ok(MetadataAnswer { key_metadata: Metadata::of(context.world, &key) })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdateKeyDescription {
    key_id: String,
    description: String,
}

pub(super) fn update_key_description(
    context: &mut Context<'_>,
    request: UpdateKeyDescription,
) -> Result<Done, ServiceError> {
    let key = access::key(context, &request.key_id, Given::Id, "UpdateKeyDescription")?;
    key.refuse_in(&State::FIXED)?;
    context.world.put(Key { description: request.description, ..Key::clone(&key) });
    Ok(Done {})
}
