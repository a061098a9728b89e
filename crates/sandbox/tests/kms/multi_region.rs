//! Multi-Region keys: replicas, the primary Region, deletion of a set.

use super::*;

#[test]
fn a_replica_has_the_keys_id_and_its_own_policy_tags_and_description() {
    let world = World::new();
    let key = world.key_of(json!({
        "MultiRegion": true,
        "Description": "primary",
        "Tags": [{"TagKey": "team", "TagValue": "a"}],
    }));
    assert!(key.starts_with("mrk-"));
    let answer = world.ok(
        "ReplicateKey",
        json!({"KeyId": key, "ReplicaRegion": THERE, "Tags": [{"TagKey": "team", "TagValue": "b"}]}),
    );
    assert_eq!(answer["ReplicaKeyMetadata"]["Arn"], key_arn(MEMBER, THERE, &key));
    assert_eq!(answer["ReplicaTags"], json!([{"TagKey": "team", "TagValue": "b"}]));
    let replica = world.metadata_in(THERE, &key);
    assert_eq!([&replica["Description"], &replica["KeyState"]], ["", "Creating"]);
    world.wait(10);
    assert_eq!(world.metadata_in(THERE, &key)["KeyState"], "Enabled");
    let set = &world.metadata_in(HERE, &key)["MultiRegionConfiguration"];
    assert_eq!(set["MultiRegionKeyType"], "PRIMARY");
    assert_eq!(set["ReplicaKeys"], json!([{"Arn": key_arn(MEMBER, THERE, &key), "Region": THERE}]));
}

#[test]
fn a_replica_is_not_changed_while_it_is_being_created() {
    let world = World::new();
    let key = world.multi_region_key();
    world.ok("ReplicateKey", json!({"KeyId": key, "ReplicaRegion": THERE}));
    let alias = json!({"AliasName": "alias/logs", "TargetKeyId": key});
    assert_eq!(world.try_in(THERE, MEMBER, "CreateAlias", alias.clone()).unwrap_err(), INVALID_STATE);
    world.wait(10);
    world.ok_in(THERE, "CreateAlias", alias);
}

#[test]
fn only_the_primary_key_is_replicated_and_once_a_region() {
    let world = World::new();
    let key = world.replicated_key();
    let there = json!({"KeyId": key, "ReplicaRegion": THERE});
    assert_eq!(world.refused("ReplicateKey", there.clone()), "AlreadyExistsException");
    let here = json!({"KeyId": key, "ReplicaRegion": "eu-north-1"});
    assert_eq!(world.try_in(THERE, MEMBER, "ReplicateKey", here).unwrap_err(), UNSUPPORTED);
    let single = json!({"KeyId": world.key(), "ReplicaRegion": THERE});
    assert_eq!(world.refused("ReplicateKey", single), UNSUPPORTED);
    let nowhere = json!({"KeyId": key, "ReplicaRegion": "eu-nowhere-9"});
    assert_eq!(world.refused("ReplicateKey", nowhere), VALIDATION);
}

#[test]
fn rotation_is_the_primary_keys_and_holds_for_its_replicas() {
    let world = World::new();
    let key = world.replicated_key();
    let of = json!({"KeyId": key});
    assert_eq!(world.try_in(THERE, MEMBER, "EnableKeyRotation", of.clone()).unwrap_err(), UNSUPPORTED);
    world.ok("EnableKeyRotation", json!({"KeyId": key, "RotationPeriodInDays": 100}));
    assert_eq!(world.ok_in(THERE, "GetKeyRotationStatus", of)["RotationPeriodInDays"], 100);
}

#[test]
fn the_primary_region_moves_to_a_replica() {
    let world = World::new();
    let key = world.replicated_key();
    world.ok("EnableKeyRotation", json!({"KeyId": key}));
    let missing = json!({"KeyId": key, "PrimaryRegion": "eu-north-1"});
    assert_eq!(world.refused("UpdatePrimaryRegion", missing), NOT_FOUND);
    world.ok("UpdatePrimaryRegion", json!({"KeyId": key, "PrimaryRegion": THERE}));
    assert_eq!(world.state(&key), "Updating");
    assert_eq!(world.refused("PutKeyPolicy", json!({"KeyId": key, "Policy": policy(&[])})), INVALID_STATE);
    world.wait(10);
    assert_eq!(world.metadata_in(THERE, &key)["MultiRegionConfiguration"]["MultiRegionKeyType"], "PRIMARY");
    assert_eq!(world.ok("GetKeyRotationStatus", json!({"KeyId": key}))["KeyRotationEnabled"], true);
    let back = json!({"KeyId": key, "PrimaryRegion": HERE});
    assert_eq!(world.refused("UpdatePrimaryRegion", back), UNSUPPORTED);
}

#[test]
fn a_primary_key_waits_until_its_last_replica_is_gone() {
    let world = World::new();
    let key = world.replicated_key();
    let of = json!({"KeyId": key, "PendingWindowInDays": 7});
    let answer = world.ok("ScheduleKeyDeletion", of.clone());
    assert_eq!(answer["KeyState"], "PendingReplicaDeletion");
    assert_eq!(answer.get("DeletionDate"), None);
    assert_eq!(world.metadata_in(HERE, &key)["PendingDeletionWindowInDays"], 7);
    world.wait_days(60);
    assert_eq!(world.state(&key), "PendingReplicaDeletion");
    world.ok_in(THERE, "ScheduleKeyDeletion", of);
    world.wait_days(7);
    assert_eq!(world.state(&key), "PendingDeletion");
    world.wait_days(7);
    assert_eq!(world.refused("DescribeKey", json!({"KeyId": key})), NOT_FOUND);
}
