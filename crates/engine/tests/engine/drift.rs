//! What somebody changes behind our back is found, named and put right.

use crate::deployments::applied;
use crate::support::{DEPLOYED, FULL, Lab, zone};
use glidepath_plan::{DriftReport, LandingZone, Verb};
use serde_json::{Value, json};

fn physical(lab: &Lab, address: &str) -> String {
    let plan = lab.plan(&zone(FULL));
    plan.physical_ids.iter().find(|(at, _)| at.to_string() == address).unwrap().1.clone()
}

#[test]
fn a_detached_policy_is_attached_again() {
    let (lab, zone) = (Lab::new(), zone(FULL));
    lab.apply(&zone).assert_complete();
    let request =
        json!({"PolicyId": physical(&lab, "policy/scp/stay"), "TargetId": physical(&lab, "unit/Security")});
    lab.call("DetachPolicy", request);
    let applied = lab.apply(&zone);
    applied.assert_complete();
    let [done] = applied.receipt.done.as_slice() else { panic!("{:?}", applied.receipt.done) };
    assert_eq!(
        (done.address.to_string().as_str(), done.verb),
        ("attachment/scp/stay@Security", Verb::Create)
    );
    lab.assert_settled(&zone);
}

#[test]
fn an_account_that_somebody_moved_is_moved_back() {
    let (lab, zone) = (Lab::new(), zone(FULL));
    lab.apply(&zone).assert_complete();
    let ids =
        ["account/shop-prod", "unit/Workloads/Prod", "unit/Security"].map(|address| physical(&lab, address));
    lab.call(
        "MoveAccount",
        json!({"AccountId": ids[0], "SourceParentId": ids[1], "DestinationParentId": ids[2]}),
    );
    let applied = lab.apply(&zone);
    applied.assert_complete();
    assert_eq!(applied.receipt.done.len(), 1);
    lab.assert_settled(&zone);
}

#[test]
fn a_document_that_somebody_edited_is_written_again() {
    let (lab, zone) = (Lab::new(), zone(FULL));
    lab.apply(&zone).assert_complete();
    let content = r#"{"Version":"2012-10-17","Statement":[{"Sid":"N","Effect":"Deny","Action":"s3:*","Resource":"*"}]}"#;
    lab.call("UpdatePolicy", json!({"PolicyId": physical(&lab, "policy/scp/stay"), "Content": content}));
    let applied = lab.apply(&zone);
    applied.assert_complete();
    assert_eq!(applied.receipt.done.len(), 1);
    lab.assert_settled(&zone);
}

#[test]
fn foreign_things_are_counted_and_never_changed() {
    let (lab, zone) = (Lab::new(), zone(FULL));
    lab.apply(&zone).assert_complete();
    let root = physical(&lab, "organization");
    lab.call("CreateOrganizationalUnit", json!({"ParentId": root, "Name": "Legacy"}));
    let inside = lab.call(
        "CreateOrganizationalUnit",
        json!({"ParentId": physical(&lab, "unit/Workloads"), "Name": "Shadow"}),
    );
    assert!(inside["OrganizationalUnit"]["Id"].is_string());
    let plan = lab.plan(&zone);
    assert_eq!(plan.changes, []);
    assert_eq!(plan.foreign.get("unit"), Some(&1));
    let unmanaged: Vec<String> = plan.unmanaged.iter().map(|thing| thing.address.to_string()).collect();
    assert_eq!(unmanaged, ["unit/Workloads/Shadow"]);
}

/// What drift says: addresses that differ, are missing and should not be there.
fn drift(lab: &Lab, zone: &LandingZone) -> [Vec<String>; 3] {
    let report = DriftReport::of(&lab.plan(zone), zone);
    assert!(report.is_complete() && report.conflicts.is_empty(), "{report:?}");
    [
        report.modified.iter().map(|one| one.address.to_string()).collect(),
        report.missing.iter().map(ToString::to_string).collect(),
        report.unmanaged.iter().map(|one| one.address.to_string()).collect(),
    ]
}

fn rows(modified: &[&str], missing: &[&str], unmanaged: &[&str]) -> [Vec<String>; 3] {
    [modified, missing, unmanaged].map(|all| all.iter().map(|one| (*one).to_owned()).collect())
}

const OTHER: &str = r#"{"Resources": {"Note": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "x"}}}}"#;

/// Adds a resource to the template of a stack set, by hand.
fn update(lab: &Lab, set: &str) {
    let seen = lab.cloudformation("DescribeStackSet", json!({"StackSetName": set}))["StackSet"].clone();
    let other: Value = serde_json::from_str(OTHER).unwrap();
    let mut template: Value = serde_json::from_str(seen["TemplateBody"].as_str().unwrap()).unwrap();
    template["Resources"]["Note"] = other["Resources"]["Note"].clone();
    let request = json!({"StackSetName": set, "TemplateBody": template.to_string(), "Tags": seen["Tags"],
        "Capabilities": seen["Capabilities"], "OperationPreferences": {"FailureTolerancePercentage": 100}});
    lab.cloudformation("UpdateStackSet", request);
}

#[test]
fn a_template_that_somebody_gave_a_stack_set_is_drift_and_is_replaced() {
    let zone = zone(DEPLOYED);
    let lab = applied(&zone);
    update(&lab, "log-archive");
    lab.advance(3_600);
    assert_eq!(drift(&lab, &zone), rows(&["stack-set/log-archive"], &[], &[]));
    lab.apply(&zone).assert_complete();
    lab.assert_settled(&zone);
    assert!(lab.instances("log-archive").iter().all(|(_, _, status)| status == "SUCCEEDED"));
}

#[test]
fn a_stack_set_that_lost_our_mark_is_taken_back() {
    let zone = zone(DEPLOYED);
    let lab = applied(&zone);
    let request = json!({"StackSetName": "config-recorder", "UsePreviousTemplate": true, "Tags": [],
        "Capabilities": ["CAPABILITY_IAM"]});
    lab.cloudformation("UpdateStackSet", request);
    lab.advance(3_600);
    assert_eq!(drift(&lab, &zone), rows(&["stack-set/config-recorder"], &[], &[]));
    let applied = lab.apply(&zone);
    applied.assert_complete();
    assert_eq!(applied.receipt.done[0].verb, Verb::Adopt);
    lab.assert_settled(&zone);
}

#[test]
fn stacks_that_somebody_took_out_of_a_set_of_single_accounts_are_missed_and_made_again() {
    let zone = zone(DEPLOYED);
    let lab = applied(&zone);
    let account = lab.physical(&zone, "account/log-archive");
    let request = json!({"StackSetName": "log-archive", "Regions": ["eu-west-1"], "RetainStacks": false,
        "DeploymentTargets": {"OrganizationalUnitIds": [lab.physical(&zone, "unit/Security")],
            "Accounts": [account], "AccountFilterType": "INTERSECTION"}});
    lab.cloudformation("DeleteStackInstances", request);
    lab.advance(3_600);
    assert_eq!(drift(&lab, &zone), rows(&[], &["stack-set-targets/log-archive"], &[]));
}

#[test]
fn stacks_that_an_update_of_somebodys_made_fail_are_drift_and_mended() {
    let zone = zone(DEPLOYED);
    let account = applied(&zone).physical(&zone, "account/shop-dev");
    let calm = applied(&zone);
    let mut options = crate::support::options_for(&zone);
    options.faults = Some(format!("fail={account}/eu-west-1/AWS::SSM::Parameter").parse().unwrap());
    let lab = Lab::with(glidepath_sandbox::Sandbox::from_snapshot(calm.sandbox.snapshot(), options));
    update(&lab, "ssm-session-manager");
    lab.advance(3_600);
    let differ = ["stack-set/ssm-session-manager", "stack-set-targets/ssm-session-manager"];
    assert_eq!(drift(&lab, &zone), rows(&differ, &[], &[]));
    lab.apply(&zone).assert_complete();
    lab.assert_settled(&zone);
}

#[test]
fn stack_sets_and_stacks_of_others_are_counted_and_never_changed() {
    let zone = zone(DEPLOYED);
    let lab = applied(&zone);
    let request = json!({"StackSetName": "theirs", "TemplateBody": OTHER, "PermissionModel": "SERVICE_MANAGED",
        "AutoDeployment": {"Enabled": false}});
    lab.cloudformation("CreateStackSet", request);
    lab.cloudformation("CreateStack", json!({"StackName": "theirs", "TemplateBody": OTHER}));
    lab.advance(3_600);
    assert_eq!(drift(&lab, &zone), rows(&[], &[], &[]));
    let plan = lab.plan(&zone);
    assert_eq!((plan.foreign.get("stack-set"), plan.foreign.get("stack")), (Some(&1), Some(&1)));
}

/// AWS lists no stack that is missing from a unit's, or gone behind its set's back: only its detection of drift
/// tells, which takes hours in a large organization.
#[test]
fn a_stack_that_somebody_deletes_in_its_account_is_not_seen_by_a_listing() {
    let zone = zone(DEPLOYED);
    let lab = applied(&zone);
    let (account, region, _) = lab.instances("ssm-session-manager")[0].clone();
    let request = json!({"StackSetName": "ssm-session-manager", "StackInstanceAccount": account,
        "StackInstanceRegion": region});
    let stack = lab.cloudformation("DescribeStackInstance", request)["StackInstance"]["StackId"].clone();
    lab.cloudformation_of(&account, &region, "DeleteStack", json!({"StackName": stack}));
    lab.advance(3_600);
    assert_eq!(drift(&lab, &zone), rows(&[], &[], &[]));
}
