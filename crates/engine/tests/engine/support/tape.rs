//! What went over the wire between the engine and the sandbox, and what was made to go wrong there.

use bytes::Bytes;
use glidepath_model::operations::{Access, OperationRow};
use glidepath_sandbox::{Sandbox, Snapshot};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// One call.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// `CreatePolicy`
    pub(crate) operation: String,
    pub(crate) request: String,
    pub(crate) status: u16,
    pub(crate) answer: String,
}

/// A moment at which a run could die.
pub(crate) struct Point {
    pub(crate) world: Snapshot,
    /// How many calls were made until then.
    pub(crate) calls: usize,
    /// How long the journal was.
    pub(crate) journal: u64,
}

/// What happens to a call instead of reaching the sandbox: its operation and body are given.
pub(crate) type Hook = Box<dyn Fn(&str, &str, usize) + Send + Sync>;

/// The tape between engine and sandbox.
#[derive(Default)]
pub(crate) struct Tape {
    calls: Mutex<Vec<Call>>,
    denied: Mutex<BTreeSet<String>>,
    points: Mutex<Option<(PathBuf, Vec<Point>)>>,
    hook: Mutex<Option<Hook>>,
    edit: Mutex<Option<Edit>>,
    losses: Mutex<Vec<(String, Lost)>>,
    refusals: Mutex<Vec<Refusal>>,
}

/// A refusal in EC2's form: of which operation, by which code, and whether it is made this time.
type Refusal = (String, &'static str, Box<dyn Fn() -> bool + Send + Sync>);

/// What is lost when a connection breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lost {
    Request,
    Answer,
}

/// Changes answers: operation and body are given.
type Edit = Box<dyn Fn(&str, String) -> String + Send + Sync>;

/// Whether an operation changes anything.
pub(crate) fn is_write(operation: &str) -> bool {
    const SERVICES: [&str; 11] = [
        "organizations",
        "cloudformation",
        "config",
        "kms",
        "ssm",
        "sso-admin",
        "identitystore",
        "account",
        "ec2",
        "iam",
        "s3control",
    ];
    SERVICES.iter().any(|service| {
        let row = OperationRow::find(&format!("{service}:{operation}"));
        row.is_ok_and(|row| row.access == Access::Write)
    })
}

impl Tape {
    /// All calls since the last [`Tape::wipe`].
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }

    pub(crate) fn wipe(&self) {
        self.calls.lock().unwrap().clear();
    }

    /// How often these operations were answered well.
    pub(crate) fn count(&self, operation: &str) -> usize {
        self.calls
            .lock()
            .unwrap()
            .iter()
            .filter(|call| call.operation == operation && call.status == 200)
            .count()
    }

    /// Answers calls of this operation with AccessDenied; those whose body holds the text, where it is not empty.
    pub(crate) fn deny(&self, operation: &str, holding: &str) {
        self.denied.lock().unwrap().insert(format!("{operation}\n{holding}"));
    }

    /// Answers calls of this operation with this error of EC2's, as long as the closure says so.
    pub(crate) fn refuse(
        &self,
        operation: &str,
        code: &'static str,
        when: impl Fn() -> bool + Send + Sync + 'static,
    ) {
        self.refusals.lock().unwrap().push((operation.to_owned(), code, Box::new(when)));
    }

    pub(crate) fn allow_all(&self) {
        self.denied.lock().unwrap().clear();
    }

    /// Calls this before every call, with its operation, its body and how many calls there were.
    pub(crate) fn before_each(&self, hook: impl Fn(&str, &str, usize) + Send + Sync + 'static) {
        *self.hook.lock().unwrap() = Some(Box::new(hook));
    }

    /// Changes every good answer on its way back.
    pub(crate) fn edit_answers(&self, edit: impl Fn(&str, String) -> String + Send + Sync + 'static) {
        *self.edit.lock().unwrap() = Some(Box::new(edit));
    }

    /// Breaks the connection of the next call of this operation.
    pub(crate) fn lose(&self, operation: &str, what: Lost) {
        self.losses.lock().unwrap().push((operation.to_owned(), what));
    }

    fn loss(&self, operation: &str) -> Option<Lost> {
        let mut losses = self.losses.lock().unwrap();
        let at = losses.iter().position(|(name, _)| name == operation)?;
        Some(losses.remove(at).1)
    }

    /// Keeps the world before and after every write from now on, and the length of this journal.
    pub(crate) fn keep_points(&self, journal: PathBuf) {
        *self.points.lock().unwrap() = Some((journal, Vec::new()));
    }

    pub(crate) fn points(&self) -> Vec<Point> {
        self.points.lock().unwrap().take().map(|(_, points)| points).unwrap_or_default()
    }

    fn keep(&self, sandbox: &Sandbox) {
        let calls = self.calls.lock().unwrap().len();
        if let Some((path, points)) = &mut *self.points.lock().unwrap() {
            let journal = std::fs::metadata(path).map_or(0, |file| file.len());
            points.push(Point { world: sandbox.snapshot(), calls, journal });
        }
    }

    /// Passes a request on.
    pub(crate) fn pass(
        &self,
        sandbox: &Arc<Sandbox>,
        now: glidepath_model::Timestamp,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, glidepath_aws::ConnectionReset> {
        let target = request.headers().get("x-amz-target").map(|value| value.to_str().unwrap().to_owned());
        let body = String::from_utf8_lossy(request.body()).into_owned();
        let operation = match &target {
            Some(target) => target.rsplit('.').next().unwrap().to_owned(),
            // A REST request says what it is by its method and path.
            None if body.is_empty() || body.starts_with(['{', '<']) => {
                match (request.method().as_str(), request.uri().path()) {
                    ("POST", "/getAlternateContact") => "GetAlternateContact".to_owned(),
                    ("POST", "/listRegions") => "ListRegions".to_owned(),
                    ("POST", "/enableRegion") => "EnableRegion".to_owned(),
                    ("POST", "/putAlternateContact") => "PutAlternateContact".to_owned(),
                    ("GET", "/v20180820/configuration/publicAccessBlock") => {
                        "GetPublicAccessBlock".to_owned()
                    }
                    ("PUT", "/v20180820/configuration/publicAccessBlock") => {
                        "PutPublicAccessBlock".to_owned()
                    }
                    (method, path) => format!("{method} {path}"),
                }
            }
            None => body.split(['=', '&']).nth(1).unwrap().to_owned(),
        };
        if let Some(hook) = &*self.hook.lock().unwrap() {
            hook(&operation, &body, self.calls.lock().unwrap().len());
        }
        let denied = self.denied.lock().unwrap().iter().any(|denied| {
            let (name, holding) = denied.split_once('\n').unwrap();
            name == operation && body.contains(holding)
        });
        if denied {
            let answer = if target.is_some() || body.is_empty() || body.starts_with('{') {
                r#"{"__type":"AccessDeniedException","Message":"You may not."}"#
            } else {
                "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>\
                 <Message>You may not.</Message></Error></ErrorResponse>"
            };
            let call = Call { operation, request: body, status: 400, answer: answer.to_owned() };
            self.calls.lock().unwrap().push(call);
            return Ok(http::Response::builder()
                .status(400)
                .body(Bytes::from_static(answer.as_bytes()))
                .unwrap());
        }
        let refusals = self.refusals.lock().unwrap();
        let refused = refusals.iter().find(|(name, _, when)| *name == operation && when());
        if let Some((_, code, _)) = refused {
            let answer = format!(
                "<Response><Errors><Error><Code>{code}</Code><Message>no</Message></Error></Errors></Response>"
            );
            self.calls.lock().unwrap().push(Call {
                operation,
                request: body,
                status: 400,
                answer: answer.clone(),
            });
            return Ok(http::Response::builder().status(400).body(Bytes::from(answer)).unwrap());
        }
        drop(refusals);
        let loss = self.loss(&operation);
        if loss == Some(Lost::Request) {
            return Err(glidepath_aws::ConnectionReset);
        }
        let write = is_write(&operation);
        if write {
            self.keep(sandbox);
        }
        let answered = sandbox.call(now, request).map_err(|_| glidepath_aws::ConnectionReset);
        let answered = answered.map(|response| self.edited(&operation, response));
        let (status, answer) = match &answered {
            Ok(response) => (response.status().as_u16(), text(response.body())),
            Err(_) => (0, String::new()),
        };
        self.calls.lock().unwrap().push(Call { operation, request: body, status, answer });
        if write {
            self.keep(sandbox);
        }
        if loss == Some(Lost::Answer) { Err(glidepath_aws::ConnectionReset) } else { answered }
    }

    fn edited(&self, operation: &str, response: http::Response<Bytes>) -> http::Response<Bytes> {
        match &*self.edit.lock().unwrap() {
            Some(edit) if response.status() == 200 => {
                let (mut parts, body) = response.into_parts();
                parts.headers.remove("content-length");
                http::Response::from_parts(parts, Bytes::from(edit(operation, text(&body))))
            }
            _ => response,
        }
    }
}

fn text(body: &[u8]) -> String {
    String::from_utf8_lossy(body).into_owned()
}
