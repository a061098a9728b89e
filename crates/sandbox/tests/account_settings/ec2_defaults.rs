//! Defaults of EC2.

use super::{HERE, MANAGEMENT, World, text};
use serde_json::json;

#[test]
fn the_default_key_is_one_of_the_region_and_enabled() {
    let world = World::new();
    let made = world.call(MANAGEMENT, "kms", "CreateKey", json!({}));
    let (id, arn) = (text(&made["KeyMetadata"]["KeyId"]), text(&made["KeyMetadata"]["Arn"]));
    let modify = |region: &str, key: &str| {
        world.attempt_in(region, MANAGEMENT, ("ec2", "ModifyEbsDefaultKmsKeyId"), json!({"KmsKeyId": key}))
    };
    for named in [&id, &arn] {
        assert_eq!(modify(HERE, named).unwrap()["KmsKeyId"], json!(arn));
    }
    assert_eq!(modify("us-east-1", &arn).unwrap_err(), "InvalidKmsKey.NotFound");
    world.call(MANAGEMENT, "kms", "DisableKey", json!({"KeyId": id}));
    assert_eq!(modify(HERE, &id).unwrap_err(), "InvalidKmsKey.InvalidState");
    world.call(MANAGEMENT, "ec2", "ResetEbsDefaultKmsKeyId", json!({}));
    let told = world.call(MANAGEMENT, "ec2", "GetEbsDefaultKmsKeyId", json!({}));
    assert_eq!(told["KmsKeyId"], "alias/aws/ebs");
}

#[test]
fn a_change_of_metadata_defaults_leaves_what_it_does_not_name() {
    let world = World::new();
    let modify = |request| world.call(MANAGEMENT, "ec2", "ModifyInstanceMetadataDefaults", request);
    modify(json!({"HttpTokens": "required", "HttpPutResponseHopLimit": 2}));
    modify(json!({"InstanceMetadataTags": "enabled"}));
    let level =
        || world.call(MANAGEMENT, "ec2", "GetInstanceMetadataDefaults", json!({}))["AccountLevel"].clone();
    assert_eq!(
        level(),
        json!({"HttpTokens": "required", "HttpPutResponseHopLimit": 2, "InstanceMetadataTags": "enabled",
            "ManagedBy": "account"})
    );
    modify(json!({"HttpTokens": "no-preference", "HttpPutResponseHopLimit": -1}));
    assert_eq!(level(), json!({"InstanceMetadataTags": "enabled", "ManagedBy": "account"}));
}

#[test]
fn a_dry_run_changes_nothing() {
    let world = World::new();
    let refused = world.refused(MANAGEMENT, "ec2", "EnableSerialConsoleAccess", json!({"DryRun": true}));
    assert_eq!(refused, "DryRunOperation");
    let told = world.call(MANAGEMENT, "ec2", "GetSerialConsoleAccessStatus", json!({}));
    assert_eq!(told["SerialConsoleAccessEnabled"], json!(false));
}
