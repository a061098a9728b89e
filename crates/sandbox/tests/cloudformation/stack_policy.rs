//! Stack policies: what updates may not touch.

use crate::{World, parameter, template, text};
use serde_json::json;

const KEEP_NOTES: &str = r#"{"Statement": [
    {"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*"},
    {"Effect": "Deny", "Principal": "*", "Action": "Update:*", "Resource": "LogicalResourceId/Note"}]}"#;
const ALLOW_ALL: &str =
    r#"{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*"}]}"#;

#[test]
fn a_stack_policy_stops_updates_unless_another_one_holds_for_the_update() {
    let world = World::new();
    world.create("app", &template(json!({"Note": parameter("x")})));
    world.ok("SetStackPolicy", json!({"StackName": "app", "StackPolicyBody": KEEP_NOTES}));
    assert_eq!(text(&world.ok("GetStackPolicy", json!({"StackName": "app"}))["StackPolicyBody"]), KEEP_NOTES);
    let changed = template(json!({"Note": parameter("y")}));
    world.update("app", &changed);
    assert_eq!(world.status("app"), "UPDATE_ROLLBACK_COMPLETE");
    let events = world.events("app");
    assert!(
        events.iter().any(|event| event.contains("Action denied by stack policy: Statement [#2]")),
        "{events:#?}"
    );
    let request = json!({"StackName": "app", "TemplateBody": changed.to_string(), "StackPolicyDuringUpdateBody": ALLOW_ALL});
    world.ok("UpdateStack", request);
    world.settle();
    assert_eq!(world.status("app"), "UPDATE_COMPLETE");
    assert_eq!(text(&world.ok("GetStackPolicy", json!({"StackName": "app"}))["StackPolicyBody"]), KEEP_NOTES);
}

#[test]
fn a_policy_that_is_none_is_refused() {
    let world = World::new();
    world.create("app", &template(json!({"Note": parameter("x")})));
    let refusal = world.refused("SetStackPolicy", json!({"StackName": "app", "StackPolicyBody": "{}"}));
    assert!(refusal.starts_with("ValidationError: Error validating stack policy"), "{refusal}");
}
