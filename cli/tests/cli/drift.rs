//! `drift`.

use crate::desk::{Desk, SMALL};
use serde_json::json;

#[test]
fn a_policy_detached_behind_our_back_is_named() {
    let desk = Desk::applied(SMALL);
    let request = json!({"PolicyId": desk.policy_id("deny-leaving"), "TargetId": desk.unit_id("Sandbox")});
    desk.call("DetachPolicy", &request);
    let ran = desk.run(&["drift", "lz", "--sandbox", "world"]);
    ran.expect_code(2);
    insta::assert_snapshot!(ran.transcript());
    let json: serde_json::Value =
        serde_json::from_str(&desk.run(&["drift", "lz", "--sandbox", "world", "--json"]).stdout).unwrap();
    assert_eq!(json["format_version"], 1);
}

#[test]
fn a_policy_changed_and_a_unit_added_behind_our_back_are_told_apart() {
    let desk = Desk::applied(SMALL);
    let content = r#"{"Version":"2012-10-17","Statement":[{"Sid":"DenyLeaving","Effect":"Deny","Action":"organizations:Leave*","Resource":"*"}]}"#;
    desk.call("UpdatePolicy", &json!({"PolicyId": desk.policy_id("deny-leaving"), "Content": content}));
    desk.call("CreateOrganizationalUnit", &json!({"ParentId": desk.unit_id("Workloads"), "Name": "Shadow"}));
    let ran = desk.run(&["drift", "lz", "--sandbox", "world"]);
    ran.expect_code(2);
    insta::assert_snapshot!(ran.transcript());
}

#[test]
fn no_drift_is_one_line() {
    let ran = Desk::applied(SMALL).run(&["drift", "lz", "--sandbox", "world"]);
    ran.expect_code(0);
    insta::assert_snapshot!(ran.transcript());
}

/// The small landing zone with a stack in every account of a unit.
fn deployed() -> String {
    format!("{SMALL}blueprints: [{{use: ssm-session-manager, on: [Workloads]}}]\n")
}

#[test]
fn a_deep_report_says_what_it_costs_and_names_what_was_changed_in_an_account() {
    let desk = Desk::applied(&deployed());
    let shallow = desk.run(&["drift", "lz", "--sandbox", "world"]);
    shallow.expect_code(0);
    assert!(shallow.stdout.contains("not checked"), "{}", shallow.transcript());
    let accounts = desk.list("ListAccounts", "Accounts", json!({}));
    let shop = accounts.iter().find(|account| account["Name"] == "shop-prod").unwrap();
    let document = json!({"Name": "SSM-SessionManagerRunShell"}).to_string();
    let call = ["sandbox", "call", "ssm", "DeleteDocument", &document, "--sandbox", "world"];
    let of_account = ["--as", shop["Id"].as_str().unwrap(), "--region", "eu-west-1"];
    desk.run(&[call.as_slice(), of_account.as_slice()].concat()).expect_code(0);
    let ran = desk.run(&["drift", "lz", "--sandbox", "world", "--deep"]);
    ran.expect_code(2);
    insta::assert_snapshot!(ran.transcript());
    let json = desk.run(&["drift", "lz", "--sandbox", "world", "--deep", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let stack = &json["stacks"][0];
    assert_eq!((&stack["name"], &stack["region"]), (&json!("shop-prod"), &json!("eu-west-1")));
    assert_eq!(stack["resources"][0]["state"], "deleted");
    assert_eq!(json["unlisted"], serde_json::Value::Null);
}
