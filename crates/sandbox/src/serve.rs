//! The sandbox over a socket: HTTP/1.1, and a few control requests that no AWS has.
//!
//! - `GET /_sandbox/clock` tells the time; `POST /_sandbox/clock` with `{"advance_seconds": 60}` or
//!   `{"now": "2026-11-24T04:00:00Z"}` moves it on. Simulated time never goes back.
//! - `POST /_sandbox/tamper` with `{"account": …, "region": …, "type": "AWS::S3::Bucket", "id": …, "property": "A/B",
//!   "value": …}` changes a resource of a stack behind its back; without a value the property goes, without a property
//!   the resource.
//! - `POST /_sandbox/network-interface` with `{"account": …, "region": …}` puts a network interface into the default VPC
//!   there, as an instance would.
//! - `POST /_sandbox/sign-in` with `{"user": "alice"}` signs a user of Identity Center's directory in and answers
//!   `{"accessToken": …}`, for the calls of the access portal.
//! - `POST /_sandbox/identity-center` with `{"region": "eu-west-1"}` enables Identity Center there; with `{}` it is
//!   removed, with all that is in it.
//! - `POST /_sim/reset` starts the world anew, at the time of the clock.
//!
//! This is the only module that knows tokio and hyper. It opens no port (the caller brings a listener) and reads no
//! clock (the caller brings one).

use crate::sandbox::{AccessTokenError, Fault, Sandbox};
use crate::service::cloudformation::{TamperError, Tampering};
use bytes::Bytes;
use glidepath_model::{AccountId, Timestamp};
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::json;
use std::io::ErrorKind;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;

/// The largest request that is read, in bytes: far above AWS's largest here.
const LARGEST_REQUEST: usize = 4 << 20;

/// Why a connection ends without an answer.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error(transparent)]
    Fault(#[from] Fault),
    #[error("the request could not be read: {0}")]
    Request(String),
}

/// What each connection needs.
struct Served<C> {
    sandbox: Arc<Sandbox>,
    clock: C,
    /// How far simulated time was moved ahead of the clock.
    ahead: Mutex<SignedDuration>,
}

/// Where the clock is moved to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MoveClock {
    advance_seconds: Option<f64>,
    now: Option<Timestamp>,
}

/// Where a network interface is added.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    account: AccountId,
    region: String,
}

/// Who signs in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignIn {
    user: String,
}

/// Where Identity Center is enabled; nowhere without a Region.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SwitchIdentityCenter {
    region: Option<String>,
}

/// Serves connections until the future is dropped.
///
/// # Errors
/// When the listener can accept no more.
pub async fn serve<C>(listener: TcpListener, sandbox: Arc<Sandbox>, clock: C) -> std::io::Result<()>
where
    C: Fn() -> Timestamp + Send + Sync + 'static,
{
    let served = Arc::new(Served { sandbox, clock, ahead: Mutex::new(SignedDuration::ZERO) });
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            // A client that went away while it was being let in.
            Err(error) if error.kind() == ErrorKind::ConnectionAborted => continue,
            Err(error) => return Err(error),
        };
        // Answers are small: waiting to fill a packet would cost each of them a delayed acknowledgement. Where it
        // cannot be set the client is gone, or waits.
        let _ = stream.set_nodelay(true);
        let served = served.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| answer(served.clone(), request));
            // A client that goes away, or a connection broken on purpose, is no failure of the server.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer<C>(
    served: Arc<Served<C>>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Broken>
where
    C: Fn() -> Timestamp + Send + Sync + 'static,
{
    let (head, body) = request.into_parts();
    let body = Limited::new(body, LARGEST_REQUEST).collect().await;
    let body = body.map_err(|error| Broken::Request(error.to_string()))?.to_bytes();
    let request = Request::from_parts(head, body);
    let response = match (request.method(), request.uri().path()) {
        (&Method::GET, "/_sandbox/clock") => served.tell(),
        (&Method::POST, "/_sandbox/clock") => served.move_clock(request.body()),
        (&Method::POST, "/_sandbox/tamper") => served.tamper(request.body()),
        (&Method::POST, "/_sandbox/network-interface") => served.add_network_interface(request.body()),
        (&Method::POST, "/_sandbox/sign-in") => served.sign_in(request.body()),
        (&Method::POST, "/_sandbox/identity-center") => served.switch_identity_center(request.body()),
        (&Method::POST, "/_sim/reset") => served.restart(),
        _ => served.sandbox.call(served.now(), request)?,
    };
    Ok(response.map(Full::new))
}

impl<C: Fn() -> Timestamp> Served<C> {
    fn now(&self) -> Timestamp {
        let ahead = *self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        (self.clock)().saturating_add(ahead).unwrap_or(Timestamp::MAX).max(self.sandbox.now())
    }

    fn tell(&self) -> Response<Bytes> {
        control(StatusCode::OK, &json!({ "now": self.now() }))
    }

    fn add_network_interface(&self, body: &[u8]) -> Response<Bytes> {
        let Place { account, region } = match serde_json::from_slice(body) {
            Ok(place) => place,
            Err(error) => return refused(StatusCode::BAD_REQUEST, &error),
        };
        match self.sandbox.add_network_interface(&account, &region) {
            Ok(true) => control(StatusCode::OK, &json!({})),
            Ok(false) => {
                control(StatusCode::BAD_REQUEST, &json!({ "error": "the default VPC has no subnet left" }))
            }
            Err(error) => refused(StatusCode::INTERNAL_SERVER_ERROR, &error),
        }
    }

    fn sign_in(&self, body: &[u8]) -> Response<Bytes> {
        let SignIn { user } = match serde_json::from_slice(body) {
            Ok(sign_in) => sign_in,
            Err(error) => return refused(StatusCode::BAD_REQUEST, &error),
        };
        match self.sandbox.sign_in(&user) {
            Ok(token) => control(StatusCode::OK, &json!({ "accessToken": token })),
            Err(error @ AccessTokenError::Store(_)) => refused(StatusCode::INTERNAL_SERVER_ERROR, &error),
            Err(error) => refused(StatusCode::BAD_REQUEST, &error),
        }
    }

    fn switch_identity_center(&self, body: &[u8]) -> Response<Bytes> {
        let switched = match serde_json::from_slice(body) {
            Ok(SwitchIdentityCenter { region: Some(region) }) => self.sandbox.enable_identity_center(&region),
            Ok(SwitchIdentityCenter { region: None }) => self.sandbox.remove_identity_center(),
            Err(error) => return refused(StatusCode::BAD_REQUEST, &error),
        };
        match switched {
            Ok(()) => control(StatusCode::OK, &json!({})),
            Err(error) => refused(StatusCode::INTERNAL_SERVER_ERROR, &error),
        }
    }

    fn tamper(&self, body: &[u8]) -> Response<Bytes> {
        let tampering: Tampering = match serde_json::from_slice(body) {
            Ok(tampering) => tampering,
            Err(error) => return refused(StatusCode::BAD_REQUEST, &error),
        };
        match self.sandbox.tamper(&tampering) {
            Ok(()) => control(StatusCode::OK, &json!({})),
            Err(error @ TamperError::Store(_)) => refused(StatusCode::INTERNAL_SERVER_ERROR, &error),
            Err(error) => refused(StatusCode::BAD_REQUEST, &error),
        }
    }

    fn restart(&self) -> Response<Bytes> {
        match self.sandbox.restart() {
            Ok(()) => {
                *self.ahead.lock().unwrap_or_else(PoisonError::into_inner) = SignedDuration::ZERO;
                control(StatusCode::OK, &json!({}))
            }
            Err(error) => control(StatusCode::INTERNAL_SERVER_ERROR, &json!({ "error": error.to_string() })),
        }
    }

    fn move_clock(&self, body: &[u8]) -> Response<Bytes> {
        let refused = |message: &str| control(StatusCode::BAD_REQUEST, &json!({ "error": message }));
        let now = self.now();
        let wanted = match serde_json::from_slice(body) {
            Ok(MoveClock { advance_seconds: Some(seconds), now: None }) => {
                SignedDuration::try_from_secs_f64(seconds).ok().and_then(|by| now.checked_add(by).ok())
            }
            Ok(MoveClock { advance_seconds: None, now: Some(wanted) }) => Some(wanted),
            _ => return refused("give `advance_seconds` or `now`"),
        };
        let Some(wanted) = wanted.filter(|wanted| *wanted >= now) else {
            return refused("simulated time never goes back, and ends with the year 9999");
        };
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner) = wanted.duration_since((self.clock)());
        match self.sandbox.advance(wanted) {
            Ok(()) => self.tell(),
            Err(error) => control(StatusCode::INTERNAL_SERVER_ERROR, &json!({ "error": error.to_string() })),
        }
    }
}

fn refused(status: StatusCode, error: &dyn std::error::Error) -> Response<Bytes> {
    control(status, &json!({ "error": error.to_string() }))
}

fn control(status: StatusCode, body: &serde_json::Value) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert("content-type", http::HeaderValue::from_static("application/json"));
    response
}
