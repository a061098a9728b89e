//! What accounts have once in a Region, where stacks are about to come that make it.

use crate::deployments::applied;
use crate::support::{Lab, SMALL, with, zone};
use glidepath_plan::plan::GateName;
use glidepath_plan::{LandingZone, Plan};
use serde_json::{Value, json};

const ENTRY: &str = "  - {use: config-recorder, on: [Workloads]}\n";
const SET: &str = "stack-set-targets/config-recorder";

/// A world with accounts and an archive, and the landing zone that brings them recorders.
pub(crate) fn about_to_record() -> (Lab, LandingZone) {
    (applied(&zone(&with(SMALL, &[(ENTRY, "")]))), zone(SMALL))
}

/// Has a stack of somebody else's make these in the account `shop`.
pub(crate) fn plant(lab: &Lab, zone: &LandingZone, resources: &Value) -> String {
    let account = lab.physical(zone, "account/shop");
    let request = json!({"StackName": "theirs", "TemplateBody": json!({"Resources": resources}).to_string()});
    lab.cloudformation_of(&account, "eu-west-1", "CreateStack", request);
    lab.advance(600);
    account
}

pub(crate) fn recorder(everything: bool) -> Value {
    json!({"Type": "AWS::Config::ConfigurationRecorder", "Properties": {
        "RoleARN": "arn:aws:iam::111122223333:role/config", "StartedOnCreate": true,
        "RecordingMode": {"RecordingFrequency": "CONTINUOUS"},
        "RecordingGroup": {"AllSupported": everything, "IncludeGlobalResourceTypes": everything},
    }})
}

pub(crate) fn channel(bucket: &str) -> Value {
    json!({"Type": "AWS::Config::DeliveryChannel", "DependsOn": "Recorder",
           "Properties": {"S3BucketName": bucket}})
}

fn gates(plan: &Plan) -> Vec<GateName> {
    plan.gates.iter().map(|gate| gate.name).collect()
}

/// How often accounts were asked for what they have.
fn asked(lab: &Lab) -> Vec<String> {
    let asks = |name: &String| name.starts_with("DescribeConfig") || name.starts_with("DescribeDelivery");
    lab.tape.calls().into_iter().map(|call| call.operation).filter(asks).collect()
}

#[test]
fn an_account_is_asked_before_its_first_stack_comes_and_never_again() {
    let (lab, zone) = about_to_record();
    lab.tape.wipe();
    assert_eq!(gates(&lab.plan(&zone)), []);
    assert_eq!(asked(&lab), ["DescribeConfigurationRecorders", "DescribeDeliveryChannels"]);
    lab.apply(&zone).assert_complete();
    lab.tape.wipe();
    lab.assert_settled(&zone);
    assert_eq!(asked(&lab), Vec::<String>::new());
}

#[test]
fn a_recorder_that_does_what_is_wanted_is_left_alone_and_its_account_spared() {
    let (lab, zone) = about_to_record();
    let resources = json!({"Recorder": recorder(true), "Channel": channel("glidepath-config-o-a1b2c3d4e5")});
    let account = plant(&lab, &zone, &resources);
    let plan = lab.plan(&zone);
    let told: Vec<&str> = plan.notices.iter().map(|notice| notice.text.as_str()).collect();
    assert!(
        told.iter().any(|text| text.contains("no stack is made for `account/shop@eu-west-1`")),
        "{told:?}"
    );
    lab.apply(&zone).assert_complete();
    assert!(lab.instances("config-recorder").is_empty(), "{:?}", lab.instances("config-recorder"));
    lab.assert_settled(&zone);
    let theirs =
        lab.cloudformation_of(&account, "eu-west-1", "DescribeStacks", json!({"StackName": "theirs"}));
    assert_eq!(theirs["Stacks"][0]["StackStatus"], "CREATE_COMPLETE");
}

#[test]
fn a_recorder_that_differs_is_replaced_by_consent() {
    let (lab, zone) = about_to_record();
    plant(&lab, &zone, &json!({"Recorder": recorder(false), "Channel": channel("elsewhere")}));
    assert_eq!(gates(&lab.plan(&zone)), [GateName::SingletonReplace]);
    lab.tape.wipe();
    lab.apply(&zone).assert_complete();
    let order: Vec<String> = lab
        .tape
        .calls()
        .into_iter()
        .map(|call| call.operation)
        .filter(|name| name.contains("ConfigurationRecorder") || name.contains("DeliveryChannel"))
        .filter(|name| !name.starts_with("Describe"))
        .collect();
    assert_eq!(order, ["StopConfigurationRecorder", "DeleteDeliveryChannel", "DeleteConfigurationRecorder"]);
    let made = lab.instances("config-recorder");
    assert!(made.len() == 1 && made[0].2 == "SUCCEEDED", "{made:?}");
    lab.assert_settled(&zone);
}

#[test]
fn preferences_in_the_management_account_are_replaced_too() {
    let entry = "  - {use: ssm-session-manager, on: [account/acme-root]}\n";
    let lab = applied(&zone(&with(SMALL, &[(entry, "")])));
    let document = json!({"Type": "AWS::SSM::Document", "Properties": {
        "Name": "SSM-SessionManagerRunShell", "DocumentType": "Session",
        "Content": {"schemaVersion": "1.0", "sessionType": "Standard_Stream"},
    }});
    let body = json!({"Resources": {"Theirs": document}}).to_string();
    lab.cloudformation("CreateStack", json!({"StackName": "theirs", "TemplateBody": body}));
    lab.advance(600);
    let after = zone(SMALL);
    let plan = lab.plan(&after);
    assert_eq!(gates(&plan), [GateName::SingletonReplace]);
    assert_eq!(plan.gates[0].addresses[0].to_string(), "stack/ssm-session-manager@eu-west-1");
    lab.apply(&after).assert_complete();
    lab.assert_settled(&after);
}

#[test]
fn an_account_that_cannot_be_entered_is_a_gap_of_its_own_stack_and_holds_nothing_back() {
    let (lab, zone) = about_to_record();
    lab.tape.deny("AssumeRole", "");
    let plan = lab.plan(&zone);
    let prefixes: Vec<&str> = plan.gaps.iter().map(|gap| gap.prefix.as_str()).collect();
    assert_eq!(prefixes, [format!("{SET}@account/shop@eu-west-1")]);
    assert_eq!(plan.gaps[0].operation, "sts:AssumeRole");
    assert!(plan.withheld.is_empty() && plan.changes.iter().any(|change| change.address.to_string() == SET));
    lab.apply(&zone).assert_complete();
    assert_eq!(lab.instances("config-recorder").len(), 1);
}

#[test]
fn what_stands_in_the_way_of_a_stack_that_an_account_gets_by_moving_is_told_before_it_moves() {
    let at_first = zone(&with(
        SMALL,
        &[("Workloads: {accounts: {shop: }}", "Workloads: {}\n  Lab: {accounts: {shop: }}")],
    ));
    let lab = applied(&at_first);
    let after = zone(&with(
        SMALL,
        &[("Workloads: {accounts: {shop: }}", "Workloads: {accounts: {shop: }}\n  Lab: {}")],
    ));
    let told = |lab: &Lab| -> Vec<String> {
        let notices = lab.plan(&after).notices.into_iter().map(|notice| notice.text);
        notices.filter(|text| text.contains("once the account has moved")).collect()
    };
    assert_eq!(told(&lab), Vec::<String>::new());
    plant(&lab, &after, &json!({"Recorder": recorder(true), "Channel": channel("elsewhere")}));
    let told = told(&lab);
    let [text] = told.as_slice() else { panic!("{told:?}") };
    assert!(
        text.contains("a recorder of AWS Config and a delivery channel of AWS Config is there"),
        "{text}"
    );
    assert_eq!(gates(&lab.plan(&after)), []);
}

/// A landing zone whose security account gets a detector, or one without it.
fn watched(more: &str) -> LandingZone {
    zone(&format!("  id: o-a1b2c3d4e5\nunits: {{Security: {{accounts: {{security: }}}}}}\n{more}"))
}

#[test]
fn a_detector_that_does_what_is_wanted_is_kept_and_one_that_does_not_is_refused() {
    let after = watched("blueprints: [{use: guardduty-org}]\n");
    for (enabled, refused) in [(true, &[][..]), (false, &["singleton-there"][..])] {
        let lab = applied(&watched(""));
        let features = [
            "S3_DATA_EVENTS",
            "EKS_AUDIT_LOGS",
            "EBS_MALWARE_PROTECTION",
            "RDS_LOGIN_EVENTS",
            "LAMBDA_NETWORK_LOGS",
            "RUNTIME_MONITORING",
        ];
        let features = features.map(|name| json!({"Name": name, "Status": "ENABLED"}));
        let detector = json!({"Type": "AWS::GuardDuty::Detector", "Properties":
            {"Enable": enabled, "Features": features}});
        let account = lab.physical(&after, "account/security");
        let body = json!({"Resources": {"Theirs": detector}}).to_string();
        let request = json!({"StackName": "theirs", "TemplateBody": body});
        lab.cloudformation_of(&account, "eu-west-1", "CreateStack", request);
        lab.advance(600);
        let plan = lab.plan(&after);
        let codes: Vec<&str> = plan.refusals.iter().map(|refusal| refusal.code.as_str()).collect();
        assert_eq!((codes.as_slice(), plan.gaps.len()), (refused, 0), "{:#?}", plan.gaps);
        let spared =
            plan.notices.iter().any(|notice| notice.text.contains("a detector of GuardDuty is there"));
        assert_eq!(spared, enabled, "{:#?}", plan.notices);
    }
}
