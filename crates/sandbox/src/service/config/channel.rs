//! The delivery channel: told, and deleted once nothing is recorded any more.

use super::super::cloudformation::{alter, existing};
use super::super::{Context, ServiceError};
use super::{Done, recorder, small};
use glidepath_model::text::printable;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

const TYPE: &str = "AWS::Config::DeliveryChannel";
/// What stands in an answer: the API's name and the template's.
const TOLD: [(&str, &str); 5] = [
    ("s3BucketName", "S3BucketName"),
    ("s3KeyPrefix", "S3KeyPrefix"),
    ("s3KmsKeyArn", "S3KmsKeyArn"),
    ("snsTopicARN", "SnsTopicARN"),
    ("configSnapshotDeliveryProperties", "ConfigSnapshotDeliveryProperties"),
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Describe {
    #[serde(default)]
    delivery_channel_names: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Channels {
    delivery_channels: Vec<Value>,
}

fn none(name: &str) -> ServiceError {
    let message = format!("Cannot find delivery channel with specified name '{}'.", printable(name));
    ServiceError::new("NoSuchDeliveryChannelException", message)
}

pub(super) fn describe_delivery_channels(
    context: &mut Context<'_>,
    request: Describe,
) -> Result<Channels, ServiceError> {
    let place = (context.caller.account.as_str(), context.region);
    let all = existing(context.world, place, TYPE);
    let names = &request.delivery_channel_names;
    if let Some(stray) = names.iter().find(|name| !all.iter().any(|(id, _)| id == *name)) {
        return Err(none(stray));
    }
    let wanted = all.into_iter().filter(|(id, _)| names.is_empty() || names.contains(id));
    let one = |(name, properties): (String, Value)| {
        let mut told = Map::from_iter([("name".to_owned(), json!(name))]);
        for (api, property) in TOLD {
            if let Some(value) = properties.get(property) {
                told.insert(api.to_owned(), small(value));
            }
        }
        Value::Object(told)
    };
    Ok(Channels { delivery_channels: wanted.map(one).collect() })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    delivery_channel_name: String,
}

pub(super) fn delete_delivery_channel(
    context: &mut Context<'_>,
    request: Named,
) -> Result<Done, ServiceError> {
    let name = &request.delivery_channel_name;
    let place = (context.caller.account.as_str(), context.region);
    if !existing(context.world, place, TYPE).iter().any(|(id, _)| id == name) {
        return Err(none(name));
    }
    if recorder::is_recording(context) {
        let message = format!(
            "Failed to delete last specified delivery channel with name '{}', because there is a \
             running configuration recorder.",
            printable(name)
        );
        return Err(ServiceError::new("LastDeliveryChannelDeleteFailedException", message));
    }
    let place = (context.caller.account.as_str(), context.region);
    alter(context.world, place, (TYPE, name), None);
    Ok(Done {})
}
