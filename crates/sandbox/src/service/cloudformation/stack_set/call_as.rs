//! Whose stack sets a caller works on.
//!
//! Service-managed sets live in the management account. It calls as itself; an account that is delegated administrator
//! of StackSets says so with every call. Any other account has no sets here.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-delegated-admin.html>

use super::super::super::{Context, ServiceError, organizations};
use super::super::refusal::invalid;
use super::organizations_access::{ADMINISTRATORS, TRUSTED};
use super::set::{DeletedStackSet, StackSet};
use glidepath_model::text::printable;
use serde::Deserialize;

/// As whom a request is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub(in super::super) enum CallAs {
    /// As the account it comes from.
    #[default]
    #[serde(rename = "SELF")]
    Itself,
    /// As delegated administrator of StackSets.
    #[serde(rename = "DELEGATED_ADMIN")]
    DelegatedAdministrator,
}

/// The management account whose sets the caller works on; none where the caller is a member account for itself, which
/// has no sets.
pub(super) fn administered(context: &Context<'_>, call_as: CallAs) -> Result<Option<String>, ServiceError> {
    let caller = context.caller.account.as_str();
    let organization = organizations::organization(context.world);
    match (call_as, organization) {
        (CallAs::Itself, organization) => {
            let management = organization.map(|organization| organization.management);
            Ok(management.filter(|management| management == caller))
        }
        (CallAs::DelegatedAdministrator, Some(organization))
            if organizations::administers(context.world, ADMINISTRATORS, caller) =>
        {
            Ok(Some(organization.management))
        }
        (CallAs::DelegatedAdministrator, _) => Err(invalid("Account used is not a delegated administrator")),
    }
}

/// The management account, for a caller who may make service-managed sets there.
pub(super) fn administrator(context: &Context<'_>, call_as: CallAs) -> Result<String, ServiceError> {
    administered(context, call_as)?.ok_or_else(|| {
        invalid(
            "You must be the management account or delegated admin account of an organization before operating a \
             SERVICE_MANAGED stack set",
        )
    })
}

/// What a service-managed set says while StackSets has no trusted access.
pub(super) const NO_ACCESS: &str =
    "You must enable organizations access to operate a service managed stack set";

/// Refuses to operate a set while StackSets has no trusted access.
pub(super) fn refuse_without_access(context: &Context<'_>) -> Result<(), ServiceError> {
    if organizations::is_trusted(context.world, TRUSTED) {
        Ok(())
    } else {
        Err(ServiceError::new("InvalidOperationException", NO_ACCESS))
    }
}

/// The set that a request names, by name or id, when it is not deleted.
pub(super) fn find_active(
    context: &Context<'_>,
    call_as: CallAs,
    named: &str,
) -> Result<Option<StackSet>, ServiceError> {
    if administered(context, call_as)?.is_none() {
        return Ok(None);
    }
    let found = if named.contains(':') {
        context.world.get::<StackSet>(named).filter(|set| set.region == context.region)
    } else {
        context.world.by::<StackSet>("name", &format!("{}/{named}", context.region)).next()
    };
    Ok(found.map(|set| StackSet::clone(&set)))
}

/// Like [`find_active`], and refuses where there is none.
pub(in super::super) fn active(
    context: &Context<'_>,
    call_as: CallAs,
    named: &str,
) -> Result<StackSet, ServiceError> {
    find_active(context, call_as, named)?.ok_or_else(|| not_found(named))
}

/// Like [`active`], for what only works while StackSets has trusted access.
pub(super) fn operable(
    context: &Context<'_>,
    call_as: CallAs,
    named: &str,
) -> Result<StackSet, ServiceError> {
    let set = active(context, call_as, named)?;
    refuse_without_access(context)?;
    Ok(set)
}

/// The set that a request names; one that is deleted is found by its id.
pub(super) fn existing(
    context: &Context<'_>,
    call_as: CallAs,
    named: &str,
) -> Result<StackSet, ServiceError> {
    if let Some(set) = find_active(context, call_as, named)? {
        return Ok(set);
    }
    administered(context, call_as)?
        .and_then(|_| context.world.get::<DeletedStackSet>(named))
        .filter(|deleted| deleted.set.region == context.region)
        .map(|deleted| deleted.set.clone())
        .ok_or_else(|| not_found(named))
}

fn not_found(named: &str) -> ServiceError {
    ServiceError::new("StackSetNotFoundException", format!("StackSet {} not found", printable(named)))
}
