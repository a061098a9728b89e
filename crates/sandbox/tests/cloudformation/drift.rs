//! Drift: what hands changed behind a stack's back, and what does not count.

use crate::{World, bucket, parameter, template, text};
use glidepath_sandbox::Tampering;
use serde_json::{Value, json};

/// What each resource of the stack was found to be.
fn detect(world: &World) -> (Value, Vec<Value>) {
    let id = world.ok("DetectStackDrift", json!({"StackName": "app"}))["StackDriftDetectionId"].clone();
    let ask = || world.ok("DescribeStackDriftDetectionStatus", json!({"StackDriftDetectionId": id}));
    assert_eq!(text(&ask()["DetectionStatus"]), "DETECTION_IN_PROGRESS");
    let refusal = world.refused("DetectStackDrift", json!({"StackName": "app"}));
    assert!(refusal.contains("already in progress"), "{refusal}");
    world.settle();
    let drifts =
        world.list("DescribeStackResourceDrifts", json!({"StackName": "app"}), "StackResourceDrifts");
    (ask(), drifts)
}

#[test]
fn what_hands_changed_or_removed_is_drift() {
    let world = World::new();
    let handle = json!({"Type": "AWS::CloudFormation::WaitConditionHandle"});
    world.create(
        "app",
        &template(
            json!({"A": parameter("x"), "B": bucket("logs-one"), "C": parameter("y"), "Handle": handle}),
        ),
    );
    let (status, drifts) = detect(&world);
    assert_eq!(text(&status["StackDriftStatus"]), "IN_SYNC");
    assert_eq!(drifts.len(), 3, "a type whose drift is not detected is left out");
    let (a, c) = (world.physical_id("app", "A"), world.physical_id("app", "C"));
    world.tamper("AWS::SSM::Parameter", &a, Some(("Value", json!("changed"))));
    world.tamper("AWS::SSM::Parameter", &a, Some(("Description", json!("not in the template"))));
    world.tamper("AWS::SSM::Parameter", &c, None);
    let (status, drifts) = detect(&world);
    assert_eq!(text(&status["StackDriftStatus"]), "DRIFTED");
    assert_eq!(status["DriftedStackResourceCount"], json!(2));
    let found: Vec<String> = drifts.iter().map(|drift| text(&drift["StackResourceDriftStatus"])).collect();
    assert_eq!(found, ["MODIFIED", "IN_SYNC", "DELETED"]);
    let difference = json!([{"PropertyPath": "/Value", "ExpectedValue": "x", "ActualValue": "changed", "DifferenceType": "NOT_EQUAL"}]);
    assert_eq!(drifts[0]["PropertyDifferences"], difference);
    assert_eq!(text(&world.stack("app")["DriftInformation"]["StackDriftStatus"]), "DRIFTED");
    let only = json!({"StackName": "app", "StackResourceDriftStatusFilters": ["DELETED"]});
    assert_eq!(world.list("DescribeStackResourceDrifts", only, "StackResourceDrifts").len(), 1);
    let one = json!({"StackName": "app", "LogicalResourceId": "A"});
    let one = world.ok("DetectStackResourceDrift", one);
    assert_eq!(text(&one["StackResourceDrift"]["StackResourceDriftStatus"]), "MODIFIED");
    let handle =
        world.refused("DetectStackResourceDrift", json!({"StackName": "app", "LogicalResourceId": "Handle"}));
    assert!(handle.contains("not supported for resource type"), "{handle}");
}

#[test]
fn an_update_brings_back_what_it_writes() {
    let world = World::new();
    world.create("app", &template(json!({"A": parameter("x")})));
    let a = world.physical_id("app", "A");
    world.tamper("AWS::SSM::Parameter", &a, Some(("Value", json!("changed"))));
    world.update("app", &template(json!({"A": parameter("y")})));
    let (status, _) = detect(&world);
    assert_eq!(text(&status["StackDriftStatus"]), "IN_SYNC");
}

#[test]
fn only_what_exists_can_be_tampered_with() {
    let world = World::new();
    let tampering = Tampering {
        account: crate::ACCOUNT.to_owned(),
        region: crate::REGION.to_owned(),
        ty: "AWS::S3::Bucket".to_owned(),
        id: "nothing".to_owned(),
        property: None,
        value: None,
    };
    assert!(
        world.sandbox.tamper(&tampering).unwrap_err().to_string().contains("there is no `AWS::S3::Bucket`")
    );
    world.create("app", &template(json!({"Logs": bucket("nothing")})));
    let value_alone = Tampering { value: Some(json!(1)), ..tampering };
    assert!(world.sandbox.tamper(&value_alone).unwrap_err().to_string().contains("a value needs a property"));
}
