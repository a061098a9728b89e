//! Listings in pages.

use super::*;

#[test]
fn a_listing_is_whole_over_its_pages_and_a_page_may_be_short() {
    let world = World::new();
    let mut made: Vec<String> = (0..40).map(|_| world.key()).collect();
    made.sort();
    let listed = world.list("ListKeys", json!({"Limit": 3}), "Keys");
    let listed: Vec<String> = listed.iter().map(|key| text(&key["KeyId"])).collect();
    assert_eq!(listed, made);
    let first = world.ok("ListKeys", json!({"Limit": 3}));
    let mut marker = first["NextMarker"].clone();
    let mut short = false;
    while !marker.is_null() {
        let page = world.ok("ListKeys", json!({"Limit": 3, "Marker": marker}));
        short |= page["Keys"].as_array().unwrap().len() < 3 && page["Truncated"] == true;
        marker = page["NextMarker"].clone();
    }
    assert!(short, "no page was short");
}

#[test]
fn a_marker_is_for_its_own_listing() {
    let world = World::new();
    let key = world.key();
    for name in ["alias/a", "alias/b", "alias/c"] {
        world.ok("CreateAlias", json!({"AliasName": name, "TargetKeyId": key}));
    }
    let marker = world.ok("ListAliases", json!({"Limit": 1}))["NextMarker"].clone();
    let other = json!({"KeyId": key, "Marker": marker});
    assert_eq!(world.refused("ListAliases", other), "InvalidMarkerException");
    assert_eq!(world.refused("ListKeys", json!({"Marker": "x"})), "InvalidMarkerException");
    assert_eq!(world.refused("ListAliases", json!({"Limit": 101})), VALIDATION);
}
