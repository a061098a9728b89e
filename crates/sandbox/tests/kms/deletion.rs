//! Deleting keys.

use super::*;

#[test]
fn a_key_is_deleted_after_its_days_with_its_aliases() {
    let world = World::new();
    let key = world.key();
    world.ok("CreateAlias", json!({"AliasName": "alias/logs", "TargetKeyId": key}));
    let answer = world.ok("ScheduleKeyDeletion", json!({"KeyId": key, "PendingWindowInDays": 7}));
    assert_eq!([&answer["KeyState"], &answer["PendingWindowInDays"]], [&json!("PendingDeletion"), &json!(7)]);
    world.wait_days(6);
    assert_eq!(world.state(&key), "PendingDeletion");
    world.wait_days(1);
    assert_eq!(world.refused("DescribeKey", json!({"KeyId": key})), NOT_FOUND);
    assert!(world.list("ListAliases", json!({}), "Aliases").is_empty());
}

#[test]
fn the_days_are_seven_to_thirty_and_thirty_where_nothing_is_said() {
    let world = World::new();
    for days in [6, 31, 365] {
        let request = json!({"KeyId": world.key(), "PendingWindowInDays": days});
        assert_eq!(world.refused("ScheduleKeyDeletion", request), VALIDATION, "{days}");
    }
    let key = world.key();
    assert_eq!(world.ok("ScheduleKeyDeletion", json!({"KeyId": key}))["PendingWindowInDays"], 30);
}

#[test]
fn a_deletion_that_is_taken_back_leaves_a_disabled_key() {
    let world = World::new();
    let key = world.key();
    let of = json!({"KeyId": key});
    assert_eq!(world.refused("CancelKeyDeletion", of.clone()), INVALID_STATE);
    world.ok("ScheduleKeyDeletion", json!({"KeyId": key, "PendingWindowInDays": 7}));
    assert_eq!(world.refused("ScheduleKeyDeletion", of.clone()), INVALID_STATE);
    world.ok("CancelKeyDeletion", of);
    world.wait_days(8);
    assert_eq!(world.state(&key), "Disabled");
}

#[test]
fn a_key_that_is_going_to_be_deleted_is_not_changed() {
    let world = World::new();
    let key = world.key();
    world.ok("ScheduleKeyDeletion", json!({"KeyId": key}));
    for (operation, request) in [
        ("EnableKey", json!({"KeyId": key})),
        ("DisableKey", json!({"KeyId": key})),
        ("TagResource", json!({"KeyId": key, "Tags": []})),
        ("UntagResource", json!({"KeyId": key, "TagKeys": []})),
        ("UpdateKeyDescription", json!({"KeyId": key, "Description": ""})),
        ("CreateAlias", json!({"AliasName": "alias/logs", "TargetKeyId": key})),
    ] {
        assert_eq!(world.refused(operation, request), INVALID_STATE, "{operation}");
    }
    world.ok("PutKeyPolicy", json!({"KeyId": key, "Policy": policy(&[])}));
}
