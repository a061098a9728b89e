//! Centralized root access: a switch for each part, which needs trusted access of IAM.

use crate::support::{plan, plan_of, replan, steps, zone};
use glidepath_plan::GateName;

const ON: &str = "  rootAccess: {credentialsManagement: true, sessions: true}\n";
const WORLD: &str = "{trustedAccess: [iam.amazonaws.com], rootAccess: [sessions]}";

#[test]
fn each_part_waits_for_the_trusted_access_of_iam() {
    let plan = plan_of(ON, "{}");
    let access = ["create trusted-access/iam.amazonaws.com"];
    let parts = ["create root-access/credentials-management", "create root-access/sessions"];
    assert_eq!(steps(&plan), [access.as_slice(), &parts].concat());
    let waits = plan.changes[1].waits_for.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(waits, ["trusted-access/iam.amazonaws.com"]);
}

#[test]
fn a_part_that_is_on_is_left_alone_and_one_that_is_not_spoken_of_too() {
    assert_eq!(steps(&plan_of("  rootAccess: {sessions: true}\n", WORLD)), Vec::<String>::new());
    assert_eq!(steps(&plan_of("", WORLD)), Vec::<String>::new());
}

#[test]
fn a_part_is_turned_off_only_where_that_is_stated_and_before_the_trusted_access() {
    let body =
        "  rootAccess: {sessions: {absent: true}}\ntrustedAccess: {iam.amazonaws.com: {absent: true}}\n";
    let plan = plan_of(body, WORLD);
    assert_eq!(steps(&plan), ["delete root-access/sessions", "delete trusted-access/iam.amazonaws.com"]);
    let gates: Vec<GateName> = plan.gates.iter().map(|gate| gate.name).collect();
    assert_eq!(gates, [GateName::SwitchOff, GateName::LockOut], "root can no longer be reached from outside");
}

#[test]
fn what_could_not_be_read_is_not_turned_on() {
    let world = r#"{trustedAccess: [iam.amazonaws.com], gaps: [{prefix: root-access/, operation: "iam:ListOrganizationsFeatures", error: no}]}"#;
    let plan = plan_of(ON, world);
    assert_eq!(steps(&plan), Vec::<String>::new());
    assert_eq!(plan.withheld.len(), 2);
}

#[test]
fn once_made_nothing_is_left_to_do() {
    assert_eq!(steps(&replan(ON, "{}", ON)), Vec::<String>::new());
    assert!(plan(&zone(ON), &crate::support::made(ON)).refusals.is_empty());
}
