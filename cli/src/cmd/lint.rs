//! `lint`: policy documents in, what AWS would refuse in them and what is probably not meant out.

use crate::args::LintArgs;
use crate::exit_code::ExitCode;
use crate::failure::{Failure, Outcome};
use crate::view;
use crate::view::style::shown;
use crate::view::text::lint::Linted;
use glidepath_iam::lint::{Severity, lint};
use std::io::Read as _;
use std::path::{Path, PathBuf};

pub(super) fn run(args: &LintArgs) -> Outcome {
    let standard_input = [PathBuf::from("-")];
    let files = if args.files.is_empty() { standard_input.as_slice() } else { args.files.as_slice() };
    let mut all = Vec::new();
    for path in files {
        let text = read(path)?;
        all.push(Linted { file: path.display().to_string(), outcome: lint(&text, args.kind.kind()) });
    }
    if args.json {
        view::json::print(&view::json::lint(&all));
    } else {
        view::data(&view::text::lint::page(&all));
        view::talk(&view::text::lint::sum(&all));
    }
    let gravest = all.iter().filter_map(Linted::gravest).min();
    let least = if args.strict { Severity::Warning } else { Severity::Error };
    // The findings are told; nothing is left to say.
    if gravest.is_some_and(|found| found <= least) {
        return Err(Failure::told(ExitCode::Invalid));
    }
    Ok(ExitCode::Done)
}

fn read(path: &Path) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let outcome = if path.as_os_str() == "-" {
        std::io::stdin().read_to_end(&mut bytes).map(|_| ())
    } else {
        std::fs::read(path).map(|read| bytes = read)
    };
    let doing = format!("read `{}`", shown(&path.display()));
    outcome.map_err(|error| Failure::doing(ExitCode::Invalid, &doing, &error))?;
    String::from_utf8(bytes).map_err(|error| Failure::doing(ExitCode::Invalid, &doing, &error))
}
