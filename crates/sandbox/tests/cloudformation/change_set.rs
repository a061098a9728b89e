//! Change sets: what they tell, when they can be executed, what executing one does to the others.

use crate::{World, bucket, parameter, template, text};
use serde_json::{Value, json};

fn ask(world: &World, name: &str, template: &Value) -> Value {
    let request = json!({"StackName": "app", "ChangeSetName": name, "TemplateBody": template.to_string()});
    world.ok("CreateChangeSet", request);
    world.settle();
    describe(world, name)
}

fn describe(world: &World, name: &str) -> Value {
    world.ok("DescribeChangeSet", json!({"StackName": "app", "ChangeSetName": name}))
}

/// Each change in a line: action, logical id, replacement, and its details.
fn told(set: &Value) -> Vec<String> {
    let changes = set["Changes"].as_array().unwrap().iter();
    let told = changes.map(|change| {
        let change = &change["ResourceChange"];
        let details = change["Details"].as_array().unwrap().iter().map(|detail| {
            let target = &detail["Target"];
            format!(
                "{}/{}/{} {} {} {}",
                text(&target["Attribute"]),
                target["Name"].as_str().unwrap_or_default(),
                text(&target["RequiresRecreation"]),
                text(&detail["Evaluation"]),
                text(&detail["ChangeSource"]),
                detail["CausingEntity"].as_str().unwrap_or_default(),
            )
        });
        let details: Vec<String> = details.map(|detail| detail.trim().to_owned()).collect();
        let replacement = change["Replacement"].as_str().unwrap_or_default();
        format!(
            "{} {} {replacement} [{}]",
            text(&change["Action"]),
            text(&change["LogicalResourceId"]),
            details.join("; ")
        )
    });
    told.collect()
}

#[test]
fn a_change_set_is_computed_after_a_while_and_tells_what_would_change_and_why() {
    let world = World::new();
    let user = |reference: Value| json!({"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": reference}});
    let mut before = template(
        json!({"Note": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String",
        "Value": {"Ref": "Text"}}}, "Logs": bucket("logs-one"), "User": user(json!({"Ref": "Logs"})), "Old": parameter("o")}),
    );
    before["Parameters"] = json!({"Text": {"Type": "String", "Default": "a"}});
    world.create("app", &before);
    let mut after = before.clone();
    after["Parameters"]["Text"]["Default"] = json!("b");
    after["Resources"]["Logs"] = bucket("logs-two");
    after["Resources"].as_object_mut().unwrap().remove("Old");
    after["Resources"]["New"] = parameter("n");
    let request = json!({"StackName": "app", "ChangeSetName": "next", "TemplateBody": after.to_string()});
    world.ok("CreateChangeSet", request.clone());
    let pending = describe(&world, "next");
    assert_eq!(
        (text(&pending["Status"]), text(&pending["ExecutionStatus"])),
        ("CREATE_PENDING".to_owned(), "UNAVAILABLE".to_owned())
    );
    let execute = json!({"StackName": "app", "ChangeSetName": "next"});
    assert!(
        world.refused("ExecuteChangeSet", execute.clone()).starts_with("InvalidChangeSetStatusException")
    );
    assert!(world.refused("DeleteChangeSet", execute).starts_with("InvalidChangeSetStatusException"));
    assert!(world.refused("CreateChangeSet", request).starts_with("AlreadyExistsException"));
    world.wait(2);
    let set = describe(&world, "next");
    assert_eq!(
        (text(&set["Status"]), text(&set["ExecutionStatus"])),
        ("CREATE_COMPLETE".to_owned(), "AVAILABLE".to_owned())
    );
    assert_eq!(
        told(&set),
        [
            "Modify Logs True [Properties/BucketName/Always Static DirectModification]",
            "Add New  []",
            "Modify Note False [Properties/Value/Never Static ParameterReference Text; \
             Properties/Value/Never Dynamic DirectModification]",
            "Modify User False [Properties/Value/Never Dynamic ResourceReference Logs]",
            "Remove Old  []",
        ]
    );
    assert_eq!(world.status("app"), "CREATE_COMPLETE");
}

#[test]
fn a_replacement_that_only_another_change_may_cause_is_conditional() {
    let world = World::new();
    let body = |display: &str| {
        template(json!({
            "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": display}},
            "Sub": {"Type": "AWS::SNS::Subscription", "Properties": {"Protocol": "sqs", "Endpoint": "arn:aws:sqs:eu-west-1:111122223333:q",
                "TopicArn": {"Fn::GetAtt": ["Topic", "TopicArn"]}}},
        }))
    };
    world.create("app", &body("a"));
    let set = ask(&world, "next", &body("b"));
    assert_eq!(
        told(&set),
        [
            "Modify Topic False [Properties/DisplayName/Never Static DirectModification]",
            "Modify Sub Conditional [Properties/TopicArn/Always Dynamic ResourceAttribute Topic.TopicArn]",
        ]
    );
    assert_eq!(text(&set["Changes"][1]["ResourceChange"]["PolicyAction"]), "ReplaceAndDelete");
    let values = json!({"StackName": "app", "ChangeSetName": "next", "IncludePropertyValues": true});
    let with_values = world.ok("DescribeChangeSet", values);
    let target = &with_values["Changes"][0]["ResourceChange"]["Details"][0]["Target"];
    assert_eq!((text(&target["BeforeValue"]), text(&target["AfterValue"])), ("a".to_owned(), "b".to_owned()));
    assert_eq!(set["Changes"][0]["ResourceChange"]["Details"][0]["Target"].get("BeforeValue"), None);
}

#[test]
fn a_change_set_without_changes_fails_with_the_reason_clients_know() {
    let world = World::new();
    let body = template(json!({"Note": parameter("x")}));
    world.create("app", &body);
    let set = ask(&world, "next", &body);
    assert_eq!(text(&set["Status"]), "FAILED");
    assert_eq!(
        text(&set["StatusReason"]),
        "The submitted information didn't contain changes. Submit different information to create a change set."
    );
    let execute = json!({"StackName": "app", "ChangeSetName": "next"});
    assert!(world.refused("ExecuteChangeSet", execute.clone()).contains("current status of [FAILED]"));
    world.ok("DeleteChangeSet", execute.clone());
    world.ok("DeleteChangeSet", execute.clone());
    assert!(world.refused("DescribeChangeSet", execute).starts_with("ChangeSetNotFoundException"));
}

#[test]
fn executing_a_change_set_deletes_the_others() {
    let world = World::new();
    world.create("app", &template(json!({"Note": parameter("x")})));
    let next = ask(&world, "next", &template(json!({"Note": parameter("y")})));
    ask(&world, "other", &template(json!({"Note": parameter("z")})));
    let listed = |world: &World| world.list("ListChangeSets", json!({"StackName": "app"}), "Summaries").len();
    assert_eq!(listed(&world), 2);
    let execute = json!({"StackName": "app", "ChangeSetName": "next", "ClientRequestToken": "one"});
    world.ok("ExecuteChangeSet", execute.clone());
    assert_eq!(world.status("app"), "UPDATE_IN_PROGRESS");
    assert_eq!(listed(&world), 0);
    world.ok("ExecuteChangeSet", execute);
    world.settle();
    assert_eq!(world.status("app"), "UPDATE_COMPLETE");
    let used = world.ok("DescribeChangeSet", json!({"ChangeSetName": next["ChangeSetId"]}));
    assert_eq!(text(&used["ExecutionStatus"]), "EXECUTE_COMPLETE");
    assert_eq!(world.stack("app")["ChangeSetId"], next["ChangeSetId"]);
}

#[test]
fn an_update_past_a_change_set_makes_it_obsolete() {
    let world = World::new();
    world.create("app", &template(json!({"Note": parameter("x")})));
    ask(&world, "next", &template(json!({"Note": parameter("y")})));
    world.update("app", &template(json!({"Note": parameter("z")})));
    assert_eq!(text(&describe(&world, "next")["ExecutionStatus"]), "OBSOLETE");
    let execute = json!({"StackName": "app", "ChangeSetName": "next"});
    assert!(world.refused("ExecuteChangeSet", execute).contains("current status of [OBSOLETE]"));
}

#[test]
fn a_change_set_can_begin_a_stack() {
    let world = World::new();
    let body = template(json!({"Note": parameter("x")})).to_string();
    let request = |kind: &str| json!({"StackName": "app", "ChangeSetName": "first", "ChangeSetType": kind, "TemplateBody": body});
    assert!(world.refused("CreateChangeSet", request("UPDATE")).contains("does not exist"));
    assert!(world.refused("CreateChangeSet", request("IMPORT")).starts_with("NotImplemented"));
    world.ok("CreateChangeSet", request("CREATE"));
    assert_eq!(world.status("app"), "REVIEW_IN_PROGRESS");
    let create = json!({"StackName": "app", "TemplateBody": body});
    assert!(world.refused("CreateStack", create).starts_with("AlreadyExistsException"));
    world.settle();
    assert_eq!(told(&describe(&world, "first")), ["Add Note  []"]);
    world.ok("ExecuteChangeSet", json!({"StackName": "app", "ChangeSetName": "first"}));
    world.settle();
    assert_eq!(world.status("app"), "CREATE_COMPLETE");
    let again = json!({"StackName": "app", "ChangeSetName": "again", "ChangeSetType": "CREATE", "TemplateBody": body});
    assert!(world.refused("CreateChangeSet", again).contains("already exists"));
}

#[test]
fn a_stack_under_review_is_deleted_at_once() {
    let world = World::new();
    let body = template(json!({"Note": parameter("x")})).to_string();
    let request = json!({"StackName": "app", "ChangeSetName": "first", "ChangeSetType": "CREATE", "TemplateBody": body});
    let id = text(&world.ok("CreateChangeSet", request)["StackId"]);
    world.ok("DeleteStack", json!({"StackName": "app"}));
    assert_eq!(world.status(&id), "DELETE_COMPLETE");
    world.settle();
}
