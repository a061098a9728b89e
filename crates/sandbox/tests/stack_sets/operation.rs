//! Operations: their ids, their results, how they are stopped.

use super::{EUROPE, REGION, World, targeting, text};
use serde_json::{Value, json};

/// A world with three accounts in a unit and a set; the unit.
fn three() -> (World, String, Vec<String>) {
    let world = World::new();
    let unit = world.unit(&world.root(), "Workloads");
    let accounts = world.accounts_in(&unit, &["one", "two", "three"]);
    world.set("baseline");
    (world, unit, accounts)
}

#[test]
fn one_operation_at_a_time_and_each_id_once() {
    let (world, unit, _) = three();
    let mut request = targeting("baseline", &unit, &[REGION]);
    request["OperationId"] = json!("first");
    assert_eq!(world.ok("CreateStackInstances", request.clone()), json!({"OperationId": "first"}));
    let other = targeting("baseline", &unit, &[EUROPE]);
    let mut delete = other.clone();
    delete["RetainStacks"] = json!(false);
    let busy = "OperationInProgressException";
    assert_eq!(world.code("CreateStackInstances", other.clone()), busy);
    assert_eq!(world.code("UpdateStackInstances", other.clone()), busy);
    assert_eq!(world.code("DeleteStackInstances", delete.clone()), busy);
    let update = json!({"StackSetName": "baseline", "UsePreviousTemplate": true});
    assert_eq!(world.code("UpdateStackSet", update.clone()), busy);
    assert_eq!(world.code("DetectStackSetDrift", json!({"StackSetName": "baseline"})), busy);
    world.settle();
    let taken = "OperationIdAlreadyExistsException";
    for (operation, mut request) in [
        ("CreateStackInstances", other.clone()),
        ("UpdateStackInstances", targeting("baseline", &unit, &[REGION])),
        ("DeleteStackInstances", delete),
        ("UpdateStackSet", update),
    ] {
        request["OperationId"] = json!("first");
        assert_eq!(world.code(operation, request), taken, "{operation}");
    }
    let drift = json!({"StackSetName": "baseline", "OperationId": "first"});
    assert_eq!(world.code("DetectStackSetDrift", drift), "InvalidOperationException");
}

#[test]
fn operations_are_told_with_their_preferences_and_listed_latest_first() {
    let (world, unit, _) = three();
    let id = world.deploy("baseline", &unit, &[REGION]);
    let told = world.operation("baseline", &id);
    assert_eq!((&told["Action"], &told["Status"]), (&json!("CREATE"), &json!("SUCCEEDED")));
    assert_eq!(told["StatusDetails"]["FailedStackInstancesCount"], 0);
    let preferences = json!({"RegionConcurrencyType": "SEQUENTIAL", "RegionOrder": [], "FailureToleranceCount": 0,
        "MaxConcurrentCount": 1, "ConcurrencyMode": "STRICT_FAILURE_TOLERANCE"});
    assert_eq!(told["OperationPreferences"], preferences);
    assert!(told["EndTimestamp"].as_f64() > told["CreationTimestamp"].as_f64());
    world.withdraw("baseline", &unit, &[REGION]);
    let listed = world.list("ListStackSetOperations", json!({"StackSetName": "baseline", "MaxResults": 1}));
    let actions: Vec<String> = listed.iter().map(|one| text(&one["Action"])).collect();
    assert_eq!(actions, ["DELETE", "CREATE"]);
    let missing = json!({"StackSetName": "baseline", "OperationId": "missing"});
    for operation in ["DescribeStackSetOperation", "ListStackSetOperationResults", "StopStackSetOperation"] {
        assert_eq!(world.code(operation, missing.clone()), "OperationNotFoundException");
    }
}

#[test]
fn results_are_found_by_their_status() {
    let (world, unit, accounts) = three();
    let failing = world.failing(&format!("fail={}/{REGION}/AWS::SSM::Parameter", accounts[1]));
    let mut request = targeting("baseline", &unit, &[REGION]);
    request["OperationPreferences"] = json!({"FailureToleranceCount": 1});
    let id = text(&failing.ok("CreateStackInstances", request)["OperationId"]);
    failing.settle();
    assert_eq!(failing.status("baseline", &id), "SUCCEEDED", "one failure was borne");
    let details = failing.operation("baseline", &id);
    assert_eq!(details["StatusDetails"]["FailedStackInstancesCount"], 1);
    let found = |value: &str| {
        let request = json!({"StackSetName": "baseline", "OperationId": id,
            "Filters": [{"Name": "OPERATION_RESULT_STATUS", "Values": value}]});
        let found = failing.list("ListStackSetOperationResults", request);
        found.iter().map(|one| text(&one["Account"])).collect::<Vec<String>>()
    };
    assert_eq!(found("FAILED"), [accounts[1].clone()]);
    assert_eq!(found("SUCCEEDED"), [accounts[0].clone(), accounts[2].clone()]);
    let request = json!({"StackSetName": "baseline", "OperationId": id,
        "Filters": [{"Name": "OPERATION_RESULT_STATUS", "Values": "STRANGE"}]});
    assert_eq!(failing.code("ListStackSetOperationResults", request), "ValidationError");
}

#[test]
fn a_stopped_operation_finishes_what_is_under_way_and_cancels_the_rest() {
    let (world, unit, accounts) = three();
    let id = text(&world.ok("CreateStackInstances", targeting("baseline", &unit, &[REGION]))["OperationId"]);
    world.wait(6);
    let named = json!({"StackSetName": "baseline", "OperationId": id});
    world.ok("StopStackSetOperation", named.clone());
    assert_eq!(world.status("baseline", &id), "STOPPING");
    // Stopping what is being stopped changes nothing.
    world.ok("StopStackSetOperation", named.clone());
    world.settle();
    assert_eq!(world.status("baseline", &id), "STOPPED");
    let [one, two, three] = [&accounts[0], &accounts[1], &accounts[2]];
    assert_eq!(
        world.results("baseline", &id),
        [
            format!("{one} {REGION} SUCCEEDED"),
            format!("{two} {REGION} CANCELLED"),
            format!("{three} {REGION} CANCELLED")
        ]
    );
    let instances = world.instances("baseline");
    assert_eq!(instances[1], format!("{two} {REGION} OUTDATED CANCELLED"));
    assert_eq!(world.code("StopStackSetOperation", named), "InvalidOperationException");
}

#[test]
fn an_operation_without_targets_is_over_at_once() {
    let world = World::new();
    let unit = world.unit(&world.root(), "Empty");
    world.set("baseline");
    let id = text(&world.ok("CreateStackInstances", targeting("baseline", &unit, &[REGION]))["OperationId"]);
    assert_eq!(world.status("baseline", &id), "SUCCEEDED");
    assert_eq!(world.results("baseline", &id), Vec::<Value>::new());
}

#[test]
fn sets_and_instances_that_are_not_there_are_not_found() {
    let (world, unit, accounts) = three();
    let missing = "StackSetNotFoundException";
    let named = json!({"StackSetName": "missing"});
    for operation in [
        "DescribeStackSet",
        "ListStackInstances",
        "ListStackSetOperations",
        "DetectStackSetDrift",
        "ListStackSetAutoDeploymentTargets",
    ] {
        assert_eq!(world.code(operation, named.clone()), missing, "{operation}");
    }
    let mut request = targeting("missing", &unit, &[REGION]);
    assert_eq!(world.code("CreateStackInstances", request.clone()), missing);
    assert_eq!(world.code("UpdateStackInstances", request.clone()), missing);
    request["RetainStacks"] = json!(true);
    assert_eq!(world.code("DeleteStackInstances", request), missing);
    let update = json!({"StackSetName": "missing", "UsePreviousTemplate": true});
    assert_eq!(world.code("UpdateStackSet", update), missing);
    let instance = json!({"StackSetName": "baseline", "StackInstanceAccount": accounts[0], "StackInstanceRegion": REGION});
    assert_eq!(world.code("DescribeStackInstance", instance), "StackInstanceNotFoundException");
}
