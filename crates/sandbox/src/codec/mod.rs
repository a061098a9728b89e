//! The wire: one codec for every service, driven by shape data (`data/<service>.json`).
//!
//! Bytes become a JSON value in the API's own member names, checked against the request's shape; an answer's value is
//! checked against its shape and becomes bytes. The protocols: JSON 1.1, Query and EC2's variant of it with XML answers,
//! REST with JSON and with XML bodies. Nothing here knows what an operation means.

mod check;
mod pattern;
mod query;
mod refusal;
mod rest;
mod shapes;
mod xml;
mod xml_body;

pub(crate) use check::check;
pub(crate) use query::form;
pub(crate) use refusal::{Common, Throttle, is_common, refusal, throttled};
pub(crate) use rest::{Sent, find as find_rest};
pub(crate) use shapes::{Model, OperationShape, Protocol, model, models};

use crate::service::ServiceError;
use bytes::Bytes;
use serde_json::{Map, Value};

/// A body that is not what its protocol wants.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BodyError {
    /// Not JSON at all.
    #[error("the body is not JSON: {0}")]
    NotJson(String),
    /// JSON, but no object.
    #[error("the body is not a JSON object")]
    NotObject,
    /// Not XML at all.
    #[error("the body is not XML: {0}")]
    NotXml(String),
    /// A form field or element that no member of the shape takes.
    #[error("`{0}` is no parameter of this operation")]
    UnknownParameter(String),
    /// A form field or element that is not of its shape's type.
    #[error("`{parameter}` is not a {wanted}")]
    WrongType {
        /// The field.
        parameter: String,
        /// The type its shape has.
        wanted: &'static str,
    },
}

/// A request as a value in the API's member names. Nulls count as absent.
pub(crate) fn decode(model: &Model, operation: &OperationShape, sent: &Sent) -> Result<Value, BodyError> {
    let body = &sent.body;
    match model.protocol {
        Protocol::Json if body.is_empty() => Ok(Value::Object(Map::new())),
        Protocol::Json => {
            let mut value: Value =
                serde_json::from_slice(body).map_err(|error| BodyError::NotJson(error.to_string()))?;
            drop_nulls(&mut value);
            if value.is_object() { Ok(value) } else { Err(BodyError::NotObject) }
        }
        Protocol::Query | Protocol::Ec2 => query::decode(model, operation.input.as_deref(), body),
        Protocol::RestJson | Protocol::RestXml => rest::decode(model, operation, sent),
    }
}

/// Removes members that are null, at every depth: AWS takes them as absent.
pub(crate) fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// An answer as bytes, with its content type and extra headers left to the caller.
pub(crate) fn encode(
    model: &Model,
    name: &str,
    operation: &OperationShape,
    answer: &Value,
    id: &str,
) -> Bytes {
    match model.protocol {
        Protocol::Json if operation.output.is_none() => Bytes::new(),
        Protocol::Json => Bytes::from(answer.to_string()),
        Protocol::Query => Bytes::from(xml::answer(model, name, operation, answer, id)),
        Protocol::Ec2 => Bytes::from(xml::ec2_answer(model, name, operation, answer, id)),
        Protocol::RestJson => match &operation.output {
            Some(output) => {
                Bytes::from(rest::renamed(model, output, answer.clone(), rest::Direction::Out).to_string())
            }
            None => Bytes::new(),
        },
        Protocol::RestXml => Bytes::from(xml::rest_answer(model, operation, answer)),
    }
}

/// An error as status and bytes.
pub(crate) fn encode_error(model: &Model, error: &ServiceError, id: &str) -> (u16, Bytes) {
    let (code, status) = model.wire_code(error.code);
    let body = match model.protocol {
        Protocol::Json => {
            let mut members = Map::new();
            members.insert("__type".to_owned(), Value::from(code));
            members.insert(model.message_member(error.code).to_owned(), Value::from(error.message.as_str()));
            members.extend(error.members.clone());
            Bytes::from(Value::Object(members).to_string())
        }
        // The code stands in a header.
        Protocol::RestJson => {
            let mut members = error.members.clone();
            members.insert(model.message_member(error.code).to_owned(), Value::from(error.message.as_str()));
            Bytes::from(Value::Object(members).to_string())
        }
        Protocol::Query | Protocol::RestXml => {
            Bytes::from(xml::error(model, code, status, &error.message, id))
        }
        Protocol::Ec2 => Bytes::from(xml::ec2_error(code, &error.message, id)),
    };
    (status, body)
}

/// The content type of a protocol's answers.
pub(crate) fn content_type(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Json => "application/x-amz-json-1.1",
        Protocol::RestJson => "application/json",
        Protocol::Query => "text/xml",
        Protocol::Ec2 => "text/xml;charset=UTF-8",
        Protocol::RestXml => "application/xml",
    }
}
