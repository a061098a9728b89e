//! `schema`: the JSON Schema of manifests, for editors.

use crate::exit_code::ExitCode;
use crate::failure::Outcome;
use crate::view;

pub(super) fn run() -> Outcome {
    view::json::print(&glidepath_manifest::schema());
    Ok(ExitCode::Done)
}
