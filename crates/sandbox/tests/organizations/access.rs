//! Who may call what.

use super::{DENIED, World};
use glidepath_sandbox::Founding;
use serde_json::{Value, json};

/// Calls that read the organization's structure, valid in a fresh organization.
fn reads(root: &str, account: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("DescribeAccount", json!({"AccountId": account})),
        ("DescribePolicy", json!({"PolicyId": "p-FullAWSAccess"})),
        ("ListAWSServiceAccessForOrganization", json!({})),
        ("ListAccounts", json!({})),
        ("ListAccountsForParent", json!({"ParentId": root})),
        ("ListChildren", json!({"ParentId": root, "ChildType": "ACCOUNT"})),
        ("ListCreateAccountStatus", json!({})),
        ("ListDelegatedAdministrators", json!({})),
        ("ListHandshakesForOrganization", json!({})),
        ("ListOrganizationalUnitsForParent", json!({"ParentId": root})),
        ("ListParents", json!({"ChildId": account})),
        ("ListPolicies", json!({"Filter": "SERVICE_CONTROL_POLICY"})),
        ("ListPoliciesForTarget", json!({"TargetId": root, "Filter": "SERVICE_CONTROL_POLICY"})),
        ("ListRoots", json!({})),
        ("ListTagsForResource", json!({"ResourceId": root})),
        ("ListTargetsForPolicy", json!({"PolicyId": "p-FullAWSAccess"})),
    ]
}

/// Reads that find nothing in a fresh organization.
fn misses(account: &str) -> Vec<(&'static str, Value)> {
    let transfer = json!({"Id": "rt-12345678"});
    let errors = json!({"AccountId": account, "PolicyType": "TAG_POLICY"});
    vec![
        ("DescribeCreateAccountStatus", json!({"CreateAccountRequestId": "car-12345678"})),
        ("DescribeEffectivePolicy", json!({"PolicyType": "TAG_POLICY", "TargetId": account})),
        ("DescribeOrganizationalUnit", json!({"OrganizationalUnitId": "ou-zzzz-11112222"})),
        ("DescribeResourcePolicy", json!({})),
        ("DescribeResponsibilityTransfer", transfer.clone()),
        ("ListAccountsWithInvalidEffectivePolicy", json!({"PolicyType": "TAG_POLICY"})),
        ("ListDelegatedServicesForAccount", json!({"AccountId": account})),
        ("ListEffectivePolicyValidationErrors", errors),
        ("ListInboundResponsibilityTransfers", json!({"Type": "BILLING"})),
        ("ListOutboundResponsibilityTransfers", json!({"Type": "BILLING"})),
        ("TerminateResponsibilityTransfer", transfer),
        ("UpdateResponsibilityTransfer", json!({"Id": "rt-12345678", "Name": "n"})),
    ]
}

/// Every call that needs more than membership.
fn every(root: &str, account: &str) -> Vec<(&'static str, Value)> {
    [reads(root, account), misses(account), writes(root, account)].concat()
}

/// Calls that change something.
fn writes(root: &str, account: &str) -> Vec<(&'static str, Value)> {
    let service = json!({"ServicePrincipal": "ssm.amazonaws.com"});
    let pair = json!({"AccountId": account, "ServicePrincipal": "ssm.amazonaws.com"});
    let attachment = json!({"PolicyId": "p-FullAWSAccess", "TargetId": root});
    let switch = json!({"RootId": root, "PolicyType": "TAG_POLICY"});
    let target = json!({"Target": {"Id": "other@example.com", "Type": "EMAIL"}});
    vec![
        ("AttachPolicy", attachment.clone()),
        ("CloseAccount", json!({"AccountId": account})),
        ("CreateAccount", json!({"AccountName": "n", "Email": "n@example.com"})),
        ("CreateGovCloudAccount", json!({"AccountName": "n", "Email": "n@example.com"})),
        ("CreateOrganizationalUnit", json!({"ParentId": root, "Name": "n"})),
        ("CreatePolicy", json!({"Type": "TAG_POLICY", "Name": "n", "Description": "", "Content": "{}"})),
        ("DeleteOrganization", json!({})),
        ("DeleteOrganizationalUnit", json!({"OrganizationalUnitId": "ou-zzzz-11112222"})),
        ("DeletePolicy", json!({"PolicyId": "p-FullAWSAccess"})),
        ("DeleteResourcePolicy", json!({})),
        ("DeregisterDelegatedAdministrator", pair.clone()),
        ("DetachPolicy", attachment),
        ("DisableAWSServiceAccess", service.clone()),
        ("DisablePolicyType", switch.clone()),
        ("EnableAWSServiceAccess", service),
        ("EnableAllFeatures", json!({})),
        ("EnablePolicyType", switch),
        ("InviteAccountToOrganization", target),
        (
            "InviteOrganizationToTransferResponsibility",
            json!({
                "Type": "BILLING",
                "Target": {"Id": "other@example.com", "Type": "EMAIL"},
                "StartTimestamp": 1_800_000_000,
                "SourceName": "n",
            }),
        ),
        ("MoveAccount", json!({"AccountId": account, "SourceParentId": root, "DestinationParentId": root})),
        ("PutResourcePolicy", json!({"Content": "{}"})),
        ("RegisterDelegatedAdministrator", pair),
        ("RemoveAccountFromOrganization", json!({"AccountId": account})),
        ("TagResource", json!({"ResourceId": root, "Tags": [{"Key": "a", "Value": "b"}]})),
        ("UntagResource", json!({"ResourceId": root, "TagKeys": ["a"]})),
        ("UpdateOrganizationalUnit", json!({"OrganizationalUnitId": "ou-zzzz-11112222", "Name": "n"})),
        ("UpdatePolicy", json!({"PolicyId": "p-FullAWSAccess", "Name": "n"})),
    ]
}

#[test]
fn a_plain_member_knows_the_organization_and_nothing_inside_it() {
    let world = World::new();
    let (shop, stranger) = (world.account("shop"), world.account("stranger"));
    assert!(world.try_as(&shop, "DescribeOrganization", json!({})).is_ok());
    for (operation, request) in every(&world.root(), &stranger) {
        assert_eq!(world.refused_as(&shop, operation, request), DENIED, "{operation}");
    }
}

#[test]
fn a_delegated_administrator_of_any_service_reads_everything_and_writes_nothing() {
    let world = World::new();
    let security = world.administrator("security");
    for (operation, request) in reads(&world.root(), &security) {
        assert!(world.try_as(&security, operation, request).is_ok(), "{operation}");
    }
    for (operation, request) in writes(&world.root(), &security) {
        assert_eq!(world.refused_as(&security, operation, request), DENIED, "{operation}");
    }
}

#[test]
fn without_an_organization_no_question_about_one_is_answered() {
    let world = World::founded(Founding::StandAlone);
    let others = [("DescribeOrganization", json!({})), ("LeaveOrganization", json!({}))];
    for (operation, request) in every("r-zzzz", "777788889999").into_iter().chain(others) {
        assert_eq!(world.refused(operation, request), "AWSOrganizationsNotInUseException", "{operation}");
    }
}

#[test]
fn an_account_that_left_is_in_no_organization() {
    let world = World::new();
    let shop = world.account("shop");
    world.wait_days(5);
    world.try_as(&shop, "LeaveOrganization", json!({})).unwrap();
    for (operation, request) in every(&world.root(), &shop) {
        let refusal = world.refused_as(&shop, operation, request);
        assert_eq!(refusal, "AWSOrganizationsNotInUseException", "{operation}");
    }
}
