//! `doctor`: whether a plan and an apply would find what they need.

mod checks;

pub(crate) use checks::{Finding, Level};

use super::look::look;
use crate::args::{AwsArgs, DoctorArgs};
use crate::exit_code::ExitCode;
use crate::failure::{Failure, Outcome};
use crate::view;
use crate::view::progress::Progress;
use crate::wanted::Wanted;
use crate::wire::Wire;
use glidepath_aws::AccessMode;
use glidepath_model::limits::Limits;

pub(super) fn run(args: &DoctorArgs, aws: &AwsArgs) -> Outcome {
    let wanted = Wanted::read(&args.from.manifest)?;
    let wire = Wire::open(aws, &wanted)?;
    let limits = Limits::published().map_err(|error| Failure::of(ExitCode::Failed, &error))?;
    let progress = Progress::new();
    let findings = match wire.run(look(&wire, &wanted.zone, AccessMode::ReadOnly, &progress))? {
        Ok(found) => checks::all(&wanted.zone, &found.standing, &found.snapshot, limits),
        Err(ended) => vec![checks::ended(&ended)],
    };
    wire.close()?;
    if args.json {
        view::json::print(&view::json::doctor(&findings));
    } else {
        view::data(&view::text::doctor::page(&findings));
    }
    Ok(ExitCode::heaviest(findings.iter().map(|finding| finding.code)))
}
