//! Blueprints on their way into accounts: stack sets, their targets and stacks of the management account.

use crate::support::{DEPLOYED, Lab, at, options_for, with, zone, zone_in, zone_on};
use glidepath_engine::{Stage, StageState};
use glidepath_plan::{LandingZone, Verb};
use glidepath_sandbox::Sandbox;
use serde_json::{Value, json};
use std::collections::BTreeSet;

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

/// The stacks of a set, by their ARNs.
fn stacks(lab: &Lab, set: &str) -> BTreeSet<String> {
    let all = lab.cloudformation("ListStackInstances", json!({"StackSetName": set}));
    let all = all["Summaries"].as_array().unwrap().iter();
    all.map(|one| one["StackId"].as_str().unwrap().to_owned()).collect()
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
fn what_templates_give_their_parameters_by_themselves_is_no_difference() {
    let body = DEPLOYED.replace(
        "{use: ssm-session-manager, on: [Workloads, account/acme-root]}",
        "{use: network-vpc, on: [Workloads]}",
    );
    let zone = zone(&format!("{body}  - {{use: data-stores, on: [Workloads]}}\n"));
    let lab = applied(&zone);
    lab.assert_settled(&zone);
    assert_eq!(accounts(&lab, &zone, "data-stores"), ["account/shop-dev", "account/shop-prod"]);
}

#[test]
fn another_value_reaches_every_stack() {
    let before = zone(DEPLOYED);
    let lab = applied(&before);
    let after = zone(&with(
        DEPLOYED,
        &[(
            "on: [Workloads, account/acme-root]",
            "on: [Workloads, account/acme-root], with: {log_days: 400}",
        )],
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
    let kept = stacks(&lab, "ssm-session-manager");

    let after = zone_on(&text, "2027-02-02");
    lab.apply(&after).assert_complete();
    lab.assert_settled(&after);
    assert_eq!(accounts(&lab, &after, "ssm-session-manager"), ["account/shop-dev", "account/shop-prod"]);
    assert!(stacks(&lab, "ssm-session-manager").is_superset(&kept), "what was there is not touched");

    lab.apply(&before).assert_complete();
    lab.assert_settled(&before);
    assert_eq!(accounts(&lab, &before, "ssm-session-manager"), ["account/shop-prod"]);
    assert_eq!(stacks(&lab, "ssm-session-manager"), kept, "what stays is not touched");
}

#[test]
fn a_unit_that_is_dropped_loses_its_stacks_and_nothing_else_does() {
    let lab = applied(&zone(DEPLOYED));
    let before = stacks(&lab, "config-recorder");
    let after = zone(&with(DEPLOYED, &[("on: [Security, Workloads]", "on: [Workloads]")]));
    let applied = lab.apply(&after);
    applied.assert_complete();
    assert_eq!(done(&applied), rows(&[("stack-set-targets/config-recorder", Verb::Update)]));
    lab.assert_settled(&after);
    assert_eq!(accounts(&lab, &after, "config-recorder"), ["account/shop-dev", "account/shop-prod"]);
    let left = stacks(&lab, "config-recorder");
    assert!(left.len() == 2 && left.is_subset(&before), "what stays is not touched");
    assert_eq!(accounts(&lab, &after, "ssm-session-manager"), ["account/shop-dev", "account/shop-prod"]);
}

#[test]
fn targets_that_grow_leave_what_is_there_and_those_that_shrink_are_made_anew_below() {
    let narrow = zone(&with(DEPLOYED, &[("on: [Security, Workloads]", "on: [Security, Workloads/Prod]")]));
    let lab = applied(&narrow);
    let before = stacks(&lab, "config-recorder");
    let wide = zone(DEPLOYED);
    lab.apply(&wide).assert_complete();
    lab.assert_settled(&wide);
    assert!(stacks(&lab, "config-recorder").is_superset(&before), "what was there is not touched");
    lab.apply(&narrow).assert_complete();
    lab.assert_settled(&narrow);
    let left = ["account/log-archive", "account/security", "account/shop-prod"];
    assert_eq!(accounts(&lab, &narrow, "config-recorder"), left);
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
    let names: Vec<&Value> =
        sets["Summaries"].as_array().unwrap().iter().map(|one| &one["StackSetName"]).collect();
    assert_eq!(names, ["config-recorder", "log-archive"]);
}

#[test]
fn one_account_that_fails_is_named_the_rest_is_done_and_only_that_one_is_mended() {
    let zone = zone(DEPLOYED);
    // Accounts have the same ids in every world of one seed.
    let bad = applied(&zone).physical(&zone, "account/shop-dev");
    let mut options = options_for(&zone);
    options.faults =
        Some(format!("fail={bad}/eu-west-1/AWS::Config::ConfigurationRecorder").parse().unwrap());
    let lab = Lab::with(Sandbox::in_memory(options));
    let first = lab.apply(&zone);
    assert!(!first.receipt.is_complete());
    let [failed] = first.receipt.failed.as_slice() else { panic!("{:?}", first.receipt.failed) };
    assert_eq!(failed.address.to_string(), "stack-set-targets/config-recorder");
    for word in [bad.as_str(), "eu-west-1", "1 stack did not come about", "ConfigurationRecorder"] {
        assert!(failed.error.contains(word), "{word}: {}", failed.error);
    }
    assert_eq!((first.receipt.skipped.len(), first.receipt.not_converged.len()), (0, 0));
    assert_eq!(first.receipt.done.len(), first.plan.changes.len() - 1);
    let others = lab.instances("config-recorder").into_iter().filter(|(account, _, _)| *account != bad);
    assert!(others.clone().all(|(_, _, status)| status == "SUCCEEDED") && others.count() == 3);

    let plan = lab.plan(&zone);
    let [change] = plan.changes.as_slice() else { panic!("{:#?}", plan.changes) };
    let fields = change.action.fields();
    assert_eq!(fields.len(), 1, "{fields:#?}");
    let told = format!("{:?}", fields[0]);
    assert!(told.contains("account/shop-dev@eu-west-1") && told.contains("failed"), "{told}");

    let again = Lab::with(Sandbox::from_snapshot(lab.sandbox.snapshot(), options_for(&zone)));
    again.apply(&zone).assert_complete();
    let writes: Vec<String> = again
        .tape
        .calls()
        .into_iter()
        .map(|call| call.operation)
        .filter(|one| crate::support::is_write(one))
        .collect();
    assert_eq!(writes.iter().filter(|one| one.as_str() == "UpdateStackInstances").count(), 1, "{writes:?}");
    assert!(writes.iter().all(|one| one == "UpdateStackInstances" || one.ends_with("Policy")), "{writes:?}");
    again.assert_settled(&zone);
    assert_eq!(accounts(&again, &zone, "config-recorder").len(), 4);
}

#[test]
fn a_stack_of_the_management_account_that_fails_says_why_and_is_made_anew() {
    let zone = zone(DEPLOYED);
    let mut options = options_for(&zone);
    options.faults = Some("fail=111122223333/eu-west-1/AWS::SSM::Document".parse().unwrap());
    let lab = Lab::with(Sandbox::in_memory(options));
    let first = lab.apply(&zone);
    let [failed] = first.receipt.failed.as_slice() else { panic!("{:?}", first.receipt.failed) };
    assert_eq!(failed.address.to_string(), "stack/ssm-session-manager@eu-west-1");
    assert!(failed.error.contains("Preferences") || failed.error.contains("Document"), "{}", failed.error);
    let plan = lab.plan(&zone);
    let [change] = plan.changes.as_slice() else { panic!("{:#?}", plan.changes) };
    assert!(format!("{:?}", change.action.fields()).contains("ROLLBACK_COMPLETE"), "{change:?}");
    let again = Lab::with(Sandbox::from_snapshot(lab.sandbox.snapshot(), options_for(&zone)));
    let second = again.apply(&zone);
    second.assert_complete();
    assert_eq!(done(&second), rows(&[("stack/ssm-session-manager@eu-west-1", Verb::Update)]));
    again.assert_settled(&zone);
}

#[test]
fn stacks_in_a_region_that_is_not_enabled_wait_and_are_made_once_it_is() {
    let text = "  id: o-a1b2c3d4e5\nunits: {Workloads: {accounts: {shop: , till: }}}\n\
                trustedAccess: {account.amazonaws.com: }\n\
                blueprints: [{use: ssm-session-manager, on: [Workloads]}]\n";
    let lab = applied(&zone(text));
    let zone = zone_in("regions: [eu-west-1, ap-east-1]", text);
    let stands = |lab: &Lab| {
        let all = lab.instances("ssm-session-manager").into_iter();
        let mut all: Vec<_> = all.map(|(_, region, status)| format!("{region} {status}")).collect();
        all.sort();
        all
    };
    // Nobody may ask which Regions accounts have: they are left as they are, and all else is done.
    lab.tape.deny("ListRegions", "");
    lab.apply(&zone).assert_complete();
    let waiting = ["ap-east-1 FAILED", "ap-east-1 FAILED", "eu-west-1 SUCCEEDED", "eu-west-1 SUCCEEDED"];
    assert_eq!(stands(&lab), waiting);
    let plan = lab.plan(&zone);
    assert_eq!(plan.changes, [], "nothing that an apply could mend");
    let told: Vec<&String> = plan.notices.iter().map(|notice| &notice.text).collect();
    assert!(
        told.iter().any(|text| text.contains("`ap-east-1`") && text.contains("`shop`, `till`")),
        "{told:?}"
    );
    lab.tape.allow_all();
    lab.apply(&zone).assert_complete();
    lab.apply(&zone).assert_complete();
    assert!(stands(&lab).iter().all(|one| one.ends_with("SUCCEEDED")), "{:?}", stands(&lab));
    lab.assert_settled(&zone);
}

#[test]
fn an_account_that_cannot_be_had_keeps_nobody_else_from_their_stacks() {
    let zone = zone(DEPLOYED);
    let lab = Lab::with(Sandbox::in_memory(options_for(&zone)));
    lab.tape.deny("CreateAccount", "shop-dev");
    let first = lab.apply(&zone);
    let failed: Vec<String> = first.receipt.failed.iter().map(|one| one.address.to_string()).collect();
    assert_eq!((failed, first.receipt.skipped.len()), (vec!["account/shop-dev".to_owned()], 0));
    assert_eq!(accounts(&lab, &zone, "ssm-session-manager"), ["account/shop-prod"]);
    lab.tape.allow_all();
    let applied = lab.apply(&zone);
    applied.assert_complete();
    // AWS gives it its stacks by itself, since it comes to a unit that is a target; the run looks on.
    let [arrived] = applied.receipt.new_accounts.as_slice() else { panic!("{:#?}", applied.receipt) };
    let baselines = arrived.stages.iter().find(|report| report.stage == Stage::Baselines);
    assert_eq!(baselines.map(|report| &report.state), Some(&StageState::Done));
    assert_eq!(accounts(&lab, &zone, "ssm-session-manager"), ["account/shop-dev", "account/shop-prod"]);
    lab.assert_settled(&zone);
}

#[test]
fn a_new_account_in_which_a_stack_of_its_unit_fails_is_not_ready() {
    let zone = zone(DEPLOYED);
    let lab = Lab::with(Sandbox::in_memory(options_for(&zone)));
    lab.tape.deny("CreateAccount", "shop-dev");
    lab.apply(&zone);
    let mut options = options_for(&zone);
    options.faults = Some("fail=*/eu-west-1/AWS::SSM::Document".parse().unwrap());
    let lab = Lab::with(Sandbox::from_snapshot(lab.sandbox.snapshot(), options));
    let receipt = lab.apply(&zone).receipt;
    let [arrived] = receipt.new_accounts.as_slice() else { panic!("{receipt:#?}") };
    assert!(!arrived.is_ready());
    let baselines = arrived.stages.iter().find(|report| report.stage == Stage::Baselines).unwrap();
    let set = at("stack-set-targets/ssm-session-manager");
    assert_eq!(baselines.state, StageState::Failed { addresses: vec![set] });
}

#[test]
fn what_comes_first_is_waited_for_even_where_only_an_operation_of_before_is_at_it() {
    let small = crate::support::SMALL;
    let lab = applied(&zone(&with(small, &[("  - {use: config-recorder, on: [Workloads]}\n", "")])));
    let after = zone(small);
    let unit = lab.physical(&after, "unit/Security");
    let targets = json!({"OrganizationalUnitIds": [unit]});
    let request =
        json!({"StackSetName": "log-archive", "DeploymentTargets": targets, "Regions": ["eu-west-1"]});
    lab.cloudformation("UpdateStackInstances", request);
    lab.apply(&after).assert_complete();
    let latest = |set: &str, member: &str| {
        let all = lab.cloudformation("ListStackSetOperations", json!({"StackSetName": set}));
        all["Summaries"][0][member].as_f64().unwrap()
    };
    let (ended, begun) =
        (latest("log-archive", "EndTimestamp"), latest("config-recorder", "CreationTimestamp"));
    assert!(ended > latest("log-archive", "CreationTimestamp"), "it took its time");
    assert!(begun >= ended, "{begun} {ended}");
}
