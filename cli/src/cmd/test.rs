//! `test`: the owners' own expectations about the landing zone.

use super::ground;
use crate::args::{AwsArgs, TestArgs};
use crate::exit_code::ExitCode;
use crate::failure::{Failure, Outcome};
use crate::view;
use crate::view::expectations::{Row, Tested};
use crate::wanted::Wanted;
use glidepath_manifest::{Diagnostic, Severity, load_expectations, render};
use glidepath_plan::expectation::check;
use std::path::{Path, PathBuf};

/// The folder beside the manifest that is taken where no file is named.
const FOLDER: &str = "expectations";

pub(super) fn run(args: &TestArgs, aws: &AwsArgs) -> Outcome {
    let wanted = Wanted::read(&args.manifest, args.today)?;
    let files = if args.files.is_empty() { vec![beside(&args.manifest)?] } else { args.files.clone() };
    let loaded = load_expectations(&files, &wanted.manifest);
    view::talk(&render::human(&loaded.diagnostics, &loaded.sources, render::Colour::Always));
    if loaded.diagnostics.iter().any(|found: &Diagnostic| found.severity == Severity::Error) {
        return Err(Failure::told(ExitCode::Invalid));
    }
    let stood = ground::find(&wanted, &args.against, aws)?;
    let asker = stood.ground.asker();
    let rows: Vec<Row<'_>> = loaded
        .expectations
        .iter()
        .map(|expectation| Row { expectation, checked: check(&asker, expectation) })
        .collect();
    let tested = Tested { rows: &rows, sources: &loaded.sources, by: &stood.by, gaps: &stood.gaps };
    if let Some(path) = &args.junit {
        let doing = format!("write the report to `{}`", path.display());
        let report = view::expectations::junit(&tested)
            .map_err(|error| Failure::doing(ExitCode::Failed, &doing, &error))?;
        std::fs::write(path, report).map_err(|error| Failure::doing(ExitCode::Failed, &doing, &error))?;
    }
    if args.json {
        view::json::print(&view::expectations::json(&tested));
    } else {
        view::data(&view::text::expectations::page(&tested));
    }
    let said = [
        rows.iter().any(|row| !row.checked.holds()).then_some(ExitCode::Failed),
        (!stood.gaps.is_empty()).then_some(ExitCode::Incomplete),
    ];
    Ok(ExitCode::heaviest(said.into_iter().flatten()))
}

/// The folder of expectations beside a manifest.
fn beside(manifest: &Path) -> Result<PathBuf, Failure> {
    let folder = if manifest.is_dir() { manifest } else { manifest.parent().unwrap_or(Path::new(".")) };
    let expectations = folder.join(FOLDER);
    if expectations.is_dir() {
        return Ok(expectations);
    }
    Err(Failure::new(ExitCode::Invalid, format!("there is no folder `{}`", expectations.display()))
        .help("write expectations there, or name their files; docs/reference/expectations.md has the form"))
}
