//! Managed execution: operations that wait for each other.

use super::{EUROPE, REGION, World, set_request, targeting, template, text};
use serde_json::{Value, json};

/// A world with an account in each of two units and a set with managed execution.
fn managed() -> (World, String, String) {
    let world = World::new();
    let root = world.root();
    let (one, two) = (world.unit(&root, "One"), world.unit(&root, "Two"));
    world.accounts_in(&one, &["one"]);
    world.accounts_in(&two, &["two"]);
    let mut request = set_request("baseline", &template());
    request["ManagedExecution"] = json!({"Active": true});
    world.ok("CreateStackSet", request);
    (world, one, two)
}

fn begin(world: &World, operation: &str, request: Value) -> String {
    text(&world.ok(operation, request)["OperationId"])
}

#[test]
fn operations_on_different_instances_run_at_once_and_others_wait() {
    let (world, one, two) = managed();
    let first = begin(&world, "CreateStackInstances", targeting("baseline", &one, &[REGION]));
    let other_unit = begin(&world, "CreateStackInstances", targeting("baseline", &two, &[REGION]));
    let other_region = begin(&world, "CreateStackInstances", targeting("baseline", &one, &[EUROPE]));
    let same = begin(&world, "UpdateStackInstances", targeting("baseline", &one, &[REGION]));
    let whole =
        begin(&world, "UpdateStackSet", json!({"StackSetName": "baseline", "UsePreviousTemplate": true}));
    let behind = begin(&world, "UpdateStackInstances", targeting("baseline", &two, &[REGION]));
    let all = [&first, &other_unit, &other_region, &same, &whole, &behind];
    let statuses = all.map(|id| world.status("baseline", id));
    assert_eq!(statuses, ["RUNNING", "RUNNING", "RUNNING", "QUEUED", "QUEUED", "QUEUED"]);
    let active = json!({"StackSetName": "baseline", "UsePreviousTemplate": true, "ManagedExecution": {"Active": false}});
    assert_eq!(world.code("UpdateStackSet", active.clone()), "InvalidOperationException");
    world.settle();
    assert!(all.iter().all(|id| world.status("baseline", id) == "SUCCEEDED"));
    let ended = |id: &str| world.operation("baseline", id)["EndTimestamp"].as_f64().unwrap();
    assert!(ended(&first) < ended(&same) && ended(&same) < ended(&whole) && ended(&whole) < ended(&behind));
    world.ok("UpdateStackSet", active);
}

#[test]
fn a_waiting_operation_can_be_stopped_before_it_begins() {
    let (world, one, _) = managed();
    begin(&world, "CreateStackInstances", targeting("baseline", &one, &[REGION]));
    let waiting = begin(&world, "UpdateStackInstances", targeting("baseline", &one, &[REGION]));
    world.ok("StopStackSetOperation", json!({"StackSetName": "baseline", "OperationId": waiting}));
    assert_eq!(world.status("baseline", &waiting), "STOPPED");
    assert!(world.results("baseline", &waiting).iter().all(|one| one.ends_with("CANCELLED")));
    world.settle();
    assert!(world.instances("baseline").iter().all(|one| one.ends_with("CURRENT SUCCEEDED")));
}

#[test]
fn a_detection_of_drift_runs_alone() {
    let (world, one, _) = managed();
    world.deploy("baseline", &one, &[REGION]);
    let named = json!({"StackSetName": "baseline"});
    begin(&world, "DetectStackSetDrift", named.clone());
    assert_eq!(world.code("DetectStackSetDrift", named), "OperationInProgressException");
}
