//! `doctor`: whether a plan and an apply would find what they need.

mod checks;

pub(crate) use checks::{Finding, Level};

use super::look::look;
use super::plan::options;
use crate::args::{AwsArgs, DoctorArgs, ScopeArgs};
use crate::exit_code::ExitCode;
use crate::failure::Outcome;
use crate::view;
use crate::view::progress::Progress;
use crate::wanted::Wanted;
use crate::wire::Wire;
use glidepath_aws::AccessMode;
use glidepath_engine::Depth;
use glidepath_plan::planner::plan;

pub(super) fn run(args: &DoctorArgs, aws: &AwsArgs) -> Outcome {
    let wanted = Wanted::read(&args.from.manifest, None)?;
    let wire = Wire::open(aws, &wanted)?;
    let progress = Progress::new(aws);
    let findings =
        match wire.run(look(&wire, &wanted.zone, (AccessMode::ReadOnly, Depth::Shallow), &progress))? {
            Ok(found) => {
                let scope = ScopeArgs { targets: Vec::new(), today: None, deep: false };
                let options = options(&scope, &wanted, &found.standing);
                let usage = plan(&wanted.zone, &found.snapshot, &options).usage;
                checks::all(&wanted.zone, &found.standing, &found.snapshot, &usage)
            }
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
