//! Founding, describing and ending the organization.

use super::{MANAGEMENT, World, text};
use glidepath_sandbox::Founding;
use serde_json::json;

#[test]
fn a_created_organization_has_a_root_its_management_account_and_no_policy_types() {
    let world = World::founded(Founding::StandAlone);
    let organization = &world.ok("CreateOrganization", json!({}))["Organization"];
    assert_eq!(organization["FeatureSet"], "ALL");
    assert_eq!(organization["MasterAccountId"], MANAGEMENT);
    assert_eq!(organization, &world.ok("DescribeOrganization", json!({}))["Organization"]);
    let roots = world.list("ListRoots", json!({}), "Roots");
    assert_eq!(roots.len(), 1);
    assert_eq!(roots[0]["PolicyTypes"], json!([]));
    let accounts = world.list("ListAccounts", json!({}), "Accounts");
    assert_eq!(accounts.len(), 1);
    assert_eq!(accounts[0]["Id"], MANAGEMENT);
    assert_eq!(accounts[0]["JoinedMethod"], "INVITED");
}

#[test]
fn an_organization_is_not_created_twice() {
    let world = World::new();
    assert_eq!(world.refused("CreateOrganization", json!({})), "AlreadyInOrganizationException");
}

#[test]
fn accounts_can_be_created_an_hour_after_the_organization() {
    let world = World::founded(Founding::StandAlone);
    world.ok("CreateOrganization", json!({"FeatureSet": "ALL"}));
    let request = json!({"AccountName": "shop", "Email": "shop@example.com"});
    for operation in ["CreateAccount", "CreateGovCloudAccount"] {
        assert_eq!(
            world.refused(operation, request.clone()),
            "FinalizingOrganizationException",
            "{operation}"
        );
    }
    world.wait(3_599);
    assert_eq!(world.refused("CreateAccount", request.clone()), "FinalizingOrganizationException");
    world.wait(1);
    assert_eq!(world.ok("CreateAccount", request)["CreateAccountStatus"]["State"], "IN_PROGRESS");
}

#[test]
fn an_organization_with_members_or_running_creations_cannot_be_deleted() {
    let world = World::new();
    world.ok("CreateAccount", json!({"AccountName": "shop", "Email": "shop@example.com"}));
    assert_eq!(world.refused("DeleteOrganization", json!({})), "OrganizationNotEmptyException");
    world.wait(60);
    assert_eq!(world.refused("DeleteOrganization", json!({})), "OrganizationNotEmptyException");
}

#[test]
fn deleting_takes_units_and_policies_along_and_the_next_organization_starts_empty() {
    let world = World::new();
    let first = text(&world.ok("DescribeOrganization", json!({}))["Organization"]["Id"]);
    world.unit(&world.root(), "Prod");
    world.scp("deny");
    world.ok("DeleteOrganization", json!({}));
    assert_eq!(world.refused("DescribeOrganization", json!({})), "AWSOrganizationsNotInUseException");
    let second = text(&world.ok("CreateOrganization", json!({}))["Organization"]["Id"]);
    assert_ne!(first, second);
    let units = world.list(
        "ListOrganizationalUnitsForParent",
        json!({"ParentId": world.root()}),
        "OrganizationalUnits",
    );
    assert!(units.is_empty());
    assert_eq!(world.list("ListPolicies", json!({"Filter": "SERVICE_CONTROL_POLICY"}), "Policies").len(), 1);
}

#[test]
fn consolidated_billing_knows_no_policies_and_no_switches_until_all_features_are_enabled() {
    let world = World::founded(Founding::StandAlone);
    world.ok("CreateOrganization", json!({"FeatureSet": "CONSOLIDATED_BILLING"}));
    let scp = json!({"RootId": world.root(), "PolicyType": "SERVICE_CONTROL_POLICY"});
    let policy = json!({"Type": "TAG_POLICY", "Name": "n", "Description": "", "Content": "{}"});
    let unavailable = "PolicyTypeNotAvailableForOrganizationException";
    assert_eq!(world.refused("EnablePolicyType", scp.clone()), unavailable);
    assert_eq!(world.refused("CreatePolicy", policy), unavailable);
    let service = json!({"ServicePrincipal": "ssm.amazonaws.com"});
    let pair = json!({"AccountId": MANAGEMENT, "ServicePrincipal": "ssm.amazonaws.com"});
    let tag = json!({"PolicyType": "TAG_POLICY"});
    let whole = [
        ("CloseAccount", json!({"AccountId": MANAGEMENT})),
        ("DeleteResourcePolicy", json!({})),
        ("DeregisterDelegatedAdministrator", pair.clone()),
        ("DescribeEffectivePolicy", tag.clone()),
        ("DescribeResourcePolicy", json!({})),
        ("DisableAWSServiceAccess", service.clone()),
        ("EnableAWSServiceAccess", service),
        ("ListAWSServiceAccessForOrganization", json!({})),
        ("ListAccountsWithInvalidEffectivePolicy", tag),
        ("ListDelegatedAdministrators", json!({})),
        ("ListDelegatedServicesForAccount", json!({"AccountId": MANAGEMENT})),
        ("ListEffectivePolicyValidationErrors", json!({"AccountId": MANAGEMENT, "PolicyType": "TAG_POLICY"})),
        ("PutResourcePolicy", json!({"Content": "{}"})),
        ("RegisterDelegatedAdministrator", pair),
    ];
    for (operation, request) in whole {
        let expected = "ConstraintViolationException ORGANIZATION_NOT_IN_ALL_FEATURES_MODE";
        assert_eq!(world.refused(operation, request), expected, "{operation}");
    }
    assert_eq!(world.ok("EnableAllFeatures", json!({}))["Handshake"]["State"], "ACCEPTED");
    world.ok("EnablePolicyType", scp);
    let again = "HandshakeConstraintViolationException ORGANIZATION_ALREADY_HAS_ALL_FEATURES";
    assert_eq!(world.refused("EnableAllFeatures", json!({})), again);
}

#[test]
fn show_prints_the_tree_with_its_policies_and_switches() {
    let world = World::new();
    world.enable("SERVICE_CONTROL_POLICY");
    let prod = world.unit(&world.root(), "Prod");
    world.attach(&world.scp("deny"), &prod);
    world.ok("EnableAWSServiceAccess", json!({"ServicePrincipal": "ssm.amazonaws.com"}));
    let lines: Vec<String> = world.sandbox.show();
    let has = |line: &str| lines.iter().any(|shown| shown == line);
    assert!(has("root (policy types: scp) [scp/FullAWSAccess]"), "{lines:#?}");
    assert!(has("  account 111122223333 management ACTIVE [scp/FullAWSAccess]"), "{lines:#?}");
    assert!(has("  unit Prod [scp/FullAWSAccess, scp/deny]"), "{lines:#?}");
    assert!(has("trusted access ssm.amazonaws.com"));
}
