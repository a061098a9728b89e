//! Tags.

use super::{World, text};
use serde_json::{Value, json};

fn tag(key: &str, value: &str) -> Value {
    json!({"Key": key, "Value": value})
}

fn tags(world: &World, id: &str) -> Vec<Value> {
    world.list("ListTagsForResource", json!({"ResourceId": id}), "Tags")
}

#[test]
fn everything_with_an_id_is_tagged_and_untagged() {
    let world = World::new();
    let resources =
        [world.root(), world.unit(&world.root(), "Prod"), world.account("shop"), world.scp("deny")];
    for id in resources {
        world.ok("TagResource", json!({"ResourceId": id, "Tags": [tag("a", "1"), tag("b", "2")]}));
        world.ok("TagResource", json!({"ResourceId": id, "Tags": [tag("a", "3")]}));
        assert_eq!(tags(&world, &id), [tag("a", "3"), tag("b", "2")], "{id}");
        world.ok("UntagResource", json!({"ResourceId": id, "TagKeys": ["a", "unknown"]}));
        assert_eq!(tags(&world, &id), [tag("b", "2")], "{id}");
    }
}

#[test]
fn tags_given_at_creation_are_there_from_the_start() {
    let world = World::new();
    let made = world.ok(
        "CreateOrganizationalUnit",
        json!({"ParentId": world.root(), "Name": "Prod", "Tags": [tag("a", "1")]}),
    );
    assert_eq!(tags(&world, &text(&made["OrganizationalUnit"]["Id"])), [tag("a", "1")]);
}

#[test]
fn wrong_tags_are_refused_wherever_they_are_given() {
    let world = World::new();
    let root = world.root();
    let fifty_one: Vec<Value> = (0..51).map(|number| tag(&format!("key-{number}"), "")).collect();
    let cases = [
        (json!([tag("a", "1"), tag("a", "2")]), "InvalidInputException DUPLICATE_TAG_KEY"),
        (json!([tag("AWS:a", "1")]), "InvalidInputException INVALID_SYSTEM_TAGS_PARAMETER"),
        (json!(fifty_one), "ConstraintViolationException MAX_TAG_LIMIT_EXCEEDED"),
        (json!([tag("a#b", "1")]), "InvalidInputException INVALID_PATTERN"),
    ];
    for (tags, expected) in cases {
        assert_eq!(world.refused("TagResource", json!({"ResourceId": root, "Tags": tags})), expected);
        let unit = json!({"ParentId": root, "Name": "Prod", "Tags": tags});
        assert_eq!(world.refused("CreateOrganizationalUnit", unit), expected);
    }
    assert_eq!(
        world.refused("UntagResource", json!({"ResourceId": root, "TagKeys": ["aws:a"]})),
        "InvalidInputException INVALID_SYSTEM_TAGS_PARAMETER"
    );
}

#[test]
fn what_does_not_exist_or_is_awss_own_has_no_tags() {
    let world = World::new();
    for id in ["777788889999", "p-FullAWSAccess", "ou-zzzz-11112222"] {
        let missing = "TargetNotFoundException";
        assert_eq!(world.refused("ListTagsForResource", json!({"ResourceId": id})), missing, "{id}");
        let request = json!({"ResourceId": id, "Tags": [tag("a", "1")]});
        assert_eq!(world.refused("TagResource", request), missing, "{id}");
        assert_eq!(
            world.refused("UntagResource", json!({"ResourceId": id, "TagKeys": ["a"]})),
            missing,
            "{id}"
        );
    }
}

#[test]
fn the_tagging_api_sees_the_same_tags() {
    let world = World::new();
    let id = world.scp("deny");
    world.ok("TagResource", json!({"ResourceId": id, "Tags": [tag("a", "1")]}));
    let answer = world
        .sandbox
        .call_json(super::MANAGEMENT, "resourcegroupstaggingapi", "GetResources", json!({}))
        .unwrap();
    let found = answer["ResourceTagMappingList"].as_array().unwrap();
    assert_eq!(found.len(), 1);
    assert!(text(&found[0]["ResourceARN"]).ends_with(&id));
    assert_eq!(found[0]["Tags"], json!([tag("a", "1")]));
}
