//! Exports: what other stacks import stays as it is.

use crate::{World, parameter, template, text};
use serde_json::{Value, json};

fn exporting(value: &str) -> Value {
    let mut body = template(json!({"Note": parameter(value)}));
    body["Outputs"] =
        json!({"Note": {"Value": {"Fn::GetAtt": ["Note", "Value"]}, "Export": {"Name": "shared"}}});
    body
}

fn importing() -> Value {
    template(json!({"Copy": {"Type": "AWS::SSM::Parameter",
        "Properties": {"Type": "String", "Value": {"Fn::ImportValue": "shared"}}}}))
}

#[test]
fn an_export_is_listed_and_imported_and_stays_while_it_is() {
    let world = World::new();
    world.create("source", &exporting("x"));
    assert!(
        world
            .refused("ListImports", json!({"ExportName": "shared"}))
            .contains("is not imported by any stack")
    );
    world.create("user", &importing());
    assert_eq!(world.status("user"), "CREATE_COMPLETE");
    let exports = world.list("ListExports", json!({}), "Exports");
    assert_eq!(
        (text(&exports[0]["Name"]), text(&exports[0]["Value"])),
        ("shared".to_owned(), "x".to_owned())
    );
    assert_eq!(world.ok("ListImports", json!({"ExportName": "shared"}))["Imports"], json!(["user"]));
    world.delete("source");
    let stack = world.stack("source");
    assert_eq!(text(&stack["StackStatus"]), "CREATE_COMPLETE");
    assert_eq!(text(&stack["StackStatusReason"]), "Export shared cannot be deleted as it is in use by user");
    world.update("source", &exporting("y"));
    assert_eq!(world.status("source"), "UPDATE_ROLLBACK_COMPLETE");
    world.delete("user");
    world.update("source", &exporting("y"));
    world.delete("source");
    assert!(world.refused("DescribeStacks", json!({"StackName": "source"})).contains("does not exist"));
}

#[test]
fn two_stacks_cannot_export_one_name_and_what_is_not_exported_cannot_be_imported() {
    let world = World::new();
    world.create("user", &importing());
    assert_eq!(world.status("user"), "ROLLBACK_COMPLETE");
    world.create("source", &exporting("x"));
    world.create("second", &exporting("y"));
    assert_eq!(world.status("second"), "ROLLBACK_COMPLETE");
    let events = world.events("second");
    let told = events
        .iter()
        .any(|event| event.contains("Export with name shared is already exported by stack source"));
    assert!(told, "{events:#?}");
}
