//! The switch that lets StackSets into the organization.
//!
//! Activating gives both of its principals trusted access. `EnableAWSServiceAccess` alone can give the one under which
//! administrators are registered, which does not let StackSets in.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-activate-trusted-access.html>

use super::super::super::{Context, ServiceError, organizations};
use super::call_as::{CallAs, administered};
use serde::{Deserialize, Serialize};

/// The principal whose trusted access lets StackSets in.
pub(super) const TRUSTED: &str = "stacksets.cloudformation.amazonaws.com";
/// The principal under which delegated administrators are registered.
pub(super) const ADMINISTRATORS: &str = "member.org.stacksets.cloudformation.amazonaws.com";

#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

#[derive(Debug, Serialize)]
pub(super) struct Done {}

pub(super) fn activate_organizations_access(
    context: &mut Context<'_>,
    _: Nothing,
) -> Result<Done, ServiceError> {
    management(context)?;
    organizations::trust(context.world, TRUSTED, context.now);
    organizations::trust(context.world, ADMINISTRATORS, context.now);
    Ok(Done {})
}

pub(super) fn deactivate_organizations_access(
    context: &mut Context<'_>,
    _: Nothing,
) -> Result<Done, ServiceError> {
    management(context)?;
    if organizations::has_administrator(context.world, ADMINISTRATORS) {
        return Err(refused(
            "You must deregister all delegated administrators before you can deactivate trusted access with AWS \
             Organizations",
        ));
    }
    organizations::distrust(context.world, TRUSTED);
    organizations::distrust(context.world, ADMINISTRATORS);
    Ok(Done {})
}

/// Refuses everyone but the management account of an organization with all features.
fn management(context: &Context<'_>) -> Result<(), ServiceError> {
    match organizations::organization(context.world) {
        None => Err(refused("The account is not a member of an organization")),
        Some(organization) if organization.management != context.caller.account.as_str() => {
            Err(refused("Only the management account of an organization can do this"))
        }
        Some(organization) if !organization.has_all_features => {
            Err(refused("The organization does not have all features enabled"))
        }
        Some(_) => Ok(()),
    }
}

fn refused(message: &str) -> ServiceError {
    ServiceError::new("InvalidOperationException", message)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Describe {
    #[serde(default)]
    call_as: CallAs,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AccessAnswer {
    status: &'static str,
}

pub(super) fn describe_organizations_access(
    context: &mut Context<'_>,
    request: Describe,
) -> Result<AccessAnswer, ServiceError> {
    if administered(context, request.call_as)?.is_none() {
        return Err(refused("The account is not the management account of an organization"));
    }
    let trusted = organizations::is_trusted(context.world, TRUSTED);
    Ok(AccessAnswer { status: if trusted { "ENABLED" } else { "DISABLED" } })
}
