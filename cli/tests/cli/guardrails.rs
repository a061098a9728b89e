//! `guardrails`: the catalogue, and guardrails of one's own.

use crate::desk::{Desk, SMALL};
use std::fmt::Write as _;

#[test]
fn the_catalogue_is_listed_shown_and_tested() {
    let desk = Desk::empty();
    let listed = desk.run(&["guardrails", "list", "--json"]);
    listed.expect_code(0);
    let listed: serde_json::Value = serde_json::from_str(&listed.stdout).unwrap();
    let ids: Vec<&str> =
        listed["guardrails"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert!(ids.contains(&"org-deny-leave"), "{ids:?}");
    let shown = desk.run(&["guardrails", "show", "org-deny-leave"]);
    shown.expect_code(0);
    assert!(shown.stdout.contains("organizations:LeaveOrganization"), "{}", shown.stdout);
    let tested = desk.run(&["guardrails", "test"]);
    tested.expect_code(0);
    assert!(tested.stderr.contains("all pass"), "{}", tested.stderr);
    desk.run(&["guardrails", "search", "no", "such", "words"]).expect_code(0);
    let docs = desk.run(&["guardrails", "docs", "pages"]);
    docs.expect_code(0);
    assert!(desk.read("pages/org-deny-leave.md").contains("Accounts cannot leave"));
}

/// What the guardrails of the catalogue cannot guess.
const ASKED_FOR: &[(&str, &str)] = &[(
    "sts-restrict-oidc-providers",
    "allowed_oidc_subjects: {token.actions.example.com: [\"repo:example-org/*\"]}",
)];

#[test]
fn enterprise_with_every_preventive_guardrail_on_the_root_applies_and_plans_to_nothing() {
    let desk = Desk::empty();
    desk.copy_example("enterprise", "lz");
    let listed = desk.run(&["guardrails", "list", "--behaviour", "preventive", "--json"]);
    let listed: serde_json::Value = serde_json::from_str(&listed.stdout).unwrap();
    let ids: Vec<&str> =
        listed["guardrails"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert!(ids.len() > 90, "{}", ids.len());
    let mut section = "guardrails:\n".to_owned();
    for id in ids {
        let with = ASKED_FOR.iter().find(|(asked, _)| *asked == id);
        let with = with.map(|(_, values)| format!(", with: {{{values}}}")).unwrap_or_default();
        writeln!(section, "  - {{use: {id}, on: [/]{with}}}").unwrap();
    }
    desk.write("lz/guardrails.yaml", &section);
    // One policy of the organization now does what the example sets account by account.
    let settings = desk.read("lz/settings.yaml");
    let left: Vec<&str> = settings.lines().filter(|line| !line.contains("s3PublicAccessBlock")).collect();
    desk.write("lz/settings.yaml", &left.join("\n"));
    // No gate is opened but the one for new accounts: nobody who repairs is locked out.
    desk.run(&["apply", "lz", "--sandbox", "world", "--yes"]).expect_code(0);
    desk.run(&["plan", "lz", "--sandbox", "world", "--detailed-exitcode"]).expect_code(0);
}

#[test]
fn what_is_not_there_is_invalid_input_with_the_nearest_name() {
    let desk = Desk::empty();
    let ran = desk.run(&["guardrails", "show", "org-deny-leav"]);
    ran.expect_code(3);
    assert!(ran.stderr.contains("did you mean `org-deny-leave`"), "{}", ran.stderr);
    desk.run(&["guardrails", "list", "--severity", "dire"]).expect_code(3);
    desk.run(&["guardrails", "list", "--framework", "cis-99"]).expect_code(3);
    desk.run(&["guardrails", "test", "nowhere"]).expect_code(3);
}

#[test]
fn a_case_that_does_not_hold_fails_the_test_of_ones_own_guardrails() {
    let desk = Desk::empty();
    let file = "id: ours\ntitle: Nobody leaves\narea: 15\nservice: Organizations\nseverity: high\nbehaviour: preventive\n\
                mechanism: scp\nrationale: Ours.\npolicy:\n  Version: 2012-10-17\n  Statement:\n    - {Sid: Ours, Effect: Deny, \
                Action: \"organizations:LeaveOrganization\", Resource: \"*\", exempt: false}\nexceptions: condition\nframeworks: {}\n\
                sources: [https://docs.aws.amazon.com/organizations/latest/userguide/orgs_introduction.html]\ncases:\n  \
                - {says: it is denied, expect: denied, as: developer, action: \"organizations:LeaveOrganization\"}\n  \
                - {says: this one is wrong, expect: denied, as: developer, action: \"s3:GetObject\"}\n";
    desk.write("own/ours.yaml", file);
    let ran = desk.run(&["guardrails", "test", "own"]);
    ran.expect_code(1);
    assert!(ran.stdout.contains("this one is wrong"), "{}", ran.stdout);
}

#[test]
fn a_guardrail_of_the_manifest_is_applied_and_the_next_plan_is_empty() {
    let manifest = format!("{SMALL}\nguardrails:\n  - {{use: org-deny-leave, on: [Security]}}\n");
    let desk = Desk::applied(&manifest);
    let ran = desk.run(&["plan", "lz", "--sandbox", "world", "--detailed-exitcode"]);
    ran.expect_code(0);
    let world = desk.run(&["sandbox", "show", "--sandbox", "world"]);
    assert!(world.stdout.contains("guardrails-Security"), "{}", world.stdout);
}

#[test]
fn guard_rules_are_written_for_cfn_guard_with_their_cases() {
    let desk = Desk::empty();
    let ran = desk.run(&["guardrails", "export", "rules"]);
    ran.expect_code(0);
    let rules = desk.read("rules/cloudhsm-template-resilient.guard");
    assert!(rules.contains("HsmType in [\"hsm2m.medium\"]"), "{rules}");
    let template = desk.read("rules/cases/cloudhsm-template-resilient-02-fails.json");
    let template: serde_json::Value = serde_json::from_str(&template).unwrap();
    assert_eq!(template["Resources"]["Hsm"]["Type"], "AWS::CloudHSM::Cluster");
    assert_eq!(desk.read("rules/cases/cloudhsm-template-resilient-01-passes.guard"), rules);
    let tested = desk.run(&["guardrails", "test"]);
    tested.expect_code(0);
    assert!(tested.stderr.contains("all pass"), "{}", tested.stderr);
}

#[test]
fn what_a_manifest_detects_is_counted_and_planned_and_can_be_written() {
    let guardrails = "guardrails:\n  - {use: ebs-encrypted, on: [/]}\n  \
                      - {use: cloudhsm-template-resilient, on: [/], with: {allowed_hsm_types: [hsm3.medium]}}\n";
    let desk = Desk::with(&format!("{SMALL}\n{guardrails}"));
    let ran = desk.run(&["validate", "lz"]);
    ran.expect_code(0);
    assert!(ran.stderr.contains("2 Config rules in 1 pack, 1 Guard rule file"), "{}", ran.stderr);
    let planned = desk.run(&["plan", "lz", "--sandbox", "world"]);
    planned.expect_code(0);
    assert!(planned.stdout.contains("+ stack/glidepath-organization-"), "{}", planned.stdout);
    desk.run(&["guardrails", "export", "out", "--manifest", "lz"]).expect_code(0);
    assert!(desk.read("out/cloudhsm-template-resilient.guard").contains("[\"hsm3.medium\"]"));
    let packs: Vec<_> = std::fs::read_dir(desk.path("out/packs")).unwrap().collect();
    assert_eq!(packs.len(), 1);
}
