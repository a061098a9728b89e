//! Targets of stack sets: whole units are AWS's to look after, single accounts are ours; trouble is mended.

use crate::support::{made, plan, replan, steps, zone};
use glidepath_model::deployment::InstanceStatus;
use glidepath_model::organization::Snapshot;
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

/// A world in which a stack failed in a Region, for this reason.
fn failing(all: &str, region: &str, reason: &str) -> Snapshot {
    let mut snapshot = made(all);
    let account = snapshot.accounts.values().find(|account| account.name == "lab").unwrap().id.clone();
    let seen = snapshot.deployments.stack_sets.values_mut().next().unwrap();
    let mut failed = crate::support::deployment::current(account, region);
    (failed.status, failed.reason) = (InstanceStatus::Failed, reason.to_owned());
    seen.instances.insert(failed);
    snapshot
}

#[test]
fn stacks_that_wait_for_their_region_are_told_of_and_no_change() {
    let all = body("on: [Workloads]");
    let reason = "Region ap-east-1 is not enabled for account 444455556666";
    let waiting = plan(&zone(&all), &failing(&all, "ap-east-1", reason));
    assert!(waiting.changes.is_empty(), "{:?}", waiting.changes);
    let told: Vec<&str> = waiting.notices.iter().map(|notice| notice.text.as_str()).collect();
    let wanted = "stacks in `ap-east-1` wait until the Region is enabled in the management account and in `lab`: AWS \
                  tries again with the stack set's next operation";
    assert_eq!(told, [wanted]);
    for (region, reason) in [("eu-west-1", reason), ("ap-east-1", "the bucket is not empty")] {
        let failed = plan(&zone(&all), &failing(&all, region, reason));
        assert_eq!(steps(&failed), ["update stack-set-targets/ssm-session-manager"], "{region} {reason}");
    }
}

#[test]
fn a_move_tells_what_becomes_of_stacks_that_follow_accounts() {
    let manifest = |accounts: &str, on: &str| {
        format!(
            "units: {accounts}\nblueprints: [{{use: ssm-session-manager, on: [{on}]}}, {{use: network-vpc, on: [A]}}]\n"
        )
    };
    let (here, there) = ("{A: {accounts: {shop: }}, B: }", "{A: , B: {accounts: {shop: }}}");
    let notes = |on: &str| {
        let plan = replan(&manifest(here, on), "", &manifest(there, on));
        let change = plan.changes.iter().find(|change| change.address.to_string() == "account/shop").unwrap();
        change.notes.iter().filter(|note| note.contains("by the move")).cloned().collect::<Vec<_>>()
    };
    assert_eq!(
        notes("A, B"),
        [
            "by the move it keeps, outside of any stack set, its stacks of `network-vpc`, `ssm-session-manager`",
            "by the move AWS makes it stacks of `ssm-session-manager`",
        ]
    );
    assert_eq!(notes("/"), ["by the move it keeps, outside of any stack set, its stacks of `network-vpc`"]);
}

#[test]
fn targets_that_shrink_to_units_below_tell_that_their_stacks_are_made_anew() {
    let plan = replan(&body("on: [Workloads]"), "", &body("on: [Workloads/Prod]"));
    assert_eq!(steps(&plan), ["update stack-set-targets/ssm-session-manager"]);
    assert_eq!(
        plan.changes[0].notes,
        ["AWS lets a unit go with all its stacks only: those of `Workloads/Prod` are deleted and made anew"]
    );
    let wider = replan(&body("on: [Workloads/Prod]"), "", &body("on: [Workloads]"));
    assert_eq!(wider.changes[0].notes, Vec::<String>::new());
}

#[test]
fn a_new_unit_is_a_target_once_it_is_there() {
    let more = body("on: [Workloads, Labs]").replace("units: {Workloads", "units: {Labs: , Workloads");
    let plan = replan(&body("on: [Workloads]"), "", &more);
    assert_eq!(steps(&plan), ["create unit/Labs", "update stack-set-targets/ssm-session-manager"]);
    let waits = &plan.changes[1].waits_for;
    assert!(waits.contains(&Address::Unit(UnitPath::parse("Labs").unwrap())));
}

#[test]
fn a_set_that_is_adopted_tells_how_many_stacks_get_our_mark() {
    let all = body("on: [Workloads]");
    let mut snapshot = made(&all);
    let seen = snapshot.deployments.stack_sets.values_mut().next().unwrap();
    seen.set.tags.clear();
    let plan = plan(&zone(&all), &snapshot);
    assert_eq!(steps(&plan), ["adopt stack-set/ssm-session-manager"]);
    assert_eq!(
        plan.changes[0].notes,
        ["every stack of it gets our mark, by one operation: at least 3 stacks"]
    );
    let unlisted: Vec<String> = plan.unlisted.iter().map(ToString::to_string).collect();
    assert_eq!(unlisted, ["stack-set-targets/ssm-session-manager"]);
}

#[test]
fn what_is_done_about_stacks_that_stand_badly_is_told_by_how_they_stand() {
    let all = body("on: [Workloads]");
    let mut snapshot = made(&all);
    let accounts: Vec<_> = snapshot.accounts.keys().cloned().collect();
    let seen = snapshot.deployments.stack_sets.values_mut().next().unwrap();
    for (account, status) in accounts.into_iter().zip([InstanceStatus::Failed, InstanceStatus::Inoperable]) {
        let mut stack = crate::support::deployment::current(account, "eu-west-1");
        stack.status = status;
        seen.instances.insert(stack);
    }
    let plan = plan(&zone(&all), &snapshot);
    let notes = plan.changes[0].notes.join("\n");
    assert!(notes.contains("step: update again what failed or was not reached: 1 stack"), "{notes}");
    assert!(notes.contains("inoperable, so that no operation touches it: 1 stack;"), "{notes}");
}
