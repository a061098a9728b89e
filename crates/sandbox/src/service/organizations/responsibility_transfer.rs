//! Responsibility transfers (billing of one organization by another): there are none, and none can be begun.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListInboundResponsibilityTransfers.html>

use super::super::{Context, ServiceError};
use super::access;
use super::organization::Done;
use super::page::{Wanted, page_of};
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    id: Option<String>,
    next_token: Option<String>,
    max_results: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Transfers {
    responsibility_transfers: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

fn missing() -> ServiceError {
    ServiceError::new(
        "ResponsibilityTransferNotFoundException",
        "You specified a responsibility transfer that doesn't exist.",
    )
}

fn none(context: &Context<'_>, operation: &str, request: &List) -> Result<Transfers, ServiceError> {
    access::management(context)?;
    let listing = operation.to_owned();
    let wanted = Wanted { listing, token: request.next_token.as_deref(), size: request.max_results };
    let page = page_of(context.world, &wanted, Vec::new())?;
    Ok(Transfers { responsibility_transfers: page.items, next_token: page.next })
}

pub(super) fn list_inbound(context: &mut Context<'_>, request: List) -> Result<Transfers, ServiceError> {
    if request.id.is_some() {
        access::management(context)?;
        return Err(missing());
    }
    none(context, "ListInboundResponsibilityTransfers", &request)
}

pub(super) fn list_outbound(context: &mut Context<'_>, request: List) -> Result<Transfers, ServiceError> {
    none(context, "ListOutboundResponsibilityTransfers", &request)
}

#[derive(Debug, Deserialize)]
pub(super) struct Any {}

/// Answers every operation on one transfer.
pub(super) fn not_found(context: &mut Context<'_>, _: Any) -> Result<Done, ServiceError> {
    access::management(context)?;
    Err(missing())
}

pub(super) fn invite_organization(context: &mut Context<'_>, _: Any) -> Result<Done, ServiceError> {
    access::management(context)?;
    Err(ServiceError::new(
        "HandshakeConstraintViolationException",
        "You can't invite an organization before the management account's email address is verified.",
    )
    .reason("MANAGEMENT_ACCOUNT_EMAIL_NOT_VERIFIED"))
}
