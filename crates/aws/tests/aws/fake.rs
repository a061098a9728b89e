//! A closure that answers like AWS, and a run against it.

use bytes::Bytes;
use glidepath_aws::{
    AccessMode, Aws, Clock, ConnectionReset, Connector, Credentials, Options, Rates, Speed, WritePermit,
};
use glidepath_model::Digest;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// One answer.
pub(crate) enum Answer {
    Json(Value),
    /// HTTP status, error code, further members.
    Error(u16, &'static str, Value),
    Xml(u16, String),
    Reset,
}

/// "Too fast", as Organizations says it.
pub(crate) fn throttled() -> Answer {
    Answer::Error(400, "TooManyRequestsException", json!({"Type": "USER_LEVEL"}))
}

/// A request that came.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Request {
    /// Seconds after the start of the run.
    pub(crate) at: f64,
    pub(crate) operation: String,
    pub(crate) body: Value,
    /// The id of the key that signed it.
    pub(crate) key: String,
}

/// Every request so far.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<Request>>>);

impl Log {
    pub(crate) fn all(&self) -> Vec<Request> {
        self.0.lock().unwrap().clone()
    }

    pub(crate) fn operations(&self) -> Vec<String> {
        self.all().into_iter().map(|request| request.operation).collect()
    }

    pub(crate) fn seconds(&self) -> Vec<f64> {
        self.all().into_iter().map(|request| request.at).collect()
    }
}

pub(crate) const START: &str = "2027-01-01T00:00:00Z";

/// A run that may write, without pacing, against an answering closure. The closure is told the operation,
/// the body and how many requests came before.
pub(crate) fn options(
    log: &Log,
    answer: impl Fn(&str, &Value, usize) -> Answer + Send + Sync + 'static,
) -> Options {
    let clock = Clock::simulated(START.parse().unwrap(), Speed::Max);
    let (log, told) = (log.clone(), clock.clone());
    let connector = Connector::InProcess(Arc::new(move |request| {
        let (operation, body, key) = read(&request);
        let at = told.since(START.parse().unwrap()).as_secs_f64();
        let before = {
            let mut log = log.0.lock().unwrap();
            log.push(Request { at, operation: operation.clone(), body: body.clone(), key });
            log.len() - 1
        };
        write(answer(&operation, &body, before))
    }));
    let key = Credentials::Key { id: "AKIAIOSFODNN7EXAMPLE".into(), secret: "example".into() };
    let options = Options::new(connector, clock, "eu-west-1");
    Options { credentials: key, rates: Rates::Off, access: AccessMode::ReadWrite, ..options }
}

/// Runs a test to its end.
pub(crate) fn run<T>(options: Options, test: impl AsyncFnOnce(Aws) -> T) -> T {
    let clock = options.clock.clone();
    clock.run(async { test(Aws::connect(options).await.unwrap()).await }).unwrap()
}

pub(crate) fn permit() -> WritePermit {
    WritePermit::for_consented_plan(Digest::of(&json!({"changes": []})))
}

fn read(request: &http::Request<Bytes>) -> (String, Value, String) {
    let header = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    // The access portal takes a token and no signature, and tells operations by their paths.
    if header("x-amz-sso_bearer_token").is_some() {
        let is_accounts = request.uri().path() == "/assignment/accounts";
        let operation = if is_accounts { "ListAccounts" } else { "ListAccountRoles" };
        return (operation.to_owned(), Value::Null, String::new());
    }
    let key = header("authorization").unwrap();
    let key = key.split_once("Credential=").unwrap().1.split_once('/').unwrap().0.to_owned();
    match header("x-amz-target") {
        Some(target) => {
            let operation = target.rsplit('.').next().unwrap().to_owned();
            (operation, serde_json::from_slice(request.body()).unwrap(), key)
        }
        // A REST request says what it is by its method and path.
        None if request.body().is_empty() => {
            (format!("{} {}", request.method(), request.uri().path_and_query().unwrap()), Value::Null, key)
        }
        None if request.body().starts_with(b"{") || request.body().starts_with(b"<") => {
            let body = String::from_utf8(request.body().to_vec()).unwrap();
            let body = serde_json::from_str(&body).unwrap_or(Value::Null);
            (format!("{} {}", request.method(), request.uri().path_and_query().unwrap()), body, key)
        }
        None => {
            let form = String::from_utf8(request.body().to_vec()).unwrap();
            let operation = form.split('&').find_map(|pair| pair.strip_prefix("Action=")).unwrap().to_owned();
            (operation, Value::String(form), key)
        }
    }
}

fn write(answer: Answer) -> Result<http::Response<Bytes>, ConnectionReset> {
    let (status, body) = match answer {
        Answer::Json(body) => (200, body.to_string()),
        Answer::Error(status, code, mut body) => {
            let members = body.as_object_mut().unwrap();
            members.insert("__type".into(), code.into());
            members.insert("Message".into(), format!("{code} it is").into());
            (status, body.to_string())
        }
        Answer::Xml(status, body) => (status, body),
        Answer::Reset => return Err(ConnectionReset),
    };
    Ok(http::Response::builder().status(status).body(body.into()).unwrap())
}
