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
