//! Pages for people: plain text, a colour here and there, quiet when there is nothing to tell.

pub(crate) mod access;
pub(crate) mod account;
pub(crate) mod blueprints;
pub(crate) mod deployment;
pub(crate) mod difference;
pub(crate) mod doctor;
pub(crate) mod document;
pub(crate) mod drift;
pub(crate) mod expectations;
pub(crate) mod explain;
pub(crate) mod fields;
pub(crate) mod guardrails;
pub(crate) mod lint;
pub(crate) mod obstacles;
pub(crate) mod plan;
pub(crate) mod reach;
pub(crate) mod receipt;
pub(crate) mod rights;
pub(crate) mod summary;
pub(crate) mod tree;

pub(crate) use super::style::count;

use super::style::{BOLD, DIM, TALK, paint, shown};
use glidepath_manifest::Explanation;
use glidepath_sandbox::OperationInfo;

/// What to do next.
pub(crate) fn next_step(command: &str) -> String {
    format!("\n{}: {}\n", paint(TALK, "next"), shown(&command))
}

/// Any lines, made safe.
pub(crate) fn lines(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{}\n", shown(line))).collect()
}

/// What a code of a complaint means.
pub(crate) fn explanation(explanation: &Explanation) -> String {
    let Explanation { code, title, meaning, why, remedy, .. } = explanation;
    let mut text = format!("{}  {}\n", paint(BOLD, code), paint(BOLD, title));
    for (head, body) in [("", meaning), ("Why it matters", why), ("What to do", remedy)] {
        if !body.trim().is_empty() {
            text.push('\n');
            if !head.is_empty() {
                text.push_str(&format!("{}\n", paint(DIM, head)));
            }
            text.push_str(&format!("{}\n", body.trim_end()));
        }
    }
    text
}

/// What a finding of the linter means.
pub(crate) fn finding(code: glidepath_iam::lint::Code) -> String {
    let about = format!("{}, looked for in: {}", code.severity().word(), code.about());
    format!("{}  {}\n\n{}\n", paint(BOLD, code), paint(DIM, about), code.meaning())
}

/// The operations that the sandbox knows, by service.
pub(crate) fn operations(operations: &[OperationInfo]) -> String {
    let mut text = String::new();
    let mut service = "";
    for info in operations {
        if info.service != service {
            service = info.service;
            text.push_str(&format!("{}\n", paint(BOLD, service)));
        }
        text.push_str(&format!("  {}\n", info.operation));
    }
    text
}

/// How other clients reach a served sandbox.
pub(crate) fn serving(url: &str) -> String {
    format!(
        "{}\n  AWS_ENDPOINT_URL={url} AWS_ACCESS_KEY_ID=AKIASANDBOX AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION=us-east-1 \\\n    aws organizations describe-organization\n{}\n",
        paint(DIM, "Other clients reach it like this:"),
        paint(DIM, "Ctrl-C ends it.")
    )
}
