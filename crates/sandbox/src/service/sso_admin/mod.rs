//! IAM Identity Center's administration: the organization instance, permission sets, who is assigned what in which
//! account, and how far that has reached the accounts.
//!
//! No call makes the organization instance; the world has one from the start unless told otherwise. Assignments and
//! provisioning are requests that take time: what an account holds of a permission set changes only when such a request
//! comes to its turn there ([`request`]). Applications, trusted token issuers and account instances are not simulated.
//!
//! Source: <https://docs.aws.amazon.com/singlesignon/latest/APIReference/welcome.html>

mod access;
mod access_control;
mod assignment;
mod boundary;
mod content;
mod inline_policy;
mod instance;
mod permission_set;
mod policy;
mod provision;
mod provisioning;
mod refusal;
mod request;
mod show;
mod status;
mod tag;

pub(super) use access::PRINCIPAL;
pub(super) use assignment::{Assigned, PrincipalType, assigned_to};
pub(super) use instance::enabled;
pub(crate) use instance::{abolish, establish};
pub(super) use provision::account_placed;

use super::{Access, Operation, Service, typed};
use crate::world::{Due, TableInfo, World};
use serde::Serialize;

/// The service.
pub const SERVICE: Service =
    Service { name: NAME, operations, tables, found: |_| {}, settle, show: show::lines };

const NAME: &str = "sso-admin";

/// The answer of an operation that has none.
#[derive(Debug, Serialize)]
struct Done {}

macro_rules! operations {
    ($($name:literal $access:ident $handler:path,)+) => {
        vec![$(Operation {
            name: $name,
            access: Access::$access,
            handler: |context, request| typed(context, request, $handler),
        }),+]
    };
}

fn operations() -> Vec<Operation> {
    operations![
        "AttachCustomerManagedPolicyReferenceToPermissionSet" Write policy::attach_customer_managed,
        "AttachManagedPolicyToPermissionSet" Write policy::attach_managed,
        "CreateAccountAssignment" Write assignment::create_account_assignment,
        "CreateInstanceAccessControlAttributeConfiguration" Write access_control::create,
        "CreatePermissionSet" Write permission_set::create_permission_set,
        "DeleteAccountAssignment" Write assignment::delete_account_assignment,
        "DeleteInlinePolicyFromPermissionSet" Write inline_policy::delete,
        "DeleteInstanceAccessControlAttributeConfiguration" Write access_control::delete,
        "DeletePermissionSet" Write permission_set::delete_permission_set,
        "DeletePermissionsBoundaryFromPermissionSet" Write boundary::delete,
        "DescribeAccountAssignmentCreationStatus" ConsistentRead status::describe_creation,
        "DescribeAccountAssignmentDeletionStatus" ConsistentRead status::describe_deletion,
        "DescribeInstance" Read instance::describe_instance,
        "DescribeInstanceAccessControlAttributeConfiguration" Read access_control::describe,
        "DescribePermissionSet" Read permission_set::describe_permission_set,
        "DescribePermissionSetProvisioningStatus" ConsistentRead status::describe_provisioning,
        "DetachCustomerManagedPolicyReferenceFromPermissionSet" Write policy::detach_customer_managed,
        "DetachManagedPolicyFromPermissionSet" Write policy::detach_managed,
        "GetInlinePolicyForPermissionSet" Read inline_policy::get,
        "GetPermissionsBoundaryForPermissionSet" Read boundary::get,
        "ListAccountAssignmentCreationStatus" ConsistentRead status::list_creations,
        "ListAccountAssignmentDeletionStatus" ConsistentRead status::list_deletions,
        "ListAccountAssignments" Read assignment::list_account_assignments,
        "ListAccountAssignmentsForPrincipal" Read assignment::list_account_assignments_for_principal,
        "ListAccountsForProvisionedPermissionSet" Read provision::list_accounts,
        "ListCustomerManagedPolicyReferencesInPermissionSet" Read policy::list_customer_managed,
        "ListInstances" Read instance::list_instances,
        "ListManagedPoliciesInPermissionSet" Read policy::list_managed,
        "ListPermissionSetProvisioningStatus" ConsistentRead status::list_provisionings,
        "ListPermissionSets" Read permission_set::list_permission_sets,
        "ListPermissionSetsProvisionedToAccount" Read provision::list_permission_sets,
        "ListTagsForResource" Read tag::list_tags_for_resource,
        "ProvisionPermissionSet" Write provisioning::provision_permission_set,
        "PutInlinePolicyToPermissionSet" Write inline_policy::put,
        "PutPermissionsBoundaryToPermissionSet" Write boundary::put,
        "TagResource" Write tag::tag_resource,
        "UntagResource" Write tag::untag_resource,
        "UpdateInstanceAccessControlAttributeConfiguration" Write access_control::update,
        "UpdatePermissionSet" Write permission_set::update_permission_set,
    ]
}

fn tables() -> Vec<TableInfo> {
    vec![
        TableInfo::of::<access_control::Attributes>(),
        TableInfo::of::<assignment::Assignment>(),
        TableInfo::of::<instance::Instance>(),
        TableInfo::of::<request::Lane>(),
        TableInfo::of::<permission_set::PermissionSet>(),
        TableInfo::of::<provision::Provision>(),
        TableInfo::of::<request::Request>(),
    ]
}

fn settle(world: &mut World, due: &Due) {
    if due.kind == request::DUE {
        request::settle(world, due);
    }
}
