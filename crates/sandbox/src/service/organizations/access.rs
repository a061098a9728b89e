//! Who may call what.
//!
//! The management account may do everything. A member account may ask for the organization and for its own effective
//! policy. An account that is delegated administrator of any service may read the organization's structure. The
//! organization's resource policy may grant any member account the delegable actions.
//!
//! Sources: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_delegated_admin.html>,
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs-policy-delegate.html>

use super::super::{Context, ServiceError};
use super::account::Account;
use super::delegated_administrator::Delegation;
use super::delegation_policy::{Asked, Document};
use super::organization::Organization;
use super::refusal::{access_denied, not_all_features, not_in_use};
use super::resource_policy::ResourcePolicy;
use glidepath_model::PolicyType;
use std::sync::Arc;

/// The organization the caller's account belongs to.
pub(super) fn member(context: &Context<'_>) -> Result<Arc<Organization>, ServiceError> {
    let account = context.world.get::<Account>(context.caller.account.as_str());
    let organization = context.world.all::<Organization>().next();
    match (organization, account) {
        (Some(organization), Some(account)) if account.parent.is_some() => Ok(organization),
        _ => Err(not_in_use()),
    }
}

/// The organization, when the caller is its management account.
pub(super) fn management(context: &Context<'_>) -> Result<Arc<Organization>, ServiceError> {
    let organization = member(context)?;
    if is_management(context, &organization) { Ok(organization) } else { Err(access_denied()) }
}

/// Like [`management`], for what an organization with only consolidated billing cannot do.
pub(super) fn management_with_all_features(context: &Context<'_>) -> Result<Arc<Organization>, ServiceError> {
    let organization = management(context)?;
    if organization.has_all_features() { Ok(organization) } else { Err(not_all_features()) }
}

/// The organization, when the caller may read its structure with this operation.
pub(super) fn reader(context: &Context<'_>, operation: &str) -> Result<Arc<Organization>, ServiceError> {
    let organization = member(context)?;
    let administers =
        || context.world.by::<Delegation>("account", context.caller.account.as_str()).next().is_some();
    if is_management(context, &organization)
        || administers()
        || is_granted(context, &Asked { operation, resources: &[], policy_type: None })
    {
        Ok(organization)
    } else {
        Err(access_denied())
    }
}

/// Whether the caller may call this operation on these resources: as management account, or because the
/// organization's resource policy grants it.
pub(super) fn writer(
    context: &Context<'_>,
    organization: &Organization,
    operation: &str,
    resources: &[String],
    policy_type: Option<PolicyType>,
) -> Result<(), ServiceError> {
    if is_management(context, organization)
        || is_granted(context, &Asked { operation, resources, policy_type })
    {
        Ok(())
    } else {
        Err(access_denied())
    }
}

/// Whether the caller is the management account or holds a grant for this operation on anything at all: what may be
/// told a stranger before the resources are known.
pub(super) fn may_ask(context: &Context<'_>, operation: &str) -> Result<Arc<Organization>, ServiceError> {
    let organization = member(context)?;
    let known = is_management(context, &organization)
        || policy(context).is_some_and(|document| document.mentions(context.caller, operation));
    if known { Ok(organization) } else { Err(access_denied()) }
}

pub(super) fn is_management(context: &Context<'_>, organization: &Organization) -> bool {
    context.caller.account == organization.management_id
}

fn is_granted(context: &Context<'_>, asked: &Asked<'_>) -> bool {
    policy(context).is_some_and(|document| document.allows(context.caller, asked))
}

fn policy(context: &Context<'_>) -> Option<Document> {
    let stored = context.world.all::<ResourcePolicy>().next()?;
    // It was checked when it was put.
    Document::read(&stored.content).ok()
}
