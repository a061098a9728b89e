//! AWS Organizations: the organization, its tree, accounts, policies and switches.
//!
//! One file per noun; each holds the noun's entity and the operations on it. What several nouns share: who may call
//! ([`access`]), where things hang ([`tree`]), pages ([`page`]), errors ([`refusal`]). Nothing here knows the wire.
//! One organization exists at most, and its management account is the world's.
//!
//! Invitations and responsibility transfers are not simulated: their listings are empty, the rest is refused.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/Welcome.html>

mod access;
mod account;
mod account_closure;
mod account_creation;
mod account_departure;
mod attachment;
mod delegated_administrator;
mod delegation_policy;
mod effective_policy;
mod handshake;
mod membership;
mod organization;
mod page;
mod placement;
mod policy;
mod policy_document;
mod policy_type;
mod refusal;
mod resource_policy;
mod responsibility_transfer;
mod root;
mod show;
mod tag;
mod tally;
mod tree;
mod trusted_access;
mod unit;

pub(super) use membership::{
    Standing, account_names, administers, distrust, has_administrator, is_parent, is_trusted, lineage,
    members_below, organization, standing, trust,
};
pub(super) use placement::Placement;

use super::{Access, Operation, Service, typed};
use crate::world::{Due, TableInfo, World};
use glidepath_model::{AccountId, Timestamp};

/// The service.
pub const SERVICE: Service =
    Service { name: NAME, operations, tables, found: organization::found, settle, show: show::lines };

const NAME: &str = "organizations";

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
        "AcceptHandshake" Write handshake::not_found,
        "AttachPolicy" Write attachment::attach_policy,
        "CancelHandshake" Write handshake::not_found,
        "CloseAccount" Write account_closure::close_account,
        "CreateAccount" Write account_creation::create_account,
        "CreateGovCloudAccount" Write account_creation::create_gov_cloud_account,
        "CreateOrganization" Write organization::create_organization,
        "CreateOrganizationalUnit" Write unit::create_organizational_unit,
        "CreatePolicy" Write policy::create_policy,
        "DeclineHandshake" Write handshake::not_found,
        "DeleteOrganization" Write organization::delete_organization,
        "DeleteOrganizationalUnit" Write unit::delete_organizational_unit,
        "DeletePolicy" Write policy::delete_policy,
        "DeleteResourcePolicy" Write resource_policy::delete_resource_policy,
        "DeregisterDelegatedAdministrator" Write delegated_administrator::deregister_delegated_administrator,
        "DescribeAccount" Read account::describe_account,
        "DescribeCreateAccountStatus" ConsistentRead account_creation::describe_create_account_status,
        "DescribeEffectivePolicy" Read effective_policy::describe_effective_policy,
        "DescribeHandshake" Read handshake::not_found,
        "DescribeOrganization" Read organization::describe_organization,
        "DescribeOrganizationalUnit" Read unit::describe_organizational_unit,
        "DescribePolicy" Read policy::describe_policy,
        "DescribeResourcePolicy" Read resource_policy::describe_resource_policy,
        "DescribeResponsibilityTransfer" Read responsibility_transfer::not_found,
        "DetachPolicy" Write attachment::detach_policy,
        "DisableAWSServiceAccess" Write trusted_access::disable_aws_service_access,
        "DisablePolicyType" Write policy_type::disable_policy_type,
        "EnableAWSServiceAccess" Write trusted_access::enable_aws_service_access,
        "EnableAllFeatures" Write organization::enable_all_features,
        "EnablePolicyType" Write policy_type::enable_policy_type,
        "InviteAccountToOrganization" Write handshake::invite_account,
        "InviteOrganizationToTransferResponsibility" Write responsibility_transfer::invite_organization,
        "LeaveOrganization" Write account_departure::leave_organization,
        "ListAWSServiceAccessForOrganization" Read trusted_access::list_aws_service_access_for_organization,
        "ListAccounts" Read account::list_accounts,
        "ListAccountsForParent" Read account::list_accounts_for_parent,
        "ListAccountsWithInvalidEffectivePolicy" Read effective_policy::list_accounts_with_invalid_effective_policy,
        "ListChildren" Read tree::list_children,
        "ListCreateAccountStatus" ConsistentRead account_creation::list_create_account_status,
        "ListDelegatedAdministrators" Read delegated_administrator::list_delegated_administrators,
        "ListDelegatedServicesForAccount" Read delegated_administrator::list_delegated_services_for_account,
        "ListEffectivePolicyValidationErrors" Read effective_policy::list_effective_policy_validation_errors,
        "ListHandshakesForAccount" Read handshake::list_handshakes_for_account,
        "ListHandshakesForOrganization" Read handshake::list_handshakes_for_organization,
        "ListInboundResponsibilityTransfers" Read responsibility_transfer::list_inbound,
        "ListOrganizationalUnitsForParent" Read unit::list_organizational_units_for_parent,
        "ListOutboundResponsibilityTransfers" Read responsibility_transfer::list_outbound,
        "ListParents" Read tree::list_parents,
        "ListPolicies" Read policy::list_policies,
        "ListPoliciesForTarget" Read attachment::list_policies_for_target,
        "ListRoots" Read root::list_roots,
        "ListTagsForResource" Read tag::list_tags_for_resource,
        "ListTargetsForPolicy" Read attachment::list_targets_for_policy,
        "MoveAccount" Write account::move_account,
        "PutResourcePolicy" Write resource_policy::put_resource_policy,
        "RegisterDelegatedAdministrator" Write delegated_administrator::register_delegated_administrator,
        "RemoveAccountFromOrganization" Write account_departure::remove_account_from_organization,
        "TagResource" Write tag::tag_resource,
        "TerminateResponsibilityTransfer" Write responsibility_transfer::not_found,
        "UntagResource" Write tag::untag_resource,
        "UpdateOrganizationalUnit" Write unit::update_organizational_unit,
        "UpdatePolicy" Write policy::update_policy,
        "UpdateResponsibilityTransfer" Write responsibility_transfer::not_found,
    ]
}

fn tables() -> Vec<TableInfo> {
    vec![
        TableInfo::of::<account::Account>(),
        TableInfo::of::<account_creation::AccountCreation>(),
        TableInfo::of::<attachment::Attachment>(),
        TableInfo::of::<delegated_administrator::Delegation>(),
        TableInfo::of::<organization::Organization>(),
        TableInfo::of::<policy::Policy>(),
        TableInfo::of::<resource_policy::ResourcePolicy>(),
        TableInfo::of::<root::Root>(),
        TableInfo::of::<tally::Tally>(),
        TableInfo::of::<trusted_access::TrustedAccess>(),
        TableInfo::of::<unit::Unit>(),
    ]
}

fn settle(world: &mut World, due: &Due) {
    match due.kind.as_str() {
        account_creation::DUE => account_creation::settle(world, due),
        account_closure::DUE_CLOSED => account_closure::settle_closed(world, due),
        account_closure::DUE_PURGED => account_closure::settle_purged(world, due),
        policy_type::DUE_ENABLED => policy_type::settle_enabled(world, due),
        policy_type::DUE_DISABLED => policy_type::settle_disabled(world, due),
        _ => {}
    }
}

/// Whether there is an account of this id, in the organization or not.
pub(crate) fn knows_account(world: &World, id: &str) -> bool {
    world.get::<account::Account>(id).is_some()
}

/// The id of the organization that an account belongs to.
pub(crate) fn organization_of(world: &World, id: &AccountId) -> Option<String> {
    let account = world.get::<account::Account>(id.as_str()).filter(|account| account.parent.is_some());
    let organization = world.all::<organization::Organization>().next();
    account.and(organization).map(|organization| organization.id.clone())
}

/// Has `kind` carried out for `key` after so many seconds.
fn schedule(world: &mut World, now: Timestamp, seconds: i64, kind: &str, key: &str) {
    let at = later(now, seconds);
    world.schedule(Due { at, service: NAME.to_owned(), kind: kind.to_owned(), key: key.to_owned() });
}

/// The time so many seconds later; the last one there is where that lies beyond the calendar's end.
fn later(now: Timestamp, seconds: i64) -> Timestamp {
    now.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}

/// Whether at least so many seconds lie between two times.
fn elapsed(since: Timestamp, now: Timestamp, seconds: i64) -> bool {
    now >= later(since, seconds)
}
