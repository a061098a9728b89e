//! Making, telling, changing and deleting sets.

use super::{
    EUROPE, MANAGEMENT, REGION, World, larger_template, set_request, targeting, template, text,
    text_parameter,
};
use serde_json::json;

#[test]
fn a_set_is_told_as_it_was_made_and_with_the_defaults_of_its_template() {
    let world = World::new();
    let mut request = set_request("baseline", &template());
    request["Description"] = json!("What every account has");
    request["Tags"] = json!([{"Key": "team", "Value": "platform"}]);
    request["ManagedExecution"] = json!({"Active": true});
    let id = text(&world.ok("CreateStackSet", request)["StackSetId"]);
    assert!(id.starts_with("baseline:") && id.len() == "baseline:".len() + 36, "{id}");
    let set = &world.ok("DescribeStackSet", json!({"StackSetName": "baseline"}))["StackSet"];
    assert_eq!(set["StackSetARN"], format!("arn:aws:cloudformation:{REGION}:{MANAGEMENT}:stackset/{id}"));
    assert_eq!(set["Parameters"], json!([{"ParameterKey": "Text", "ParameterValue": "one"}]));
    assert_eq!(set["Tags"], json!([{"Key": "team", "Value": "platform"}]));
    assert_eq!((&set["Status"], &set["PermissionModel"]), (&json!("ACTIVE"), &json!("SERVICE_MANAGED")));
    assert_eq!(
        (&set["ManagedExecution"]["Active"], &set["AutoDeployment"]["Enabled"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(set["TemplateBody"], template().to_string());
    let by_id = world.ok("DescribeStackSet", json!({"StackSetName": id}));
    assert_eq!(by_id["StackSet"], *set);
}

#[test]
fn a_set_is_a_thing_of_its_region() {
    let world = World::new();
    world.set("baseline");
    let asked = |region: &str| {
        let request = json!({"StackSetName": "baseline"});
        world.sandbox.call_json_in(region, MANAGEMENT, "cloudformation", "DescribeStackSet", request)
    };
    assert!(asked(REGION).is_ok());
    assert!(asked(EUROPE).unwrap_err().to_string().starts_with("StackSetNotFoundException"));
}

#[test]
fn what_a_set_must_not_be_is_refused() {
    let world = World::new();
    let refused = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut request = set_request("baseline", &template());
        change(&mut request);
        world.refused("CreateStackSet", request)
    };
    let invalid = |told: String, wanted: &str| {
        assert!(told.starts_with("ValidationError: ") && told.contains(wanted), "{told}");
    };
    invalid(refused(&|request| request["StackSetName"] = json!("0-first")), "stackSetName");
    invalid(
        refused(&|request| drop(request.as_object_mut().unwrap().remove("AutoDeployment"))),
        "AutoDeployment",
    );
    invalid(
        refused(&|request| {
            request["AutoDeployment"] = json!({"Enabled": false, "RetainStacksOnAccountRemoval": true})
        }),
        "RetainStacksOnAccountRemoval",
    );
    invalid(
        refused(&|request| drop(request.as_object_mut().unwrap().remove("TemplateBody"))),
        "Template Body",
    );
    invalid(refused(&|request| request["ExecutionRoleName"] = json!("Role")), "ExecutionRoleName");
    invalid(refused(&|request| request["TemplateBody"] = json!("{")), "Template");
    invalid(
        refused(&|request| {
            let mut template = template();
            template["Transform"] = json!("AWS::LanguageExtensions");
            request["TemplateBody"] = json!(template.to_string());
        }),
        "transforms",
    );
    invalid(
        refused(&|request| {
            let mut template = template();
            template["Resources"]["Nested"] = json!({"Type": "AWS::CloudFormation::Stack",
                "Properties": {"TemplateURL": "https://example.com/nested"}});
            request["TemplateBody"] = json!(template.to_string());
        }),
        "nested stacks: [Nested]",
    );
    invalid(
        refused(&|request| {
            let mut template = template();
            template["Parameters"]["Must"] = json!({"Type": "String"});
            request["TemplateBody"] = json!(template.to_string());
        }),
        "Parameters: [Must] must have values",
    );
    for change in [
        json!({"PermissionModel": "SELF_MANAGED"}),
        json!({"TemplateURL": "https://example.com/t"}),
        json!({"StackId": "arn:aws:cloudformation:eu-west-1:444455556666:stack/a/b"}),
    ] {
        let told = refused(&|request| {
            for (key, value) in change.as_object().unwrap() {
                request[key] = value.clone();
            }
        });
        assert!(told.starts_with("NotImplemented: the sandbox does not simulate"), "{told}");
    }
}

#[test]
fn a_request_made_again_with_its_token_is_answered_as_the_first_time_until_the_set_changes() {
    let world = World::new();
    let mut request = set_request("baseline", &template());
    request["ClientRequestToken"] = json!("token-1");
    let id = world.ok("CreateStackSet", request.clone());
    assert_eq!(world.ok("CreateStackSet", request.clone()), id);
    assert_eq!(
        world.code("CreateStackSet", set_request("baseline", &template())),
        "NameAlreadyExistsException"
    );
    let update = json!({"StackSetName": "baseline", "TemplateBody": larger_template().to_string()});
    world.ok("UpdateStackSet", update);
    assert_eq!(world.code("CreateStackSet", request), "CreatedButModifiedException");
}

#[test]
fn a_set_that_still_has_instances_is_not_deleted_and_a_deleted_one_frees_its_name() {
    let world = World::new();
    let unit = world.unit(&world.root(), "Workloads");
    world.accounts_in(&unit, &["shop"]);
    let id = world.set("baseline");
    world.ok("CreateStackInstances", targeting("baseline", &unit, &[REGION]));
    let named = json!({"StackSetName": "baseline"});
    assert_eq!(world.code("DeleteStackSet", named.clone()), "OperationInProgressException");
    world.settle();
    assert_eq!(world.code("DeleteStackSet", named.clone()), "StackSetNotEmptyException");
    world.withdraw("baseline", &unit, &[REGION]);
    world.ok("DeleteStackSet", named.clone());
    assert_eq!(world.code("DescribeStackSet", named.clone()), "StackSetNotFoundException");
    let deleted = world.ok("DescribeStackSet", json!({"StackSetName": id}));
    assert_eq!(deleted["StackSet"]["Status"], "DELETED");
    assert_ne!(world.set("baseline"), id);
    let listed = |status: &str| world.list("ListStackSets", json!({"Status": status, "MaxResults": 1})).len();
    assert_eq!((listed("ACTIVE"), listed("DELETED")), (1, 1));
    assert_eq!(world.list("ListStackSets", json!({"MaxResults": 1})).len(), 2);
    // AWS lists no error for a set that is not there.
    world.ok("DeleteStackSet", json!({"StackSetName": "never-was"}));
}

#[test]
fn an_update_reaches_the_instances_and_their_stacks() {
    let world = World::new();
    let unit = world.unit(&world.root(), "Workloads");
    let accounts = world.accounts_in(&unit, &["shop"]);
    world.set("baseline");
    world.deploy("baseline", &unit, &[REGION, EUROPE]);
    assert_eq!(text_parameter(&world.stack("baseline", &accounts[0], EUROPE)), "one");
    let update = json!({"StackSetName": "baseline", "UsePreviousTemplate": true,
        "Parameters": [{"ParameterKey": "Text", "ParameterValue": "two"}]});
    let id = text(&world.ok("UpdateStackSet", update)["OperationId"]);
    let waiting = format!("{} {EUROPE} OUTDATED PENDING", accounts[0]);
    assert!(world.instances("baseline").contains(&waiting), "{:?}", world.instances("baseline"));
    world.settle();
    assert_eq!(world.status("baseline", &id), "SUCCEEDED");
    assert_eq!(text_parameter(&world.stack("baseline", &accounts[0], EUROPE)), "two");
    assert!(world.instances("baseline").iter().all(|one| one.ends_with("CURRENT SUCCEEDED")));
}

#[test]
fn an_update_changes_the_set_even_where_it_fails_and_leaves_the_instances_outdated() {
    let world = World::new();
    let unit = world.unit(&world.root(), "Workloads");
    let accounts = world.accounts_in(&unit, &["shop"]);
    world.set("baseline");
    world.deploy("baseline", &unit, &[REGION]);
    let broken = world.failing("fail=*/*/AWS::SSM::Parameter");
    let update = json!({"StackSetName": "baseline", "TemplateBody": larger_template().to_string()});
    let id = text(&broken.ok("UpdateStackSet", update)["OperationId"]);
    broken.settle();
    assert_eq!(broken.status("baseline", &id), "FAILED");
    assert_eq!(broken.instances("baseline"), [format!("{} {REGION} OUTDATED FAILED", accounts[0])]);
    let set = broken.ok("DescribeStackSet", json!({"StackSetName": "baseline"}));
    assert_eq!(set["StackSet"]["TemplateBody"], larger_template().to_string());
    // Once the cause is gone, the same update again brings the instances up.
    let mended = broken.failing("");
    mended.ok("UpdateStackSet", json!({"StackSetName": "baseline", "UsePreviousTemplate": true}));
    mended.settle();
    assert_eq!(mended.instances("baseline"), [format!("{} {REGION} CURRENT SUCCEEDED", accounts[0])]);
}

#[test]
fn an_update_of_some_instances_leaves_the_others_outdated() {
    let world = World::new();
    let unit = world.unit(&world.root(), "Workloads");
    let accounts = world.accounts_in(&unit, &["shop"]);
    world.set("baseline");
    world.deploy("baseline", &unit, &[REGION, EUROPE]);
    let mut update = targeting("baseline", &unit, &[EUROPE]);
    update["TemplateBody"] = json!(larger_template().to_string());
    world.ok("UpdateStackSet", update.clone());
    world.settle();
    let account = &accounts[0];
    assert_eq!(
        world.instances("baseline"),
        [format!("{account} {EUROPE} CURRENT SUCCEEDED"), format!("{account} {REGION} OUTDATED PENDING")]
    );
    update["Regions"] = json!(["ap-south-1"]);
    update["DeploymentTargets"]["Accounts"] = json!([account]);
    update["DeploymentTargets"]["AccountFilterType"] = json!("INTERSECTION");
    assert_eq!(world.code("UpdateStackSet", update.clone()), "StackInstanceNotFoundException");
    update["AutoDeployment"] = json!({"Enabled": true});
    assert!(world.refused("UpdateStackSet", update).contains("do not specify DeploymentTargets"));
}

#[test]
fn a_capability_that_is_not_given_is_missed_when_the_set_is_made() {
    let world = World::new();
    let role = json!({"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"},
        "Action": "sts:AssumeRole"}]}}}}});
    let mut request = set_request("roles", &role);
    assert!(
        world.refused("CreateStackSet", request.clone()).contains("Requires capabilities : [CAPABILITY_IAM]")
    );
    request["Capabilities"] = json!(["CAPABILITY_IAM"]);
    world.ok("CreateStackSet", request);
}
