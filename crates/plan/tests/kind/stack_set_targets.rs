//! Targets of stack sets: whole units are AWS's to look after, single accounts are ours; trouble is mended.

use crate::support::{made, plan, replan, steps, zone};
use glidepath_model::deployment::InstanceStatus;
use glidepath_model::{Address, UnitPath};
use glidepath_plan::{Desired, Spec};

const UNITS: &str = "units: {Workloads: {units: {Prod: {accounts: {shop: , till: }}}, accounts: {lab: }}}\n";

fn body(rest: &str) -> String {
    format!("{UNITS}blueprints: [{{use: ssm-session-manager, {rest}}}]\n")
}

fn members(body: &str) -> Vec<String> {
    let zone = zone(body);
    match zone.desired.get(&Address::StackSetTargets("ssm-session-manager".into())) {
        Some(Desired::Present(Spec::StackSetTargets(spec))) => {
            spec.members.iter().map(ToString::to_string).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn whole_units_are_members_and_a_unit_below_another_is_none() {
    assert_eq!(members(&body("on: [Workloads, Workloads/Prod]")), ["Workloads@eu-west-1"]);
}

#[test]
fn the_management_account_beside_units_leaves_them_whole() {
    assert_eq!(members(&body("on: [Workloads, account/acme-root]")), ["Workloads@eu-west-1"]);
}

#[test]
fn with_an_exception_every_account_is_a_member_of_its_own() {
    let spared = "on: [Workloads], except: [{target: account/lab, until: 2027-03-31, reason: trial}]";
    assert_eq!(members(&body(spared)), ["account/shop@eu-west-1", "account/till@eu-west-1"]);
}

#[test]
fn an_exception_that_is_over_spares_nobody() {
    let over = "on: [Workloads], except: [{target: account/lab, until: 2026-01-31, reason: trial}]";
    assert_eq!(members(&body(over)), ["Workloads@eu-west-1"]);
}

#[test]
fn an_exception_turns_auto_deployment_off_before_the_targets_change() {
    let spared = body("on: [Workloads], except: [{target: account/lab, until: 2027-03-31, reason: trial}]");
    let plan = replan(&body("on: [Workloads]"), "", &spared);
    assert_eq!(
        steps(&plan),
        ["update stack-set/ssm-session-manager", "update stack-set-targets/ssm-session-manager"]
    );
}

#[test]
fn stacks_that_failed_are_mended_and_nothing_else_is_touched() {
    let all = body("on: [Workloads]");
    let mut snapshot = made(&all);
    let account = snapshot.accounts.keys().next().unwrap().clone();
    let seen = snapshot.deployments.stack_sets.values_mut().next().unwrap();
    let mut failed = crate::support::deployment::current(account, "eu-west-1");
    failed.status = InstanceStatus::Failed;
    seen.instances.insert(failed);
    let plan = plan(&zone(&all), &snapshot);
    assert_eq!(steps(&plan), ["update stack-set-targets/ssm-session-manager"]);
    assert_eq!(plan.changes[0].action.fields()[0].path[0], "trouble");
}

#[test]
fn a_new_unit_is_a_target_once_it_is_there() {
    let more = body("on: [Workloads, Labs]").replace("units: {Workloads", "units: {Labs: , Workloads");
    let plan = replan(&body("on: [Workloads]"), "", &more);
    assert_eq!(steps(&plan), ["create unit/Labs", "update stack-set-targets/ssm-session-manager"]);
    let waits = &plan.changes[1].waits_for;
    assert!(waits.contains(&Address::Unit(UnitPath::parse("Labs").unwrap())));
}
