//! Tags, and the tagging API that finds keys by them.

use super::*;

fn tag(key: &str, value: &str) -> Value {
    json!({"TagKey": key, "TagValue": value})
}

fn by_tag(world: &World, region: &str) -> Vec<String> {
    let request = json!({"TagFilters": [{"Key": "team"}], "ResourceTypeFilters": ["kms:key"]});
    let answer = world
        .sandbox
        .call_json_in(region, MEMBER, "resourcegroupstaggingapi", "GetResources", request)
        .unwrap();
    let found = answer["ResourceTagMappingList"].as_array().unwrap();
    found.iter().map(|mapping| text(&mapping["ResourceARN"])).collect()
}

#[test]
fn tags_come_with_the_key_and_are_found_in_its_region() {
    let world = World::new();
    let key = world.key_of(json!({"Tags": [tag("team", "a")]}));
    assert_eq!(world.list("ListResourceTags", json!({"KeyId": key}), "Tags"), [tag("team", "a")]);
    assert_eq!(by_tag(&world, HERE), [key_arn(MEMBER, HERE, &key)]);
    assert!(by_tag(&world, THERE).is_empty());
    world.ok("TagResource", json!({"KeyId": key, "Tags": [tag("env", "prod")]}));
    world.ok("UntagResource", json!({"KeyId": key, "TagKeys": ["team"]}));
    assert_eq!(world.list("ListResourceTags", json!({"KeyId": key}), "Tags"), [tag("env", "prod")]);
    assert!(by_tag(&world, HERE).is_empty());
}

#[test]
fn a_key_has_fifty_tags_of_decent_form() {
    let world = World::new();
    let key = world.key();
    let put = |tags: Vec<Value>| world.refused("TagResource", json!({"KeyId": key, "Tags": tags}));
    assert_eq!(put(vec![tag("aws:x", "")]), "TagException");
    assert_eq!(put(vec![tag("a", "1"), tag("a", "2")]), "TagException");
    assert_eq!(put(vec![tag("a?", "1")]), "TagException");
    assert_eq!(put((0..51).map(|number| tag(&number.to_string(), "")).collect()), "LimitExceededException");
    assert_eq!(world.refused("UntagResource", json!({"KeyId": key, "TagKeys": ["aws:x"]})), "TagException");
    assert_eq!(world.refused("CreateKey", json!({"Tags": [tag("aws:x", "")]})), "TagException");
}
