//! The detector of an account and Region.

use super::super::cloudformation::existing;
use super::super::{Context, ServiceError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const TYPE: &str = "AWS::GuardDuty::Detector";

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Detectors {
    detector_ids: Vec<String>,
}

fn refused(message: &str) -> ServiceError {
    ServiceError::new("BadRequestException", message)
}

pub(super) fn list_detectors(context: &mut Context<'_>, request: List) -> Result<Detectors, ServiceError> {
    if request.next_token.is_some_and(|token| !token.is_empty()) {
        return Err(refused("The request is rejected because the parameter nextToken has an invalid value."));
    }
    let place = (context.caller.account.as_str(), context.region);
    let all = existing(context.world, place, TYPE);
    Ok(Detectors { detector_ids: all.into_iter().map(|(id, _)| id).collect() })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Get {
    detector_id: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Detector {
    finding_publishing_frequency: String,
    service_role: String,
    status: &'static str,
    features: Vec<Value>,
}

pub(super) fn get_detector(context: &mut Context<'_>, request: Get) -> Result<Detector, ServiceError> {
    let account = context.caller.account.as_str();
    let found = existing(context.world, (account, context.region), TYPE);
    let found = found.into_iter().find(|(id, _)| *id == request.detector_id);
    let (_, properties) = found.ok_or_else(|| {
        refused("The request is rejected because the input detectorId is not owned by the current account.")
    })?;
    let truth = |value: &Value| *value == json!(true) || *value == json!("true");
    let features = properties.get("Features").and_then(Value::as_array).into_iter().flatten();
    let features = features.map(|feature| {
        let text = |name: &str| feature.get(name).cloned().unwrap_or_default();
        json!({"Name": text("Name"), "Status": text("Status")})
    });
    let frequency = properties.get("FindingPublishingFrequency").and_then(Value::as_str);
    Ok(Detector {
        finding_publishing_frequency: frequency.unwrap_or("SIX_HOURS").to_owned(),
        service_role: format!(
            "arn:aws:iam::{account}:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty"
        ),
        status: if properties.get("Enable").is_some_and(truth) { "ENABLED" } else { "DISABLED" },
        features: features.collect(),
    })
}
