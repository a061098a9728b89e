//! Every call of IAM Identity Center, its directory and its access portal.

use crate::fake::permit;
use glidepath_aws::identity_center::NewPermissionSet;
use glidepath_aws::{Aws, identity_center, identity_store, portal};
use glidepath_model::identity_center::{Assignment, Boundary, CustomerPolicy, PrincipalId, User};
use glidepath_model::{AccountId, Tags};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const REGION: &str = "eu-west-1";
const INSTANCE: &str = "arn:aws:sso:::instance/ssoins-0123456789abcdef";
const SET: &str = "arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef";

/// An answer that the SDK and our parsers take.
pub(crate) fn answer(operation: &str) -> Value {
    let request = json!({"RequestId": "r", "Status": "SUCCEEDED"});
    let set = json!({"Name": "Admin", "PermissionSetArn": SET, "SessionDuration": "PT4H"});
    match operation {
        "CreatePermissionSet" | "DescribePermissionSet" => json!({"PermissionSet": set}),
        "CreateAccountAssignment" | "DescribeAccountAssignmentCreationStatus" => {
            json!({"AccountAssignmentCreationStatus": request})
        }
        "DeleteAccountAssignment" | "DescribeAccountAssignmentDeletionStatus" => {
            json!({"AccountAssignmentDeletionStatus": request})
        }
        "ProvisionPermissionSet" | "DescribePermissionSetProvisioningStatus" => {
            json!({"PermissionSetProvisioningStatus": request})
        }
        "DescribeInstanceAccessControlAttributeConfiguration" => json!({"Status": "ENABLED"}),
        "GetGroupId" | "CreateGroup" => json!({"GroupId": "g", "IdentityStoreId": "d-1"}),
        "GetUserId" | "CreateUser" => json!({"UserId": "u", "IdentityStoreId": "d-1"}),
        "CreateGroupMembership" => json!({"MembershipId": "m", "IdentityStoreId": "d-1"}),
        "DescribeGroup" => json!({"GroupId": "g", "DisplayName": "platform", "IdentityStoreId": "d-1"}),
        "DescribeUser" => json!({"UserId": "u", "UserName": "anna", "IdentityStoreId": "d-1"}),
        "ListGroups" => json!({"Groups": []}),
        "ListUsers" => json!({"Users": []}),
        "ListGroupMemberships" => json!({"GroupMemberships": []}),
        _ => json!({}),
    }
}

fn account() -> AccountId {
    AccountId::parse("444455556666").unwrap()
}

fn group() -> PrincipalId {
    PrincipalId::Group("g".to_owned())
}

pub(crate) async fn read_everything(aws: &Aws) {
    let reader = identity_center::Reader::new(aws.session(), REGION);
    reader.list_instances().await.unwrap();
    reader.list_permission_sets(INSTANCE).await.unwrap();
    let told = reader.describe_permission_set(INSTANCE, SET).await.unwrap().unwrap();
    assert_eq!((told.name.as_str(), told.session), ("Admin", 14_400));
    reader.list_managed_policies(INSTANCE, SET).await.unwrap();
    reader.list_customer_policies(INSTANCE, SET).await.unwrap();
    reader.inline_policy(INSTANCE, SET).await.unwrap();
    reader.boundary(INSTANCE, SET).await.unwrap();
    reader.list_tags(INSTANCE, SET).await.unwrap();
    reader.list_assignments_of(INSTANCE, &group()).await.unwrap();
    reader.list_assignments_in(INSTANCE, SET, &account()).await.unwrap();
    reader.list_running_creations(INSTANCE).await.unwrap();
    reader.list_running_deletions(INSTANCE).await.unwrap();
    reader.list_running_provisioning(INSTANCE).await.unwrap();
    reader.creation_status(INSTANCE, "r").await.unwrap();
    reader.deletion_status(INSTANCE, "r").await.unwrap();
    reader.provisioning_status(INSTANCE, "r").await.unwrap();
    reader.list_provisioned(INSTANCE, SET).await.unwrap();
    reader.list_stale(INSTANCE, SET).await.unwrap();
    reader.attributes(INSTANCE).await.unwrap().unwrap();
    let store = identity_store::Reader::new(aws.session(), REGION, "d-1");
    store.list_groups().await.unwrap();
    store.group_id("platform").await.unwrap().unwrap();
    store.group_name("g").await.unwrap().unwrap();
    store.list_users().await.unwrap();
    store.user_id("anna").await.unwrap().unwrap();
    store.user_name("u").await.unwrap().unwrap();
    store.list_memberships("g").await.unwrap();
    let portal = portal::Reader::new(aws.session(), REGION, "token");
    portal.list_accounts().await.unwrap();
    portal.list_permission_sets(&account()).await.unwrap();
    assert!(!format!("{portal:?}").contains("token"));
}

pub(crate) async fn write_everything(aws: &Aws) {
    let writer = identity_center::Writer::new(aws.session(), REGION, &permit()).unwrap();
    let tags = Tags::from([("team".into(), "shop".into())]);
    let policy = CustomerPolicy { name: "deployer".to_owned(), path: "/".to_owned() };
    let new =
        NewPermissionSet { name: "Admin", description: "", session: 14_400, relay_state: "", tags: &tags };
    assert_eq!(writer.create_permission_set(INSTANCE, new).await.unwrap(), SET);
    writer.update_permission_set(INSTANCE, SET, new).await.unwrap();
    writer.attach_managed_policy(INSTANCE, SET, "arn:aws:iam::aws:policy/ReadOnlyAccess").await.unwrap();
    writer.detach_managed_policy(INSTANCE, SET, "arn:aws:iam::aws:policy/ReadOnlyAccess").await.unwrap();
    writer.attach_customer_policy(INSTANCE, SET, &policy).await.unwrap();
    writer.detach_customer_policy(INSTANCE, SET, &policy).await.unwrap();
    writer.put_inline_policy(INSTANCE, SET, "{}").await.unwrap();
    writer.delete_inline_policy(INSTANCE, SET).await.unwrap();
    writer.put_boundary(INSTANCE, SET, &Boundary::Customer(policy)).await.unwrap();
    writer.delete_boundary(INSTANCE, SET).await.unwrap();
    writer.tag(INSTANCE, SET, &tags).await.unwrap();
    writer.untag(INSTANCE, SET, &["team".to_owned()]).await.unwrap();
    let assignment = Assignment { permission_set: SET.to_owned(), principal: group(), account: account() };
    let slot = writer.assignment_slot().await.unwrap();
    writer.create_assignment(&slot, INSTANCE, &assignment).await.unwrap();
    writer.delete_assignment(&slot, INSTANCE, &assignment).await.unwrap();
    let slot = writer.provisioning_slot().await.unwrap();
    writer.provision(&slot, INSTANCE, SET).await.unwrap();
    let attributes = BTreeMap::from([("CostCenter".to_owned(), "${path:title}".to_owned())]);
    writer.create_attributes(INSTANCE, &attributes).await.unwrap();
    writer.update_attributes(INSTANCE, &attributes).await.unwrap();
    writer.delete_attributes(INSTANCE).await.unwrap();
    writer.delete_permission_set(INSTANCE, SET).await.unwrap();
    let store = identity_store::Writer::new(aws.session(), REGION, "d-1", &permit()).unwrap();
    let user = User {
        id: String::new(),
        name: "anna".into(),
        display: "Anna".into(),
        given: "Anna".into(),
        family: "Example".into(),
        email: "anna@example.com".into(),
    };
    store.create_group("platform", "").await.unwrap();
    store.describe_group("g", "Runs it").await.unwrap();
    store.create_user(&user).await.unwrap();
    store.update_user("u", &user).await.unwrap();
    store.create_membership("g", "u").await.unwrap();
    store.delete_membership("m").await.unwrap();
    store.delete_user("u").await.unwrap();
    store.delete_group("g").await.unwrap();
}
