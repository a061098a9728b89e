//! `sandbox`.

use crate::desk::{Desk, SMALL, Served};

#[test]
fn a_sandbox_is_shown_as_a_tree() {
    let ran = Desk::applied(SMALL).run(&["sandbox", "show", "--sandbox", "world"]);
    ran.expect_code(0);
    insta::assert_snapshot!(ran.transcript());
}

#[test]
fn a_call_that_aws_refuses_fails_and_tells_the_code() {
    let desk = Desk::applied(SMALL);
    let request = r#"{"PolicyId":"p-examplepolicyid"}"#;
    let ran =
        desk.run(&["sandbox", "call", "organizations", "DescribePolicy", request, "--sandbox", "world"]);
    ran.expect_code(1);
    assert!(ran.stderr.contains("PolicyNotFoundException"), "{}", ran.transcript());
}

#[test]
fn a_call_that_nobody_knows_is_invalid_input() {
    let desk = Desk::applied(SMALL);
    for arguments in [["organizations", "Frobnicate", "{}"], ["organizations", "ListRoots", "{"]] {
        desk.run(&[&["sandbox", "call", "--sandbox", "world"], &arguments[..]].concat()).expect_code(3);
    }
    desk.run(&["sandbox", "call", "organizations", "ListRoots"]).expect_code(3);
    desk.run(&["sandbox", "show", "--sandbox", "nowhere"]).expect_code(3);
}

#[test]
fn a_sandbox_that_was_reset_is_gone() {
    let desk = Desk::applied(SMALL);
    desk.run(&["sandbox", "reset", "--sandbox", "world"]).expect_code(0);
    desk.run(&["plan", "lz", "--sandbox", "world", "--detailed-exitcode"]).expect_code(2);
}

#[test]
fn the_operations_are_listed_with_their_errors() {
    let ran = Desk::empty().run(&["sandbox", "operations", "--json"]);
    ran.expect_code(0);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["format_version"], 1);
    let all = json["operations"].as_array().unwrap();
    let create = all.iter().find(|row| row["operation"] == "CreatePolicy").unwrap();
    assert!(create["errors"].as_array().unwrap().contains(&"MalformedPolicyDocumentException".into()));
}

#[test]
fn a_sandbox_has_one_process_at_a_time() {
    let desk = Desk::applied(SMALL);
    let _served = Served::start(&desk, &[]);
    let ran = desk.run(&["plan", "lz", "--sandbox", "world"]);
    ran.expect_code(4);
    assert!(ran.stderr.contains("sandbox serve"), "{}", ran.transcript());
}

#[test]
fn calls_are_recorded_without_secrets() {
    let desk = Desk::with(SMALL);
    desk.run(&["plan", "lz", "--sandbox", "world", "--record", "calls.jsonl"]).expect_code(0);
    let recorded = desk.read("calls.jsonl");
    assert!(recorded.lines().count() > 3);
    assert!(recorded.contains("DescribeOrganization") && !recorded.contains("AKIASANDBOX"));
}
