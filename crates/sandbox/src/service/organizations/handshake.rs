//! Handshakes: there are none. Listings are empty, a handshake asked for is not found, and an invitation is refused
//! because the sandbox's management account has never confirmed its e-mail address.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_invites.html>

use super::super::{Context, ServiceError};
use super::access;
use super::organization::Done;
use super::page::{Wanted, page_of};
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    next_token: Option<String>,
    max_results: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Handshakes {
    handshakes: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

fn none(context: &Context<'_>, listing: &str, request: &List) -> Result<Handshakes, ServiceError> {
    let listing = listing.to_owned();
    let wanted = Wanted { listing, token: request.next_token.as_deref(), size: request.max_results };
    let page = page_of(context.world, &wanted, Vec::new())?;
    Ok(Handshakes { handshakes: page.items, next_token: page.next })
}

/// Any account may ask, in an organization or not.
pub(super) fn list_handshakes_for_account(
    context: &mut Context<'_>,
    request: List,
) -> Result<Handshakes, ServiceError> {
    none(context, "ListHandshakesForAccount", &request)
}

pub(super) fn list_handshakes_for_organization(
    context: &mut Context<'_>,
    request: List,
) -> Result<Handshakes, ServiceError> {
    access::reader(context, "ListHandshakesForOrganization")?;
    none(context, "ListHandshakesForOrganization", &request)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    #[expect(dead_code, reason = "no handshake has this id, whatever it is")]
    handshake_id: String,
}

/// Answers every operation on one handshake.
pub(super) fn not_found(_: &mut Context<'_>, _: Named) -> Result<Done, ServiceError> {
    Err(ServiceError::new("HandshakeNotFoundException", "You specified a handshake that doesn't exist."))
}

#[derive(Debug, Deserialize)]
pub(super) struct Invitation {}

pub(super) fn invite_account(context: &mut Context<'_>, _: Invitation) -> Result<Done, ServiceError> {
    access::management(context)?;
    Err(ServiceError::new(
        "AccountOwnerNotVerifiedException",
        "You can't invite accounts before the management account's email address is verified.",
    ))
}
