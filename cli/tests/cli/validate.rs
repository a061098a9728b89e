//! `validate`, `explain-code` and `schema`.

use crate::desk::{Desk, SMALL};

/// Ten different mistakes, each of its own kind.
const TEN_MISTAKES: &str = r#"
glidepath: 1
organization:
  name: acme
  management: {name: acme-root, id: "1111"}
  home: eu-moon-1
  regions: [eu-west-1]
  email: aws+account@example.com
units:
  Security: {accounts: {log-archive: {email: one@example.com}, audit: {email: One@example.com}}}
  Workloads: {accounts: {log-archive: }, colour: red}
policies:
  a: {type: spc, on: [Workloads], document: {}}
  b: {type: scp, on: [Worklods], document: {Version: "2012-10-17", Statement: []}}
  c: {type: scp, on: [Workloads], file: ../outside.json}
trustedAccess: [guardduty]
safety: {removals: {percent: 130}}
"#;

#[test]
fn a_manifest_with_ten_different_mistakes_shows_all_ten() {
    let ran = Desk::with(TEN_MISTAKES).run(&["validate", "lz", "--format", "short"]);
    ran.expect_code(3);
    insta::assert_snapshot!(ran.transcript());
    let mut codes: Vec<&str> =
        ran.stdout.lines().filter_map(|line| Some(line.split_once('[')?.1.split_once(']')?.0)).collect();
    codes.sort_unstable();
    codes.dedup();
    assert!(codes.len() >= 8 && ran.stdout.lines().count() >= 10, "{codes:?}");
}

#[test]
fn a_complaint_shows_the_line_and_the_nearest_name() {
    let desk = Desk::with(&SMALL.replace("on: [Workloads, Sandbox]", "on: [Worklods, Sandbox]"));
    let ran = desk.run(&["validate", "lz"]);
    ran.expect_code(3);
    insta::assert_snapshot!(ran.transcript());
}

#[test]
fn a_valid_manifest_is_counted() {
    let ran = Desk::with(SMALL).run(&["validate", "lz"]);
    ran.expect_code(0);
    insta::assert_snapshot!(ran.transcript());
}

#[test]
fn complaints_as_json_have_a_version() {
    let ran = Desk::with(TEN_MISTAKES).run(&["validate", "lz", "--json"]);
    ran.expect_code(3);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["format_version"], 1);
    assert!(json["diagnostics"].as_array().unwrap().len() >= 10);
}

#[test]
fn a_manifest_that_is_not_there_is_invalid_input() {
    let ran = Desk::empty().run(&["plan", "nowhere", "--sandbox", "world"]);
    ran.expect_code(3);
    insta::assert_snapshot!(ran.transcript());
}

#[test]
fn a_code_is_explained_whatever_its_case() {
    let ran = Desk::empty().run(&["explain-code", "gp0107"]);
    ran.expect_code(0);
    insta::assert_snapshot!(ran.transcript());
    Desk::empty().run(&["explain-code", "GP9999"]).expect_code(3);
}

#[test]
fn the_schema_is_a_json_schema() {
    let ran = Desk::empty().run(&["schema"]);
    ran.expect_code(0);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert!(json["$schema"].as_str().unwrap().contains("json-schema.org"));
}
