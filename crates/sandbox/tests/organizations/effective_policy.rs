//! Effective policies.

use super::{DENIED, World, text};
use serde_json::{Value, json};

const TAG: &str = "TAG_POLICY";

/// An organization with tag policies on the root and on an account.
fn tagged() -> (World, String) {
    let world = World::new();
    let shop = world.account("shop");
    world.enable(TAG);
    let root = world.policy(TAG, "root", r#"{"tags":{"team":{"tag_value":{"@@assign":["a"]}}}}"#);
    let own = world.policy(TAG, "own", r#"{"tags":{"team":{"tag_value":{"@@append":["b"]}}}}"#);
    world.attach(&root, &world.root());
    world.attach(&own, &shop);
    (world, shop)
}

fn content(answer: &Value) -> Value {
    serde_json::from_str(&text(&answer["EffectivePolicy"]["PolicyContent"])).unwrap()
}

#[test]
fn policies_merge_from_the_root_to_the_account() {
    let (world, shop) = tagged();
    let answer = world.ok("DescribeEffectivePolicy", json!({"PolicyType": TAG, "TargetId": shop}));
    assert_eq!(content(&answer), json!({"tags": {"team": {"tag_value": ["a", "b"]}}}));
    assert_eq!(answer["EffectivePolicy"]["TargetId"], shop);
    let own = world.ok("DescribeEffectivePolicy", json!({"PolicyType": TAG}));
    assert_eq!(content(&own), json!({"tags": {"team": {"tag_value": ["a"]}}}));
}

#[test]
fn a_member_asks_for_itself_only() {
    let (world, shop) = tagged();
    let other = world.account("other");
    let own = world.try_as(&shop, "DescribeEffectivePolicy", json!({"PolicyType": TAG})).unwrap();
    assert_eq!(content(&own)["tags"]["team"]["tag_value"], json!(["a", "b"]));
    let foreign = json!({"PolicyType": TAG, "TargetId": other});
    assert_eq!(world.refused_as(&shop, "DescribeEffectivePolicy", foreign), DENIED);
}

#[test]
fn there_is_none_without_policies_or_with_the_type_disabled() {
    let world = World::new();
    let shop = world.account("shop");
    let request = json!({"PolicyType": TAG, "TargetId": shop});
    let none = "EffectivePolicyNotFoundException";
    assert_eq!(world.refused("DescribeEffectivePolicy", request.clone()), none);
    let invalid = "ListAccountsWithInvalidEffectivePolicy";
    assert_eq!(world.refused(invalid, json!({"PolicyType": TAG})), none);
    world.enable(TAG);
    assert_eq!(world.refused("DescribeEffectivePolicy", request), none);
    let errors = json!({"PolicyType": TAG, "AccountId": shop});
    assert_eq!(world.refused("ListEffectivePolicyValidationErrors", errors), none);
    assert_eq!(
        world.refused("DescribeEffectivePolicy", json!({"PolicyType": TAG, "TargetId": world.root()})),
        "InvalidInputException TARGET_NOT_SUPPORTED"
    );
    assert_eq!(
        world.refused("DescribeEffectivePolicy", json!({"PolicyType": TAG, "TargetId": "777788889999"})),
        "TargetNotFoundException"
    );
    let stranger = json!({"PolicyType": TAG, "AccountId": "777788889999"});
    assert_eq!(world.refused("ListEffectivePolicyValidationErrors", stranger), "AccountNotFoundException");
}

#[test]
fn a_type_without_documented_merge_says_so() {
    let world = World::new();
    world.enable("CHATBOT_POLICY");
    let policy = world.policy("CHATBOT_POLICY", "chat", r#"{"chatbot":{"a":{"@@assign":"b"}}}"#);
    world.attach(&policy, &world.root());
    let request = json!({"PolicyType": "CHATBOT_POLICY"});
    assert_eq!(world.refused("DescribeEffectivePolicy", request), "NotImplemented");
}

#[test]
fn a_merge_that_fails_is_listed_with_its_place_and_policies() {
    let (world, shop) = tagged();
    let errors = json!({"PolicyType": TAG, "AccountId": shop});
    let member = "EffectivePolicyValidationErrors";
    assert!(world.list("ListEffectivePolicyValidationErrors", errors.clone(), member).is_empty());
    let accounts =
        || world.list("ListAccountsWithInvalidEffectivePolicy", json!({"PolicyType": TAG}), "Accounts");
    assert!(accounts().is_empty());
    let root = world.policy(TAG, "text", r#"{"tags":{"kind":{"tag_key":{"@@assign":"Kind"}}}}"#);
    let own = world.policy(TAG, "list", r#"{"tags":{"kind":{"tag_key":{"@@append":["x"]}}}}"#);
    world.attach(&root, &world.root());
    world.attach(&own, &shop);
    let found = world.list("ListEffectivePolicyValidationErrors", errors, member);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["PathToError"], "tags.kind.tag_key");
    assert_eq!(found[0]["ContributingPolicies"].as_array().unwrap().len(), 4);
    assert_eq!(accounts().iter().map(|account| text(&account["Id"])).collect::<Vec<_>>(), [shop]);
}
