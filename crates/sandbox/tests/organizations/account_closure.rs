//! Closing accounts.

use super::{MANAGEMENT, World};
use serde_json::json;

fn state(world: &World, account: &str) -> (String, String) {
    let answer = world.ok("DescribeAccount", json!({"AccountId": account}));
    (super::text(&answer["Account"]["State"]), super::text(&answer["Account"]["Status"]))
}

fn pair(state: &str, status: &str) -> (String, String) {
    (state.to_owned(), status.to_owned())
}

#[test]
fn a_closing_account_is_pending_then_closed_then_gone() {
    let world = World::new();
    let shop = world.account("shop");
    world.ok("CloseAccount", json!({"AccountId": shop}));
    assert_eq!(state(&world, &shop), pair("PENDING_CLOSURE", "PENDING_CLOSURE"));
    assert_eq!(world.refused("CloseAccount", json!({"AccountId": shop})), "ConflictException");
    world.wait(300);
    assert_eq!(state(&world, &shop), pair("CLOSED", "SUSPENDED"));
    assert_eq!(world.refused("CloseAccount", json!({"AccountId": shop})), "AccountAlreadyClosedException");
    world.wait_days(89);
    assert_eq!(state(&world, &shop), pair("CLOSED", "SUSPENDED"));
    world.wait_days(2);
    assert_eq!(world.refused("DescribeAccount", json!({"AccountId": shop})), "AccountNotFoundException");
    assert_eq!(world.list("ListAccounts", json!({}), "Accounts").len(), 1);
}

#[test]
fn nobody_enters_a_closed_account() {
    let world = World::new();
    let shop = world.account("shop");
    let enter = || {
        let role = format!("arn:aws:iam::{shop}:role/OrganizationAccountAccessRole");
        let request = json!({"RoleArn": role, "RoleSessionName": "test"});
        world.sandbox.call_json(MANAGEMENT, "sts", "AssumeRole", request).is_ok()
    };
    assert!(enter());
    world.ok("CloseAccount", json!({"AccountId": shop}));
    world.wait(300);
    assert!(!enter());
}

#[test]
fn the_management_account_and_strangers_are_not_closed() {
    let world = World::new();
    assert_eq!(
        world.refused("CloseAccount", json!({"AccountId": MANAGEMENT})),
        "ConstraintViolationException CANNOT_CLOSE_MANAGEMENT_ACCOUNT"
    );
    assert_eq!(
        world.refused("CloseAccount", json!({"AccountId": "777788889999"})),
        "AccountNotFoundException"
    );
}

#[test]
fn no_more_than_three_accounts_close_at_once() {
    let world = World::new();
    let accounts: Vec<String> = (0..4).map(|number| world.account(&format!("account-{number}"))).collect();
    for account in &accounts[..3] {
        world.ok("CloseAccount", json!({"AccountId": account}));
    }
    assert_eq!(
        world.refused("CloseAccount", json!({"AccountId": accounts[3]})),
        "ConstraintViolationException CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED"
    );
    world.wait(300);
    world.ok("CloseAccount", json!({"AccountId": accounts[3]}));
}

#[test]
fn in_thirty_days_two_hundred_and_fifty_accounts_close_and_no_more() {
    let world = World::new();
    let accounts: Vec<String> = (0..251).map(|number| world.account(&format!("account-{number}"))).collect();
    for account in &accounts[..250] {
        world.ok("CloseAccount", json!({"AccountId": account}));
        world.wait(121);
    }
    let last = json!({"AccountId": accounts[250]});
    let quota = "ConstraintViolationException CLOSE_ACCOUNT_QUOTA_EXCEEDED";
    assert_eq!(world.refused("CloseAccount", last.clone()), quota);
    world.wait_days(30);
    world.ok("CloseAccount", last);
}
