//! Documents for programs: one JSON document on stdout, each with a `format_version`.

use crate::cmd::{Finding, Level};
use glidepath_engine::Receipt;
use glidepath_sandbox::OperationInfo;
use serde_json::{Value, json};

/// Prints a document.
pub(crate) fn print(document: &Value) {
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    super::data(&text);
}

/// Which Glidepath this is.
pub(crate) fn version(version: &str) -> Value {
    json!({ "format_version": 1, "name": "glidepath", "version": version })
}

/// What an apply did.
pub(crate) fn receipt(receipt: &Receipt) -> Value {
    json!({ "format_version": 1, "receipt": receipt, "complete": receipt.is_complete() })
}

/// What the sandbox knows.
pub(crate) fn operations(operations: &[OperationInfo]) -> Value {
    json!({ "format_version": 1, "operations": operations })
}

/// What is in a sandbox.
pub(crate) fn world(dump: Value) -> Value {
    json!({ "format_version": 1, "world": dump })
}

/// What `doctor` found.
pub(crate) fn doctor(findings: &[Finding]) -> Value {
    let rows: Vec<Value> = findings
        .iter()
        .map(|finding| {
            let level = match finding.level {
                Level::Ok => "ok",
                Level::Warn => "warn",
                Level::Fail => "fail",
            };
            json!({ "level": level, "topic": finding.topic, "text": finding.text, "help": finding.help })
        })
        .collect();
    json!({ "format_version": 1, "findings": rows })
}
