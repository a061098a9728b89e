//! `account show`, and an account that is frozen.

use crate::desk::{Desk, SMALL};

#[test]
fn an_account_is_shown_with_all_that_applies_to_it() {
    let desk = Desk::with(SMALL);
    let ran = desk.run(&["account", "show", "shop-prod", "lz"]);
    ran.expect_code(0);
    insta::assert_snapshot!(ran.transcript());
    let json = desk.run(&["account", "show", "shop-prod", "lz", "--json"]);
    json.expect_code(0);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["account"]["unit"], "Workloads/Prod");
}

#[test]
fn a_name_that_is_no_account_is_invalid_input_with_the_nearest_name() {
    let desk = Desk::with(SMALL);
    let ran = desk.run(&["account", "show", "shop-prd", "lz"]);
    ran.expect_code(3);
    assert!(ran.stderr.contains("did you mean `shop-prod`"), "{}", ran.stderr);
}

#[test]
fn a_frozen_account_is_shown_as_aws_has_it_and_with_what_hands_undid() {
    let frozen = SMALL.replace(r#"shop-prod: {tags"#, r#"shop-prod: {quarantine: true, tags"#);
    let desk = Desk::applied(&frozen);
    let as_wanted =
        desk.run(&["account", "show", "shop-prod", "lz", "--sandbox", "world", "--against", "aws"]);
    as_wanted.expect_code(0);
    insta::assert_snapshot!(as_wanted.transcript());
    let accounts = desk.list("ListAccounts", "Accounts", serde_json::json!({}));
    let account = accounts.iter().find(|one| one["Name"] == "shop-prod").unwrap()["Id"].clone();
    let policy = desk.policy_id("glidepath-quarantine");
    desk.call("DetachPolicy", &serde_json::json!({"PolicyId": policy, "TargetId": account}));
    let undone = desk.run(&["account", "show", "shop-prod", "lz", "--sandbox", "world", "--against", "aws"]);
    undone.expect_code(2);
    assert!(
        undone.stdout.contains("missing  attachment/scp/glidepath-quarantine@account/shop-prod"),
        "{}",
        undone.stdout
    );
}
