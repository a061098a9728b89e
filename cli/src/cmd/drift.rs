//! `drift`: where AWS is not as the manifest says.

use super::look::look;
use super::plan::{depth, options};
use crate::args::{AwsArgs, DriftArgs, ScopeArgs};
use crate::exit_code::ExitCode;
use crate::failure::Outcome;
use crate::view;
use crate::view::progress::Progress;
use crate::wanted::Wanted;
use crate::wire::Wire;
use glidepath_aws::AccessMode;
use glidepath_plan::drift::DriftReport;
use glidepath_plan::planner::plan;

pub(super) fn run(args: &DriftArgs, aws: &AwsArgs) -> Outcome {
    let wanted = Wanted::read(&args.from.manifest, args.today)?;
    let wire = Wire::open(aws, &wanted)?;
    let progress = Progress::new(aws);
    let found = wire.run(look(&wire, &wanted.zone, AccessMode::ReadOnly, &depth(args.deep), &progress))??;
    let scope = ScopeArgs { targets: Vec::new(), today: args.today, deep: args.deep };
    let plan = plan(&wanted.zone, &found.snapshot, &options(&scope, &wanted, &found.standing));
    let report = DriftReport::of(&plan, &wanted.zone);
    if args.json {
        view::data(&report.to_json());
    } else {
        view::data(&view::text::drift::page(&report, &plan));
    }
    wire.close()?;
    let said = [
        report.is_drift().then_some(ExitCode::Changes),
        (!report.is_complete()).then_some(ExitCode::Incomplete),
    ];
    Ok(ExitCode::heaviest(said.into_iter().flatten()))
}
