//! Worlds that came to one end on different ways.

use super::{EUROPE, REGION, World, larger_template, targeting};
use serde_json::{Value, json};

/// The canonical dump without the counts of calls.
fn dump(world: &World) -> Value {
    let mut dump = world.sandbox.canonical_dump();
    dump.as_object_mut().unwrap().remove("world.calls");
    dump
}

fn with_accounts() -> (World, String) {
    let world = World::new();
    let unit = world.unit(&world.root(), "Workloads");
    world.accounts_in(&unit, &["one", "two"]);
    (world, unit)
}

#[test]
fn a_set_that_was_cut_short_and_finished_is_as_one_that_ran_through() {
    let (straight, unit) = with_accounts();
    straight.set("baseline");
    straight.deploy("baseline", &unit, &[REGION, EUROPE]);
    let (crooked, unit) = with_accounts();
    crooked.set("baseline");
    crooked.ok("DeleteStackSet", json!({"StackSetName": "baseline"}));
    crooked.set("baseline");
    let mut request = targeting("baseline", &unit, &[EUROPE]);
    request["OperationId"] = json!("cut-short");
    crooked.ok("CreateStackInstances", request.clone());
    crooked.wait(6);
    crooked.ok("StopStackSetOperation", json!({"StackSetName": "baseline", "OperationId": "cut-short"}));
    crooked.settle();
    crooked.deploy("baseline", &unit, &[REGION]);
    crooked.deploy("baseline", &unit, &[EUROPE]);
    assert_eq!(dump(&straight)["cloudformation.stack_set"], dump(&crooked)["cloudformation.stack_set"]);
    assert_eq!(
        dump(&straight)["cloudformation.stack_instance"],
        dump(&crooked)["cloudformation.stack_instance"]
    );
    assert_eq!(dump(&straight), dump(&crooked));
    crooked.ok(
        "UpdateStackSet",
        json!({"StackSetName": "baseline", "TemplateBody": larger_template().to_string()}),
    );
    crooked.settle();
    assert_ne!(dump(&straight), dump(&crooked));
}
