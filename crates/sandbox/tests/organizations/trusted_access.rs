//! Trusted access of services.

use super::{World, text};
use serde_json::{Value, json};

fn service(principal: &str) -> Value {
    json!({"ServicePrincipal": principal})
}

fn enabled(world: &World) -> Vec<String> {
    let found = world.list("ListAWSServiceAccessForOrganization", json!({}), "EnabledServicePrincipals");
    found.iter().map(|one| text(&one["ServicePrincipal"])).collect()
}

#[test]
fn access_is_enabled_once_however_often_it_is_asked_for() {
    let world = World::new();
    world.ok("EnableAWSServiceAccess", service("ssm.amazonaws.com"));
    let first = world.list("ListAWSServiceAccessForOrganization", json!({}), "EnabledServicePrincipals");
    world.wait(60);
    world.ok("EnableAWSServiceAccess", service("ssm.amazonaws.com"));
    let second = world.list("ListAWSServiceAccessForOrganization", json!({}), "EnabledServicePrincipals");
    assert_eq!(first, second);
    world.ok("DisableAWSServiceAccess", service("ssm.amazonaws.com"));
    world.ok("DisableAWSServiceAccess", service("ssm.amazonaws.com"));
    assert!(enabled(&world).is_empty());
}

#[test]
fn unknown_principals_and_those_with_their_own_switch_are_refused() {
    let world = World::new();
    let unrecognized = "InvalidInputException UNRECOGNIZED_SERVICE_PRINCIPAL";
    for principal in ["example.amazonaws.com", "ipam.amazonaws.com", "stacksets.cloudformation.amazonaws.com"]
    {
        assert_eq!(world.refused("EnableAWSServiceAccess", service(principal)), unrecognized, "{principal}");
    }
    assert_eq!(world.refused("DisableAWSServiceAccess", service("example.amazonaws.com")), unrecognized);
}

#[test]
fn access_stays_while_an_administrator_is_registered() {
    let world = World::new();
    let security = world.administrator("security");
    assert_eq!(
        world.refused("DisableAWSServiceAccess", service("ssm.amazonaws.com")),
        "ConstraintViolationException DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE"
    );
    world.ok(
        "DeregisterDelegatedAdministrator",
        json!({"AccountId": security, "ServicePrincipal": "ssm.amazonaws.com"}),
    );
    world.ok("DisableAWSServiceAccess", service("ssm.amazonaws.com"));
    assert!(enabled(&world).is_empty());
}
