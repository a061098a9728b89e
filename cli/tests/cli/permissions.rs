//! `permissions`.

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
        assert!(["Describe", "List", "Get"].iter().any(|read| verb.starts_with(read)), "{action}");
    }
}

#[test]
fn an_apply_role_can_do_all_that_a_plan_role_can_and_no_wildcard_stands_for_an_action() {
    let (plan, apply) = (actions(&policy("plan")), actions(&policy("apply")));
    assert!(apply.is_superset(&plan) && apply.len() > plan.len());
    assert!(apply.iter().all(|action| !action.contains('*')));
}

#[test]
fn changes_are_allowed_in_this_organization_only() {
    insta::assert_snapshot!(serde_json::to_string_pretty(&policy("apply")).unwrap());
}
