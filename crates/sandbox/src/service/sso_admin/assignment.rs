//! Who is assigned which permission set in which account.
//!
//! An assignment is made and removed by requests that take their time; see [`super::request`].
//!
//! Source: <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreateAccountAssignment.html>

use super::super::listing::Page;
use super::super::organizations::Standing;
use super::super::{Context, ServiceError, identitystore, organizations};
use super::access::{self, Administrator, OfSet};
use super::instance::Instance;
use super::permission_set::{self, PermissionSet};
use super::provision::Provision;
use super::refusal::{conflict, denied, not_found, page, quota_exceeded, throttled};
use super::request::{self, Kind};
use super::status::OfAssignment;
use crate::world::{Entity, World};
use glidepath_model::text::printable;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Assignments that can be in the making at once.
///
/// Source: <https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html>, throttle limits
const MOST_OPEN: usize = 15;
/// Permission sets that can be provisioned in one account.
///
/// Source: the same page
const MOST_IN_AN_ACCOUNT: usize = 500;

/// Groups that can be assigned one permission set in one account.
///
/// Source: the same page
const MOST_GROUPS: usize = 100;

/// The kind of a principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(in crate::service) enum PrincipalType {
    #[serde(rename = "USER")]
    User,
    #[serde(rename = "GROUP")]
    Group,
}

impl PrincipalType {
    fn name(self) -> &'static str {
        match self {
            Self::User => "USER",
            Self::Group => "GROUP",
        }
    }
}

/// A user or group of the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Principal {
    pub(super) principal_type: PrincipalType,
    pub(super) principal_id: String,
}

impl Principal {
    /// `GROUP/` and its id.
    pub(super) fn key(&self) -> String {
        format!("{}/{}", self.principal_type.name(), self.principal_id)
    }
}

/// A principal that has a permission set in an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Assignment {
    pub(super) account: String,
    /// The id of the permission set.
    pub(super) set: String,
    pub(super) principal: Principal,
}

impl Entity for Assignment {
    const TABLE: &'static str = "sso-admin.assignment";

    fn key(&self) -> String {
        format!("{}/{}", pair(&self.account, &self.set), self.principal.key())
    }

    fn index(&self) -> Vec<(&'static str, String)> {
        vec![("principal", self.principal.key()), ("set", self.set.clone())]
    }
}

/// What the assignments of a permission set in an account have in common.
pub(super) fn pair(account: &str, set: &str) -> String {
    format!("{account}/{set}")
}

/// An account that a user reaches, and by which permission set.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::service) struct Assigned {
    /// The account.
    pub(in crate::service) account: String,
    /// The permission set's name.
    pub(in crate::service) set: String,
    /// The role that the set has in the account.
    pub(in crate::service) role: String,
    /// How long a session lasts, in seconds, as it was provisioned.
    pub(in crate::service) session_seconds: i64,
}

/// What a user reaches, by assignments of its own and of its groups; each once, by account and set.
pub(in crate::service) fn assigned_to(world: &World, store: &str, user: &str) -> Vec<Assigned> {
    let own = Principal { principal_type: PrincipalType::User, principal_id: user.to_owned() };
    let groups = identitystore::groups_of(world, store, user)
        .into_iter()
        .map(|group| Principal { principal_type: PrincipalType::Group, principal_id: group });
    let mut found: Vec<Assigned> = std::iter::once(own)
        .chain(groups)
        .flat_map(|principal| world.by::<Assignment>("principal", &principal.key()).collect::<Vec<_>>())
        .filter(|one| organizations::standing(world, &one.account) == Standing::Active)
        .filter_map(|one| {
            let set = world.get::<PermissionSet>(&one.set)?;
            let provision = world.get::<Provision>(&pair(&one.account, &one.set))?;
            Some(Assigned {
                account: one.account.clone(),
                set: set.name.clone(),
                role: provision.role.clone(),
                session_seconds: provision.content.session_seconds(),
            })
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Change {
    #[serde(flatten)]
    of: OfSet,
    target_id: String,
    #[serde(flatten)]
    principal: Principal,
}

/// What a change of an assignment is about, when the caller may make it.
fn concerned(
    context: &Context<'_>,
    request: &Change,
) -> Result<(Arc<Instance>, Arc<PermissionSet>), ServiceError> {
    let (instance, administrator) = access::instance(context, &request.of.instance_arn)?;
    let is_managements = request.target_id == instance.owner.as_str();
    if administrator == Administrator::Delegated && is_managements {
        return Err(denied("Only the management account can assign access to the management account."));
    }
    let set = permission_set::find(context.world, &request.of.permission_set_arn)?;
    access::refuse_managements(context, &instance, administrator, &set)?;
    if !is_managements {
        access::refuse_without_access(context)?;
    }
    refuse_stranger(context, &request.target_id)?;
    let key = request.principal.key();
    let pair = pair(&request.target_id, &set.key());
    if request::is_changing(context.world, &format!("{pair}/{key}")) {
        return Err(conflict("There is a request in progress for this assignment already."));
    }
    Ok((instance, set))
}

/// Refuses an account that is not in the organization.
pub(super) fn refuse_stranger(context: &Context<'_>, account: &str) -> Result<(), ServiceError> {
    match organizations::standing(context.world, account) {
        Standing::Active | Standing::Suspended => Ok(()),
        Standing::Outside | Standing::Purged => {
            Err(not_found(format!("Account {} is not in the organization.", printable(account))))
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Creation {
    account_assignment_creation_status: OfAssignment,
}

pub(super) fn create_account_assignment(
    context: &mut Context<'_>,
    request: Change,
) -> Result<Creation, ServiceError> {
    let (instance, set) = concerned(context, &request)?;
    let principal = &request.principal;
    if !identitystore::knows(
        context.world,
        &instance.store,
        principal.principal_type,
        &principal.principal_id,
    ) {
        let message =
            format!("{} {} does not exist.", principal.principal_type.name(), principal.principal_id);
        return Err(not_found(message));
    }
    if request::open(context.world, Kind::Creation) >= MOST_OPEN {
        return Err(throttled(format!("There are {MOST_OPEN} assignments in the making already.")));
    }
    let pair = pair(&request.target_id, &set.key());
    if principal.principal_type == PrincipalType::Group {
        let prefix = format!("{pair}/{}/", PrincipalType::Group.name());
        let there = context.world.below::<Assignment>(&prefix).count();
        let others = there + request::groups_arriving(context.world, &request.target_id, &set.key());
        let is_new = context.world.get::<Assignment>(&format!("{pair}/{}", principal.key())).is_none();
        if is_new && others >= MOST_GROUPS {
            return Err(quota_exceeded(format!(
                "At most {MOST_GROUPS} groups can be assigned a permission set in an account."
            )));
        }
    }
    if context.world.get::<Provision>(&pair).is_none() {
        let account = format!("{}/", request.target_id);
        let there = context.world.below::<Provision>(&account).count();
        if there + request::arriving(context.world, &request.target_id) >= MOST_IN_AN_ACCOUNT {
            return Err(quota_exceeded(format!(
                "At most {MOST_IN_AN_ACCOUNT} permission sets can be provisioned in an account."
            )));
        }
    }
    let made =
        request::submit_assignment(context, Kind::Creation, &set, &request.target_id, request.principal);
    Ok(Creation { account_assignment_creation_status: OfAssignment::of(&made, &set.arn()) })
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Deletion {
    account_assignment_deletion_status: OfAssignment,
}

pub(super) fn delete_account_assignment(
    context: &mut Context<'_>,
    request: Change,
) -> Result<Deletion, ServiceError> {
    let (_, set) = concerned(context, &request)?;
    let key = format!("{}/{}", pair(&request.target_id, &set.key()), request.principal.key());
    if context.world.get::<Assignment>(&key).is_none() {
        return Err(not_found("The assignment does not exist."));
    }
    let made =
        request::submit_assignment(context, Kind::Deletion, &set, &request.target_id, request.principal);
    Ok(Deletion { account_assignment_deletion_status: OfAssignment::of(&made, &set.arn()) })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    #[serde(flatten)]
    of: OfSet,
    account_id: String,
    next_token: Option<String>,
    max_results: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Assignments {
    account_assignments: Vec<Shape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shape {
    account_id: String,
    permission_set_arn: String,
    #[serde(flatten)]
    principal: Principal,
}

pub(super) fn list_account_assignments(
    context: &mut Context<'_>,
    request: List,
) -> Result<Assignments, ServiceError> {
    let set = access::read(context, &request.of)?;
    refuse_stranger(context, &request.account_id)?;
    let prefix = format!("{}/", pair(&request.account_id, &set.key()));
    let found = context.world.below::<Assignment>(&prefix).map(|one| {
        let shape = Shape {
            account_id: one.account.clone(),
            permission_set_arn: set.arn(),
            principal: one.principal.clone(),
        };
        (one.key(), shape)
    });
    let listing = format!("ListAccountAssignments/{prefix}");
    let asked = (request.next_token.as_deref(), request.max_results);
    let Page { items, next } = page(context, listing, asked, found)?;
    Ok(Assignments { account_assignments: items, next_token: next })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Filter {
    account_id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListForPrincipal {
    instance_arn: String,
    #[serde(flatten)]
    principal: Principal,
    filter: Option<Filter>,
    next_token: Option<String>,
    max_results: Option<u64>,
}

/// The assignments of a principal; of a user also those of its groups. Only the management account may ask.
///
/// Source: <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ListAccountAssignmentsForPrincipal.html>
pub(super) fn list_account_assignments_for_principal(
    context: &mut Context<'_>,
    request: ListForPrincipal,
) -> Result<Assignments, ServiceError> {
    let (instance, administrator) = access::instance(context, &request.instance_arn)?;
    if administrator == Administrator::Delegated {
        return Err(denied("Only the management account can list the assignments of a principal."));
    }
    let principal = request.principal;
    let world = &*context.world;
    if !identitystore::knows(world, &instance.store, principal.principal_type, &principal.principal_id) {
        return Err(not_found(format!("{} does not exist.", principal.key())));
    }
    let mut principals = vec![principal.clone()];
    if principal.principal_type == PrincipalType::User {
        let groups = identitystore::groups_of(world, &instance.store, &principal.principal_id);
        principals.extend(
            groups
                .into_iter()
                .map(|group| Principal { principal_type: PrincipalType::Group, principal_id: group }),
        );
    }
    let account = request.filter.and_then(|filter| filter.account_id);
    let mut found: Vec<(String, Shape)> = Vec::new();
    for one in
        principals.iter().flat_map(|one| world.by::<Assignment>("principal", &one.key()).collect::<Vec<_>>())
    {
        let set = world.get::<PermissionSet>(&one.set);
        let Some(set) = set.filter(|_| account.as_ref().is_none_or(|account| *account == one.account)) else {
            continue;
        };
        let shape = Shape {
            account_id: one.account.clone(),
            permission_set_arn: set.arn(),
            principal: one.principal.clone(),
        };
        found.push((one.key(), shape));
    }
    found.sort_by(|(one, _), (two, _)| one.cmp(two));
    let filter = account.unwrap_or_default();
    let listing = format!("ListAccountAssignmentsForPrincipal/{}/{filter}", principal.key());
    let asked = (request.next_token.as_deref(), request.max_results);
    let Page { items, next } = page(context, listing, asked, found.into_iter())?;
    Ok(Assignments { account_assignments: items, next_token: next })
}
