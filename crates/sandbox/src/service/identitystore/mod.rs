//! The directory of Identity Center: users, groups and who is in which.
//!
//! The management account and the delegated administrator of Identity Center use it, in the Region of the instance.
//! Nothing else fills it here: there is no provisioning by an external provider, so that nothing has an external id.
//! How many users, groups and memberships there are is not bounded.
//!
//! Source: <https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/welcome.html>

mod attribute;
mod group;
mod membership;
mod refusal;
mod show;
mod store;
mod user;

pub(super) use membership::groups_of;
pub(super) use show::name_of;
pub(super) use store::{abolish, establish, store_arn};
pub(super) use user::id_of_user;

use super::sso_admin::PrincipalType;
use super::{Access, Operation, Service, typed};
use crate::world::{TableInfo, World};
use serde::Serialize;

/// The service.
pub const SERVICE: Service =
    Service { name: NAME, operations, tables, found: |_| {}, settle: |_, _| {}, show: show::lines };

const NAME: &str = "identitystore";

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
        "CreateGroup" Write group::create_group,
        "CreateGroupMembership" Write membership::create_group_membership,
        "CreateUser" Write user::create_user,
        "DeleteGroup" Write group::delete_group,
        "DeleteGroupMembership" Write membership::delete_group_membership,
        "DeleteUser" Write user::delete_user,
        "DescribeGroup" Read group::describe_group,
        "DescribeGroupMembership" Read membership::describe_group_membership,
        "DescribeUser" Read user::describe_user,
        "GetGroupId" Read group::get_group_id,
        "GetGroupMembershipId" Read membership::get_group_membership_id,
        "GetUserId" Read user::get_user_id,
        "IsMemberInGroups" Read membership::is_member_in_groups,
        "ListGroupMemberships" Read membership::list_group_memberships,
        "ListGroupMembershipsForMember" Read membership::list_group_memberships_for_member,
        "ListGroups" Read group::list_groups,
        "ListUsers" Read user::list_users,
        "UpdateGroup" Write group::update_group,
        "UpdateUser" Write user::update_user,
    ]
}

fn tables() -> Vec<TableInfo> {
    vec![
        TableInfo::of::<group::Group>(),
        TableInfo::of::<membership::Membership>(),
        TableInfo::of::<store::Store>(),
        TableInfo::of::<user::User>(),
    ]
}

/// Whether a directory has this user or group.
pub(super) fn knows(world: &World, store: &str, principal_type: PrincipalType, id: &str) -> bool {
    match principal_type {
        PrincipalType::User => world.get::<user::User>(id).is_some_and(|user| user.record.store == store),
        PrincipalType::Group => {
            world.get::<group::Group>(id).is_some_and(|group| group.record.store == store)
        }
    }
}
