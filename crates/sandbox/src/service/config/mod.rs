//! AWS Config, as far as telling what is recorded in an account and Region: the recorder and the delivery channel that
//! some stack made, and taking them away.
//!
//! Source: <https://docs.aws.amazon.com/config/latest/APIReference/Welcome.html>

mod channel;
mod recorder;

use super::{Access, Operation, Service, typed};
use serde::Serialize;
use serde_json::Value;

/// The service.
pub const SERVICE: Service = Service {
    name: "config",
    operations,
    tables: Vec::new,
    found: |_| {},
    settle: |_, _| {},
    show: |_| Vec::new(),
};

/// The answer of an operation that has none.
#[derive(Debug, Serialize)]
struct Done {}

/// A value in the API's own names, which begin with a small letter where CloudFormation's begin with a capital one.
fn small(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let named = members.iter().map(|(name, member)| {
                let mut letters = name.chars();
                let first = letters.next().map(|first| first.to_ascii_lowercase());
                (first.into_iter().chain(letters).collect::<String>(), small(member))
            });
            Value::Object(named.collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(small).collect()),
        // Templates may write truth as text.
        Value::String(text) if text == "true" || text == "false" => Value::Bool(text == "true"),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

macro_rules! operations {
    ($($name:literal $access:ident $handler:path,)+) => {
        vec![$(Operation {
            name: $name,
            access: Access::$access,
            handler: |context, request| typed(context, request, $handler),
        }),+]
    };
}

fn operations() -> Vec<Operation> {
    operations![
        "DeleteConfigurationRecorder" Write recorder::delete_configuration_recorder,
        "DeleteDeliveryChannel" Write channel::delete_delivery_channel,
        "DescribeConfigurationRecorderStatus" Read recorder::describe_configuration_recorder_status,
        "DescribeConfigurationRecorders" Read recorder::describe_configuration_recorders,
        "DescribeDeliveryChannels" Read channel::describe_delivery_channels,
        "StopConfigurationRecorder" Write recorder::stop_configuration_recorder,
    ]
}
