//! A member account leaves the organization: removed by the management account, or by its own will.
//!
//! AWS also wants a payment method and contact data in the account; every account of the sandbox has them.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_remove.html>

use super::super::{Context, ServiceError};
use super::account::{Account, Joined, member};
use super::delegated_administrator::Delegation;
use super::organization::{Done, Nothing, Organization, release};
use super::placement::{Placement, placed};
use super::refusal::{broken, constraint};
use super::{access, elapsed};
use glidepath_model::limits::Limits;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RemoveAccount {
    account_id: String,
}

pub(super) fn remove_account_from_organization(
    context: &mut Context<'_>,
    request: RemoveAccount,
) -> Result<Done, ServiceError> {
    let organization = access::management(context)?;
    depart(context, &organization, &request.account_id)
}

pub(super) fn leave_organization(context: &mut Context<'_>, _: Nothing) -> Result<Done, ServiceError> {
    let organization = access::member(context)?;
    let account = context.caller.account.to_string();
    depart(context, &organization, &account)
}

fn depart(context: &mut Context<'_>, organization: &Organization, id: &str) -> Result<Done, ServiceError> {
    let account = member(context.world, id)?;
    if account.id == organization.management_id {
        return Err(ServiceError::new(
            "MasterCannotLeaveOrganizationException",
            "You can't remove the management account from its organization.",
        ));
    }
    if context.world.by::<Delegation>("account", id).next().is_some() {
        return Err(constraint(
            "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG",
            "The account is a delegated administrator. Deregister it first.",
        ));
    }
    let days = Limits::published().map_err(broken)?.limits.created_account_stays_days.value;
    let stays = i64::try_from(days).unwrap_or(4) * 86_400;
    if account.joined_method == Joined::Created && !elapsed(account.joined, context.now, stays) {
        return Err(constraint(
            "WAIT_PERIOD_ACTIVE",
            "A created account can't leave before it is four days old.",
        ));
    }
    release(context.world, organization, &account.id);
    let mut gone = Account::clone(&account);
    let from = gone.parent.take();
    context.world.put(gone);
    placed(context.world, context.now, &Placement { account: id, from: from.as_deref(), to: None });
    Ok(Done {})
}
