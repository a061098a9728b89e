//! Pages of listings.

use super::World;
use serde_json::json;
use std::collections::BTreeSet;

#[test]
fn a_listing_comes_in_pages_of_at_most_twenty_and_loses_nothing() {
    let world = World::new();
    let root = world.root();
    let made: BTreeSet<String> = (0..97).map(|number| world.unit(&root, &format!("Unit{number}"))).collect();
    let (mut found, mut empty, mut token) = (Vec::new(), 0, None);
    loop {
        let mut request = json!({"ParentId": root, "ChildType": "ORGANIZATIONAL_UNIT"});
        if let Some(token) = token {
            request["NextToken"] = token;
        }
        let answer = world.ok("ListChildren", request);
        let page = answer["Children"].as_array().unwrap();
        assert!(page.len() <= 20);
        empty += usize::from(page.is_empty());
        found.extend(page.iter().map(|child| super::text(&child["Id"])));
        token = answer.get("NextToken").cloned();
        if token.is_none() {
            break;
        }
    }
    assert_eq!(found.len(), 97);
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), made);
    assert!(empty < 5, "an empty page is rare");
}

#[test]
fn now_and_then_a_page_is_empty_though_more_follow() {
    let world = World::new();
    let root = world.root();
    let units: Vec<String> = (0..200).map(|number| world.unit(&root, &format!("Unit{number}"))).collect();
    let empty = units.iter().filter(|unit| {
        let answer = world.ok("ListParents", json!({"ChildId": unit}));
        answer["Parents"] == json!([]) && answer.get("NextToken").is_some()
    });
    assert!((1..20).contains(&empty.count()));
    for unit in &units {
        assert_eq!(world.list("ListParents", json!({"ChildId": unit}), "Parents").len(), 1);
    }
}

#[test]
fn a_smaller_page_may_be_asked_for_and_its_token_goes_with_no_other_listing() {
    let world = World::new();
    let root = world.root();
    (0..3).for_each(|number| drop(world.unit(&root, &format!("Unit{number}"))));
    let request = json!({"ParentId": root, "MaxResults": 2});
    let mut answer = world.ok("ListOrganizationalUnitsForParent", request.clone());
    if answer["OrganizationalUnits"] == json!([]) {
        let mut next = request;
        next["NextToken"] = answer["NextToken"].clone();
        answer = world.ok("ListOrganizationalUnitsForParent", next);
    }
    assert_eq!(answer["OrganizationalUnits"].as_array().unwrap().len(), 2);
    let stray = json!({"ParentId": root, "ChildType": "ACCOUNT", "NextToken": answer["NextToken"]});
    let invalid = "InvalidInputException INVALID_NEXT_TOKEN";
    assert_eq!(world.refused("ListChildren", stray), invalid);
    assert_eq!(world.refused("ListAccounts", json!({"NextToken": "nonsense"})), invalid);
    assert_eq!(
        world.refused("ListAccounts", json!({"MaxResults": 21})),
        "InvalidInputException MAX_VALUE_EXCEEDED"
    );
}
