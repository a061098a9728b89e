//! Identities: names, ids and attributes of resources, and what there can be only one of.

use crate::{ACCOUNT, MEMBER, REGION, World, bucket, parameter, template, text};
use serde_json::{Value, json};

fn recorder(name: &str) -> Value {
    json!({"Type": "AWS::Config::ConfigurationRecorder", "Properties": {"Name": name,
        "RoleARN": "arn:aws:iam::111122223333:role/config"}})
}

fn detector() -> Value {
    json!({"Type": "AWS::GuardDuty::Detector", "Properties": {"Enable": true}})
}

/// Why the creation of a stack with one resource failed.
fn failure(world: &World, resource: &Value) -> String {
    world.create("second", &template(json!({ "Second": resource })));
    assert_eq!(world.status("second"), "ROLLBACK_COMPLETE");
    let reason = text(&world.resource("second", "Second")["ResourceStatusReason"]);
    world.delete("second");
    reason
}

#[test]
fn what_there_is_one_of_in_an_account_and_region_is_made_once() {
    let world = World::new();
    let once = json!({
        "Recorder": recorder("default"),
        "Channel": {"Type": "AWS::Config::DeliveryChannel", "Properties": {"S3BucketName": "b"}},
        "Detector": detector(),
        "Hub": {"Type": "AWS::SecurityHub::Hub"},
        "Session": {"Type": "AWS::Macie::Session"},
        "Analyzer": {"Type": "AWS::AccessAnalyzer::Analyzer", "Properties": {"Type": "ORGANIZATION"}},
    });
    world.create("first", &template(once.clone()));
    assert_eq!(world.status("first"), "CREATE_COMPLETE");
    for (logical_id, part) in [
        ("Recorder", "maximum number of configuration recorders: 1 is reached"),
        ("Channel", "maximum number of delivery channels: 1 is reached"),
        ("Detector", "a detector already exists for the current account"),
        ("Hub", "Account is already subscribed to Security Hub"),
        ("Session", "Macie has already been enabled"),
        ("Analyzer", "You cannot create more than 1 ORGANIZATION analyzer"),
    ] {
        let mut second = once[logical_id].clone();
        if logical_id == "Recorder" {
            second = recorder("another");
        }
        let reason = failure(&world, &second);
        assert!(reason.contains(part), "{logical_id}: {reason}");
    }
    let account = json!({"Type": "AWS::AccessAnalyzer::Analyzer", "Properties": {"Type": "ACCOUNT"}});
    world.create("account", &template(json!({ "Analyzer": account })));
    assert_eq!(world.status("account"), "CREATE_COMPLETE");
    let request = json!({"StackName": "elsewhere", "TemplateBody": template(once).to_string()});
    for (region, caller) in [("eu-central-1", ACCOUNT), (REGION, MEMBER)] {
        world.call(region, caller, "CreateStack", request.clone()).unwrap();
        world.settle();
        let found = world.call(region, caller, "DescribeStacks", json!({})).unwrap();
        assert_eq!(text(&found["Stacks"][0]["StackStatus"]), "CREATE_COMPLETE", "{region} {caller}");
    }
}

#[test]
fn the_name_of_a_bucket_is_taken_everywhere_and_that_of_a_role_in_its_account() {
    let world = World::new();
    let role = json!({"Type": "AWS::IAM::Role", "Properties": {"RoleName": "breaker", "AssumeRolePolicyDocument": {}}});
    let body = template(json!({"Logs": bucket("logs-one"), "Role": role}));
    let request = |name: &str, body: &Value| json!({"StackName": name, "TemplateBody": body.to_string(), "Capabilities": ["CAPABILITY_NAMED_IAM"]});
    world.ok("CreateStack", request("first", &body));
    world.settle();
    assert_eq!(world.status("first"), "CREATE_COMPLETE");
    let elsewhere = |region: &str, caller: &str, part: &str, body: &Value| {
        let name = format!("second-{part}");
        world.call(region, caller, "CreateStack", request(&name, body)).unwrap();
        world.settle();
        let answer = world.call(region, caller, "DescribeStackEvents", json!({"StackName": name})).unwrap();
        answer["StackEvents"]
            .as_array()
            .unwrap()
            .iter()
            .find(|event| event["ResourceStatus"] == "CREATE_FAILED")
            .map(|event| text(&event["ResourceStatusReason"]))
    };
    let bucket_only = template(json!({"Logs": bucket("logs-one")}));
    assert_eq!(elsewhere("eu-central-1", MEMBER, "bucket", &bucket_only).unwrap(), "logs-one already exists");
    let role_only = template(json!({"Role": body["Resources"]["Role"]}));
    let reason = elsewhere("eu-central-1", ACCOUNT, "role", &role_only).unwrap();
    assert!(reason.contains("Role with name breaker already exists"), "{reason}");
    assert_eq!(elsewhere("eu-central-1", MEMBER, "role", &role_only), None);
}

#[test]
fn what_is_retained_keeps_its_name_taken() {
    let world = World::new();
    let mut kept = bucket("logs-one");
    kept["DeletionPolicy"] = json!("Retain");
    let body = template(json!({"Logs": kept}));
    world.create("app", &body);
    world.delete("app");
    world.create("app", &body);
    assert_eq!(world.status("app"), "ROLLBACK_COMPLETE");
}

#[test]
fn names_that_are_made_up_are_new_each_time_and_the_same_in_every_run() {
    let names = || {
        let world = World::new();
        let body = template(json!({"Logs": {"Type": "AWS::S3::Bucket"}, "Key": {"Type": "AWS::KMS::Key",
            "Properties": {"KeyPolicy": {}}}}));
        world.create("application", &body);
        let first = (world.physical_id("application", "Logs"), world.physical_id("application", "Key"));
        world.delete("application");
        world.create("application", &body);
        (first, world.physical_id("application", "Logs"))
    };
    let ((bucket, key), again) = names();
    assert!(bucket.starts_with("application-logs-") && bucket.to_lowercase() == bucket, "{bucket}");
    assert_eq!(key.len(), 36, "{key}");
    assert_ne!(bucket, again);
    assert_eq!(names(), ((bucket, key), again));
}

#[test]
fn attributes_fit_the_resource() {
    let world = World::new();
    let mut body = template(json!({
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "breaker", "Path": "/ops/", "AssumeRolePolicyDocument": {}}},
        "Queue": {"Type": "AWS::SQS::Queue"}, "Logs": bucket("logs-one"),
        "Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/app"}}, "Detector": detector(),
        "Note": parameter("x"),
    }));
    body["Outputs"] = json!({
        "Role": {"Value": {"Fn::GetAtt": ["Role", "Arn"]}}, "Queue": {"Value": {"Fn::GetAtt": ["Queue", "Arn"]}},
        "Logs": {"Value": {"Fn::Sub": "${Logs.Arn}/*"}}, "Domain": {"Value": {"Fn::GetAtt": ["Logs", "DomainName"]}},
        "Group": {"Value": {"Fn::GetAtt": ["Group", "Arn"]}}, "Detector": {"Value": {"Ref": "Detector"}},
        "Note": {"Value": {"Fn::GetAtt": ["Note", "Value"]}},
    });
    let request = json!({"StackName": "app", "TemplateBody": body.to_string(), "Capabilities": ["CAPABILITY_NAMED_IAM"]});
    world.ok("CreateStack", request);
    world.settle();
    let outputs = world.stack("app")["Outputs"].clone();
    let value = |name: &str| {
        let found = outputs.as_array().unwrap().iter().find(|output| output["OutputKey"] == name);
        text(&found.unwrap()["OutputValue"])
    };
    assert_eq!(value("Role"), format!("arn:aws:iam::{ACCOUNT}:role/ops/breaker"));
    assert!(
        value("Queue").starts_with(&format!("arn:aws:sqs:{REGION}:{ACCOUNT}:app-Queue-")),
        "{}",
        value("Queue")
    );
    assert_eq!(value("Logs"), "arn:aws:s3:::logs-one/*");
    assert_eq!(value("Domain"), "logs-one.s3.amazonaws.com");
    assert_eq!(value("Group"), format!("arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/app:*"));
    assert_eq!(value("Detector").len(), 32);
    assert_eq!(value("Note"), "x");
}

#[test]
fn equal_ends_have_equal_dumps_whatever_their_ids_are() {
    let body = template(json!({"Logs": {"Type": "AWS::S3::Bucket"}, "Note": {"Type": "AWS::SSM::Parameter",
        "Properties": {"Type": "String", "Value": {"Ref": "Logs"}}}}));
    let straight = World::new();
    straight.create("app", &body);
    let winding = World::new();
    winding.create("app", &template(json!({"Note": parameter("x")})));
    winding.delete("app");
    winding.create("app", &body);
    let rows = |world: &World| world.sandbox.canonical_dump()["cloudformation.resource"].clone();
    assert_eq!(rows(&straight), rows(&winding));
    assert_ne!(straight.physical_id("app", "Logs"), winding.physical_id("app", "Logs"));
}
