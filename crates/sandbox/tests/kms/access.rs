//! Who may do what to a key.

use super::*;
use bytes::Bytes;
use glidepath_sandbox::ADMINISTRATOR_KEY;

#[test]
fn another_account_needs_the_keys_policy_and_an_operation_that_crosses_accounts() {
    let world = World::new();
    let key = world.key();
    let by_arn = json!({"KeyId": key_arn(MEMBER, HERE, &key)});
    let there_is_none = json!({"KeyId": key_arn(MEMBER, HERE, NO_KEY)});
    assert_eq!(world.refused_as(MANAGEMENT, "DescribeKey", by_arn.clone()), DENIED);
    assert_eq!(world.refused_as(MANAGEMENT, "DescribeKey", there_is_none), DENIED);
    world.ok("PutKeyPolicy", json!({"KeyId": key, "Policy": policy(&[allow(&root(MANAGEMENT), "kms:*")])}));
    world.try_in(HERE, MANAGEMENT, "DescribeKey", by_arn.clone()).unwrap();
    assert_eq!(world.refused_as(MANAGEMENT, "GetKeyPolicy", by_arn), DENIED);
}

#[test]
fn conditions_on_the_caller_are_evaluated() {
    let world = World::new();
    let key = world.key();
    let mut statement = allow("*", "kms:DescribeKey");
    statement["Condition"] = json!({"StringEquals": {"aws:PrincipalOrgID": "o-0000000000"}});
    world.ok("PutKeyPolicy", json!({"KeyId": key, "Policy": policy(&[statement.clone()])}));
    let by_arn = json!({"KeyId": key_arn(MEMBER, HERE, &key)});
    assert_eq!(world.refused_as(MANAGEMENT, "DescribeKey", by_arn.clone()), DENIED);
    let organization =
        world.sandbox.call_json(MANAGEMENT, "organizations", "DescribeOrganization", json!({})).unwrap();
    statement["Condition"]["StringEquals"]["aws:PrincipalOrgID"] = organization["Organization"]["Id"].clone();
    world.ok("PutKeyPolicy", json!({"KeyId": key, "Policy": policy(&[statement])}));
    world.try_in(HERE, MANAGEMENT, "DescribeKey", by_arn).unwrap();
}

#[test]
fn the_keys_own_account_needs_its_policy_too() {
    let world = World::new();
    let entry = format!("arn:aws:iam::{MEMBER}:role/Entry");
    let only_entry = json!({"Version": "2012-10-17", "Statement": [allow(&entry, "kms:*")]}).to_string();
    let key = world.key_of(json!({"Policy": only_entry, "BypassPolicyLockoutSafetyCheck": true}));
    assert_eq!(world.refused("DescribeKey", json!({"KeyId": key})), DENIED);
    assert_eq!(session_call(&world, "DescribeKey", &json!({"KeyId": key})).0, 200);
}

#[test]
fn a_session_is_its_role_to_the_lock_out_check() {
    let world = World::new();
    let entry = format!("arn:aws:iam::{MEMBER}:role/Entry");
    let only = |who: &str| json!({"Version": "2012-10-17", "Statement": [allow(who, "kms:*")]}).to_string();
    assert_eq!(session_call(&world, "CreateKey", &json!({"Policy": only(&entry)})).0, 200);
    let (status, body) = session_call(&world, "CreateKey", &json!({"Policy": only(&root(MANAGEMENT))}));
    assert_eq!(status, 400);
    assert!(body.contains(MALFORMED), "{body}");
}

/// Status and body of a call as a session of the member account's role, entered from the management account.
fn session_call(world: &World, operation: &str, request: &Value) -> (u16, String) {
    let entered = world.sandbox.call_json(
        MANAGEMENT,
        "sts",
        "AssumeRole",
        json!({"RoleArn": format!("arn:aws:iam::{MEMBER}:role/Entry"), "RoleSessionName": "test"}),
    );
    let credentials = entered.unwrap()["Credentials"].clone();
    let key = text(&credentials["AccessKeyId"]);
    assert!(!key.starts_with(ADMINISTRATOR_KEY));
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={key}/20261124/{HERE}/kms/aws4_request, SignedHeaders=host, Signature=00"
    );
    let request = http::Request::post("/")
        .header("x-amz-target", format!("TrentService.{operation}"))
        .header("authorization", authorization)
        .header("x-amz-security-token", text(&credentials["SessionToken"]))
        .body(Bytes::from(request.to_string()))
        .unwrap();
    let response = world.sandbox.call(world.now(), request).unwrap();
    (response.status().as_u16(), String::from_utf8(response.body().to_vec()).unwrap())
}
