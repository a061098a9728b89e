//! Who may administer Identity Center, and what of it.
//!
//! The management account may do everything. The delegated administrator may do all but what concerns the management
//! account: it cannot assign there, and cannot touch a permission set that is provisioned there. Other accounts can only
//! see that the instance is there.
//!
//! Source: <https://docs.aws.amazon.com/singlesignon/latest/userguide/delegated-admin.html>

use super::super::{Context, ServiceError, organizations};
use super::instance::Instance;
use super::permission_set::{self, PermissionSet};
use super::provision::Provision;
use super::refusal::{denied, not_found};
use crate::world::Entity as _;
use glidepath_model::text::printable;
use serde::Deserialize;
use std::sync::Arc;

/// The service's name in trusted access and among delegated administrators.
pub(in crate::service) const PRINCIPAL: &str = "sso.amazonaws.com";

/// As which account an administrator calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Administrator {
    Management,
    Delegated,
}

/// A request that names a permission set and nothing else.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfSet {
    pub(super) instance_arn: String,
    pub(super) permission_set_arn: String,
}

/// As what the caller administers Identity Center.
pub(super) fn administrator(context: &Context<'_>) -> Result<Administrator, ServiceError> {
    let account = context.caller.account.as_str();
    let organization = organizations::organization(context.world);
    if organization.is_some_and(|organization| organization.management == account) {
        return Ok(Administrator::Management);
    }
    if organizations::administers(context.world, PRINCIPAL, account) {
        return Ok(Administrator::Delegated);
    }
    // A management account that left no organization behind has no instance to look for either.
    if account == context.world.seed().management.id.as_str() {
        return Ok(Administrator::Management);
    }
    Err(refused(context))
}

fn refused(context: &Context<'_>) -> ServiceError {
    denied(format!("User: {} is not authorized to perform this operation.", context.caller.arn()))
}

/// The instance of an ARN, for an administrator. Another Region than the instance's knows none.
pub(super) fn instance(
    context: &Context<'_>,
    arn: &str,
) -> Result<(Arc<Instance>, Administrator), ServiceError> {
    let administrator = administrator(context)?;
    let found = context.world.all::<Instance>().find(|instance| instance.arn() == arn);
    let found = found.filter(|instance| instance.region == context.region);
    let missing = || not_found(format!("Instance with ARN {} does not exist.", printable(arn)));
    Ok((found.ok_or_else(missing)?, administrator))
}

/// The permission set that a request names, for an administrator who reads it.
pub(super) fn read(context: &Context<'_>, named: &OfSet) -> Result<Arc<PermissionSet>, ServiceError> {
    instance(context, &named.instance_arn)?;
    permission_set::find(context.world, &named.permission_set_arn)
}

/// The permission set that a request names, for an administrator who changes it or what comes of it.
pub(super) fn write(context: &Context<'_>, named: &OfSet) -> Result<Arc<PermissionSet>, ServiceError> {
    let (instance, administrator) = instance(context, &named.instance_arn)?;
    let set = permission_set::find(context.world, &named.permission_set_arn)?;
    refuse_managements(context, &instance, administrator, &set)?;
    Ok(set)
}

/// Refuses the delegated administrator what is provisioned in the management account.
pub(super) fn refuse_managements(
    context: &Context<'_>,
    instance: &Instance,
    administrator: Administrator,
    set: &PermissionSet,
) -> Result<(), ServiceError> {
    let there = Provision::row(instance.owner.as_str(), &set.key());
    if administrator == Administrator::Delegated && context.world.get::<Provision>(&there).is_some() {
        return Err(denied(
            "The permission set is provisioned in the management account: only that account can change it.",
        ));
    }
    Ok(())
}

/// Refuses what reaches into accounts while Identity Center has no trusted access. With AWS's own console the two are
/// enabled together.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/services-that-can-integrate-sso.html>
pub(super) fn refuse_without_access(context: &Context<'_>) -> Result<(), ServiceError> {
    if organizations::is_trusted(context.world, PRINCIPAL) {
        return Ok(());
    }
    Err(denied(format!("{PRINCIPAL} has no trusted access to the organization.")))
}
