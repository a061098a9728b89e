//! Accounts that leave.

use super::{MANAGEMENT, World};
use serde_json::json;

#[test]
fn a_created_account_leaves_after_four_days_and_takes_nothing_along() {
    let world = World::new();
    let shop = world.account("shop");
    world.enable("SERVICE_CONTROL_POLICY");
    let scp = world.scp("deny");
    world.attach(&scp, &shop);
    let wait = "ConstraintViolationException WAIT_PERIOD_ACTIVE";
    assert_eq!(world.refused("RemoveAccountFromOrganization", json!({"AccountId": shop})), wait);
    assert_eq!(world.refused_as(&shop, "LeaveOrganization", json!({})), wait);
    world.wait_days(4);
    world.ok("RemoveAccountFromOrganization", json!({"AccountId": shop}));
    assert!(world.list("ListTargetsForPolicy", json!({"PolicyId": scp}), "Targets").is_empty());
    assert_eq!(world.list("ListAccounts", json!({}), "Accounts").len(), 1);
    assert_eq!(
        world.refused_as(&shop, "DescribeOrganization", json!({})),
        "AWSOrganizationsNotInUseException"
    );
}

#[test]
fn an_account_may_leave_by_itself() {
    let world = World::new();
    let shop = world.account("shop");
    world.wait_days(5);
    world.try_as(&shop, "LeaveOrganization", json!({})).unwrap();
    assert_eq!(world.refused("DescribeAccount", json!({"AccountId": shop})), "AccountNotFoundException");
    assert_eq!(world.refused_as(&shop, "CreateOrganization", json!({})), super::DENIED);
}

#[test]
fn the_management_account_cannot_leave_and_an_administrator_not_yet() {
    let world = World::new();
    let security = world.administrator("security");
    world.wait_days(5);
    let master = "MasterCannotLeaveOrganizationException";
    assert_eq!(world.refused("LeaveOrganization", json!({})), master);
    assert_eq!(world.refused("RemoveAccountFromOrganization", json!({"AccountId": MANAGEMENT})), master);
    let request = json!({"AccountId": security});
    assert_eq!(
        world.refused("RemoveAccountFromOrganization", request.clone()),
        "ConstraintViolationException CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG"
    );
    assert_eq!(
        world.refused("RemoveAccountFromOrganization", json!({"AccountId": "777788889999"})),
        "AccountNotFoundException"
    );
}
