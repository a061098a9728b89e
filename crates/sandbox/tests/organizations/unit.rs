//! Units.

use super::{World, text};
use serde_json::json;

#[test]
fn a_unit_has_a_path_and_is_listed_under_its_parent() {
    let world = World::new();
    let root = world.root();
    let workloads = world.unit(&root, "Workloads");
    let prod = world.unit(&workloads, "Prod");
    let unit =
        &world.ok("DescribeOrganizationalUnit", json!({"OrganizationalUnitId": prod}))["OrganizationalUnit"];
    let organization = text(&world.ok("DescribeOrganization", json!({}))["Organization"]["Id"]);
    assert_eq!(unit["Path"], format!("{organization}/{root}/{workloads}/{prod}/"));
    let listed =
        world.list("ListOrganizationalUnitsForParent", json!({"ParentId": workloads}), "OrganizationalUnits");
    assert_eq!(&listed[0], unit);
    let children =
        world.list("ListChildren", json!({"ParentId": root, "ChildType": "ORGANIZATIONAL_UNIT"}), "Children");
    assert_eq!(children, [json!({"Id": workloads, "Type": "ORGANIZATIONAL_UNIT"})]);
}

#[test]
fn a_name_is_unique_among_siblings_only() {
    let world = World::new();
    let root = world.root();
    let workloads = world.unit(&root, "Workloads");
    world.unit(&workloads, "Prod");
    let again = json!({"ParentId": workloads, "Name": "Prod"});
    assert_eq!(world.refused("CreateOrganizationalUnit", again), "DuplicateOrganizationalUnitException");
    let prod = world.unit(&root, "Prod");
    let rename = |name: &str| json!({"OrganizationalUnitId": prod, "Name": name});
    assert_eq!(
        world.refused("UpdateOrganizationalUnit", rename("Workloads")),
        "DuplicateOrganizationalUnitException"
    );
    let renamed = world.ok("UpdateOrganizationalUnit", rename("Production"));
    assert_eq!(renamed["OrganizationalUnit"]["Name"], "Production");
    assert_eq!(renamed["OrganizationalUnit"]["Id"], prod);
}

#[test]
fn the_sixth_level_is_too_deep() {
    let world = World::new();
    let mut parent = world.root();
    for level in 1..=5 {
        parent = world.unit(&parent, &format!("Level{level}"));
    }
    assert_eq!(
        world.refused("CreateOrganizationalUnit", json!({"ParentId": parent, "Name": "Level6"})),
        "ConstraintViolationException OU_DEPTH_LIMIT_EXCEEDED"
    );
}

#[test]
fn two_thousand_units_are_the_most() {
    let world = World::new();
    let root = world.root();
    for number in 0..2_000 {
        world.unit(&root, &format!("Unit{number}"));
    }
    assert_eq!(
        world.refused("CreateOrganizationalUnit", json!({"ParentId": root, "Name": "One more"})),
        "ConstraintViolationException OU_NUMBER_LIMIT_EXCEEDED"
    );
}

#[test]
fn only_an_empty_unit_is_deleted_and_its_successor_has_another_id() {
    let world = World::new();
    let root = world.root();
    let prod = world.unit(&root, "Prod");
    let shop = world.account("shop");
    let inner = world.unit(&prod, "Inner");
    let delete = |unit: &str| json!({"OrganizationalUnitId": unit});
    let not_empty = "OrganizationalUnitNotEmptyException";
    assert_eq!(world.refused("DeleteOrganizationalUnit", delete(&prod)), not_empty);
    world.ok("DeleteOrganizationalUnit", delete(&inner));
    world.ok("MoveAccount", json!({"AccountId": shop, "SourceParentId": root, "DestinationParentId": prod}));
    assert_eq!(world.refused("DeleteOrganizationalUnit", delete(&prod)), not_empty);
    world.ok("MoveAccount", json!({"AccountId": shop, "SourceParentId": prod, "DestinationParentId": root}));
    world.ok("DeleteOrganizationalUnit", delete(&prod));
    assert_ne!(world.unit(&root, "Prod"), prod);
}

#[test]
fn unknown_units_and_parents_are_not_found() {
    let world = World::new();
    let unknown = json!({"OrganizationalUnitId": "ou-zzzz-11112222"});
    for operation in ["DescribeOrganizationalUnit", "UpdateOrganizationalUnit", "DeleteOrganizationalUnit"] {
        assert_eq!(
            world.refused(operation, unknown.clone()),
            "OrganizationalUnitNotFoundException",
            "{operation}"
        );
    }
    let parent = json!({"ParentId": "ou-zzzz-11112222"});
    assert_eq!(world.refused("ListOrganizationalUnitsForParent", parent), "ParentNotFoundException");
    assert_eq!(
        world.refused("CreateOrganizationalUnit", json!({"ParentId": "r-zzzz", "Name": "Prod"})),
        "ParentNotFoundException"
    );
}
