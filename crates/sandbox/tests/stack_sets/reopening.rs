//! Operations go on where they were when a world is opened again.

use super::{EUROPE, REGION, World, options, targeting};
use glidepath_sandbox::Sandbox;
use serde_json::json;

#[test]
fn an_operation_goes_on_in_a_world_that_was_closed_or_dropped_in_its_middle() {
    let dir = tempfile::tempdir().unwrap();
    let open = || World { sandbox: Sandbox::open(dir.path(), options()).unwrap() };
    let world = open();
    world.ok("ActivateOrganizationsAccess", json!({}));
    let unit = world.unit(&world.root(), "Workloads");
    world.accounts_in(&unit, &["one", "two"]);
    world.set("baseline");
    let mut request = targeting("baseline", &unit, &[REGION, EUROPE]);
    request["OperationId"] = json!("all");
    world.ok("CreateStackInstances", request);
    world.wait(12);
    world.sandbox.close().unwrap();
    let world = open();
    assert_eq!(world.status("baseline", "all"), "RUNNING");
    world.wait(12);
    // Dropped without being folded: only the log tells what was done.
    drop(world);
    let world = open();
    world.settle();
    assert_eq!(world.status("baseline", "all"), "SUCCEEDED");
    assert!(world.instances("baseline").iter().all(|one| one.ends_with("CURRENT SUCCEEDED")));
    assert_eq!(world.instances("baseline").len(), 4);
}
