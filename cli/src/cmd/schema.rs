//! `schema`: the JSON Schema of manifests or files of expectations, for editors.

use crate::args::SchemaOf;
use crate::exit_code::ExitCode;
use crate::failure::Outcome;
use crate::view;

pub(super) fn run(of: SchemaOf) -> Outcome {
    view::json::print(&match of {
        SchemaOf::Manifest => glidepath_manifest::schema(),
        SchemaOf::Expectations => glidepath_manifest::expectations_schema(),
    });
    Ok(ExitCode::Done)
}
