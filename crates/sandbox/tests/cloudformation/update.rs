//! Updates: what changes in place, what is replaced, what goes.

use crate::{World, bucket, parameter, template, text};
use serde_json::{Value, json};

#[test]
fn an_update_that_changes_nothing_is_refused() {
    let world = World::new();
    let body = template(json!({"Note": parameter("x")}));
    world.create("app", &body);
    let request = json!({"StackName": "app", "TemplateBody": body.to_string()});
    assert_eq!(world.refused("UpdateStack", request), "ValidationError: No updates are to be performed.");
    let again = json!({"StackName": "app", "UsePreviousTemplate": true});
    assert_eq!(world.refused("UpdateStack", again), "ValidationError: No updates are to be performed.");
    let retagged =
        json!({"StackName": "app", "UsePreviousTemplate": true, "Tags": [{"Key": "team", "Value": "x"}]});
    world.ok("UpdateStack", retagged);
    world.settle();
    assert_eq!(world.status("app"), "UPDATE_COMPLETE");
    assert_eq!(world.stack("app")["Tags"], json!([{"Key": "team", "Value": "x"}]));
}

#[test]
fn an_update_adds_changes_in_place_replaces_and_removes() {
    let world = World::new();
    world.create(
        "app",
        &template(json!({"Note": parameter("x"), "Logs": bucket("logs-one"), "Old": parameter("o"),
            "Kept": {"Type": "AWS::SNS::Topic", "DeletionPolicy": "Retain"}})),
    );
    let note = world.physical_id("app", "Note");
    let kept = world.physical_id("app", "Kept");
    let after = template(json!({"Note": parameter("y"), "Logs": bucket("logs-two"), "New": parameter("n")}));
    world.ok("UpdateStack", json!({"StackName": "app", "TemplateBody": after.to_string()}));
    let mut seen = vec![world.status("app")];
    while let Some(due) = world.sandbox.next_due() {
        world.sandbox.advance(due).unwrap();
        seen.push(world.status("app"));
    }
    assert_eq!(seen, ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE"]);
    assert_eq!(world.physical_id("app", "Note"), note);
    assert_eq!(world.physical_id("app", "Logs"), "logs-two");
    let listed = world.list("ListStackResources", json!({"StackName": "app"}), "StackResourceSummaries");
    let names: Vec<String> = listed.iter().map(|one| text(&one["LogicalResourceId"])).collect();
    assert_eq!(names, ["Logs", "New", "Note"]);
    let events = world.events("app");
    for wanted in [
        "Note UPDATE_COMPLETE",
        "New CREATE_COMPLETE",
        "Old DELETE_COMPLETE",
        "Logs DELETE_COMPLETE",
        "Kept DELETE_SKIPPED",
        "app UPDATE_COMPLETE",
    ] {
        assert!(events.iter().any(|event| event == wanted), "{wanted} in {events:#?}");
    }
    assert!(world.sandbox.show().iter().any(|line| line.contains(&kept) && line.ends_with("(no stack)")));
    // The old bucket is gone, its name is free.
    world.create("other", &template(json!({"Logs": bucket("logs-one")})));
    assert_eq!(world.status("other"), "CREATE_COMPLETE");
}

#[test]
fn parameters_keep_their_value_only_when_asked_and_are_checked() {
    let world = World::new();
    let mut body = template(json!({"Note": {"Type": "AWS::SSM::Parameter",
        "Properties": {"Type": "String", "Value": {"Ref": "Text"}}}}));
    body["Parameters"] = json!({"Text": {"Type": "String", "AllowedValues": ["a", "b", "c"]},
        "Secret": {"Type": "String", "NoEcho": true, "Default": "s"}});
    let request = |operation: &str, parameters: Value| {
        let request = json!({"StackName": "app", "TemplateBody": body.to_string(), "Parameters": parameters});
        world.call(crate::REGION, crate::ACCOUNT, operation, request)
    };
    assert!(request("CreateStack", json!([])).unwrap_err().contains("Parameters: [Text] must have values"));
    let stray = json!([{"ParameterKey": "Text", "ParameterValue": "a"}, {"ParameterKey": "No", "ParameterValue": "a"}]);
    assert!(
        request("CreateStack", stray).unwrap_err().contains("Parameters: [No] do not exist in the template")
    );
    request("CreateStack", json!([{"ParameterKey": "Text", "ParameterValue": "a"}])).unwrap();
    world.settle();
    let told = world.stack("app")["Parameters"].clone();
    let wanted = json!([{"ParameterKey": "Secret", "ParameterValue": "****"}, {"ParameterKey": "Text", "ParameterValue": "a"}]);
    assert_eq!(told, wanted);
    let previous = json!([{"ParameterKey": "Text", "UsePreviousValue": true}]);
    assert!(request("UpdateStack", previous).unwrap_err().contains("No updates are to be performed."));
    assert!(request("UpdateStack", json!([])).unwrap_err().contains("must have values"));
    request("UpdateStack", json!([{"ParameterKey": "Text", "ParameterValue": "b"}])).unwrap();
}

#[test]
fn an_update_can_be_cancelled_until_it_is_carried_out() {
    let world = World::new();
    world.create("app", &template(json!({"Note": parameter("x")})));
    let cancel = json!({"StackName": "app"});
    let refusal = world.refused("CancelUpdateStack", cancel.clone());
    assert!(refusal.contains("cannot be called from current stack status"), "{refusal}");
    let changed = template(json!({"Note": parameter("y"), "More": parameter("z")}));
    world.ok("UpdateStack", json!({"StackName": "app", "TemplateBody": changed.to_string()}));
    world.ok("CancelUpdateStack", cancel);
    assert_eq!(world.status("app"), "UPDATE_ROLLBACK_IN_PROGRESS");
    world.settle();
    assert_eq!(world.status("app"), "UPDATE_ROLLBACK_COMPLETE");
    let listed = world.list("ListStackResources", json!({"StackName": "app"}), "StackResourceSummaries");
    assert_eq!(listed.len(), 1);
    world.update("app", &changed);
    assert_eq!(world.status("app"), "UPDATE_COMPLETE");
}

#[test]
fn a_resource_of_a_custom_name_is_not_replaced_under_that_name() {
    let world = World::new();
    let vault = |key: &str| json!({"Type": "AWS::Backup::BackupVault", "Properties": {"BackupVaultName": "vault", "EncryptionKeyArn": key}});
    let key = |name: &str| format!("arn:aws:kms:eu-west-1:111122223333:key/{name}");
    world.create("app", &template(json!({"Vault": vault(&key("1234abcd-12ab-34cd-56ef-1234567890ab"))})));
    world.update("app", &template(json!({"Vault": vault(&key("1234abcd-12ab-34cd-56ef-1234567890ac"))})));
    assert_eq!(world.status("app"), "UPDATE_ROLLBACK_COMPLETE");
    let events = world.events("app");
    let told = events.iter().any(|event| event.contains("Rename vault and update the stack again."));
    assert!(told, "{events:#?}");
}
