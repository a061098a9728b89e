//! Failures: creations, updates, rollbacks and deletions that do not come to a good end.

use crate::{ACCOUNT, World, bucket, parameter, template, text};
use serde_json::{Value, json};

/// A world in which topics cannot be made.
fn without_topics() -> World {
    World::with_faults(&format!("fail={ACCOUNT}/eu-west-1/AWS::SNS::Topic"))
}

fn with_topic() -> Value {
    template(json!({"Note": parameter("x"), "Topic": {"Type": "AWS::SNS::Topic", "DependsOn": "Note"}}))
}

#[test]
fn a_creation_that_fails_rolls_back_and_leaves_a_stack_that_can_only_be_deleted() {
    let world = without_topics();
    let id = world.begin("app", &with_topic());
    let mut seen = Vec::new();
    while let Some(due) = world.sandbox.next_due() {
        world.sandbox.advance(due).unwrap();
        seen.push(world.status("app"));
    }
    assert_eq!(seen, ["ROLLBACK_IN_PROGRESS", "ROLLBACK_COMPLETE"]);
    let events = world.events("app");
    for wanted in ["Note CREATE_COMPLETE", "Note DELETE_COMPLETE", "app ROLLBACK_COMPLETE"] {
        assert!(events.iter().any(|event| event == wanted), "{wanted} in {events:#?}");
    }
    let reason = "app ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Topic]. Rollback requested by user.";
    assert!(events.iter().any(|event| event == reason), "{events:#?}");
    assert!(
        events
            .iter()
            .any(|event| event.starts_with("Topic CREATE_FAILED Resource handler returned message:"))
    );
    let update =
        json!({"StackName": "app", "TemplateBody": template(json!({"Note": parameter("y")})).to_string()});
    let refusal = world.refused("UpdateStack", update);
    assert_eq!(
        refusal,
        format!("ValidationError: Stack:{id} is in ROLLBACK_COMPLETE state and can not be updated.")
    );
    world.delete("app");
    assert_eq!(world.status(&id), "DELETE_COMPLETE");
}

#[test]
fn a_creation_that_fails_can_stay_or_take_its_stack_along() {
    let world = without_topics();
    let create = |name: &str, on_failure: &str| {
        let body = with_topic().to_string();
        let request = json!({"StackName": name, "TemplateBody": body, "OnFailure": on_failure});
        let id = text(&world.ok("CreateStack", request)["StackId"]);
        world.settle();
        id
    };
    let id = create("gone", "DELETE");
    assert_eq!(world.status(&id), "DELETE_COMPLETE");
    create("stays", "DO_NOTHING");
    assert_eq!(world.status("stays"), "CREATE_FAILED");
    assert_eq!(text(&world.resource("stays", "Note")["ResourceStatus"]), "CREATE_COMPLETE");
    world.ok("RollbackStack", json!({"StackName": "stays"}));
    world.settle();
    assert_eq!(world.status("stays"), "ROLLBACK_COMPLETE");
    let refusal = world.refused("RollbackStack", json!({"StackName": "stays"}));
    assert!(refusal.contains("ROLLBACK_COMPLETE state and can not be rolled back"), "{refusal}");
}

#[test]
fn an_update_that_fails_goes_back_to_what_was() {
    let world = without_topics();
    world.create("app", &template(json!({"Note": parameter("x"), "Logs": bucket("logs-one")})));
    world.update(
        "app",
        &template(json!({"Note": parameter("y"), "Logs": bucket("logs-two"),
            "Topic": {"Type": "AWS::SNS::Topic", "DependsOn": ["Logs", "Note"]}})),
    );
    assert_eq!(world.status("app"), "UPDATE_ROLLBACK_COMPLETE");
    assert_eq!(world.physical_id("app", "Logs"), "logs-one");
    let events = world.events("app");
    for wanted in [
        "app UPDATE_ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Topic].",
        "app UPDATE_ROLLBACK_COMPLETE The following resource(s) failed to create: [Topic].",
        "Logs DELETE_COMPLETE",
    ] {
        assert!(events.iter().any(|event| event == wanted), "{wanted} in {events:#?}");
    }
    // What the failed update made is gone, and what it changed is as before.
    world.create("other", &template(json!({"Logs": bucket("logs-two")})));
    assert_eq!(world.status("other"), "CREATE_COMPLETE");
    let note = world.physical_id("app", "Note");
    world.ok("DetectStackDrift", json!({"StackName": "app"}));
    world.settle();
    let drifts =
        world.list("DescribeStackResourceDrifts", json!({"StackName": "app"}), "StackResourceDrifts");
    let expected = drifts.iter().find(|drift| text(&drift["PhysicalResourceId"]) == note).unwrap();
    assert!(text(&expected["ExpectedProperties"]).contains("\"x\""), "{expected}");
}

#[test]
fn an_update_that_fails_can_stay_and_be_tried_again_or_rolled_back() {
    let world = without_topics();
    world.create("app", &template(json!({"Note": parameter("x")})));
    let update = |body: Value| {
        let request = json!({"StackName": "app", "TemplateBody": body.to_string(), "DisableRollback": true});
        world.ok("UpdateStack", request);
        world.settle();
    };
    update(template(
        json!({"Note": parameter("y"), "Topic": {"Type": "AWS::SNS::Topic", "DependsOn": "Note"}}),
    ));
    assert_eq!(world.status("app"), "UPDATE_FAILED");
    world.ok("RollbackStack", json!({"StackName": "app"}));
    world.settle();
    assert_eq!(world.status("app"), "UPDATE_ROLLBACK_COMPLETE");
    update(with_topic());
    assert_eq!(world.status("app"), "UPDATE_FAILED");
    update(template(json!({"Note": parameter("z")})));
    assert_eq!(world.status("app"), "UPDATE_COMPLETE");
}

#[test]
fn a_rollback_that_cannot_restore_a_resource_is_continued_without_it() {
    let world = World::new();
    world.create("app", &template(json!({"Note": parameter("x"), "Other": parameter("o")})));
    let note = world.physical_id("app", "Note");
    world.tamper("AWS::SSM::Parameter", &note, None);
    world.update("app", &template(json!({"Note": parameter("y"), "Other": parameter("p")})));
    assert_eq!(world.status("app"), "UPDATE_ROLLBACK_FAILED");
    let events = world.events("app");
    assert!(
        events.iter().any(|event| event.starts_with("Note UPDATE_FAILED") && event.contains("was not found"))
    );
    let go_on = |skip: Value| json!({"StackName": "app", "ResourcesToSkip": skip});
    assert!(world.refused("ContinueUpdateRollback", go_on(json!(["Other"]))).contains("cannot be skipped"));
    world.ok("ContinueUpdateRollback", go_on(json!([])));
    world.settle();
    assert_eq!(world.status("app"), "UPDATE_ROLLBACK_FAILED");
    world.ok("ContinueUpdateRollback", go_on(json!(["Note"])));
    world.settle();
    assert_eq!(world.status("app"), "UPDATE_ROLLBACK_COMPLETE");
    let refusal = world.refused("ContinueUpdateRollback", go_on(json!([])));
    assert!(refusal.contains("UPDATE_ROLLBACK_COMPLETE state"), "{refusal}");
}

#[test]
fn what_cannot_be_removed_makes_a_deletion_fail_until_it_is_retained() {
    let world = World::with_faults("fail-delete=*/*/AWS::S3::Bucket");
    let id = world.create("app", &template(json!({"Logs": bucket("logs-one"), "Note": parameter("x")})));
    let retain = json!({"StackName": "app", "RetainResources": ["Logs"]});
    assert!(world.refused("DeleteStack", retain.clone()).contains("RetainResources can only be specified"));
    world.delete("app");
    assert_eq!(world.status("app"), "DELETE_FAILED");
    assert_eq!(
        text(&world.stack("app")["StackStatusReason"]),
        "The following resource(s) failed to delete: [Logs]."
    );
    assert_eq!(text(&world.resource("app", "Note")["ResourceStatus"]), "DELETE_COMPLETE");
    let stray = json!({"StackName": "app", "RetainResources": ["Note"]});
    assert!(world.refused("DeleteStack", stray).contains("not in DELETE_FAILED"));
    world.ok("DeleteStack", retain);
    world.settle();
    assert_eq!(world.status(&id), "DELETE_COMPLETE");
    assert!(world.sandbox.show().iter().any(|line| line.contains("logs-one (no stack)")));
}

#[test]
fn a_failed_deletion_can_be_forced() {
    let world = World::with_faults("fail-delete=*/*/Logs");
    let id = world.create("app", &template(json!({"Logs": bucket("logs-one")})));
    let force = json!({"StackName": "app", "DeletionMode": "FORCE_DELETE_STACK"});
    assert!(world.refused("DeleteStack", force.clone()).contains("FORCE_DELETE_STACK can only"));
    world.delete("app");
    world.ok("DeleteStack", force);
    world.settle();
    assert_eq!(world.status(&id), "DELETE_COMPLETE");
}

#[test]
fn what_an_update_replaced_before_it_failed_goes_with_the_next_success_or_with_the_stack() {
    let world = without_topics();
    let failing = template(
        json!({"Logs": bucket("logs-two"), "Topic": {"Type": "AWS::SNS::Topic", "DependsOn": "Logs"}}),
    );
    let fail = |name: &str| {
        let request =
            json!({"StackName": name, "TemplateBody": failing.to_string(), "DisableRollback": true});
        world.ok("UpdateStack", request);
        world.settle();
        assert_eq!(world.status(name), "UPDATE_FAILED");
    };
    let before = template(json!({"Logs": bucket("logs-one")}));
    world.create("app", &before);
    fail("app");
    world.update("app", &template(json!({"Logs": bucket("logs-two")})));
    assert_eq!(world.status("app"), "UPDATE_COMPLETE");
    world.delete("app");
    world.create("app", &before);
    assert_eq!(world.status("app"), "CREATE_COMPLETE");
    fail("app");
    world.delete("app");
    world.create("both", &template(json!({"One": bucket("logs-one"), "Two": bucket("logs-two")})));
    assert_eq!(world.status("both"), "CREATE_COMPLETE");
}

#[test]
fn a_rollback_that_cannot_remove_leaves_a_stack_that_can_only_be_deleted() {
    let world = World::with_faults("fail=*/*/Topic,fail-delete=*/*/Note");
    world.create("app", &with_topic());
    assert_eq!(world.status("app"), "ROLLBACK_FAILED");
    let update =
        json!({"StackName": "app", "TemplateBody": template(json!({"Note": parameter("y")})).to_string()});
    assert!(world.refused("UpdateStack", update).contains("ROLLBACK_FAILED state and can not be updated"));
}
