//! How an operation goes about its instances.

use super::{EUROPE, REGION, World, targeting, text};
use serde_json::{Value, json};

/// How many instances stand so, by Region.
fn count(world: &World, region: &str, status: &str) -> usize {
    world.instances("baseline").iter().filter(|one| one.contains(region) && one.ends_with(status)).count()
}

fn six() -> (World, String, Vec<String>) {
    let world = World::new();
    let unit = world.unit(&world.root(), "Workloads");
    let accounts = world.accounts_in(&unit, &["one", "two", "three", "four", "five", "six"]);
    world.set("baseline");
    (world, unit, accounts)
}

fn begin(world: &World, unit: &str, regions: &[&str], preferences: Value) -> String {
    let mut request = targeting("baseline", unit, regions);
    request["OperationPreferences"] = preferences;
    text(&world.ok("CreateStackInstances", request)["OperationId"])
}

#[test]
fn as_many_instances_are_worked_on_at_once_as_the_preferences_say() {
    for (preferences, wanted) in [
        (json!({}), 1),
        (json!({"MaxConcurrentCount": 4}), 1),
        (json!({"MaxConcurrentCount": 4, "FailureToleranceCount": 2}), 3),
        (json!({"MaxConcurrentCount": 4, "FailureToleranceCount": 5}), 4),
        (json!({"MaxConcurrentPercentage": 50, "FailureTolerancePercentage": 100}), 3),
        (json!({"MaxConcurrentCount": 4, "ConcurrencyMode": "SOFT_FAILURE_TOLERANCE"}), 4),
    ] {
        let (world, unit, _) = six();
        begin(&world, &unit, &[REGION], preferences.clone());
        world.wait(6);
        assert_eq!(count(&world, REGION, "RUNNING"), wanted, "{preferences}");
        world.settle();
        assert_eq!(count(&world, REGION, "SUCCEEDED"), 6, "{preferences}");
    }
}

#[test]
fn regions_come_one_after_another_in_their_order_or_all_at_once() {
    let (world, unit, _) = six();
    let preferences = json!({"RegionOrder": [REGION], "MaxConcurrentCount": 6, "FailureToleranceCount": 6});
    begin(&world, &unit, &[EUROPE, REGION], preferences);
    world.wait(6);
    assert_eq!((count(&world, REGION, "RUNNING"), count(&world, EUROPE, "PENDING")), (6, 6));
    world.settle();
    assert_eq!((count(&world, REGION, "SUCCEEDED"), count(&world, EUROPE, "SUCCEEDED")), (6, 6));
    let (world, unit, _) = six();
    begin(&world, &unit, &[EUROPE, REGION], json!({"RegionConcurrencyType": "PARALLEL"}));
    world.wait(6);
    assert_eq!((count(&world, REGION, "RUNNING"), count(&world, EUROPE, "RUNNING")), (1, 1));
}

#[test]
fn more_failures_than_are_borne_end_the_region_and_cancel_the_later_ones() {
    let (world, unit, accounts) = six();
    let failing = world.failing(&format!(
        "fail={}/{EUROPE}/AWS::SSM::Parameter,fail={}/{EUROPE}/AWS::SSM::Parameter",
        accounts[0], accounts[1]
    ));
    let id = begin(
        &failing,
        &unit,
        &[EUROPE, REGION],
        json!({"FailureToleranceCount": 1, "MaxConcurrentCount": 2}),
    );
    failing.settle();
    assert_eq!(failing.status("baseline", &id), "FAILED");
    let tally =
        |status: &str| failing.results("baseline", &id).iter().filter(|one| one.ends_with(status)).count();
    assert_eq!((tally("FAILED"), tally("SUCCEEDED"), tally("CANCELLED")), (2, 0, 10));
    assert_eq!(count(&failing, REGION, "CANCELLED"), 6);
    let cancelled = failing.instance("baseline", &accounts[5], REGION);
    assert_eq!(cancelled["StatusReason"], "Cancelled since failure tolerance has exceeded");
}

#[test]
fn a_strict_operation_slows_down_with_every_failure_and_never_fails_more_than_one_too_many() {
    let (world, unit, _) = six();
    let failing = world.failing("fail=*/*/AWS::SSM::Parameter");
    let id = begin(&failing, &unit, &[REGION], json!({"FailureToleranceCount": 2, "MaxConcurrentCount": 6}));
    failing.settle();
    assert_eq!(failing.operation("baseline", &id)["StatusDetails"]["FailedStackInstancesCount"], 3);
    // A soft one does not wait, so that more fail than it bears.
    let failing = world.failing("fail=*/*/AWS::SSM::Parameter");
    let soft = json!({"FailureToleranceCount": 2, "MaxConcurrentCount": 6, "ConcurrencyMode": "SOFT_FAILURE_TOLERANCE"});
    let id = begin(&failing, &unit, &[REGION], soft);
    failing.settle();
    assert_eq!(failing.operation("baseline", &id)["StatusDetails"]["FailedStackInstancesCount"], 6);
    assert_eq!(failing.status("baseline", &id), "FAILED");
}

#[test]
fn preferences_that_contradict_themselves_are_refused() {
    let (world, unit, _) = six();
    for preferences in [
        json!({"FailureToleranceCount": 1, "FailureTolerancePercentage": 1}),
        json!({"MaxConcurrentCount": 1, "MaxConcurrentPercentage": 1}),
        json!({"RegionOrder": ["ap-south-1"]}),
        json!({"RegionOrder": [REGION, REGION]}),
    ] {
        let mut request = targeting("baseline", &unit, &[REGION]);
        request["OperationPreferences"] = preferences.clone();
        assert_eq!(world.code("CreateStackInstances", request), "ValidationError", "{preferences}");
    }
}
