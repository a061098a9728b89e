//! Instances: what is told of them, their overrides, their end.

use super::{EUROPE, REGION, World, targeting, text, text_parameter};
use serde_json::{Value, json};

#[test]
fn instances_wait_then_work_then_stand() {
    let world = World::new();
    let unit = world.unit(&world.root(), "Workloads");
    let account = world.accounts_in(&unit, &["shop"]).remove(0);
    world.set("baseline");
    let id = text(&world.ok("CreateStackInstances", targeting("baseline", &unit, &[REGION]))["OperationId"]);
    assert_eq!(world.instances("baseline"), [format!("{account} {REGION} OUTDATED PENDING")]);
    assert_eq!(world.results("baseline", &id), [format!("{account} {REGION} PENDING")]);
    world.wait(5);
    assert_eq!(world.instances("baseline"), [format!("{account} {REGION} OUTDATED RUNNING")]);
    assert_eq!(world.status("baseline", &id), "RUNNING");
    world.settle();
    assert_eq!(world.instances("baseline"), [format!("{account} {REGION} CURRENT SUCCEEDED")]);
    let instance = world.instance("baseline", &account, REGION);
    assert_eq!((&instance["LastOperationId"], &instance["DriftStatus"]), (&json!(id), &json!("NOT_CHECKED")));
    let stack = world.stack("baseline", &account, REGION);
    assert!(text(&stack["StackName"]).starts_with("StackSet-baseline-"), "{stack}");
    assert_eq!(stack["StackStatus"], "CREATE_COMPLETE");
}

#[test]
fn instances_are_found_by_account_region_and_filters() {
    let world = World::new();
    let unit = world.unit(&world.root(), "Workloads");
    let accounts = world.accounts_in(&unit, &["one", "two"]);
    world.set("baseline");
    world.deploy("baseline", &unit, &[REGION]);
    let failing = world.failing(&format!("fail={}/{EUROPE}/*", accounts[1]).replace("/*", ""));
    let mut request = targeting("baseline", &unit, &[EUROPE]);
    request["OperationPreferences"] = json!({"FailureToleranceCount": 1});
    let id = text(&failing.ok("CreateStackInstances", request)["OperationId"]);
    failing.settle();
    let found = |more: Value| {
        let mut request = json!({"StackSetName": "baseline", "MaxResults": 1});
        for (key, value) in more.as_object().unwrap() {
            request[key] = value.clone();
        }
        let found = failing.list("ListStackInstances", request);
        let told = found.iter().map(|one| format!("{} {}", text(&one["Account"]), text(&one["Region"])));
        told.collect::<Vec<String>>()
    };
    let [one, two] = [&accounts[0], &accounts[1]];
    let at = |account: &str, region: &str| format!("{account} {region}");
    assert_eq!(found(json!({})).len(), 4);
    assert_eq!(found(json!({"StackInstanceAccount": one})), [at(one, EUROPE), at(one, REGION)]);
    assert_eq!(found(json!({"StackInstanceRegion": REGION})), [at(one, REGION), at(two, REGION)]);
    assert_eq!(found(json!({"StackInstanceAccount": two, "StackInstanceRegion": REGION})), [at(two, REGION)]);
    let filter = |name: &str, values: &str| json!({"Filters": [{"Name": name, "Values": values}]});
    assert_eq!(found(filter("DETAILED_STATUS", "FAILED")), [at(two, EUROPE)]);
    assert_eq!(found(filter("DETAILED_STATUS", "FAILED,SUCCEEDED")).len(), 4);
    assert_eq!(found(filter("LAST_OPERATION_ID", &id)), [at(one, EUROPE), at(two, EUROPE)]);
    assert_eq!(found(filter("DRIFT_STATUS", "DRIFTED")), Vec::<String>::new());
    let failed = failing.instance("baseline", two, EUROPE);
    assert!(text(&failed["StatusReason"]).contains("Note"), "{failed}");
    let twice = json!({"StackSetName": "baseline", "Filters": [{"Name": "DRIFT_STATUS", "Values": "DRIFTED"},
        {"Name": "DRIFT_STATUS", "Values": "IN_SYNC"}]});
    assert_eq!(failing.code("ListStackInstances", twice), "ValidationError");
}

#[test]
fn a_token_is_good_for_its_own_listing_only() {
    let world = World::new();
    let unit = world.unit(&world.root(), "Workloads");
    world.accounts_in(&unit, &["one"]);
    world.set("baseline");
    world.deploy("baseline", &unit, &[REGION, EUROPE]);
    let first = world.ok("ListStackInstances", json!({"StackSetName": "baseline", "MaxResults": 1}));
    let other =
        json!({"StackSetName": "baseline", "StackInstanceRegion": REGION, "NextToken": first["NextToken"]});
    assert_eq!(world.code("ListStackInstances", other), "ValidationError");
}

#[test]
fn overrides_hold_for_their_instances_until_they_are_taken_away() {
    let world = World::new();
    let unit = world.unit(&world.root(), "Workloads");
    let account = world.accounts_in(&unit, &["shop"]).remove(0);
    world.set("baseline");
    let mut request = targeting("baseline", &unit, &[REGION]);
    request["ParameterOverrides"] = json!([{"ParameterKey": "Text", "ParameterValue": "own"}]);
    world.ok("CreateStackInstances", request);
    world.settle();
    let value = || text_parameter(&world.stack("baseline", &account, REGION));
    assert_eq!(value(), "own");
    // An update of the set leaves overrides alone.
    let update = json!({"StackSetName": "baseline", "UsePreviousTemplate": true,
        "Parameters": [{"ParameterKey": "Text", "ParameterValue": "shared"}]});
    world.ok("UpdateStackSet", update);
    world.settle();
    assert_eq!(value(), "own");
    let update = |overrides: Option<Value>| {
        let mut request = targeting("baseline", &unit, &[REGION]);
        if let Some(overrides) = overrides {
            request["ParameterOverrides"] = overrides;
        }
        world.ok("UpdateStackInstances", request);
        world.settle();
    };
    update(None);
    assert_eq!(value(), "own");
    update(Some(json!([{"ParameterKey": "Text", "UsePreviousValue": true}])));
    assert_eq!(value(), "own");
    let told = world.instance("baseline", &account, REGION)["ParameterOverrides"].clone();
    assert_eq!(told, json!([{"ParameterKey": "Text", "ParameterValue": "own"}]));
    update(Some(json!([])));
    assert_eq!(value(), "shared");
}

#[test]
fn overrides_that_cannot_be_meant_are_refused() {
    let world = World::new();
    let unit = world.unit(&world.root(), "Workloads");
    world.accounts_in(&unit, &["shop"]);
    world.set("baseline");
    let refused = |overrides: Value| {
        let mut request = targeting("baseline", &unit, &[REGION]);
        request["ParameterOverrides"] = overrides;
        world.refused("CreateStackInstances", request)
    };
    for (overrides, wanted) in [
        (json!([{"ParameterKey": "Other", "ParameterValue": "x"}]), "[Other] do not exist in the template"),
        (json!([{"ParameterKey": "Text", "UsePreviousValue": true}]), "no previous value"),
        (json!([{"ParameterKey": "Text"}]), "either have input value"),
        (
            json!([{"ParameterKey": "Text", "ParameterValue": "x"}, {"ParameterKey": "Text", "ParameterValue": "y"}]),
            "Duplicate",
        ),
    ] {
        let told = refused(overrides);
        assert!(told.contains(wanted), "{told}");
    }
}

#[test]
fn instances_that_are_not_there_are_not_updated() {
    let world = World::new();
    let unit = world.unit(&world.root(), "Workloads");
    let accounts = world.accounts_in(&unit, &["one", "two"]);
    world.set("baseline");
    assert_eq!(
        world.code("UpdateStackInstances", targeting("baseline", &unit, &[REGION])),
        "StackInstanceNotFoundException"
    );
    let mut request = targeting("baseline", &unit, &[REGION]);
    request["DeploymentTargets"]["Accounts"] = json!([accounts[0]]);
    request["DeploymentTargets"]["AccountFilterType"] = json!("INTERSECTION");
    world.ok("CreateStackInstances", request);
    world.settle();
    // Of a whole unit, those that are there.
    let id = text(&world.ok("UpdateStackInstances", targeting("baseline", &unit, &[REGION]))["OperationId"]);
    assert_eq!(world.results("baseline", &id).len(), 1);
    world.settle();
    let reason = &world
        .list("ListStackSetOperationResults", json!({"StackSetName": "baseline", "OperationId": id}))[0];
    assert_eq!(reason["StatusReason"], "No updates are to be performed.");
}

#[test]
fn removed_instances_take_their_stacks_along_unless_these_are_retained() {
    let world = World::new();
    let unit = world.unit(&world.root(), "Workloads");
    let account = world.accounts_in(&unit, &["shop"]).remove(0);
    world.set("baseline");
    world.deploy("baseline", &unit, &[REGION, EUROPE]);
    let alive = |region: &str| {
        let request = json!({"StackStatusFilter": ["CREATE_COMPLETE"]});
        let answer =
            world.sandbox.call_json_in(region, &account, "cloudformation", "ListStacks", request).unwrap();
        answer["StackSummaries"].as_array().unwrap().len()
    };
    assert_eq!((alive(REGION), alive(EUROPE)), (1, 1));
    world.withdraw("baseline", &unit, &[REGION]);
    let mut request = targeting("baseline", &unit, &[EUROPE]);
    request["RetainStacks"] = json!(true);
    let id = text(&world.ok("DeleteStackInstances", request)["OperationId"]);
    world.settle();
    assert_eq!(world.operation("baseline", &id)["RetainStacks"], true);
    assert_eq!(world.instances("baseline"), Vec::<String>::new());
    assert_eq!((alive(REGION), alive(EUROPE)), (0, 1));
}

#[test]
fn a_protected_stack_makes_its_instance_inoperable_until_it_is_retained() {
    let world = World::new();
    let unit = world.unit(&world.root(), "Workloads");
    let account = world.accounts_in(&unit, &["shop"]).remove(0);
    world.set("baseline");
    world.deploy("baseline", &unit, &[REGION]);
    let stack = world.instance("baseline", &account, REGION)["StackId"].clone();
    world.ok_as(
        &account,
        "UpdateTerminationProtection",
        json!({"StackName": stack, "EnableTerminationProtection": true}),
    );
    let id = world.withdraw("baseline", &unit, &[REGION]);
    assert_eq!(world.status("baseline", &id), "FAILED");
    assert_eq!(world.instances("baseline"), [format!("{account} {REGION} INOPERABLE INOPERABLE")]);
    // It takes no part in updates of the set, and one of its own fails.
    let update = world.ok("UpdateStackSet", json!({"StackSetName": "baseline", "UsePreviousTemplate": true}));
    world.settle();
    assert_eq!(world.results("baseline", &text(&update["OperationId"])), Vec::<String>::new());
    let update = world.ok("UpdateStackInstances", targeting("baseline", &unit, &[REGION]));
    world.settle();
    assert_eq!(world.status("baseline", &text(&update["OperationId"])), "FAILED");
    let mut request = targeting("baseline", &unit, &[REGION]);
    request["RetainStacks"] = json!(true);
    world.ok("DeleteStackInstances", request);
    world.settle();
    assert_eq!(world.instances("baseline"), Vec::<String>::new());
}

#[test]
fn an_instance_whose_stack_never_came_to_be_is_made_anew() {
    let world = World::new();
    let unit = world.unit(&world.root(), "Workloads");
    let account = world.accounts_in(&unit, &["shop"]).remove(0);
    world.set("baseline");
    let failing = world.failing("fail=*/*/AWS::SSM::Parameter");
    failing.deploy("baseline", &unit, &[REGION]);
    assert_eq!(failing.instances("baseline"), [format!("{account} {REGION} OUTDATED FAILED")]);
    let first = failing.instance("baseline", &account, REGION)["StackId"].clone();
    let mended = failing.failing("");
    mended.ok("UpdateStackInstances", targeting("baseline", &unit, &[REGION]));
    mended.settle();
    assert_eq!(mended.instances("baseline"), [format!("{account} {REGION} CURRENT SUCCEEDED")]);
    assert_ne!(mended.instance("baseline", &account, REGION)["StackId"], first);
}
