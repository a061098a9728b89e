//! Templates: which are refused before anything is made, and what is told of the others.

use crate::{World, parameter, template, text};
use serde_json::{Value, json};

#[test]
fn a_template_with_faults_is_refused_before_anything_is_made() {
    let world = World::new();
    let refused = |body: &Value| {
        world.refused("CreateStack", json!({"StackName": "app", "TemplateBody": body.to_string()}))
    };
    let unknown = template(json!({"X": {"Type": "AWS::Glide::NoSuchType"}}));
    assert!(refused(&unknown).contains("Unrecognized resource types: [AWS::Glide::NoSuchType]"));
    let stray = template(json!({"X": {"Type": "AWS::SNS::Topic", "Properties": {"Color": "red"}}}));
    assert!(refused(&stray).contains("Color"), "{}", refused(&stray));
    let missing = template(json!({"X": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String"}}}));
    assert!(refused(&missing).contains("Value"), "{}", refused(&missing));
    let circle = template(
        json!({"A": {"Type": "AWS::SNS::Topic", "DependsOn": "B"}, "B": {"Type": "AWS::SNS::Topic", "DependsOn": "A"}}),
    );
    assert!(refused(&circle).contains("Circular dependency between resources: [A, B]"));
    assert!(world.list("ListStacks", json!({}), "StackSummaries").is_empty());
}

#[test]
fn what_the_sandbox_does_not_carry_out_is_refused_by_name() {
    let world = World::new();
    let create = |body: Value, capabilities: Value| {
        let request =
            json!({"StackName": "app", "TemplateBody": body.to_string(), "Capabilities": capabilities});
        world.refused("CreateStack", request)
    };
    let nested = template(
        json!({"X": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://example.com/t"}}}),
    );
    assert!(create(nested, json!([])).contains("does not simulate nested stacks"));
    let mut macros = template(json!({"Note": parameter("x")}));
    macros["Transform"] = json!("AWS::Serverless-2016-10-31");
    let told = create(macros, json!(["CAPABILITY_AUTO_EXPAND"]));
    assert!(told.contains("No transform named AWS::Serverless-2016-10-31 found"), "{told}");
}

#[test]
fn a_summary_tells_parameters_types_and_metadata() {
    let world = World::new();
    let mut body = template(json!({"Note": parameter("x")}));
    body["Parameters"] = json!({"Text": {"Type": "String", "Default": "a", "AllowedValues": ["a", "b"]}});
    body["Metadata"] = json!({"owner": "platform"});
    body["Description"] = json!("a note");
    let summary = world.ok("GetTemplateSummary", json!({"TemplateBody": body.to_string()}));
    assert_eq!(summary["ResourceTypes"], json!(["AWS::SSM::Parameter"]));
    assert_eq!(text(&summary["Metadata"]), r#"{"owner":"platform"}"#);
    let parameter = json!({"ParameterKey": "Text", "DefaultValue": "a", "ParameterType": "String", "NoEcho": false,
        "ParameterConstraints": {"AllowedValues": ["a", "b"]}});
    assert_eq!(summary["Parameters"], json!([parameter]));
    world.create("app", &body);
    assert_eq!(world.ok("GetTemplateSummary", json!({"StackName": "app"})), summary);
    assert!(world.refused("GetTemplateSummary", json!({})).contains("Exactly one of"));
    let set = world.refused("GetTemplateSummary", json!({"StackSetName": "none"}));
    assert!(set.starts_with("StackSetNotFoundException"));
}

#[test]
fn secrets_that_a_stack_made_up_are_read_by_their_keys() {
    let world = World::new();
    let made_up = json!({"SecretStringTemplate": "{\"user\":\"admin\"}", "GenerateStringKey": "password", "PasswordLength": 40});
    let secret =
        json!({"Type": "AWS::SecretsManager::Secret", "Properties": {"GenerateSecretString": made_up}});
    let read = |key: &str| {
        let reference = format!("{{{{resolve:secretsmanager:${{Secret}}:SecretString:{key}}}}}");
        json!({"Type": "AWS::SSM::Parameter", "Properties": {"Name": format!("/{key}"), "Type": "String", "Value": {"Fn::Sub": reference}}})
    };
    let body = template(json!({"Secret": secret, "User": read("user"), "Password": read("password")}));
    world.create("own", &body);
    assert_eq!(world.status("own"), "CREATE_COMPLETE");
    world.create("user", &template(json!({"Copy": parameter("{{resolve:ssm:/user}}")})));
    assert_eq!(world.status("user"), "CREATE_COMPLETE");
    world.create("lost", &template(json!({"Secret": secret, "Token": read("token")})));
    assert_eq!(world.status("lost"), "ROLLBACK_COMPLETE");
}

#[test]
fn parameters_of_systems_manager_are_read_from_other_stacks() {
    let world = World::new();
    let named = json!({"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/shared/vpc", "Type": "String", "Value": "vpc-1"}});
    world.create("source", &template(json!({ "Named": named })));
    world.create("user", &template(json!({"Copy": parameter("{{resolve:ssm:/shared/vpc}}")})));
    assert_eq!(world.status("user"), "CREATE_COMPLETE");
    world.create("lost", &template(json!({"Copy": parameter("{{resolve:ssm:/shared/none}}")})));
    assert_eq!(world.status("lost"), "ROLLBACK_COMPLETE");
}
