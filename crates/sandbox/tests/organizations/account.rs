//! Describing, listing and moving accounts.

use super::{MANAGEMENT, World, text};
use serde_json::json;

#[test]
fn an_account_is_described_with_both_states_and_its_path() {
    let world = World::new();
    let shop = world.account("shop");
    let prod = world.unit(&world.root(), "Prod");
    world.ok(
        "MoveAccount",
        json!({"AccountId": shop, "SourceParentId": world.root(), "DestinationParentId": prod}),
    );
    let account = &world.ok("DescribeAccount", json!({"AccountId": shop}))["Account"];
    let organization = text(&world.ok("DescribeOrganization", json!({}))["Organization"]["Id"]);
    assert_eq!(account["Status"], "ACTIVE");
    assert_eq!(account["State"], "ACTIVE");
    assert_eq!(account["JoinedMethod"], "CREATED");
    assert_eq!(account["Email"], "shop@example.com");
    assert_eq!(account["Paths"], json!([format!("{organization}/{}/{prod}/{shop}/", world.root())]));
    assert_eq!(account["Arn"], format!("arn:aws:organizations::{MANAGEMENT}:account/{organization}/{shop}"));
}

#[test]
fn a_moved_account_is_listed_under_its_new_parent_only() {
    let world = World::new();
    let (root, shop) = (world.root(), world.account("shop"));
    let prod = world.unit(&root, "Prod");
    let request = json!({"AccountId": shop, "SourceParentId": root, "DestinationParentId": prod});
    world.ok("MoveAccount", request.clone());
    let under = |parent: &str| -> Vec<String> {
        let found = world.list("ListAccountsForParent", json!({"ParentId": parent}), "Accounts");
        found.iter().map(|account| text(&account["Id"])).collect()
    };
    assert_eq!(under(&root), [MANAGEMENT]);
    assert_eq!(under(&prod), [shop.as_str()]);
    let parents = world.list("ListParents", json!({"ChildId": shop}), "Parents");
    assert_eq!(parents, [json!({"Id": prod, "Type": "ORGANIZATIONAL_UNIT"})]);
    let children = world.list("ListChildren", json!({"ParentId": prod, "ChildType": "ACCOUNT"}), "Children");
    assert_eq!(children, [json!({"Id": shop, "Type": "ACCOUNT"})]);
    assert_eq!(world.refused("MoveAccount", request), "SourceParentNotFoundException");
}

#[test]
fn a_move_names_what_it_cannot_find() {
    let world = World::new();
    let (root, shop) = (world.root(), world.account("shop"));
    let prod = world.unit(&root, "Prod");
    let moving = |account: &str, from: &str, to: &str| {
        world.refused(
            "MoveAccount",
            json!({"AccountId": account, "SourceParentId": from, "DestinationParentId": to}),
        )
    };
    assert_eq!(moving("777788889999", &root, &prod), "AccountNotFoundException");
    assert_eq!(moving(&shop, &prod, &root), "SourceParentNotFoundException");
    assert_eq!(moving(&shop, &root, "ou-zzzz-11112222"), "DestinationParentNotFoundException");
    assert_eq!(moving(&shop, &root, &root), "DuplicateAccountException");
}

#[test]
fn unknown_accounts_parents_and_children_are_not_found() {
    let world = World::new();
    let unknown = "ou-zzzz-11112222";
    assert_eq!(
        world.refused("DescribeAccount", json!({"AccountId": "777788889999"})),
        "AccountNotFoundException"
    );
    assert_eq!(
        world.refused("ListAccountsForParent", json!({"ParentId": unknown})),
        "ParentNotFoundException"
    );
    assert_eq!(
        world.refused("ListChildren", json!({"ParentId": unknown, "ChildType": "ACCOUNT"})),
        "ParentNotFoundException"
    );
    assert_eq!(world.refused("ListParents", json!({"ChildId": unknown})), "ChildNotFoundException");
}
