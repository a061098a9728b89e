//! `plan`: what would have to change.

use super::look::look;
use crate::args::{AwsArgs, PlanArgs, ScopeArgs};
use crate::exit_code::ExitCode;
use crate::failure::{Failure, Outcome};
use crate::view;
use crate::view::progress::Progress;
use crate::view::style::quoted;
use crate::view::text::obstacles::{Answer, flag};
use crate::view::text::plan::PlanPage;
use crate::view::text::summary::Effort;
use crate::view::text::tree::Detail;
use crate::wanted::Wanted;
use crate::wire::Wire;
use glidepath_aws::AccessMode;
use glidepath_engine::{Depth, Standing};
use glidepath_plan::Plan;
use glidepath_plan::estimate::estimate;
use glidepath_plan::plan::Gate;
use glidepath_plan::planner::PlanOptions;
use std::path::Path;

pub(super) fn run(args: &PlanArgs, aws: &AwsArgs) -> Outcome {
    let wanted = Wanted::read(&args.from.manifest, args.scope.today)?;
    let zone = &wanted.zone;
    let wire = Wire::open(aws, &wanted)?;
    let progress = Progress::new(aws);
    let found = wire.run(look(&wire, zone, (AccessMode::ReadOnly, depth(args.scope.deep)), &progress))??;
    let options = options(&args.scope, &wanted, &found.standing);
    let plan = glidepath_plan::planner::plan(zone, &found.snapshot, &options);
    if let Some(path) = &args.out {
        write(&plan, path)?;
    }
    if args.json {
        view::data(&glidepath_plan::file::write(&plan));
    } else {
        let detail = if args.full { Detail::Everything } else { Detail::Differences };
        let answer = |gate: &Gate| if gate.name.holds_back() { Answer::Waits } else { Answer::Closed };
        let page = PlanPage { plan: &plan, zone, effort: effort(&plan), detail, answer: &answer };
        view::data(&view::text::plan::page(&page));
        if let Some(command) = next(&plan, args, aws) {
            view::talk(&view::text::next_step(&command));
        }
    }
    wire.close()?;
    let changes = if args.detailed_exitcode { ExitCode::Changes } else { ExitCode::Done };
    Ok(weight(&plan, changes))
}

/// How far a look goes.
pub(super) fn depth(deep: bool) -> Depth {
    if deep { Depth::Deep } else { Depth::Shallow }
}

/// What the planner is asked.
pub(super) fn options(scope: &ScopeArgs, wanted: &Wanted, standing: &Standing) -> PlanOptions {
    let caller = Some(standing.caller.arn.clone());
    PlanOptions { today: wanted.today, targets: scope.targets.clone(), caller }
}

/// What a plan costs to carry out.
pub(super) fn effort(plan: &Plan) -> Effort {
    let estimate = estimate(plan);
    Effort { calls: estimate.calls, time: estimate.duration }
}

/// The exit code of a plan, where changes count as `changes`.
pub(super) fn weight(plan: &Plan, changes: ExitCode) -> ExitCode {
    let said = [
        (!plan.refusals.is_empty()).then_some(ExitCode::Refused),
        (!plan.gaps.is_empty()).then_some(ExitCode::Incomplete),
        (!plan.changes.is_empty()).then_some(changes),
    ];
    ExitCode::heaviest(said.into_iter().flatten())
}

fn write(plan: &Plan, path: &Path) -> Result<(), Failure> {
    let doing = format!("write the plan to `{}`", path.display());
    std::fs::write(path, glidepath_plan::file::write(plan))
        .map_err(|error| Failure::doing(ExitCode::Failed, &doing, &error))
}

/// The command that carries the plan out; none when it has nothing to do or may not be applied.
fn next(plan: &Plan, args: &PlanArgs, aws: &AwsArgs) -> Option<String> {
    if plan.changes.is_empty() || !plan.refusals.is_empty() {
        return None;
    }
    let mut words = vec!["glidepath apply".to_owned()];
    if args.from.manifest != Path::new(".") {
        words.push(quoted(&args.from.manifest.display().to_string()));
    }
    words.extend(args.out.iter().map(|path| format!("--plan {}", quoted(&path.display().to_string()))));
    words.extend(args.scope.targets.iter().map(|target| format!("--target {}", quoted(&target.to_string()))));
    words.extend(args.scope.deep.then(|| "--deep".to_owned()));
    words.extend(args.scope.today.iter().map(|today| format!("--today {today}")));
    words.extend(aws.sandbox.iter().map(|path| format!("--sandbox {}", quoted(&path.display().to_string()))));
    words.extend(aws.endpoint.iter().map(|url| format!("--endpoint {}", quoted(url))));
    words.extend(plan.gates.iter().map(flag));
    Some(words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weighed(gaps: &str, refusals: &str) -> u8 {
        let text = format!(
            r#"{{"format_version": 1, "organization": "acme", "organizationId": null, "today": "2026-11-24",
                "manifest": "00", "withheld": [], "gates": [], "notices": [], "unmanaged": [], "foreign": {{}},
                "changes": [{{"address": "resource-policy", "action": {{"delete": {{"physical": "rp-1",
                    "before": {{"resourcePolicy": {{"document": {{}}, "tags": {{}}}}}}}}}}}}],
                "gaps": {gaps}, "refusals": {refusals}}}"#
        );
        weight(&serde_json::from_str(&text).unwrap(), ExitCode::Changes).number()
    }

    #[test]
    fn what_was_not_checked_outweighs_changes_and_a_refusal_outweighs_both() {
        let gaps = r#"[{"prefix": "", "operation": "organizations:ListAccounts", "error": "denied"}]"#;
        let refusals = r#"[{"code": "cycle", "addresses": [], "summary": "no", "help": "none"}]"#;
        assert_eq!([weighed("[]", "[]"), weighed(gaps, "[]"), weighed(gaps, refusals)], [2, 5, 4]);
    }
}
