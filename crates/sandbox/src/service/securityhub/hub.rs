//! The hub of an account and Region.

use super::super::cloudformation::existing;
use super::super::{Context, ServiceError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Describe {
    hub_arn: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Hub {
    hub_arn: String,
    auto_enable_controls: bool,
    control_finding_generator: String,
}

pub(super) fn describe_hub(context: &mut Context<'_>, request: Describe) -> Result<Hub, ServiceError> {
    let place = (context.caller.account.as_str(), context.region);
    let found = existing(context.world, place, "AWS::SecurityHub::Hub").into_iter().next();
    let Some((arn, properties)) = found else {
        let message = format!("Account {} is not subscribed to AWS Security Hub", context.caller.account);
        return Err(ServiceError::new("InvalidAccessException", message));
    };
    if request.hub_arn.is_some_and(|asked| asked != arn) {
        let message = "The request was rejected because we can't find the specified resource.";
        return Err(ServiceError::new("ResourceNotFoundException", message));
    }
    let no = |value: &Value| *value == json!(false) || *value == json!("false");
    let generator = properties.get("ControlFindingGenerator").and_then(Value::as_str);
    Ok(Hub {
        hub_arn: arn,
        auto_enable_controls: !properties.get("AutoEnableControls").is_some_and(no),
        control_finding_generator: generator.unwrap_or("SECURITY_CONTROL").to_owned(),
    })
}
