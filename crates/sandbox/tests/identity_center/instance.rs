//! The organization instance: where it is, and who sees it.

use super::{HOME, MANAGEMENT, TRUSTED, World, options, text};
use glidepath_sandbox::{Founding, IdentityCenter, Sandbox};
use serde_json::{Value, json};

fn instances(sandbox: &Sandbox, region: &str, caller: &str) -> Vec<Value> {
    let listed = sandbox.call_json_in(region, caller, "sso-admin", "ListInstances", json!({})).unwrap();
    listed["Instances"].as_array().unwrap().clone()
}

#[test]
fn the_instance_is_in_its_region_and_every_account_of_the_organization_sees_it() {
    let world = World::new();
    let account = world.account("one");
    assert_eq!(instances(&world.sandbox, HOME, &account).len(), 1);
    assert!(instances(&world.sandbox, "us-east-1", MANAGEMENT).is_empty());
    assert!(instances(&world.sandbox, HOME, "999999999999").is_empty());
    let refused =
        world.attempt(&account, "sso-admin", "ListPermissionSets", json!({"InstanceArn": world.instance}));
    assert_eq!(refused.unwrap_err(), "AccessDeniedException");
}

#[test]
fn a_world_without_identity_center_has_none_until_somebody_enables_it() {
    let mut options = options();
    options.world.identity_center = IdentityCenter::Absent;
    let sandbox = Sandbox::in_memory(options);
    assert!(instances(&sandbox, HOME, MANAGEMENT).is_empty());
    sandbox.enable_identity_center(HOME).unwrap();
    assert_eq!(instances(&sandbox, HOME, MANAGEMENT).len(), 1);
}

#[test]
fn a_new_organization_has_identity_center_at_once() {
    let mut options = options();
    options.world.founding = Founding::StandAlone;
    let sandbox = Sandbox::in_memory(options);
    assert!(instances(&sandbox, HOME, MANAGEMENT).is_empty());
    sandbox.enable_identity_center(HOME).unwrap();
    assert!(instances(&sandbox, HOME, MANAGEMENT).is_empty(), "there is no organization to enable it for");
    sandbox.call_json(MANAGEMENT, "organizations", "CreateOrganization", json!({})).unwrap();
    assert_eq!(instances(&sandbox, HOME, MANAGEMENT).len(), 1);
}

#[test]
fn the_delegated_administrator_cannot_touch_what_the_management_account_holds() {
    let world = World::new();
    let (account, other) = (world.account("one"), world.account("two"));
    let (group, set) = (world.group("platform"), world.set("Reader"));
    let registered = json!({"AccountId": account, "ServicePrincipal": TRUSTED});
    world.call("organizations", "RegisterDelegatedAdministrator", registered);
    let as_delegated = |operation: &str, mut request: Value| {
        request["InstanceArn"] = json!(world.instance);
        world.attempt(&account, "sso-admin", operation, request)
    };
    let denied = Err("AccessDeniedException".to_owned());
    as_delegated("CreateAccountAssignment", super::assignment(&set, &other, &group)).unwrap();
    world.wait(60);
    let at_management = super::assignment(&set, MANAGEMENT, &group);
    assert_eq!(as_delegated("CreateAccountAssignment", at_management), denied);
    let change = json!({"PermissionSetArn": set, "Description": "changed"});
    as_delegated("UpdatePermissionSet", change.clone()).unwrap();
    world.assign(&set, MANAGEMENT, &group);
    assert_eq!(as_delegated("UpdatePermissionSet", change), denied);
    assert_eq!(as_delegated("DeleteAccountAssignment", super::assignment(&set, &other, &group)), denied);
    let told = as_delegated("DescribePermissionSet", json!({"PermissionSetArn": set})).unwrap();
    assert_eq!(text(&told["PermissionSet"]["Name"]), "Reader");
}
