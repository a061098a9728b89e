//! Worlds that came to the same end on different ways are the same, and a world that is opened again is the same.

use super::{World, options};
use glidepath_sandbox::Sandbox;
use serde_json::Value;

/// Makes things in an order, and gives the dump without the counts of calls.
fn made(world: &World, groups: [&str; 2]) -> Value {
    let account = world.account("one");
    for group in groups {
        let id = world.group(group);
        let set = world.set(&format!("{group}-set"));
        world.assign(&set, &account, &id);
    }
    world.join(&find_group(world, "a"), &world.user("alice"));
    world.sandbox.canonical_dump()
}

fn find_group(world: &World, name: &str) -> String {
    let unique = serde_json::json!({"AttributePath": "displayName", "AttributeValue": name});
    let asked = serde_json::json!({"AlternateIdentifier": {"UniqueAttribute": unique}});
    super::text(&world.directory("GetGroupId", asked)["GroupId"])
}

#[test]
fn the_order_in_which_things_are_made_does_not_show() {
    let (one, two) = (World::new(), World::new());
    assert_eq!(made(&one, ["a", "b"]), made(&two, ["b", "a"]));
}

#[test]
fn a_world_with_other_seed_and_ids_dumps_the_same() {
    let mut other = options();
    other.world.seed = 8;
    let (one, two) = (World::new(), World::over(Sandbox::in_memory(other)));
    let (mut one, mut two) = (made(&one, ["a", "b"]), made(&two, ["a", "b"]));
    for dump in [&mut one, &mut two] {
        // Accounts are called by their ids here.
        for table in [
            "identitystore.group",
            "identitystore.membership",
            "identitystore.user",
            "sso-admin.permission_set",
        ] {
            assert!(dump[table].as_object().is_some_and(|rows| !rows.is_empty()), "{table}");
        }
    }
    for table in
        ["identitystore.group", "identitystore.membership", "identitystore.user", "sso-admin.permission_set"]
    {
        assert_eq!(one[table], two[table], "{table}");
    }
}

#[test]
fn a_world_is_opened_again_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::over(Sandbox::open(dir.path(), options()).unwrap());
    let before = made(&world, ["a", "b"]);
    world.sandbox.close().unwrap();
    let again = Sandbox::open(dir.path(), options()).unwrap();
    assert_eq!(again.canonical_dump(), before);
}
