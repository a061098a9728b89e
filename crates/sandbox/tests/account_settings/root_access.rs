//! Centralized root access.

use super::{MANAGEMENT, World};
use serde_json::json;

#[test]
fn root_access_is_enabled_by_the_management_account_and_needs_trusted_access() {
    let world = World::new();
    let member = world.member("one");
    let enable = "EnableOrganizationsRootCredentialsManagement";
    let attempt = |caller: &str, operation: &str| world.attempt(caller, "iam", operation, json!({}));
    assert_eq!(attempt(MANAGEMENT, enable).unwrap_err(), "ServiceAccessNotEnabledException");
    world.trust("iam.amazonaws.com");
    let told = attempt(MANAGEMENT, enable).unwrap();
    assert_eq!(told["EnabledFeatures"], json!(["RootCredentialsManagement"]));
    assert_eq!(
        attempt(&member, "ListOrganizationsFeatures").unwrap_err(),
        "AccountNotManagementOrDelegatedAdministratorException"
    );
    let delegated = json!({"AccountId": member, "ServicePrincipal": "iam.amazonaws.com"});
    world.call(MANAGEMENT, "organizations", "RegisterDelegatedAdministrator", delegated);
    assert_eq!(attempt(&member, enable).unwrap_err(), "CallerIsNotManagementAccountException");
    let told = attempt(&member, "DisableOrganizationsRootCredentialsManagement").unwrap();
    assert_eq!(told["EnabledFeatures"], json!([]));
}
