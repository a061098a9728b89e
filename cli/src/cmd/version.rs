//! `version`: which Glidepath this is.

use crate::exit_code::ExitCode;
use crate::failure::Outcome;
use crate::view;

/// How it is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    Json,
}

pub(super) fn run(form: Form) -> Outcome {
    let version = env!("CARGO_PKG_VERSION");
    match form {
        Form::Text => view::data(&format!("glidepath {version}\n")),
        Form::Json => view::json::print(&view::json::version(version)),
    }
    Ok(ExitCode::Done)
}
