//! Settings of accounts at the command line: planned, shown, set, found changed.

use crate::desk::{Desk, SMALL};
use std::collections::BTreeSet;

const SETTINGS: &str = r#"accountSettings:
  - on: [Workloads]
    passwordPolicy: {minimumLength: 14, symbols: true}
    ebsEncryption: true
    s3PublicAccessBlock: true
    defaultVpc: absent
"#;

fn with_settings() -> String {
    let head = "  contacts: {security: {name: Security Team, title: CISO, email: sec@example.com, phone: \"+1 555 0100\"}}\nunits:\n";
    format!("{}{SETTINGS}", SMALL.replacen("units:\n", head, 1).trim_start_matches('\n'))
}

#[test]
fn a_plan_shows_each_setting_and_what_goes_with_a_default_vpc() {
    let desk = Desk::applied(SMALL);
    desk.write("lz/landing-zone.yaml", &with_settings());
    let planned = desk.run(&["plan", "lz", "--sandbox", "world"]);
    planned.expect_code(0);
    insta::assert_snapshot!(planned.transcript());
    let refused = desk.run(&["apply", "lz", "--sandbox", "world", "--yes"]);
    refused.expect_code(4);
    assert!(refused.stderr.contains("--allow default-vpc-delete"), "{}", refused.stderr);
    let consent = ["apply", "lz", "--sandbox", "world", "--yes", "--allow", "default-vpc-delete"];
    desk.run(&consent).expect_code(0);
    desk.run(&["plan", "lz", "--sandbox", "world", "--detailed-exitcode"]).expect_code(0);
}

#[test]
fn the_page_of_an_account_lists_its_settings_with_how_they_stand() {
    let desk = Desk::applied(SMALL);
    desk.write("lz/landing-zone.yaml", &with_settings());
    desk.run(&["apply", "lz", "--sandbox", "world", "--yes", "--allow", "default-vpc-delete"]).expect_code(0);
    let accounts = desk.list("ListAccounts", "Accounts", serde_json::json!({}));
    let shop = accounts.iter().find(|one| one["Name"] == "shop-prod").unwrap()["Id"].clone();
    let by_hand = ["sandbox", "call", "ec2", "DisableEbsEncryptionByDefault", "{}", "--sandbox", "world"];
    let as_shop = ["--as", shop.as_str().unwrap(), "--region", "eu-west-1"];
    desk.run(&[by_hand.as_slice(), &as_shop].concat()).expect_code(0);
    let shown = desk.run(&["account", "show", "shop-prod", "lz", "--sandbox", "world", "--against", "aws"]);
    shown.expect_code(2);
    insta::assert_snapshot!(shown.transcript());
    let drift = desk.run(&["drift", "lz", "--sandbox", "world"]);
    drift.expect_code(2);
    assert!(drift.stdout.contains("settings/shop-prod"), "{}", drift.stdout);
}

fn actions(which: &str, manifest: &str) -> BTreeSet<String> {
    let ran = Desk::with(manifest).run(&["permissions", which, "lz"]);
    ran.expect_code(0);
    let policy: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let statements = policy["Statement"].as_array().unwrap();
    let texts = |value: &serde_json::Value| match value {
        serde_json::Value::String(one) => vec![one.clone()],
        other => serde_json::from_value(other.clone()).unwrap(),
    };
    statements.iter().flat_map(|statement| texts(&statement["Action"])).collect()
}

#[test]
fn each_role_is_told_only_what_it_does_for_settings() {
    let manifest = with_settings();
    let member = actions("member", &manifest);
    for action in ["iam:UpdateAccountPasswordPolicy", "ec2:DeleteVpc", "s3:PutAccountPublicAccessBlock"] {
        assert!(member.contains(action), "{action}: {member:?}");
    }
    // Contacts of members are written by the management account.
    assert!(
        !member.contains("account:PutAlternateContact") && member.contains("account:GetAlternateContact")
    );
    let apply = actions("apply", &manifest);
    assert!(apply.contains("account:PutAlternateContact") && apply.contains("sts:AssumeRole"));
    assert!(apply.iter().all(|action| !action.starts_with("ec2:")), "{apply:?}");
    let plan = actions("plan", &manifest);
    assert!(!plan.contains("account:PutAlternateContact"));
    assert_eq!(actions("member", SMALL), BTreeSet::new());
    assert!(actions("apply", SMALL).iter().all(|action| !action.starts_with("account:")));
}

#[test]
fn two_owners_of_one_setting_are_told_with_both_places() {
    let entry = "accountSettings: [{on: [Workloads], serialConsole: false}]\n";
    let guardrail = "guardrails: [{use: ec2-serial-console-off, on: [/]}]\n";
    let ran = Desk::with(&format!("{SMALL}{entry}{guardrail}")).run(&["validate", "lz"]);
    ran.expect_code(3);
    insta::assert_snapshot!(ran.transcript());
}
