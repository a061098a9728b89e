//! `permissions`.

use crate::access::PEOPLE;
use crate::desk::{Desk, SMALL};
use std::collections::BTreeSet;

fn policy(which: &str) -> serde_json::Value {
    let ran = Desk::with(SMALL).run(&["permissions", which, "lz"]);
    ran.expect_code(0);
    serde_json::from_str(&ran.stdout).unwrap()
}

fn actions(policy: &serde_json::Value) -> BTreeSet<String> {
    let texts = |value: &serde_json::Value| match value {
        serde_json::Value::String(one) => vec![one.clone()],
        other => serde_json::from_value(other.clone()).unwrap(),
    };
    policy["Statement"].as_array().unwrap().iter().flat_map(|statement| texts(&statement["Action"])).collect()
}

#[test]
fn a_plan_role_can_change_nothing() {
    for action in actions(&policy("plan")) {
        let verb = action.split_once(':').unwrap().1;
        assert!(["Describe", "Detect", "List", "Get"].iter().any(|read| verb.starts_with(read)), "{action}");
    }
}

#[test]
fn an_apply_role_can_do_all_that_a_plan_role_can_and_no_wildcard_stands_for_an_action() {
    let (plan, apply) = (actions(&policy("plan")), actions(&policy("apply")));
    assert!(apply.is_superset(&plan) && apply.len() > plan.len());
    assert!(apply.iter().all(|action| !action.contains('*')));
}

const KEYS: &str = "keys:\n  logs: {account: log-archive, regions: [eu-west-1]}\n";

#[test]
fn keys_take_the_role_of_their_account_and_those_of_the_management_account_their_own_rights() {
    let policy = |keys: &str| {
        let ran = Desk::with(&format!("{SMALL}{keys}")).run(&["permissions", "plan", "lz"]);
        ran.expect_code(0);
        serde_json::from_str::<serde_json::Value>(&ran.stdout).unwrap()
    };
    let member = policy(KEYS);
    let enter = &member["Statement"][1];
    assert_eq!(enter["Action"], "sts:AssumeRole");
    assert_eq!(enter["Resource"][0], "arn:aws:iam::*:role/OrganizationAccountAccessRole");
    assert!(actions(&member).iter().all(|action| !action.starts_with("kms:")));
    let own = actions(&policy(&KEYS.replace("log-archive", "acme-root")));
    assert!(own.contains("kms:DescribeKey") && !own.contains("kms:CreateKey"), "{own:?}");
    assert!(!own.contains("sts:AssumeRole"));
}

/// The actions behind the calls of a run, by the operations table's rule that an action has its
/// operation's name.
fn called(desk: &Desk, recorded: &str) -> BTreeSet<String> {
    let calls = desk.read(recorded);
    let calls = calls.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let named = calls.map(|call| {
        let (service, operation) = (call["service"].as_str().unwrap(), call["operation"].as_str().unwrap());
        let service = service.replace("tagging", "tag").replace("sso-admin", "sso");
        format!("{service}:{operation}")
    });
    named.filter(|action| action != "sts:GetCallerIdentity").collect()
}

#[test]
fn every_call_of_a_run_is_allowed_by_its_policy() {
    let desk = Desk::with(SMALL);
    desk.run(&["plan", "lz", "--sandbox", "world", "--record", "plan.jsonl"]).expect_code(0);
    desk.run(&["apply", "lz", "--sandbox", "world", "--yes", "--record", "apply.jsonl"]).expect_code(0);
    for which in ["plan", "apply"] {
        let (called, allowed) = (called(&desk, &format!("{which}.jsonl")), actions(&policy(which)));
        let denied: Vec<&String> = called.difference(&allowed).collect();
        assert!(called.len() > 5 && denied.is_empty(), "{which}: {denied:?}");
    }
}

#[test]
fn every_call_for_people_is_allowed_by_its_policy_and_none_without_people() {
    let people = format!("{SMALL}{PEOPLE}");
    let desk = Desk::with(&people);
    desk.run(&["plan", "lz", "--sandbox", "world", "--record", "plan.jsonl"]).expect_code(0);
    desk.run(&["apply", "lz", "--sandbox", "world", "--yes", "--record", "apply.jsonl"]).expect_code(0);
    for which in ["plan", "apply"] {
        let ran = desk.run(&["permissions", which, "lz"]);
        let allowed = actions(&serde_json::from_str(&ran.stdout).unwrap());
        let called = called(&desk, &format!("{which}.jsonl"));
        let denied: Vec<&String> = called.difference(&allowed).collect();
        assert!(called.contains("sso:ListInstances") && denied.is_empty(), "{which}: {denied:?}");
        let of_people = |action: &&String| action.starts_with("sso:") || action.starts_with("identitystore:");
        assert_eq!(actions(&policy(which)).iter().find(of_people), None);
    }
}

#[test]
fn a_directory_of_others_is_never_written() {
    let external = "identity: {permissionSets: {Admin: {managed: [AdministratorAccess]}}}\n";
    let ran = Desk::with(&format!("{SMALL}{external}")).run(&["permissions", "apply", "lz"]);
    let allowed = actions(&serde_json::from_str(&ran.stdout).unwrap());
    assert!(allowed.contains("identitystore:GetGroupId") && !allowed.contains("identitystore:CreateGroup"));
    assert!(!allowed.contains("iam:CreateRole"), "nobody gets into the management account");
}

#[test]
fn changes_are_allowed_in_this_organization_only() {
    insta::assert_snapshot!(serde_json::to_string_pretty(&policy("apply")).unwrap());
}

#[test]
fn accounts_that_are_asked_for_what_they_have_once_are_entered_and_the_management_account_has_its_own_rights()
{
    let with = |on: &str| format!("{SMALL}blueprints: [{{use: ssm-session-manager, on: [{on}]}}]\n");
    let policy = |text: &str| {
        let ran = Desk::with(text).run(&["permissions", "plan", "lz"]);
        ran.expect_code(0);
        serde_json::from_str::<serde_json::Value>(&ran.stdout).unwrap()
    };
    let named = |policy: &serde_json::Value, sid: &str| {
        policy["Statement"].as_array().unwrap().iter().find(|one| one["Sid"] == sid).cloned()
    };
    let (nothing, members, own) =
        (policy(SMALL), policy(&with("Workloads")), policy(&with("account/acme-root")));
    assert!(!actions(&nothing).iter().any(|action| action.starts_with("ssm:")));
    assert_eq!(named(&nothing, "EnterAccounts"), None);
    let entered = named(&members, "EnterAccounts").unwrap();
    assert_eq!(entered["Resource"], serde_json::json!(["arn:aws:iam::*:role/OrganizationAccountAccessRole"]));
    assert_eq!(named(&members, "Singletons"), None);
    assert_eq!(named(&own, "EnterAccounts"), None);
    assert!(actions(&own).contains("ssm:GetDocument") && !actions(&own).contains("ssm:DeleteDocument"));
}
