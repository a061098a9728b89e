//! Key policies: what AWS takes, and in which form it gives it back.

use super::*;

fn put(world: &World, key: &str, policy: &str) -> Result<Value, String> {
    world.try_in(HERE, MEMBER, "PutKeyPolicy", json!({"KeyId": key, "Policy": policy}))
}

#[test]
fn a_key_without_a_policy_of_its_own_is_its_accounts() {
    let world = World::new();
    let policy = world.policy(&world.key());
    assert_eq!(policy["Statement"][0]["Principal"]["AWS"], root(MEMBER));
    let names = world.ok("ListKeyPolicies", json!({"KeyId": world.key()}));
    assert_eq!(names["PolicyNames"], json!(["default"]));
}

#[test]
fn a_policy_comes_back_with_other_spacing_order_and_account_names() {
    let world = World::new();
    let key = world.key();
    let entry = format!("arn:aws:iam::{MEMBER}:role/Entry");
    let mut sent = allow(MEMBER, "kms:*");
    sent["Principal"]["AWS"] = json!([entry, MEMBER, MANAGEMENT]);
    let text = json!({"Version": "2012-10-17", "Statement": [sent]}).to_string();
    put(&world, &key, &text).unwrap();
    let answer = text_of(&world, &key);
    assert_ne!(answer, text);
    let kept: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(kept["Statement"][0]["Principal"]["AWS"], json!([root(MANAGEMENT), entry, root(MEMBER)]));
}

fn text_of(world: &World, key: &str) -> String {
    text(&world.ok("GetKeyPolicy", json!({"KeyId": key}))["Policy"])
}

#[test]
fn principals_have_to_exist() {
    let world = World::new();
    let key = world.key();
    for principal in [
        MANAGEMENT.to_owned(),
        root(MANAGEMENT),
        format!("arn:aws:iam::{MANAGEMENT}:role/glidepath/apply"),
        format!("arn:aws:sts::{MEMBER}:assumed-role/Entry/session"),
        "*".to_owned(),
    ] {
        assert!(put(&world, &key, &policy(&[allow(&principal, "kms:DescribeKey")])).is_ok(), "{principal}");
    }
    for principal in [
        "777788889999".to_owned(),
        format!("arn:aws:iam::{MANAGEMENT}:role/apply"),
        format!("arn:aws:iam::{MEMBER}:role/Missing"),
        "AROAEXAMPLE".to_owned(),
    ] {
        let refused = put(&world, &key, &policy(&[allow(&principal, "kms:DescribeKey")]));
        assert_eq!(refused.unwrap_err(), MALFORMED, "{principal}");
    }
    let refused = put(&world, &key, &policy(&[allow("arn:aws:iam::12:root", "kms:DescribeKey")]));
    assert_eq!(refused.unwrap_err(), "InvalidArnException");
    world.sandbox.add_role(&format!("arn:aws:iam::{MEMBER}:role/Missing")).unwrap();
    let late = policy(&[allow(&format!("arn:aws:iam::{MEMBER}:role/Missing"), "kms:DescribeKey")]);
    assert!(put(&world, &key, &late).is_ok());
}

#[test]
fn service_principals_are_taken_by_their_form() {
    let world = World::new();
    let key = world.key();
    let service = |name: &str| {
        let mut statement = allow("*", "kms:Decrypt");
        statement["Principal"] = json!({"Service": name});
        policy(&[statement])
    };
    assert!(put(&world, &key, &service("logs.eu-west-1.amazonaws.com")).is_ok());
    assert_eq!(put(&world, &key, &service("logs")).unwrap_err(), MALFORMED);
}

#[test]
fn a_policy_that_locks_its_writer_out_is_refused_unless_the_check_is_bypassed() {
    let world = World::new();
    let key = world.key();
    let locking =
        json!({"Version": "2012-10-17", "Statement": [allow(&root(MANAGEMENT), "kms:*")]}).to_string();
    assert_eq!(put(&world, &key, &locking).unwrap_err(), MALFORMED);
    let bypass = json!({"KeyId": key, "Policy": locking, "BypassPolicyLockoutSafetyCheck": true});
    world.ok("PutKeyPolicy", bypass);
    let again = json!({"KeyId": key, "Policy": policy(&[])});
    assert_eq!(world.refused("PutKeyPolicy", again.clone()), DENIED);
    assert_eq!(world.refused("CreateKey", json!({"Policy": locking})), MALFORMED);
    // A deny that only holds under a condition which the caller does not meet locks nobody out.
    let mut deny = allow("*", "kms:PutKeyPolicy");
    deny["Effect"] = json!("Deny");
    deny["Condition"] = json!({"StringNotEquals": {"kms:CallerAccount": MEMBER}});
    let key = world.key();
    assert!(put(&world, &key, &policy(&[deny.clone()])).is_ok());
    deny["Condition"] = json!({"StringEquals": {"kms:CallerAccount": MEMBER}});
    assert_eq!(put(&world, &key, &policy(&[deny])).unwrap_err(), MALFORMED);
}

#[test]
fn a_statement_lacks_neither_principal_nor_resource() {
    let world = World::new();
    let key = world.key();
    for element in ["Principal", "Resource", "Action", "Effect"] {
        let mut statement = allow(&root(MEMBER), "kms:DescribeKey");
        statement.as_object_mut().unwrap().remove(element);
        assert_eq!(put(&world, &key, &policy(&[statement])).unwrap_err(), MALFORMED, "{element}");
    }
    assert_eq!(put(&world, &key, "{").unwrap_err(), MALFORMED);
}

#[test]
fn a_policy_has_32_kilobytes_at_most() {
    let world = World::new();
    let key = world.key();
    let padded = |length: usize| format!("{}{}", policy(&[]), " ".repeat(length - policy(&[]).len()));
    assert!(put(&world, &key, &padded(32_768)).is_ok());
    assert_eq!(put(&world, &key, &padded(32_769)).unwrap_err(), "LimitExceededException");
}

#[test]
fn a_key_has_one_policy_by_the_name_default() {
    let world = World::new();
    let key = world.key();
    let named = json!({"KeyId": key, "PolicyName": "other"});
    assert_eq!(world.refused("GetKeyPolicy", named), NOT_FOUND);
    let named = json!({"KeyId": key, "PolicyName": "other", "Policy": policy(&[])});
    assert_eq!(world.refused("PutKeyPolicy", named), VALIDATION);
}

#[test]
fn a_role_that_is_gone_is_shown_by_its_id() {
    let world = World::new();
    let created = world.sandbox.call_json(
        MANAGEMENT,
        "organizations",
        "CreateAccount",
        json!({"AccountName": "short", "Email": "short@example.com"}),
    );
    let id = created.unwrap()["CreateAccountStatus"]["Id"].clone();
    world.wait(60);
    let ask = json!({"CreateAccountRequestId": id});
    let status =
        world.sandbox.call_json(MANAGEMENT, "organizations", "DescribeCreateAccountStatus", ask).unwrap();
    let account = text(&status["CreateAccountStatus"]["AccountId"]);
    let role = format!("arn:aws:iam::{account}:role/OrganizationAccountAccessRole");
    let key = world.key();
    put(&world, &key, &policy(&[allow(&role, "kms:DescribeKey")])).unwrap();
    assert_eq!(world.policy(&key)["Statement"][1]["Principal"]["AWS"], role);
    world.wait_days(40);
    world
        .sandbox
        .call_json(MANAGEMENT, "organizations", "CloseAccount", json!({"AccountId": account}))
        .unwrap();
    world.wait_days(1);
    let shown = text(&world.policy(&key)["Statement"][1]["Principal"]["AWS"]);
    assert!(shown.starts_with("AROA"), "{shown}");
}
