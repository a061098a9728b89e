//! Stacks: how they begin, are told and end, and what a request must look like.

use crate::{ACCOUNT, MEMBER, REGION, World, bucket, parameter, template, text};
use glidepath_sandbox::Sandbox;
use serde_json::json;

#[test]
fn a_stack_is_created_after_a_while_and_tells_events_outputs_and_resources() {
    let world = World::new();
    let mut body =
        template(json!({"Topic": {"Type": "AWS::SNS::Topic"}, "Note": {"Type": "AWS::SSM::Parameter",
        "Properties": {"Type": "String", "Value": {"Ref": "Topic"}}}}));
    body["Description"] = json!("a note");
    body["Outputs"] = json!({"TopicName": {"Value": {"Fn::GetAtt": ["Topic", "TopicName"]}}});
    let id = world.begin("app", &body);
    assert!(id.starts_with(&format!("arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/app/")), "{id}");
    assert_eq!(world.status("app"), "CREATE_IN_PROGRESS");
    assert_eq!(world.events("app"), ["app CREATE_IN_PROGRESS User Initiated"]);
    world.settle();
    let stack = world.stack("app");
    assert_eq!(
        (text(&stack["StackStatus"]), text(&stack["Description"])),
        ("CREATE_COMPLETE".to_owned(), "a note".to_owned())
    );
    let topic = world.physical_id("app", "Topic");
    assert!(topic.starts_with(&format!("arn:aws:sns:{REGION}:{ACCOUNT}:app-Topic-")), "{topic}");
    assert_eq!(text(&stack["Outputs"][0]["OutputValue"]), topic.rsplit(':').next().unwrap());
    assert_eq!(
        world.events(&id),
        [
            "app CREATE_IN_PROGRESS User Initiated",
            "Topic CREATE_IN_PROGRESS",
            "Topic CREATE_COMPLETE",
            "Note CREATE_IN_PROGRESS",
            "Note CREATE_COMPLETE",
            "app CREATE_COMPLETE",
        ]
    );
    let all = world.ok("DescribeStackResources", json!({"PhysicalResourceId": topic}));
    assert_eq!(all["StackResources"].as_array().unwrap().len(), 2);
    let listed = world.list("ListStackResources", json!({"StackName": "app"}), "StackResourceSummaries");
    assert_eq!(listed.len(), 2);
    let body_again = text(&world.ok("GetTemplate", json!({"StackName": "app"}))["TemplateBody"]);
    assert_eq!(body_again, body.to_string());
}

#[test]
fn a_deleted_stack_is_found_by_its_id_alone_and_frees_its_name() {
    let world = World::new();
    let body = template(json!({"Note": parameter("x")}));
    let id = world.create("app", &body);
    world.delete("app");
    assert_eq!(world.status(&id), "DELETE_COMPLETE");
    assert!(
        world
            .refused("DescribeStacks", json!({"StackName": "app"}))
            .contains("Stack with id app does not exist")
    );
    let other = world.create("app", &body);
    assert_ne!(id, other);
    let listed =
        world.list("ListStacks", json!({"StackStatusFilter": ["DELETE_COMPLETE"]}), "StackSummaries");
    assert_eq!(listed.len(), 1);
    world.delete("never-was");
}

#[test]
fn accounts_and_regions_are_apart() {
    let world = World::new();
    let body = template(json!({"Note": parameter("x")}));
    let id = world.create("app", &body);
    let describe = |region, caller| world.call(region, caller, "DescribeStacks", json!({"StackName": id}));
    assert!(describe(REGION, ACCOUNT).is_ok());
    assert!(describe("eu-central-1", ACCOUNT).is_err());
    assert!(describe(REGION, MEMBER).is_err());
    let request = json!({"StackName": "app", "TemplateBody": body.to_string()});
    world.call("eu-central-1", ACCOUNT, "CreateStack", request).unwrap();
}

#[test]
fn names_tags_and_sizes_are_checked() {
    let world = World::new();
    let body = template(json!({"Note": parameter("x")})).to_string();
    let refused = |name: &str, more: serde_json::Value| {
        let mut request = json!({"StackName": name, "TemplateBody": body});
        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        world.refused("CreateStack", request)
    };
    assert!(refused("1st", json!({})).contains("regular expression pattern"));
    assert!(refused(&"a".repeat(129), json!({})).contains("less than or equal to 128"));
    assert!(refused("app", json!({"Tags": [{"Key": "aws:x", "Value": "y"}]})).contains("aws: prefixed"));
    let twice = json!({"Tags": [{"Key": "k", "Value": "v"}, {"Key": "k", "Value": "w"}]});
    assert!(refused("app", twice).contains("Duplicate tag key"));
    assert!(refused("app", json!({"TemplateBody": " ".repeat(51_201)})).contains("51200"));
    assert!(refused("app", json!({"OnFailure": "DELETE", "DisableRollback": true})).contains("Only one of"));
    assert!(refused("app", json!({"TemplateURL": "https://example.com/t"})).starts_with("NotImplemented"));
    assert!(
        refused("app", json!({"ResourceTypes": ["AWS::S3::*"]}))
            .contains("AWS::SSM::Parameter is not allowed")
    );
}

#[test]
fn a_name_is_taken_until_its_stack_is_deleted_and_a_token_makes_a_repetition() {
    let world = World::new();
    let body = template(json!({"Note": parameter("x")})).to_string();
    let request = json!({"StackName": "app", "TemplateBody": body, "ClientRequestToken": "one"});
    let first = world.ok("CreateStack", request.clone());
    assert_eq!(world.ok("CreateStack", request.clone()), first);
    world.settle();
    let mut other = request.clone();
    other["ClientRequestToken"] = json!("two");
    assert!(world.refused("CreateStack", other.clone()).starts_with("AlreadyExistsException"));
    other["StackName"] = json!("other");
    other["ClientRequestToken"] = json!("one");
    assert!(world.refused("CreateStack", other).starts_with("TokenAlreadyExistsException"));
    let deletion = json!({"StackName": "app", "ClientRequestToken": "one"});
    assert!(world.refused("DeleteStack", deletion).starts_with("TokenAlreadyExistsException"));
}

#[test]
fn a_protected_stack_is_not_deleted() {
    let world = World::new();
    world.create("app", &template(json!({"Note": parameter("x")})));
    let protect = |on: bool| {
        world
            .ok("UpdateTerminationProtection", json!({"StackName": "app", "EnableTerminationProtection": on}))
    };
    protect(true);
    let refusal = world.refused("DeleteStack", json!({"StackName": "app"}));
    assert!(refusal.contains("cannot be deleted while TerminationProtection is enabled"), "{refusal}");
    protect(false);
    world.delete("app");
}

#[test]
fn a_stack_that_is_being_created_can_be_deleted_and_one_that_changes_cannot() {
    let world = World::new();
    let body = template(json!({"Logs": bucket("logs-one")}));
    let id = world.begin("app", &body);
    world.ok("DeleteStack", json!({"StackName": "app"}));
    world.settle();
    assert_eq!(world.status(&id), "DELETE_COMPLETE");
    world.create("app", &body);
    world.ok(
        "UpdateStack",
        json!({"StackName": "app", "TemplateBody": template(json!({"Note": parameter("x")})).to_string()}),
    );
    let refusal = world.refused("DeleteStack", json!({"StackName": "app"}));
    assert!(refusal.contains("cannot be deleted while in status UPDATE_IN_PROGRESS"), "{refusal}");
}

#[test]
fn capabilities_must_be_acknowledged() {
    let world = World::new();
    let trust = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": {"Service": "ec2.amazonaws.com"}}]});
    let role = |name: Option<&str>| {
        let mut role = json!({"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}});
        if let Some(name) = name {
            role["Properties"]["RoleName"] = json!(name);
        }
        template(json!({ "Role": role })).to_string()
    };
    let create = |body: String, capabilities: &[&str]| {
        let request = json!({"StackName": "app", "TemplateBody": body, "Capabilities": capabilities});
        world.call(REGION, ACCOUNT, "CreateStack", request)
    };
    let refusal = create(role(None), &[]).unwrap_err();
    assert_eq!(refusal, "InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_IAM]");
    let refusal = create(role(Some("breaker")), &["CAPABILITY_IAM"]).unwrap_err();
    assert_eq!(refusal, "InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_NAMED_IAM]");
    create(role(Some("breaker")), &["CAPABILITY_NAMED_IAM"]).unwrap();
    let validated = world.ok("ValidateTemplate", json!({"TemplateBody": role(None)}));
    assert_eq!(validated["Capabilities"], json!(["CAPABILITY_IAM"]));
}

#[test]
fn listings_come_in_pages_and_a_token_is_bound_to_its_listing() {
    let world = World::new();
    let body = template(json!({"Note": parameter("x")}));
    for number in 0..25 {
        world.begin(&format!("app-{number}"), &body);
    }
    world.settle();
    let first = world.ok("DescribeStacks", json!({}));
    assert_eq!(first["Stacks"].as_array().unwrap().len(), 20);
    assert_eq!(world.list("DescribeStacks", json!({}), "Stacks").len(), 25);
    assert_eq!(world.list("ListStacks", json!({}), "StackSummaries").len(), 25);
    let stray = json!({"NextToken": first["NextToken"], "StackStatusFilter": ["CREATE_COMPLETE"]});
    assert!(world.refused("ListStacks", stray).starts_with("ValidationError"));
}

#[test]
fn what_is_under_way_goes_on_when_the_world_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let open = || World { sandbox: Sandbox::open(folder.path(), World::options("")).unwrap() };
    let body = template(json!({"Note": parameter("x"), "Logs": bucket("logs-one")}));
    let world = open();
    world.create("app", &body);
    let note = world.physical_id("app", "Note");
    world.tamper("AWS::SSM::Parameter", &note, None);
    let after = template(json!({"Note": parameter("y"), "Logs": bucket("logs-two")}));
    world.ok("UpdateStack", json!({"StackName": "app", "TemplateBody": after.to_string()}));
    let request = json!({"StackName": "new", "ChangeSetName": "first", "ChangeSetType": "CREATE", "TemplateBody": body.to_string()});
    world.ok("CreateChangeSet", request);
    // Dropped without closing: everything is read back from the log.
    drop(world);
    let world = open();
    world.settle();
    assert_eq!(world.status("app"), "UPDATE_ROLLBACK_FAILED");
    world.sandbox.close().unwrap();
    let world = open();
    world.ok("ContinueUpdateRollback", json!({"StackName": "app", "ResourcesToSkip": ["Note"]}));
    world.settle();
    assert_eq!(world.status("app"), "UPDATE_ROLLBACK_COMPLETE");
    let set = world.ok("DescribeChangeSet", json!({"StackName": "new", "ChangeSetName": "first"}));
    assert_eq!(set["Changes"].as_array().unwrap().len(), 2);
    assert!(world.events("app").len() > 10);
}
