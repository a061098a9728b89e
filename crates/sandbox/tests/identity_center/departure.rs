//! What becomes of access when an account leaves, or Identity Center goes.

use super::{MANAGEMENT, World};
use serde_json::json;

#[test]
fn an_account_that_leaves_the_organization_takes_its_assignments_along() {
    let world = World::new();
    let (account, group, set) = (world.account("one"), world.group("platform"), world.set("Reader"));
    world.assign(&set, &account, &group);
    world.wait(5 * 86_400);
    world.call("organizations", "RemoveAccountFromOrganization", json!({"AccountId": account}));
    assert!(world.accounts(&set).is_empty());
    let principal = json!({"PrincipalType": "GROUP", "PrincipalId": group});
    let listed = world.admin("ListAccountAssignmentsForPrincipal", principal);
    assert_eq!(listed["AccountAssignments"], json!([]));
    world.admin("DeletePermissionSet", json!({"PermissionSetArn": set}));
}

#[test]
fn a_request_for_an_account_that_left_meanwhile_fails() {
    let world = World::new();
    let (account, group, set) = (world.account("one"), world.group("platform"), world.set("Reader"));
    world.wait(5 * 86_400);
    let request = world.submit(&set, &account, &group);
    world.call("organizations", "RemoveAccountFromOrganization", json!({"AccountId": account}));
    world.wait(60);
    assert_eq!(world.stands(&request).0, "FAILED");
}

#[test]
fn identity_center_that_is_removed_leaves_no_role_behind() {
    let world = World::new();
    let (group, set) = (world.group("platform"), world.set("Reader"));
    world.assign(&set, MANAGEMENT, &group);
    assert!(world.sandbox.show().iter().any(|line| line.contains("AWSReservedSSO_Reader_")));
    world.sandbox.remove_identity_center().unwrap();
    let shown = world.sandbox.show();
    assert!(!shown.iter().any(|line| line.contains("AWSReservedSSO")), "{shown:?}");
    let listed = world.call("sso-admin", "ListInstances", json!({}));
    assert_eq!(listed["Instances"], json!([]));
    assert_eq!(world.admin_refused("ListPermissionSets", json!({})), "ResourceNotFoundException");
}
