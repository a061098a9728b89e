//! Blueprints on their way into accounts: stack sets, their targets and stacks of the management account.

use crate::support::{DEPLOYED, Lab, options_for, with, zone, zone_on};
use glidepath_plan::{LandingZone, Verb};
use glidepath_sandbox::Sandbox;
use serde_json::{Value, json};

/// A world in which this landing zone was applied.
pub(crate) fn applied(zone: &LandingZone) -> Lab {
    let lab = Lab::with(Sandbox::in_memory(options_for(zone)));
    lab.apply(zone).assert_complete();
    lab
}

/// The accounts in which a stack set has a stack that is as it should be, by their names.
fn accounts(lab: &Lab, zone: &LandingZone, set: &str) -> Vec<String> {
    let ids = lab.plan(zone).physical_ids;
    let name = |id: &String| {
        let found = ids.iter().find(|(_, physical)| *physical == id);
        found.map_or_else(|| id.clone(), |(address, _)| address.to_string())
    };
    let all = lab.instances(set);
    assert!(all.iter().all(|(_, _, status)| status == "SUCCEEDED"), "{set}: {all:?}");
    let mut names: Vec<String> = all.iter().map(|(account, _, _)| name(account)).collect();
    names.sort();
    names
}

/// The template of the stack that a set made in an account.
fn template(lab: &Lab, set: &str, account: &str) -> String {
    let request =
        json!({"StackSetName": set, "StackInstanceAccount": account, "StackInstanceRegion": "eu-west-1"});
    let stack = lab.cloudformation("DescribeStackInstance", request)["StackInstance"]["StackId"].clone();
    let told = lab.cloudformation_of(account, "eu-west-1", "GetTemplate", json!({"StackName": stack}));
    told["TemplateBody"].as_str().unwrap().to_owned()
}

/// What was done: address and how.
fn done(applied: &crate::support::Applied) -> Vec<(String, Verb)> {
    applied.receipt.done.iter().map(|done| (done.address.to_string(), done.verb)).collect()
}

fn rows(expected: &[(&str, Verb)]) -> Vec<(String, Verb)> {
    expected.iter().map(|(address, verb)| ((*address).to_owned(), *verb)).collect()
}

#[test]
fn blueprints_reach_their_accounts_and_the_next_plan_is_empty() {
    let zone = zone(DEPLOYED);
    let lab = applied(&zone);
    lab.assert_settled(&zone);
    assert_eq!(accounts(&lab, &zone, "log-archive"), ["account/log-archive"]);
    let recorded = ["account/log-archive", "account/security", "account/shop-dev", "account/shop-prod"];
    assert_eq!(accounts(&lab, &zone, "config-recorder"), recorded);
    assert_eq!(accounts(&lab, &zone, "ssm-session-manager"), ["account/shop-dev", "account/shop-prod"]);
    let own = lab.cloudformation("DescribeStacks", json!({"StackName": "ssm-session-manager"}));
    assert_eq!(own["Stacks"][0]["StackStatus"], "CREATE_COMPLETE");
    assert_eq!(own["Stacks"][0]["EnableTerminationProtection"], true);
}

#[test]
fn another_value_reaches_every_stack() {
    let before = zone(DEPLOYED);
    let lab = applied(&before);
    let after = zone(&with(
        DEPLOYED,
        &[("on: [Workloads, account/acme-root]", "on: [Workloads, account/acme-root], with: {log_days: 400}")],
    ));
    let account = lab.instances("ssm-session-manager")[0].0.clone();
    assert!(template(&lab, "ssm-session-manager", &account).contains("365"));
    let applied = lab.apply(&after);
    applied.assert_complete();
    let changed = [
        ("stack-set/ssm-session-manager", Verb::Update),
        ("stack/ssm-session-manager@eu-west-1", Verb::Update),
    ];
    assert_eq!(done(&applied), rows(&changed));
    lab.assert_settled(&after);
    for (account, _, _) in lab.instances("ssm-session-manager") {
        let text = template(&lab, "ssm-session-manager", &account);
        assert!(text.contains("400") && !text.contains("365"), "{account}: {text}");
    }
    let own = lab.cloudformation("GetTemplate", json!({"StackName": "ssm-session-manager"}));
    assert!(own["TemplateBody"].as_str().unwrap().contains("400"));
}

#[test]
fn an_account_that_somebody_moves_into_a_unit_gets_its_stacks_from_aws() {
    let before = zone(DEPLOYED);
    let lab = applied(&before);
    lab.move_account(&before, "account/lab", "unit/Sandbox", "unit/Workloads/Dev");
    lab.advance(3_600);
    let after = zone(&with(
        DEPLOYED,
        &[("{shop-dev: }", "{shop-dev: , lab: }"), ("Sandbox: {accounts: {lab: }}", "Sandbox:")],
    ));
    lab.assert_settled(&after);
    let reached = ["account/lab", "account/shop-dev", "account/shop-prod"];
    assert_eq!(accounts(&lab, &after, "ssm-session-manager"), reached);
    assert_eq!(accounts(&lab, &after, "config-recorder").len(), 5);
}

#[test]
fn an_account_is_spared_until_its_exception_ends() {
    let spare = "{use: ssm-session-manager, on: [Workloads], except: [{target: account/shop-dev, \
                 until: 2027-02-01, reason: migration}]}";
    let text = with(DEPLOYED, &[("{use: ssm-session-manager, on: [Workloads, account/acme-root]}", spare)]);
    let before = zone(&text);
    let lab = applied(&before);
    lab.assert_settled(&before);
    assert_eq!(accounts(&lab, &before, "ssm-session-manager"), ["account/shop-prod"]);
    let stack = |lab: &Lab| {
        let account = lab.physical(&before, "account/shop-prod");
        let all = lab.cloudformation("ListStackInstances", json!({"StackSetName": "ssm-session-manager"}));
        let all = all["Summaries"].as_array().unwrap().clone();
        all.into_iter().find(|one| one["Account"] == account.as_str()).unwrap()["StackId"].clone()
    };
    let kept = stack(&lab);

    let after = zone_on(&text, "2027-02-02");
    lab.apply(&after).assert_complete();
    lab.assert_settled(&after);
    assert_eq!(accounts(&lab, &after, "ssm-session-manager"), ["account/shop-dev", "account/shop-prod"]);
    assert_eq!(stack(&lab), kept, "what was there is not touched");

    lab.apply(&before).assert_complete();
    lab.assert_settled(&before);
    assert_eq!(accounts(&lab, &before, "ssm-session-manager"), ["account/shop-prod"]);
    assert_eq!(stack(&lab), kept, "what stays is not touched");
}

#[test]
fn a_unit_that_is_dropped_loses_its_stacks_and_nothing_else_does() {
    let lab = applied(&zone(DEPLOYED));
    let after = zone(&with(DEPLOYED, &[("on: [Security, Workloads]", "on: [Security, Workloads/Prod]")]));
    let applied = lab.apply(&after);
    applied.assert_complete();
    assert_eq!(done(&applied), rows(&[("stack-set-targets/config-recorder", Verb::Update)]));
    lab.assert_settled(&after);
    let left = ["account/log-archive", "account/security", "account/shop-prod"];
    assert_eq!(accounts(&lab, &after, "config-recorder"), left);
    assert_eq!(accounts(&lab, &after, "ssm-session-manager"), ["account/shop-dev", "account/shop-prod"]);
}

#[test]
fn what_leaves_the_manifest_loses_stacks_and_set() {
    let lab = applied(&zone(DEPLOYED));
    let gone = "  - {use: ssm-session-manager, on: [Workloads, account/acme-root]}\n";
    let after = zone(&with(DEPLOYED, &[(gone, "")]));
    let applied = lab.apply(&after);
    applied.assert_complete();
    let deleted = [
        ("stack-set/ssm-session-manager", Verb::Delete),
        ("stack-set-targets/ssm-session-manager", Verb::Delete),
        ("stack/ssm-session-manager@eu-west-1", Verb::Delete),
    ];
    assert_eq!(done(&applied), rows(&deleted));
    lab.assert_settled(&after);
    let sets = lab.cloudformation("ListStackSets", json!({"Status": "ACTIVE"}));
    let names: Vec<&Value> = sets["Summaries"].as_array().unwrap().iter().map(|one| &one["StackSetName"]).collect();
    assert_eq!(names, ["config-recorder", "log-archive"]);
}
