//! Automatic rotation.

use super::*;

#[test]
fn rotation_is_off_until_it_is_enabled_and_then_has_a_period() {
    let world = World::new();
    let key = world.key();
    let of = json!({"KeyId": key});
    let status = world.ok("GetKeyRotationStatus", of.clone());
    assert_eq!(
        [&status["KeyRotationEnabled"], &status["RotationPeriodInDays"]],
        [&json!(false), &Value::Null]
    );
    world.ok("EnableKeyRotation", of.clone());
    assert_eq!(world.ok("GetKeyRotationStatus", of.clone())["RotationPeriodInDays"], 365);
    world.ok("EnableKeyRotation", json!({"KeyId": key, "RotationPeriodInDays": 90}));
    let status = world.ok("GetKeyRotationStatus", of.clone());
    assert_eq!([&status["KeyRotationEnabled"], &status["RotationPeriodInDays"]], [&json!(true), &json!(90)]);
    world.wait_days(100);
    let next = world.ok("GetKeyRotationStatus", of.clone())["NextRotationDate"].as_f64().unwrap();
    #[expect(clippy::cast_precision_loss, reason = "seconds of this millennium are held exactly")]
    let now = world.now().as_second() as f64;
    assert!((next - now) / 86_400.0 <= 90.0 && next > now, "{next} {now}");
    world.ok("DisableKeyRotation", of.clone());
    assert_eq!(world.ok("GetKeyRotationStatus", of)["KeyRotationEnabled"], false);
}

#[test]
fn a_period_is_ninety_to_2560_days() {
    let world = World::new();
    let key = world.key();
    for (days, taken) in [(89, false), (90, true), (2560, true), (2561, false)] {
        let request = json!({"KeyId": key, "RotationPeriodInDays": days});
        let outcome = world.try_in(HERE, MEMBER, "EnableKeyRotation", request);
        assert_eq!(outcome.is_ok(), taken, "{days}");
    }
}

#[test]
fn only_symmetric_keys_rotate_and_none_that_is_going_to_be_deleted() {
    let world = World::new();
    let signing = json!({"KeyId": world.key_of(json!({"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY"}))});
    for operation in ["EnableKeyRotation", "DisableKeyRotation", "GetKeyRotationStatus"] {
        assert_eq!(world.refused(operation, signing.clone()), UNSUPPORTED, "{operation}");
    }
    let key = world.key();
    let of = json!({"KeyId": key});
    world.ok("EnableKeyRotation", of.clone());
    world.ok("ScheduleKeyDeletion", of.clone());
    assert_eq!(world.ok("GetKeyRotationStatus", of.clone())["KeyRotationEnabled"], false);
    assert_eq!(world.refused("EnableKeyRotation", of), INVALID_STATE);
}
