//! `drift`: where AWS is not as the manifest says.

use super::look::{failure, look};
use super::plan::{depth, options};
use crate::args::{AwsArgs, DriftArgs, ScopeArgs};
use crate::exit_code::ExitCode;
use crate::failure::{Failure, Outcome};
use crate::view;
use crate::view::progress::Progress;
use crate::wanted::Wanted;
use crate::wire::Wire;
use glidepath_aws::AccessMode;
use glidepath_engine::detect;
use glidepath_plan::Plan;
use glidepath_plan::drift::DriftReport;
use glidepath_plan::estimate::comparison;
use glidepath_plan::planner::plan;

pub(super) fn run(args: &DriftArgs, aws: &AwsArgs) -> Outcome {
    let wanted = Wanted::read(&args.from.manifest, args.today)?;
    let wire = Wire::open(aws, &wanted)?;
    let (report, plan) = wire.run(find(args, aws, &wire, &wanted))??;
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

async fn find(
    args: &DriftArgs,
    aws: &AwsArgs,
    wire: &Wire,
    wanted: &Wanted,
) -> Result<(DriftReport, Plan), Failure> {
    let progress = Progress::new(aws);
    let found = look(wire, &wanted.zone, (AccessMode::ReadOnly, depth(args.deep)), &progress).await?;
    let scope = ScopeArgs { targets: Vec::new(), today: args.today, deep: args.deep };
    let plan = plan(&wanted.zone, &found.snapshot, &options(&scope, wanted, &found.standing));
    let mut report = DriftReport::of(&plan, &wanted.zone);
    if args.deep {
        view::talk(&view::text::drift::comparison(&comparison(&wanted.zone, &found.snapshot)));
        let detected = detect(&found.aws, &wanted.zone, &found.snapshot, &progress.events()).await;
        progress.clear();
        report.add(detected.map_err(|error| failure(&error))?, &plan);
    }
    Ok((report, plan))
}
