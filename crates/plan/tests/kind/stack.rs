//! Stacks of the management account: where it is named, or the blueprint is for it.

use crate::support::{made, plan, replan, steps, zone};
use glidepath_plan::Action;

const BODY: &str = "units: {Workloads: {accounts: {shop: }}}\n\
                    blueprints: [{use: ssm-session-manager, on: [account/acme-root]}]\n";

#[test]
fn the_management_account_gets_a_stack_where_it_is_named_and_no_stack_set() {
    let plan = plan(&zone(BODY), &crate::support::world::empty());
    let found: Vec<String> = steps(&plan).into_iter().filter(|step| step.contains("stack")).collect();
    assert_eq!(found, ["create stack/ssm-session-manager@eu-west-1"]);
}

#[test]
fn a_stack_that_leaves_the_manifest_is_deleted() {
    let body = "units: {Workloads: {accounts: {shop: }}}\ntrustedAccess: {config.amazonaws.com: }\n";
    let steps = steps(&replan(BODY, "", body));
    assert!(steps.contains(&"delete stack/ssm-session-manager@eu-west-1".to_owned()), "{steps:?}");
}

#[test]
fn a_stack_whose_last_change_failed_is_changed_again() {
    let mut snapshot = made(BODY);
    let seen = snapshot.deployments.stacks.values_mut().next().unwrap();
    seen.stack.status = "UPDATE_ROLLBACK_FAILED".into();
    let plan = plan(&zone(BODY), &snapshot);
    let [change] = plan.changes.as_slice() else { panic!("{:?}", steps(&plan)) };
    assert!(matches!(change.action, Action::Update { .. }));
}
