//! Stacks in which an earlier change went wrong: the plan says the steps, and what is left as it is takes consent.

use crate::deployments::applied;
use crate::support::{Applied, DEPLOYED, Lab, at, options_for, with, zone};
use glidepath_plan::{LandingZone, Plan, Verb};
use glidepath_sandbox::{Sandbox, Tampering};
use serde_json::json;
use std::collections::BTreeSet;

pub(crate) const STACK: &str = "stack/ssm-session-manager@eu-west-1";
const ENTRY: &str = "  - {use: ssm-session-manager, on: [Workloads, account/acme-root]}\n";

/// Session Manager in the management account alone, with these values.
fn managed(values: &str) -> LandingZone {
    let entry = format!("  - {{use: ssm-session-manager, on: [account/acme-root], with: {{{values}}}}}\n");
    zone(&with(DEPLOYED, &[(ENTRY, &entry)]))
}

fn notes(plan: &Plan) -> Vec<String> {
    plan.change(&at(STACK)).map(|change| change.notes.clone()).unwrap_or_default()
}

fn error(applied: &Applied) -> String {
    let [failed] = applied.receipt.failed.as_slice() else { panic!("{:#?}", applied.receipt) };
    assert_eq!(failed.address.to_string(), STACK);
    failed.error.clone()
}

fn status(lab: &Lab) -> String {
    let told = lab.cloudformation("DescribeStacks", json!({"StackName": "ssm-session-manager"}));
    told["Stacks"][0]["StackStatus"].as_str().unwrap().to_owned()
}

/// A world in which the way back of a failed update failed, and the landing zone that wants what was there before.
pub(crate) fn stuck() -> (Lab, LandingZone) {
    let lab = applied(&managed("log_days: 365"));
    let gone = Tampering {
        account: "111122223333".to_owned(),
        region: "eu-west-1".to_owned(),
        ty: "AWS::Logs::LogGroup".to_owned(),
        id: "/glidepath/sessions".to_owned(),
        property: None,
        value: None,
    };
    lab.sandbox.tamper(&gone).unwrap();
    lab.apply(&managed("log_days: 400"));
    assert_eq!(status(&lab), "UPDATE_ROLLBACK_FAILED");

    (lab, managed("log_days: 365"))
}

#[test]
fn a_way_back_that_failed_is_continued_and_resources_are_left_as_they_are_only_by_consent() {
    let (mut lab, after) = stuck();
    let told = notes(&lab.plan(&after)).join("\n");
    assert!(
        told.contains("the way back of a failed update is continued, then the stack is changed"),
        "{told}"
    );
    assert!(told.contains("it failed at `LogGroup`; `--leave-stuck stack/ssm"), "{told}");
    let stuck = error(&lab.apply(&after));
    assert!(stuck.contains("`LogGroup`") && stuck.contains(&format!("--leave-stuck {STACK}")), "{stuck}");
    assert_eq!(status(&lab), "UPDATE_ROLLBACK_FAILED");

    lab.apply.leave_stuck = BTreeSet::from([at("stack/other@eu-west-1")]);
    error(&lab.apply(&after));
    lab.apply.leave_stuck = BTreeSet::from([at(STACK)]);
    lab.apply(&after).assert_complete();
    assert_eq!(status(&lab), "UPDATE_ROLLBACK_COMPLETE");
    lab.assert_settled(&after);
}

#[test]
fn a_deletion_that_failed_is_tried_again_and_resources_stay_only_by_consent() {
    let before = managed("log_days: 365");
    let mut options = options_for(&before);
    options.faults = Some("fail-delete=111122223333/eu-west-1/AWS::SSM::Document".parse().unwrap());
    let mut lab = Lab::with(Sandbox::in_memory(options));
    lab.apply(&before).assert_complete();
    let after = zone(&with(DEPLOYED, &[(ENTRY, "")]));
    assert!(error(&lab.apply(&after)).contains("Preferences"));
    let plan = lab.plan(&after);
    assert_eq!(plan.change(&at(STACK)).unwrap().action.verb(), Verb::Delete);
    let told = notes(&plan).join("\n");
    assert!(told.contains("it could not be deleted; that is tried again"), "{told}");
    assert!(error(&lab.apply(&after)).contains("--leave-stuck"));
    lab.apply.leave_stuck = BTreeSet::from([at(STACK)]);
    lab.apply(&after).assert_complete();
    lab.assert_settled(&after);
}

#[test]
fn a_stack_that_was_never_made_is_deleted_and_made_anew_as_the_plan_says() {
    let zone = managed("log_days: 365");
    let mut options = options_for(&zone);
    options.faults = Some("fail=111122223333/eu-west-1/AWS::SSM::Document".parse().unwrap());
    let lab = Lab::with(Sandbox::in_memory(options));
    error(&lab.apply(&zone));
    let told = notes(&lab.plan(&zone)).join("\n");
    assert!(told.contains("it was never made and holds nothing; it is deleted, then made anew"), "{told}");
    let again = Lab::with(Sandbox::from_snapshot(lab.sandbox.snapshot(), options_for(&zone)));
    again.apply(&zone).assert_complete();
    again.assert_settled(&zone);
}
