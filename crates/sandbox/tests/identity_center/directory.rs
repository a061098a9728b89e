//! Users, groups and memberships.

use super::World;
use serde_json::{Value, json};

fn unique(path: &str, value: &str) -> Value {
    json!({"AlternateIdentifier": {"UniqueAttribute": {"AttributePath": path, "AttributeValue": value}}})
}

#[test]
fn names_are_found_and_another_of_the_same_name_is_refused() {
    let world = World::new();
    let (group, user) = (world.group("platform"), world.user("alice"));
    assert_eq!(world.directory("GetGroupId", unique("displayName", "platform"))["GroupId"], json!(group));
    assert_eq!(world.directory("GetUserId", unique("UserName", "alice"))["UserId"], json!(user));
    let mut again = json!({"DisplayName": "platform"});
    again["IdentityStoreId"] = json!(world.store);
    assert_eq!(world.refused("identitystore", "CreateGroup", again), "ConflictException");
    let mut missing = unique("displayName", "nobody");
    missing["IdentityStoreId"] = json!(world.store);
    assert_eq!(world.refused("identitystore", "GetGroupId", missing), "ResourceNotFoundException");
}

#[test]
fn a_user_or_group_that_goes_takes_its_memberships_along() {
    let world = World::new();
    let (one, two) = (world.group("one"), world.group("two"));
    let (alice, bob) = (world.user("alice"), world.user("bob"));
    for (group, user) in [(&one, &alice), (&one, &bob), (&two, &alice)] {
        world.join(group, user);
    }
    let of = |user: &str| {
        let asked = json!({"MemberId": {"UserId": user}});
        let listed = world.directory("ListGroupMembershipsForMember", asked);
        listed["GroupMemberships"].as_array().unwrap().len()
    };
    world.directory("DeleteGroup", json!({"GroupId": two}));
    assert_eq!((of(&alice), of(&bob)), (1, 1));
    world.directory("DeleteUser", json!({"UserId": bob}));
    let members = world.directory("ListGroupMemberships", json!({"GroupId": one}));
    assert_eq!(members["GroupMemberships"].as_array().unwrap().len(), 1);
}

#[test]
fn an_assignment_outlives_its_group() {
    let world = World::new();
    let (account, group, set) = (world.account("one"), world.group("platform"), world.set("Reader"));
    world.assign(&set, &account, &group);
    world.directory("DeleteGroup", json!({"GroupId": group}));
    let listed =
        world.admin("ListAccountAssignments", json!({"PermissionSetArn": set, "AccountId": account}));
    assert_eq!(listed["AccountAssignments"][0]["PrincipalId"], json!(group));
    world.unassign(&set, &account, &group);
    assert!(world.accounts(&set).is_empty());
}
