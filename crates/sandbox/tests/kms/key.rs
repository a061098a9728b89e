//! Keys: making them, their states, what they tell.

use super::*;

#[test]
fn a_key_is_enabled_and_symmetric_where_nothing_else_is_asked() {
    let world = World::new();
    let key = world.key_of(json!({"Description": "logs"}));
    let metadata = world.metadata_in(HERE, &key);
    assert_eq!(metadata["Arn"], key_arn(MEMBER, HERE, &key));
    assert_eq!(
        [&metadata["KeyState"], &metadata["KeySpec"], &metadata["KeyUsage"], &metadata["Description"]],
        ["Enabled", "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", "logs"]
    );
    assert_eq!([&metadata["Enabled"], &metadata["MultiRegion"]], [true, false]);
}

#[test]
fn keys_are_of_one_account_and_region() {
    let world = World::new();
    let key = world.key();
    assert_eq!(world.list("ListKeys", json!({}), "Keys").len(), 1);
    assert_eq!(world.ok_in(THERE, "ListKeys", json!({}))["Keys"], json!([]));
    assert_eq!(world.try_in(THERE, MEMBER, "DescribeKey", json!({"KeyId": key})).unwrap_err(), NOT_FOUND);
    assert_eq!(world.refused_as(MANAGEMENT, "DescribeKey", json!({"KeyId": key})), NOT_FOUND);
    let elsewhere = key_arn(MEMBER, THERE, &key);
    assert_eq!(world.refused("DescribeKey", json!({"KeyId": elsewhere})), NOT_FOUND);
}

#[test]
fn a_key_is_named_by_id_arn_and_alias_and_by_nothing_else() {
    let world = World::new();
    let key = world.key();
    world.ok("CreateAlias", json!({"AliasName": "alias/logs", "TargetKeyId": key}));
    let alias = format!("arn:aws:kms:{HERE}:{MEMBER}:alias/logs");
    for name in [key.clone(), key_arn(MEMBER, HERE, &key), "alias/logs".to_owned(), alias.clone()] {
        assert_eq!(world.metadata_in(HERE, &name)["KeyId"], key, "{name}");
    }
    for (name, code) in [
        (NO_KEY, NOT_FOUND),
        ("logs", NOT_FOUND),
        ("alias/none", NOT_FOUND),
        ("arn:aws:kms:nonsense", "InvalidArnException"),
        ("arn:aws:s3:::bucket", "InvalidArnException"),
    ] {
        assert_eq!(world.refused("DescribeKey", json!({"KeyId": name})), code, "{name}");
    }
    // Only DescribeKey takes an alias.
    assert_eq!(world.refused("DisableKey", json!({"KeyId": "alias/logs"})), NOT_FOUND);
    assert_eq!(world.refused("DisableKey", json!({"KeyId": alias})), "InvalidArnException");
}

#[test]
fn spec_and_usage_have_to_fit() {
    let world = World::new();
    let key = world.key_of(json!({"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY"}));
    assert_eq!(world.metadata_in(HERE, &key)["SigningAlgorithms"].as_array().unwrap().len(), 6);
    let key = world.key_of(json!({"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"}));
    assert_eq!(world.metadata_in(HERE, &key)["MacAlgorithms"], json!(["HMAC_SHA_256"]));
    for request in [
        json!({"KeySpec": "RSA_2048"}),
        json!({"KeySpec": "ECC_NIST_P256", "KeyUsage": "ENCRYPT_DECRYPT"}),
        json!({"KeyUsage": "SIGN_VERIFY"}),
        json!({"KeySpec": "RSA_2048", "CustomerMasterKeySpec": "RSA_4096", "KeyUsage": "SIGN_VERIFY"}),
        json!({"Origin": "AWS_CLOUDHSM"}),
        json!({"XksKeyId": "x"}),
    ] {
        assert_eq!(world.refused("CreateKey", request.clone()), VALIDATION, "{request}");
    }
    assert_eq!(world.refused("CreateKey", json!({"KeySpec": "SM2"})), UNSUPPORTED);
    let store = json!({"Origin": "AWS_CLOUDHSM", "CustomKeyStoreId": "cks-1"});
    assert_eq!(world.refused("CreateKey", store), "CustomKeyStoreNotFoundException");
}

#[test]
fn a_key_is_disabled_and_enabled_again() {
    let world = World::new();
    let key = world.key();
    world.ok("DisableKey", json!({"KeyId": key}));
    assert_eq!(world.state(&key), "Disabled");
    assert_eq!(world.refused("EnableKeyRotation", json!({"KeyId": key})), "DisabledException");
    world.ok("EnableKey", json!({"KeyId": key}));
    assert_eq!(world.state(&key), "Enabled");
}

#[test]
fn a_key_without_material_can_neither_be_enabled_nor_rotated() {
    let world = World::new();
    let key = world.key_of(json!({"Origin": "EXTERNAL"}));
    assert_eq!(world.state(&key), "PendingImport");
    assert_eq!(world.refused("EnableKey", json!({"KeyId": key})), INVALID_STATE);
    assert_eq!(world.refused("EnableKeyRotation", json!({"KeyId": key})), UNSUPPORTED);
}

#[test]
fn a_description_is_replaced() {
    let world = World::new();
    let key = world.key_of(json!({"Description": "one"}));
    world.ok("UpdateKeyDescription", json!({"KeyId": key, "Description": "two"}));
    assert_eq!(world.metadata_in(HERE, &key)["Description"], "two");
}

#[test]
fn equal_requests_make_different_keys_whose_ids_follow_from_the_seed() {
    let make = || {
        let world = World::new();
        [world.key(), world.key(), world.key_of(json!({"Description": "other"}))]
    };
    let [one, two, other] = make();
    assert!(one != two && two != other && one != other);
    assert_eq!(make(), [one, two, other]);
}
