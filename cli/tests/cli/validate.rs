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

/// A policy from a file, one in the manifest, and a guardrail of one's own, each with a slip that the linter sees.
fn with_slips(small: &str, document: &str) -> Desk {
    let policies = "policies:\n  from-file: {type: scp, file: policies/from-file.json, on: [Workloads]}\n";
    let guardrails = "guardrails:\n  - {use: ./guardrails/no-brewing.yaml, on: [Workloads]}\n";
    let manifest = small.replace("policies:\n", policies);
    let desk = Desk::with(&format!("{manifest}{guardrails}"));
    desk.write("lz/policies/from-file.json", document);
    desk.write("lz/guardrails/no-brewing.yaml", NO_BREWING);
    desk
}

const NO_BREWING: &str = r#"
id: no-brewing
title: Nobody brews coffee
area: 2
service: IoT
severity: low
behaviour: preventive
mechanism: scp
rationale: >-
  Coffee that is brewed by whoever holds a role cannot be accounted for, and an unattended machine in a data
  centre is a fire that waits for its day. Nobody in a landing zone has to brew any.
policy:
  Version: 2012-10-17
  Statement:
    - {Sid: Brewing, Effect: Deny, Action: [iot:BrewCoffee, iot:CreateThing], Resource: "*", exempt: false}
exceptions: condition
sources: [https://docs.aws.amazon.com/iot/latest/developerguide/what-is-aws-iot.html]
cases:
  - {says: no thing is made, expect: denied, as: developer, action: iot:CreateThing}
  - {says: things can still be looked at, expect: allowed, as: developer, action: iot:DescribeThing}
"#;

#[test]
fn what_the_linter_finds_is_told_where_it_stands() {
    let document = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": {\n    \"Effect\": \"Deny\",\n    \"Action\": \"s3:PutBucketAkl\",\n    \"Resource\": \"*\",\n    \"Condition\": {\"StringNotEquals\": {\"aws:SourceVpce\": \"vpce-0a1b2c3d\"}}\n  }\n}\n";
    let refused = SMALL.replace("DenyRootUser", "Deny-Root-User");
    let ran = with_slips(&refused, document).run(&["validate", "lz", "--format", "short"]);
    insta::assert_snapshot!(ran.transcript());
    ran.expect_code(3);
    // Without what AWS refuses there are warnings, and those do not fail.
    let ran = with_slips(SMALL, document).run(&["validate", "lz"]);
    ran.expect_code(0);
    assert!(ran.stdout.contains("warning[GP0802]") && ran.stdout.contains("note[GP0803]"), "{}", ran.stdout);
}
