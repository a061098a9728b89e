//! `apply`: the plan shown, consented to and carried out.

use super::consent::{self, Whom};
use super::look::{failure, look};
use super::plan;
use crate::args::{ApplyArgs, AwsArgs};
use crate::exit_code::ExitCode;
use crate::failure::{Failure, Outcome};
use crate::view;
use crate::view::progress::Progress;
use crate::view::text::plan::PlanPage;
use crate::view::text::tree::Detail;
use crate::wanted::Wanted;
use crate::wire::Wire;
use glidepath_aws::{AccessMode, Clock};
use glidepath_engine::{ApplyOptions, Approved, Convergence, Receipt, Standing, Stop};
use glidepath_plan::plan::Gate;
use glidepath_plan::{LandingZone, Plan};
use std::collections::BTreeSet;
use std::path::Path;

pub(super) fn run(args: &ApplyArgs, aws: &AwsArgs) -> Outcome {
    let wanted = Wanted::read(&args.from.manifest, args.scope.today)?;
    let reviewed = args.plan.as_deref().map(read).transpose()?;
    let wire = Wire::open(aws, &wanted)?;
    let outcome = wire.run(carry_out(args, aws, &wire, &wanted, reviewed.as_ref()))?;
    // The world is folded up also after a refusal; what went wrong first is what is told.
    let closed = wire.close();
    let code = outcome?;
    closed.map(|()| code)
}

async fn carry_out(
    args: &ApplyArgs,
    aws: &AwsArgs,
    wire: &Wire,
    wanted: &Wanted,
    reviewed: Option<&Plan>,
) -> Outcome {
    let zone = &wanted.zone;
    let progress = Progress::new(aws);
    let found = look(wire, zone, (AccessMode::ReadWrite, plan::depth(args.scope.deep)), &progress).await?;
    let options = plan::options(&args.scope, wanted, &found.standing);
    let plan = glidepath_plan::planner::plan(zone, &found.snapshot, &options);
    let whom = Whom::of(wire, &args.consent);
    show(args, zone, &plan, whom);
    if let Some(reviewed) = reviewed {
        compare(reviewed, &plan)?;
    }
    if plan.changes.is_empty() {
        if args.json {
            view::json::print(&view::json::receipt(&Receipt::default()));
        }
        return Ok(plan::weight(&plan, ExitCode::Done));
    }
    let left_out = if plan.gaps.is_empty() { ExitCode::Done } else { ExitCode::Incomplete };
    progress.expect(wire.real(plan::effort(&plan).time));
    let approved = consent::obtain(plan, zone, &args.consent, whom)?;
    if approved.plan().changes.is_empty() {
        let receipt = Receipt { held: approved.held().to_vec(), ..Receipt::default() };
        tell(args, &receipt);
        return Ok(left_out);
    }
    let mut options = apply_options(wire, zone, &found.standing);
    options.leave_stuck = args.consent.leave_stuck.iter().cloned().collect();
    let receipt = apply_with(&found.aws, zone, &approved, &options, &progress).await?;
    tell(args, &receipt);
    if !receipt.is_complete() {
        view::talk(&view::text::next_step("the same command again: it goes on with what is left"));
    }
    Ok(ExitCode::heaviest([weight(&receipt), left_out]))
}

/// Tells what was done.
fn tell(args: &ApplyArgs, receipt: &Receipt) {
    if args.json {
        view::json::print(&view::json::receipt(receipt));
    } else {
        view::data(&view::text::receipt::page(receipt));
    }
}

/// Applies while Ctrl-C is listened for: once finishes what is in flight, twice stops at once.
async fn apply_with(
    aws: &glidepath_aws::Aws,
    zone: &LandingZone,
    approved: &Approved,
    options: &ApplyOptions,
    progress: &Progress,
) -> Result<Receipt, Failure> {
    let (stop, lines) = (options.stop.clone(), progress.clone());
    let listening = tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_err() {
            return;
        }
        stop.ask();
        if tokio::signal::ctrl_c().await.is_ok() {
            lines.clear();
            view::talk("stopped at once; run the same command again, it finds out what was done\n");
            std::process::exit(i32::from(ExitCode::Failed.number()));
        }
    });
    let outcome = glidepath_engine::apply(aws, zone, approved, options, &progress.events()).await;
    listening.abort();
    progress.clear();
    outcome.map_err(|error| failure(&error))
}

/// Shows the plan. With `--json` the receipt is the data, and the plan is talk.
fn show(args: &ApplyArgs, zone: &LandingZone, plan: &Plan, whom: Whom) {
    let detail = if args.full { Detail::Everything } else { Detail::Differences };
    let answer = |gate: &Gate| consent::answer(gate, &args.consent, whom);
    let page = PlanPage { plan, zone, effort: plan::effort(plan), detail, answer: &answer };
    let page = view::text::plan::page(&page);
    if args.json { view::talk(&page) } else { view::data(&page) }
}

/// Reads the file of a plan.
pub(super) fn read(path: &Path) -> Result<Plan, Failure> {
    let doing = format!("read the plan `{}`", path.display());
    let text =
        std::fs::read_to_string(path).map_err(|error| Failure::doing(ExitCode::Invalid, &doing, &error))?;
    glidepath_plan::file::read(&text).map_err(|error| Failure::doing(ExitCode::Invalid, &doing, &error))
}

/// Refuses where the plan of now is not the plan that was reviewed.
fn compare(reviewed: &Plan, now: &Plan) -> Result<(), Failure> {
    let differences = glidepath_plan::file::compare(reviewed, now);
    if differences.is_empty() {
        return Ok(());
    }
    view::talk(&view::text::difference::page(&differences));
    Err(Failure::new(ExitCode::Refused, "the plan is no longer the one in the file, so nothing was changed")
        .help("review the plan of now: `glidepath plan -o FILE`, then `glidepath apply --plan FILE`"))
}

fn apply_options(wire: &Wire, zone: &LandingZone, standing: &Standing) -> ApplyOptions {
    let variable =
        |names: &[&str]| names.iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    let person = variable(&["GITHUB_ACTOR", "GITLAB_USER_LOGIN", "USER", "USERNAME", "LOGNAME"]);
    let host = variable(&["HOSTNAME", "COMPUTERNAME", "RUNNER_NAME"])
        .or_else(|| std::fs::read_to_string("/etc/hostname").ok().map(|name| name.trim().to_owned()))
        .unwrap_or_else(|| "an unnamed machine".to_owned());
    // Real time and process together: two runs of one machine never share an id, simulated or not.
    let moment = Clock::system().now().as_nanosecond();
    ApplyOptions {
        run_id: format!("{moment:x}-{}", std::process::id()),
        owner: person.unwrap_or_else(|| standing.caller.arn.clone()),
        host,
        journal: wire.journal_folder(&zone.organization),
        leave_stuck: BTreeSet::new(),
        stop: Stop::new(),
    }
}

fn weight(receipt: &Receipt) -> ExitCode {
    let unchecked = |state: &Convergence| matches!(state, Convergence::NotChecked(_));
    let late = receipt.not_converged.iter().any(|left| left.state == Convergence::Late);
    if late || !receipt.failed.is_empty() || !receipt.skipped.is_empty() {
        ExitCode::Failed
    } else if receipt.not_converged.iter().any(|left| unchecked(&left.state)) {
        ExitCode::Incomplete
    } else {
        ExitCode::Done
    }
}
