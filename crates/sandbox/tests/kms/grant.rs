//! Grants.

use super::*;

fn grant(world: &World, key: &str, request: Value) -> Result<Value, String> {
    let mut whole =
        json!({"KeyId": key, "GranteePrincipal": root(MANAGEMENT), "Operations": ["DescribeKey"]});
    whole.as_object_mut().unwrap().extend(request.as_object().unwrap().clone());
    world.try_in(HERE, MEMBER, "CreateGrant", whole)
}

#[test]
fn a_grant_lets_another_account_in_until_it_is_revoked() {
    let world = World::new();
    let key = world.key();
    let by_arn = json!({"KeyId": key_arn(MEMBER, HERE, &key)});
    assert_eq!(world.refused_as(MANAGEMENT, "DescribeKey", by_arn.clone()), DENIED);
    let id = grant(&world, &key, json!({})).unwrap()["GrantId"].clone();
    world.try_in(HERE, MANAGEMENT, "DescribeKey", by_arn.clone()).unwrap();
    world.ok("RevokeGrant", json!({"KeyId": key, "GrantId": id}));
    assert_eq!(world.refused_as(MANAGEMENT, "DescribeKey", by_arn), DENIED);
    assert_eq!(world.refused("RevokeGrant", json!({"KeyId": key, "GrantId": id})), NOT_FOUND);
}

#[test]
fn a_grantee_gives_its_grant_back_by_token_where_it_may() {
    let world = World::new();
    let key = world.key();
    let token = |answer: Value| json!({"GrantToken": answer["GrantToken"]});
    let plain = token(grant(&world, &key, json!({})).unwrap());
    assert_eq!(world.refused_as(MANAGEMENT, "RetireGrant", plain), DENIED);
    let retiring = json!({"Operations": ["DescribeKey", "RetireGrant"]});
    let own = token(grant(&world, &key, retiring).unwrap());
    world.try_in(HERE, MANAGEMENT, "RetireGrant", own.clone()).unwrap();
    assert_eq!(world.refused_as(MANAGEMENT, "RetireGrant", own), "InvalidGrantTokenException");
}

#[test]
fn a_repeated_request_gets_the_same_grant_only_under_a_name() {
    let world = World::new();
    let key = world.key();
    let id = |request: Value| grant(&world, &key, request).unwrap()["GrantId"].clone();
    assert_ne!(id(json!({})), id(json!({})));
    assert_eq!(id(json!({"Name": "one"})), id(json!({"Name": "one"})));
    assert_ne!(id(json!({"Name": "one"})), id(json!({"Name": "one", "Operations": ["Decrypt"]})));
}

#[test]
fn a_grant_that_cannot_be_is_refused() {
    let world = World::new();
    let key = world.key();
    let refused = |request: Value| grant(&world, &key, request).unwrap_err();
    assert_eq!(refused(json!({"GranteePrincipal": root("777788889999")})), "InvalidArnException");
    assert_eq!(refused(json!({"GrantTokens": ["nonsense"]})), "InvalidGrantTokenException");
    assert_eq!(refused(json!({"Operations": []})), VALIDATION);
    assert_eq!(refused(json!({"Operations": ["Sign"]})), VALIDATION);
    assert_eq!(refused(json!({"GranteeServicePrincipal": "rds.amazonaws.com"})), VALIDATION);
    assert_eq!(refused(json!({"DryRun": true})), "DryRunOperationException");
    world.ok("DisableKey", json!({"KeyId": key}));
    assert_eq!(refused(json!({})), "DisabledException");
}

#[test]
fn grants_are_listed_by_what_they_are_for() {
    let world = World::new();
    let key = world.key();
    let id = grant(&world, &key, json!({"Name": "one"})).unwrap()["GrantId"].clone();
    let service =
        json!({"KeyId": key, "GranteeServicePrincipal": "rds.amazonaws.com", "Operations": ["Decrypt"]});
    world.ok("CreateGrant", service);
    let count = |request: Value| world.list("ListGrants", request, "Grants").len();
    assert_eq!(count(json!({"KeyId": key})), 2);
    assert_eq!(count(json!({"KeyId": key, "GrantId": id})), 1);
    assert_eq!(count(json!({"KeyId": key, "GranteePrincipal": root(MANAGEMENT)})), 1);
    assert_eq!(count(json!({"KeyId": key, "GranteeServicePrincipal": "rds.amazonaws.com"})), 1);
    let wrong = json!({"KeyId": key, "GrantId": "x"});
    assert_eq!(world.refused("ListGrants", wrong), "InvalidGrantIdException");
}
