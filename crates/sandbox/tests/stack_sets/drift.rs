//! Drift of whole sets.

use super::{EUROPE, REGION, World, text};
use glidepath_sandbox::Tampering;
use serde_json::json;

#[test]
fn a_resource_changed_behind_its_stack_is_found_in_its_instance_and_counted_in_the_set() {
    let world = World::new();
    let unit = world.unit(&world.root(), "Workloads");
    let account = world.accounts_in(&unit, &["shop"]).remove(0);
    world.set("baseline");
    world.deploy("baseline", &unit, &[REGION, EUROPE]);
    let stack = world.stack("baseline", &account, EUROPE);
    let resource = world.sandbox.call_json_in(
        EUROPE,
        &account,
        "cloudformation",
        "DescribeStackResource",
        json!({"StackName": stack["StackName"], "LogicalResourceId": "Note"}),
    );
    let id = text(&resource.unwrap()["StackResourceDetail"]["PhysicalResourceId"]);
    let tampering = Tampering {
        account: account.clone(),
        region: EUROPE.to_owned(),
        ty: "AWS::SSM::Parameter".to_owned(),
        id,
        property: Some("Value".to_owned()),
        value: Some(json!("changed")),
    };
    world.sandbox.tamper(&tampering).unwrap();
    let set = || world.ok("DescribeStackSet", json!({"StackSetName": "baseline"}))["StackSet"].clone();
    assert_eq!(set()["StackSetDriftDetectionDetails"]["DriftStatus"], "NOT_CHECKED");
    let begun = world.ok("DetectStackSetDrift", json!({"StackSetName": "baseline", "OperationId": "look"}));
    assert_eq!(begun["OperationId"], "look");
    assert_eq!(set()["StackSetDriftDetectionDetails"]["DriftDetectionStatus"], "IN_PROGRESS");
    world.settle();
    let details = set()["StackSetDriftDetectionDetails"].clone();
    assert_eq!(
        (&details["DriftStatus"], &details["DriftDetectionStatus"]),
        (&json!("DRIFTED"), &json!("COMPLETED"))
    );
    let count = |name: &str| details[format!("{name}StackInstancesCount")].as_u64().unwrap();
    assert_eq!(["Total", "Drifted", "InSync", "InProgress", "Failed"].map(count), [2, 1, 1, 0, 0]);
    let operation = world.operation("baseline", "look");
    assert_eq!(operation["Action"], "DETECT_DRIFT");
    assert_eq!(operation["StackSetDriftDetectionDetails"], details);
    let drifted =
        json!({"StackSetName": "baseline", "Filters": [{"Name": "DRIFT_STATUS", "Values": "DRIFTED"}]});
    let drifted = world.list("ListStackInstances", drifted);
    assert_eq!(drifted.iter().map(|one| text(&one["Region"])).collect::<Vec<_>>(), [EUROPE]);
    let drifts = |region: &str, operation: &str| {
        let request = json!({"StackSetName": "baseline", "StackInstanceAccount": account,
            "StackInstanceRegion": region, "OperationId": operation});
        world.try_as(super::MANAGEMENT, "cloudformation", "ListStackInstanceResourceDrifts", request)
    };
    let found = &drifts(EUROPE, "look").unwrap()["Summaries"][0];
    assert_eq!(
        (&found["LogicalResourceId"], &found["StackResourceDriftStatus"]),
        (&json!("Note"), &json!("MODIFIED"))
    );
    assert_eq!(found["PropertyDifferences"][0]["ActualValue"], "changed");
    assert!(drifts(EUROPE, "missing").unwrap_err().starts_with("OperationNotFoundException"));
    assert!(drifts("ap-south-1", "look").unwrap_err().starts_with("StackInstanceNotFoundException"));
    assert_eq!(world.list("ListStackSets", json!({}))[0]["DriftStatus"], "DRIFTED");
}

#[test]
fn an_update_of_the_set_is_no_drift() {
    let world = World::new();
    let unit = world.unit(&world.root(), "Workloads");
    world.accounts_in(&unit, &["shop"]);
    world.set("baseline");
    world.deploy("baseline", &unit, &[REGION]);
    world.ok("DetectStackSetDrift", json!({"StackSetName": "baseline"}));
    world.settle();
    let set = world.ok("DescribeStackSet", json!({"StackSetName": "baseline"}));
    assert_eq!(set["StackSet"]["StackSetDriftDetectionDetails"]["DriftStatus"], "IN_SYNC");
}
