//! Aliases.

use super::*;

fn create(world: &World, name: &str, key: &str) -> Result<Value, String> {
    world.try_in(HERE, MEMBER, "CreateAlias", json!({"AliasName": name, "TargetKeyId": key}))
}

#[test]
fn names_have_a_form_and_are_unique_in_an_account_and_region() {
    let world = World::new();
    let key = world.key();
    create(&world, "alias/a/b_c-1", &key).unwrap();
    assert_eq!(create(&world, "alias/a/b_c-1", &key).unwrap_err(), "AlreadyExistsException");
    for name in ["logs", "alias/", "alias/aws/s3", "alias/a:b"] {
        assert_eq!(create(&world, name, &key).unwrap_err(), "InvalidAliasNameException", "{name}");
    }
    assert_eq!(create(&world, "alias/none", NO_KEY).unwrap_err(), NOT_FOUND);
    assert_eq!(create(&world, "alias/none", "arn:aws:kms:nonsense").unwrap_err(), NOT_FOUND);
}

#[test]
fn an_alias_moves_to_another_key_of_its_kind() {
    let world = World::new();
    let (one, two) = (world.key(), world.key());
    create(&world, "alias/logs", &one).unwrap();
    world.ok("UpdateAlias", json!({"AliasName": "alias/logs", "TargetKeyId": two}));
    assert_eq!(world.metadata_in(HERE, "alias/logs")["KeyId"], two);
    let signing = world.key_of(json!({"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY"}));
    let move_to = |key: &str| json!({"AliasName": "alias/logs", "TargetKeyId": key});
    assert_eq!(world.refused("UpdateAlias", move_to(&signing)), VALIDATION);
    world.ok("ScheduleKeyDeletion", json!({"KeyId": one}));
    assert_eq!(world.refused("UpdateAlias", move_to(&one)), INVALID_STATE);
    let other = json!({"AliasName": "alias/none", "TargetKeyId": one});
    assert_eq!(world.refused("UpdateAlias", other), NOT_FOUND);
}

#[test]
fn a_key_has_fifty_aliases_at_most() {
    let world = World::new();
    let (full, other) = (world.key(), world.key());
    for number in 0..50 {
        create(&world, &format!("alias/{number}"), &full).unwrap();
    }
    assert_eq!(create(&world, "alias/more", &full).unwrap_err(), "LimitExceededException");
    create(&world, "alias/more", &other).unwrap();
    let here = json!({"AliasName": "alias/more", "TargetKeyId": full});
    assert_eq!(world.refused("UpdateAlias", here), "LimitExceededException");
}

#[test]
fn aliases_are_listed_by_key_or_all_and_deleted() {
    let world = World::new();
    let (one, two) = (world.key(), world.key());
    create(&world, "alias/one", &one).unwrap();
    create(&world, "alias/two", &two).unwrap();
    let names = |request: Value| -> Vec<String> {
        world.list("ListAliases", request, "Aliases").iter().map(|alias| text(&alias["AliasName"])).collect()
    };
    assert_eq!(names(json!({})), ["alias/one", "alias/two"]);
    assert_eq!(names(json!({"KeyId": two})), ["alias/two"]);
    world.ok("DeleteAlias", json!({"AliasName": "alias/one"}));
    assert_eq!(names(json!({})), ["alias/two"]);
    assert_eq!(world.refused("DeleteAlias", json!({"AliasName": "alias/one"})), NOT_FOUND);
    assert_eq!(world.refused("ListAliases", json!({"KeyId": NO_KEY})), NOT_FOUND);
}
