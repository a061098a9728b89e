//! The recorder: told, whether it runs, stopped and deleted.

use super::super::cloudformation::{alter, existing};
use super::super::{Context, ServiceError};
use super::{Done, small};
use glidepath_model::text::printable;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

const TYPE: &str = "AWS::Config::ConfigurationRecorder";
/// The property of a template that says whether it records.
const RECORDS: &str = "StartedOnCreate";
/// What stands in an answer of what a template says.
const TOLD: [&str; 3] = ["RoleARN", "RecordingGroup", "RecordingMode"];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Describe {
    #[serde(default)]
    configuration_recorder_names: Vec<String>,
    service_principal: Option<String>,
    arn: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Recorders {
    configuration_recorders: Vec<Value>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Statuses {
    configuration_recorders_status: Vec<Value>,
}

/// Those of the account and Region, with their properties.
fn found(context: &Context<'_>, request: &Describe) -> Result<Vec<(String, Value)>, ServiceError> {
    if request.service_principal.is_some() || request.arn.is_some() {
        let message = "the sandbox has no recorders of services, and tells them by name";
        return Err(ServiceError::new("ValidationException", message));
    }
    let place = (context.caller.account.as_str(), context.region);
    let all = existing(context.world, place, TYPE);
    let names = &request.configuration_recorder_names;
    if let Some(stray) = names.iter().find(|name| !all.iter().any(|(id, _)| id == *name)) {
        return Err(none(stray));
    }
    Ok(all.into_iter().filter(|(id, _)| names.is_empty() || names.contains(id)).collect())
}

fn none(name: &str) -> ServiceError {
    let message =
        format!("Cannot find configuration recorder with the specified name '{}'.", printable(name));
    ServiceError::new("NoSuchConfigurationRecorderException", message)
}

pub(super) fn describe_configuration_recorders(
    context: &mut Context<'_>,
    request: Describe,
) -> Result<Recorders, ServiceError> {
    let one = |(name, properties): (String, Value)| {
        let mut told = Map::from_iter([("name".to_owned(), json!(name))]);
        for property in TOLD {
            if let Some(value) = properties.get(property) {
                let Value::Object(members) = small(&json!({property: value})) else { continue };
                told.extend(members);
            }
        }
        Value::Object(told)
    };
    let configuration_recorders = found(context, &request)?.into_iter().map(one).collect();
    Ok(Recorders { configuration_recorders })
}

fn records(properties: &Value) -> bool {
    properties.get(RECORDS).is_some_and(|value| small(value) == Value::Bool(true))
}

/// Whether a recorder of the account and Region runs.
pub(super) fn is_recording(context: &Context<'_>) -> bool {
    let place = (context.caller.account.as_str(), context.region);
    existing(context.world, place, TYPE).iter().any(|(_, properties)| records(properties))
}

pub(super) fn describe_configuration_recorder_status(
    context: &mut Context<'_>,
    request: Describe,
) -> Result<Statuses, ServiceError> {
    let one = |(name, properties): (String, Value)| json!({"name": name, "recording": records(&properties)});
    let configuration_recorders_status = found(context, &request)?.into_iter().map(one).collect();
    Ok(Statuses { configuration_recorders_status })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    configuration_recorder_name: String,
}

fn named(context: &Context<'_>, name: &str) -> Result<Value, ServiceError> {
    let place = (context.caller.account.as_str(), context.region);
    let found = existing(context.world, place, TYPE).into_iter().find(|(id, _)| id == name);
    found.map(|(_, properties)| properties).ok_or_else(|| none(name))
}

pub(super) fn stop_configuration_recorder(
    context: &mut Context<'_>,
    request: Named,
) -> Result<Done, ServiceError> {
    let name = &request.configuration_recorder_name;
    let mut properties = named(context, name)?;
    if let Value::Object(members) = &mut properties {
        members.insert(RECORDS.to_owned(), Value::Bool(false));
    }
    let place = (context.caller.account.as_str(), context.region);
    alter(context.world, place, (TYPE, name), Some(properties));
    Ok(Done {})
}

pub(super) fn delete_configuration_recorder(
    context: &mut Context<'_>,
    request: Named,
) -> Result<Done, ServiceError> {
    let name = &request.configuration_recorder_name;
    named(context, name)?;
    let place = (context.caller.account.as_str(), context.region);
    alter(context.world, place, (TYPE, name), None);
    Ok(Done {})
}
