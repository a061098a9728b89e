//! `access`, and what the other verbs say of who may sign in.

use crate::desk::{Desk, SMALL};
use serde_json::Value;

/// The small landing zone, with people in it.
pub(crate) const PEOPLE: &str = r#"
identity:
  directory: managed
  permissionSets:
    Admin: {managed: [AdministratorAccess], session: 4h}
    Deployer:
      description: Puts artifacts into place
      inline:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Action: ["s3:PutObject", "organizations:LeaveOrganization"], Resource: "*"}
      boundary: {managed: PowerUserAccess}
      session: 1h30m
  groups:
    platform: {members: [anna]}
    shop: {members: [bela]}
  users:
    anna: {given: Anna, family: Example, email: anna@example.com}
    bela: {given: Bela, family: Example}
  assignments:
    - {group: platform, permissionSet: Admin, on: [/, account/acme-root]}
    - {group: shop, permissionSet: Deployer, on: [Workloads]}
    - {user: bela, permissionSet: Deployer, on: [account/play], until: 2027-06-30}
"#;

fn people() -> String {
    format!("{SMALL}{PEOPLE}")
}

#[test]
fn who_may_sign_in_to_an_account_is_told_with_what_guardrails_leave_of_it() {
    let ran = Desk::with(&people()).run(&[
        "access",
        "who",
        "--account",
        "shop-prod",
        "lz",
        "--today",
        "2027-01-04",
    ]);
    ran.expect_code(0);
    insta::assert_snapshot!(ran.transcript());
}

#[test]
fn where_somebody_may_sign_in_is_told_by_groups_too_and_the_same_as_aws_is() {
    let desk = Desk::applied(&people());
    let by_manifest = desk.run(&["access", "of", "bela", "lz", "--today", "2027-01-04"]);
    by_manifest.expect_code(0);
    insta::assert_snapshot!(by_manifest.transcript());
    let by_aws = desk.run(&[
        "access",
        "of",
        "bela",
        "lz",
        "--today",
        "2027-01-04",
        "--against",
        "aws",
        "--sandbox",
        "world",
    ]);
    by_aws.expect_code(0);
    assert_eq!(by_aws.stdout, by_manifest.stdout.replace("by the manifest", "as AWS is"));
}

#[test]
fn the_answer_as_json_has_a_version() {
    let ran = Desk::with(&people()).run(&["access", "of", "platform", "lz", "--json"]);
    ran.expect_code(0);
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["format_version"], 1);
    assert_eq!(json["signIns"][0]["signIn"]["permissionSet"], "Admin");
    assert_eq!(json["signIns"][0]["granted"]["policies"][0], "AdministratorAccess");
}

#[test]
fn a_name_that_is_nobody_s_is_told_with_the_nearest() {
    let desk = Desk::with(&people());
    for (arguments, near) in [
        (["of", "platfrm", "lz"].as_slice(), "platform"),
        (&["who", "--account", "shop-prd", "lz"], "shop-prod"),
    ] {
        let ran = desk.run(&[&["access"], arguments].concat());
        ran.expect_code(3);
        assert!(ran.stderr.contains(&format!("did you mean `{near}`?")), "{}", ran.stderr);
    }
}

#[test]
fn what_somebody_really_reaches_is_compared_with_what_the_manifest_promises() {
    let desk = Desk::applied(&people());
    let check = ["access", "check", "--user", "bela", "lz", "--sandbox", "world", "--today", "2027-01-04"];
    let ran = desk.run(&check);
    ran.expect_code(0);
    insta::assert_snapshot!(ran.transcript());
    desk.write(
        "lz/landing-zone.yaml",
        &people()
            .replace("permissionSet: Deployer, on: [Workloads]", "permissionSet: Deployer, on: [Security]"),
    );
    let ran = desk.run(&check);
    ran.expect_code(2);
    insta::assert_snapshot!(ran.transcript());
}

#[test]
fn a_plan_of_people_is_readable() {
    let ran = Desk::with(&people()).run(&["plan", "lz", "--sandbox", "world", "--today", "2027-01-04"]);
    ran.expect_code(0);
    insta::assert_snapshot!(ran.transcript());
}

#[test]
fn drift_says_that_access_is_overdue() {
    let desk = Desk::applied(&people());
    let ran = desk.run(&["drift", "lz", "--sandbox", "world", "--today", "2027-07-01"]);
    ran.expect_code(2);
    insta::assert_snapshot!(ran.transcript());
}

#[test]
fn a_deep_look_tells_its_cost_and_finds_whoever_nobody_promised_anything() {
    let external = format!(
        "{SMALL}{}",
        "identity: {permissionSets: {Admin: {managed: [AdministratorAccess]}}, assignments: [{group: platform, permissionSet: Admin, on: [/]}]}\n"
    );
    let desk = Desk::applied(&people());
    desk.write("lz/landing-zone.yaml", &external);
    desk.run(&["apply", "lz", "--sandbox", "world", "--yes", "--allow", "access-revoke"]).expect_code(0);
    let ran = desk.run(&["drift", "lz", "--sandbox", "world", "--deep"]);
    ran.expect_code(0);
    insta::assert_snapshot!(ran.transcript());
}

#[test]
fn without_an_instance_doctor_and_plan_say_what_to_do() {
    let desk = Desk::with(&people());
    desk.run(&["plan", "lz", "--sandbox", "world"]).expect_code(0);
    // Enabled elsewhere than the manifest says.
    desk.write("lz/landing-zone.yaml", &people().replace("identity:\n", "identity:\n  region: us-east-1\n"));
    for verb in ["plan", "doctor"] {
        let ran = desk.run(&[verb, "lz", "--sandbox", "world"]);
        assert_ne!(ran.code, Some(0), "{verb}");
        assert!(ran.stdout.contains("IAM Identity Center is not enabled in us-east-1"), "{}", ran.stdout);
        assert!(ran.stdout.contains("choose Enable"), "{}", ran.stdout);
    }
}

#[test]
fn access_that_is_taken_away_in_bulk_is_gated() {
    let desk = Desk::applied(&people());
    desk.write("lz/landing-zone.yaml", &people().replace("on: [/, account/acme-root]", "on: [account/play]"));
    let ran = desk.run(&["apply", "lz", "--sandbox", "world", "--yes"]);
    ran.expect_code(4);
    assert!(ran.stdout.contains("access-revoke"), "{}", ran.stdout);
    desk.run(&["apply", "lz", "--sandbox", "world", "--yes", "--allow", "access-revoke"]).expect_code(0);
}

#[test]
fn who_signs_in_is_asked_of_aws_without_looking_at_stacks_and_keys() {
    let deployed = format!("{}\nblueprints:\n  - {{use: ssm-session-manager, on: [Workloads]}}\n", people());
    let desk = Desk::applied(&deployed);
    let asked = ["access", "who", "--account", "shop-prod", "lz", "--against", "aws", "--sandbox", "world"];
    desk.run(&[asked.as_slice(), &["--record", "asked.jsonl"]].concat()).expect_code(0);
    let recorded = desk.read("asked.jsonl");
    assert!(recorded.contains("\"sso-admin\""), "{recorded}");
    for service in ["\"cloudformation\"", "\"kms\"", "\"account\""] {
        assert!(!recorded.contains(service), "{service}");
    }
}

/// An account that leaves: with consent missing, all but its closing is done, and the exit code is that of the rest.
#[test]
fn an_account_that_leaves_is_frozen_and_closed_only_by_its_own_consent() {
    let desk = Desk::applied(&people());
    let leaving = people().replace("{accounts: {play: }}", "{accounts: {play: {close: true}}}");
    assert_ne!(leaving, people());
    desk.write("lz/landing-zone.yaml", &leaving);
    let first = desk.run(&["apply", "lz", "--sandbox", "world", "--yes", "--json"]);
    first.expect_code(0);
    let receipt: Value = serde_json::from_str(&first.stdout).unwrap();
    assert_eq!(receipt["receipt"]["held"][0]["address"], "account/play");
    let again = desk.run(&["apply", "lz", "--sandbox", "world", "--yes"]);
    again.expect_code(0);
    assert!(
        again.stdout.contains("waits: update account/play: only with `--allow-close`"),
        "{}",
        again.stdout
    );
    let left = desk.run(&["plan", "lz", "--sandbox", "world"]);
    assert!(left.stdout.contains("until it is applied with `--allow-close`"), "{}", left.transcript());
    desk.run(&["apply", "lz", "--sandbox", "world", "--yes", "--allow-close"]).expect_code(0);
    let done = desk.run(&["plan", "lz", "--sandbox", "world"]);
    assert!(done.stdout.contains("nothing to do"), "{}", done.transcript());
}
