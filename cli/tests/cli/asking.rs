//! `explain` and `test`: questions about rights, answered by the manifest, by AWS and by a plan.

use crate::desk::{Desk, SMALL};

const LEAVE: [&str; 6] = [
    "--principal",
    "role/developer",
    "--account",
    "shop-prod",
    "--action",
    "organizations:LeaveOrganization",
];

fn explain(desk: &Desk, more: &[&str]) -> crate::desk::Ran {
    desk.run(&[&["explain", "lz"], LEAVE.as_slice(), more].concat())
}

#[test]
fn a_denial_names_level_statement_and_line_of_the_manifest() {
    let desk = Desk::with(SMALL);
    let ran = explain(&desk, &[]);
    ran.expect_code(0);
    insta::assert_snapshot!(ran.transcript());
}

#[test]
fn the_answer_is_also_json() {
    let desk = Desk::with(SMALL);
    let ran = explain(&desk, &["--json"]);
    ran.expect_code(0);
    let answer: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(answer["decision"], "ExplicitlyDenied");
    assert_eq!(answer["stops"][0]["denied_by"]["policy"], "deny-leaving");
    assert_eq!(answer["stops"][0]["remedies"][0]["place"], "lz/landing-zone.yaml:17:3");
}

#[test]
fn aws_and_a_plan_can_be_asked_too() {
    let desk = Desk::applied(SMALL);
    let sandbox = ["--sandbox", "world"];
    let policy = desk.policy_id("deny-leaving");
    let unit = desk.unit_id("Workloads");
    desk.call("DetachPolicy", &serde_json::json!({"PolicyId": policy, "TargetId": unit}));
    let now = explain(&desk, &[&["--against", "aws"], sandbox.as_slice()].concat());
    now.expect_code(0);
    assert!(now.stdout.starts_with("Allowed (as AWS is)"), "{}", now.stdout);
    desk.run(&[&["plan", "lz", "-o", "plan.json"], sandbox.as_slice()].concat()).expect_code(0);
    let then = explain(&desk, &[&["--against", "plan.json"], sandbox.as_slice()].concat());
    then.expect_code(0);
    assert!(then.stdout.starts_with("Denied (as AWS is once `plan.json` is applied)"), "{}", then.stdout);
}

#[test]
fn a_guardrail_that_stops_a_request_is_named_with_its_line() {
    let manifest = format!(
        "{SMALL}\nguardrails:\n  - {{use: guardduty-protect, on: [Sandbox]}}\n  - {{use: iam-protect-platform-roles, on: [Sandbox]}}\n"
    );
    let desk = Desk::with(&manifest);
    let asked = ["--principal", "user/maria", "--account", "play", "--action", "guardduty:DeleteDetector"];
    let ran = desk.run(&[&["explain", "lz"], asked.as_slice()].concat());
    ran.expect_code(0);
    assert!(ran.stdout.contains("- guardrail guardduty-protect (lz/landing-zone.yaml:"), "{}", ran.stdout);
}

#[test]
fn a_question_that_cannot_be_asked_is_invalid_input() {
    let desk = Desk::with(SMALL);
    let ask = |principal: &str, account: &str, action: &str| {
        let asked = ["--principal", principal, "--account", account, "--action", action];
        let ran = desk.run(&[&["explain", "lz"], asked.as_slice()].concat());
        ran.expect_code(3);
        ran.stderr
    };
    assert!(ask("role/x", "shop-prd", "s3:GetObject").contains("did you mean `shop-prod`?"));
    assert!(ask("nobody", "shop-prod", "s3:GetObject").contains("`nobody` is no principal"));
    assert!(ask("role/x", "shop-prod", "GetObject").contains("is no action"));
    let ran = desk.run(&["explain", "lz", "--principal", "role/x", "--action", "s3:GetObject"]);
    ran.expect_code(3);
    assert!(ran.stderr.contains("is in no account"), "{}", ran.stderr);
    let ran = explain(&desk, &["--against", "no-such-plan.json", "--sandbox", "world"]);
    ran.expect_code(3);
}

const EXPECTATIONS: &str = "\
expectations:
  - says: nobody leaves
    expect: denied
    on: [Workloads, Sandbox]
    as: role/developer
    action: organizations:LeaveOrganization
  - says: root may look
    expect: allowed
    on: [Workloads]
    as: root
    action: s3:ListAllMyBuckets
  - says: the archive may leave <&>
    expect: denied
    on: [account/log-archive]
    as: role/developer
    action: organizations:LeaveOrganization
";

#[test]
fn expectations_are_checked_in_every_account_and_told_with_their_reasons() {
    let desk = Desk::with(SMALL);
    desk.write("lz/expectations/rights.yaml", EXPECTATIONS);
    let ran = desk.run(&["test", "--manifest", "lz", "--junit", "report.xml"]);
    ran.expect_code(1);
    insta::assert_snapshot!(format!("{}\n--- report.xml\n{}", ran.transcript(), desk.read("report.xml")));
    let json = desk.run(&["test", "--manifest", "lz", "--json"]);
    let answer: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!((&answer["failed"], &answer["asked"]), (&2.into(), &4.into()));
}

#[test]
fn expectations_that_are_not_there_or_wrong_are_invalid_input() {
    let desk = Desk::with(SMALL);
    let ran = desk.run(&["test", "--manifest", "lz"]);
    ran.expect_code(3);
    assert!(ran.stderr.contains("there is no folder"), "{}", ran.stderr);
    desk.write("e.yaml", "expectations: [{says: x, expect: no, as: role/x, action: s3:GetObject}]");
    desk.run(&["test", "--manifest", "lz", "e.yaml"]).expect_code(3);
}

#[test]
fn an_expectation_that_reaches_no_account_does_not_hold() {
    let desk = Desk::with(&SMALL.replace("Sandbox: {accounts: {play: }}", "Sandbox:"));
    desk.write(
        "e.yaml",
        "expectations: [{says: x, expect: denied, on: [Sandbox], as: role/x, action: s3:GetObject}]",
    );
    let ran = desk.run(&["test", "--manifest", "lz", "e.yaml"]);
    ran.expect_code(1);
    assert!(ran.stdout.contains("it reaches no account"), "{}", ran.stdout);
}
