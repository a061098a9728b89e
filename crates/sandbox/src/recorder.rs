//! Writes every request and answer as a line of JSON, so that others' models of AWS can judge them.

use crate::service::ServiceError;
use serde_json::{Value, json};
use std::fs::File;
use std::io::Write as _;
use std::sync::Arc;

/// Where requests and answers are written.
#[derive(Debug)]
pub(crate) struct Recorder {
    file: Arc<File>,
}

impl Recorder {
    pub(crate) fn new(file: Arc<File>) -> Self {
        Self { file }
    }

    /// Writes one exchange. A recording that cannot be written is incomplete, which its reader sees; the call goes on.
    pub(crate) fn record(
        &mut self,
        service: &str,
        operation: &str,
        request: &Value,
        outcome: &Result<Value, ServiceError>,
        status: u16,
    ) {
        let (member, told) = match outcome {
            Ok(answer) => ("response", answer.clone()),
            Err(error) => {
                ("error", json!({ "code": error.code, "message": error.message, "members": error.members }))
            }
        };
        let line = json!({
            "service": service, "operation": operation, "status": status, "request": request, member: told,
        });
        let _ = writeln!(self.file, "{line}");
    }
}
