//! Delegated administrators.

use super::{MANAGEMENT, World, text};
use serde_json::{Value, json};

fn pair(account: &str, principal: &str) -> Value {
    json!({"AccountId": account, "ServicePrincipal": principal})
}

#[test]
fn an_administrator_is_listed_by_account_and_by_service() {
    let world = World::new();
    let security = world.administrator("security");
    world.ok("EnableAWSServiceAccess", json!({"ServicePrincipal": "sso.amazonaws.com"}));
    world.ok("RegisterDelegatedAdministrator", pair(&security, "sso.amazonaws.com"));
    let all = world.list("ListDelegatedAdministrators", json!({}), "DelegatedAdministrators");
    assert_eq!(all.len(), 1);
    assert_eq!(all[0]["Id"], security);
    let request = json!({"AccountId": security});
    let services = world.list("ListDelegatedServicesForAccount", request, "DelegatedServices");
    let names: Vec<String> = services.iter().map(|one| text(&one["ServicePrincipal"])).collect();
    assert_eq!(names, ["ssm.amazonaws.com", "sso.amazonaws.com"]);
    let of = |principal: &str| {
        let request = json!({"ServicePrincipal": principal});
        world.list("ListDelegatedAdministrators", request, "DelegatedAdministrators").len()
    };
    assert_eq!((of("sso.amazonaws.com"), of("config.amazonaws.com")), (1, 0));
}

#[test]
fn each_rule_of_registration_has_its_refusal() {
    let world = World::new();
    let security = world.administrator("security");
    let closing = world.account("closing");
    world.ok("CloseAccount", json!({"AccountId": closing}));
    let refused = |account: &str, principal: &str| {
        world.refused("RegisterDelegatedAdministrator", pair(account, principal))
    };
    let constraint = |reason: &str| format!("ConstraintViolationException {reason}");
    let unrecognized = "InvalidInputException UNRECOGNIZED_SERVICE_PRINCIPAL";
    assert_eq!(refused(&security, "ssm.amazonaws.com"), "AccountAlreadyRegisteredException");
    assert_eq!(refused(&security, "sso.amazonaws.com"), constraint("SERVICE_ACCESS_NOT_ENABLED"));
    assert_eq!(refused("777788889999", "ssm.amazonaws.com"), "AccountNotFoundException");
    assert_eq!(refused(&security, "example.amazonaws.com"), unrecognized);
    assert_eq!(refused(&security, "ram.amazonaws.com"), unrecognized);
    assert_eq!(
        refused(MANAGEMENT, "ssm.amazonaws.com"),
        constraint("CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR")
    );
    assert_eq!(
        refused(&closing, "ssm.amazonaws.com"),
        constraint("CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR")
    );
}

#[test]
fn a_service_has_as_many_administrators_as_it_says() {
    let world = World::new();
    let accounts: Vec<String> = (0..4).map(|number| world.account(&format!("account-{number}"))).collect();
    for principal in ["sso.amazonaws.com", "config.amazonaws.com"] {
        world.ok("EnableAWSServiceAccess", json!({"ServicePrincipal": principal}));
    }
    world.ok("RegisterDelegatedAdministrator", pair(&accounts[0], "sso.amazonaws.com"));
    assert_eq!(
        world.refused("RegisterDelegatedAdministrator", pair(&accounts[1], "sso.amazonaws.com")),
        "ConstraintViolationException DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE"
    );
    for account in &accounts[..3] {
        world.ok("RegisterDelegatedAdministrator", pair(account, "config.amazonaws.com"));
    }
    assert_eq!(
        world.refused("RegisterDelegatedAdministrator", pair(&accounts[3], "config.amazonaws.com")),
        "ConstraintViolationException MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED"
    );
}

#[test]
fn who_is_not_registered_is_not_deregistered_nor_listed() {
    let world = World::new();
    let shop = world.account("shop");
    let not_registered = "AccountNotRegisteredException";
    assert_eq!(
        world.refused("DeregisterDelegatedAdministrator", pair(&shop, "ssm.amazonaws.com")),
        not_registered
    );
    assert_eq!(world.refused("ListDelegatedServicesForAccount", json!({"AccountId": shop})), not_registered);
    let stranger = "777788889999";
    assert_eq!(
        world.refused("DeregisterDelegatedAdministrator", pair(stranger, "ssm.amazonaws.com")),
        "AccountNotFoundException"
    );
    assert_eq!(
        world.refused("ListDelegatedServicesForAccount", json!({"AccountId": stranger})),
        "AccountNotFoundException"
    );
}
