//! Which accounts a signed-in user has, and by which permission sets.
//!
//! Source: <https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_ListAccounts.html>

use super::super::listing::{self, Page, Wanted};
use super::super::{Context, ServiceError, organizations};
use super::token;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Items on a page when the request does not say.
const PAGE: u64 = 20;

fn page<T>(
    context: &Context<'_>,
    listing: String,
    (token, size): (Option<&str>, Option<u64>),
    items: impl Iterator<Item = (String, T)>,
) -> Result<Page<T>, ServiceError> {
    let wanted = Wanted { listing, token, size: size.unwrap_or(PAGE) };
    listing::page(context.world, &wanted, items)
        .map_err(|_| ServiceError::new("InvalidRequestException", "Invalid next token"))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListAccounts {
    access_token: String,
    next_token: Option<String>,
    max_results: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Accounts {
    account_list: Vec<Account>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Account {
    account_id: String,
    account_name: String,
    email_address: String,
}

pub(super) fn list_accounts(
    context: &mut Context<'_>,
    request: ListAccounts,
) -> Result<Accounts, ServiceError> {
    let (signed_in, assigned) = token::reached(context, &request.access_token)?;
    let ids: BTreeSet<String> = assigned.into_iter().map(|one| one.account).collect();
    let world = &*context.world;
    let found = ids.into_iter().filter_map(|id| {
        let (account_name, email_address) = organizations::account_names(world, &id)?;
        Some((id.clone(), Account { account_id: id, account_name, email_address }))
    });
    let listing = format!("ListAccounts/{}", signed_in.user);
    let asked = (request.next_token.as_deref(), request.max_results);
    let Page { items, next } = page(context, listing, asked, found)?;
    Ok(Accounts { account_list: items, next_token: next })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListRoles {
    access_token: String,
    account_id: String,
    next_token: Option<String>,
    max_results: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Roles {
    role_list: Vec<Role>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Role {
    role_name: String,
    account_id: String,
}

/// The permission sets of the user in an account; AWS calls them roles here.
pub(super) fn list_account_roles(
    context: &mut Context<'_>,
    request: ListRoles,
) -> Result<Roles, ServiceError> {
    let (signed_in, assigned) = token::reached(context, &request.access_token)?;
    let found: Vec<(String, Role)> = assigned
        .into_iter()
        .filter(|one| one.account == request.account_id)
        .map(|one| (one.set.clone(), Role { role_name: one.set, account_id: one.account }))
        .collect();
    if found.is_empty() {
        return Err(ServiceError::new("ForbiddenException", "No access"));
    }
    let listing = format!("ListAccountRoles/{}/{}", signed_in.user, request.account_id);
    let asked = (request.next_token.as_deref(), request.max_results);
    let Page { items, next } = page(context, listing, asked, found.into_iter())?;
    Ok(Roles { role_list: items, next_token: next })
}
