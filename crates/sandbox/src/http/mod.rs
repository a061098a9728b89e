//! The HTTP side of a call: which service and operation a request is for, who signed it, and the answer's envelope.
//!
//! Signatures are not checked, only read: the sandbox trusts whoever can reach it.

mod authorization;

pub use authorization::ADMINISTRATOR_KEY;
pub(crate) use authorization::{Refused, Signed, caller, caller_by_name, read_authorization};

use crate::codec::{self, Common, Model, Protocol, Sent};
use crate::service::ServiceError;
use bytes::Bytes;
use glidepath_model::text::printable;

/// A request for an operation of a known service.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub(crate) model: &'static Model,
    pub(crate) operation: String,
    pub(crate) signed: Result<Signed, Refused>,
    pub(crate) sent: Sent,
}

/// Reads which service, operation and signer a request names.
///
/// # Errors
/// [`UnknownService`] when the request is for none that is simulated.
pub(crate) fn read(request: &http::Request<Bytes>) -> Result<Incoming, UnknownService> {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let signed = read_authorization(header("authorization"), header("x-amz-security-token"));
    let sent = Sent::of(request);
    if let Some((prefix, operation)) = header("x-amz-target").and_then(|target| target.rsplit_once('.')) {
        let model = codec::models().iter().find(|model| model.target_prefix.as_deref() == Some(prefix));
        let model = model.ok_or_else(|| {
            UnknownService(format!("no service has the target prefix `{}`", printable(prefix)))
        })?;
        return Ok(Incoming { model, operation: operation.to_owned(), signed, sent });
    }
    if let Some((model, operation)) = codec::find_rest(request.method(), request.uri().path()) {
        return Ok(Incoming { model, operation: operation.to_owned(), signed, sent });
    }
    let form = codec::form(&sent.body);
    let (Some(operation), Some(version)) = (form.get("Action"), form.get("Version")) else {
        let message = "a request has an `x-amz-target` header, `Action` and `Version` in its form, or a REST service's path";
        return Err(UnknownService(message.to_owned()));
    };
    let model = codec::models().iter().find(|model| {
        matches!(model.protocol, Protocol::Query | Protocol::Ec2) && model.api_version == *version
    });
    let model = model
        .ok_or_else(|| UnknownService(format!("no query service has version `{}`", printable(version))))?;
    Ok(Incoming { model, operation: operation.clone(), signed, sent })
}

/// A request for a service that is not simulated.
#[derive(Debug)]
pub(crate) struct UnknownService(String);

impl UnknownService {
    pub(crate) fn answer(&self) -> http::Response<Bytes> {
        let body =
            serde_json::json!({ "__type": Common::UnknownOperation.code(Protocol::Json), "message": self.0 });
        response(404, codec::content_type(Protocol::Json), "none", Bytes::from(body.to_string()))
    }
}

/// An answer in its envelope.
pub(crate) fn answer(
    model: &Model,
    name: &str,
    outcome: &Result<serde_json::Value, ServiceError>,
    id: &str,
) -> http::Response<Bytes> {
    let operation = model.operations.get(name);
    let (status, body) = match (outcome, operation) {
        (Ok(value), Some(operation)) => (200, codec::encode(model, name, operation, value, id)),
        (Ok(_), None) => (200, Bytes::new()),
        (Err(error), _) => codec::encode_error(model, error, id),
    };
    let mut response = response(status, codec::content_type(model.protocol), id, body);
    if let (Err(error), Protocol::RestJson) = (outcome, model.protocol)
        && let Ok(code) = http::HeaderValue::from_str(model.wire_code(error.code).0)
    {
        response.headers_mut().insert("x-amzn-errortype", code);
    }
    response
}

fn response(status: u16, content_type: &'static str, id: &str, body: Bytes) -> http::Response<Bytes> {
    let mut response = http::Response::new(body);
    *response.status_mut() =
        http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert("content-type", http::HeaderValue::from_static(content_type));
    if let Ok(id) = http::HeaderValue::from_str(id) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}
