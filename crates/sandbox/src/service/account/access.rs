//! Whose account a request is about, and whether the caller may manage it.
//!
//! Source: <https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-update-contact-alternate.html>

use super::super::organizations::{self, Standing};
use super::super::{Context, ServiceError};

/// The service's name in trusted access and among delegated administrators.
const PRINCIPAL: &str = "account.amazonaws.com";

/// The account that a request is about: the caller's own where it names none.
pub(super) fn subject(context: &Context<'_>, named: Option<&str>) -> Result<String, ServiceError> {
    let caller = context.caller.account.as_str();
    let Some(named) = named else { return Ok(caller.to_owned()) };
    let denied = |why: &str| {
        let message =
            format!("User: {} is not authorized to perform this operation: {why}", context.caller.arn());
        Err(ServiceError::new("AccessDeniedException", message))
    };
    let Some(organization) = organizations::organization(context.world) else {
        return denied("the account is in no organization");
    };
    let manages = organization.management == caller;
    if !manages && !organizations::administers(context.world, PRINCIPAL, caller) {
        return denied("only the management account and the delegated administrator name other accounts");
    }
    if named == organization.management {
        return denied("the management account is managed by itself, without naming it");
    }
    if !organizations::is_trusted(context.world, PRINCIPAL) {
        return denied("account management has no trusted access to the organization");
    }
    match organizations::standing(context.world, named) {
        Standing::Active | Standing::Suspended => Ok(named.to_owned()),
        Standing::Outside | Standing::Purged => denied("the account is not in the organization"),
    }
}
