//! A member account that administers a service for the organization.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_RegisterDelegatedAdministrator.html>

use super::super::{Context, EpochSeconds, ServiceError};
use super::account::{Account, State, member};
use super::organization::{Done, Organization};
use super::page::{Wanted, page_of};
use super::refusal::{constraint, not_all_features};
use super::trusted_access::{TrustedAccess, known, unrecognized};
use super::{access, tree};
use crate::world::{Dumped, Entity, World};
use glidepath_model::Timestamp;
use glidepath_model::services::Administrator;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A service administered by a member account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Delegation {
    principal: String,
    account: String,
    enabled: Timestamp,
}

impl Entity for Delegation {
    const TABLE: &'static str = "organizations.delegation";
    const DUMPED: Dumped = Dumped::Without(&["enabled"]);

    fn key(&self) -> String {
        key(&self.principal, &self.account)
    }

    fn index(&self) -> Vec<(&'static str, String)> {
        vec![("account", self.account.clone()), ("principal", self.principal.clone())]
    }
}

impl Delegation {
    /// Whether it is of this service.
    pub(super) fn is_of(&self, principal: &str) -> bool {
        self.principal == principal
    }
}

fn key(principal: &str, account: &str) -> String {
    format!("{principal}/{account}")
}

/// Drops the delegations of an account that is gone.
pub(super) fn forget(world: &mut World, account: &str) {
    let keys: Vec<String> = world.by::<Delegation>("account", account).map(|one| one.key()).collect();
    for key in keys {
        world.delete::<Delegation>(&key);
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Pair {
    account_id: String,
    service_principal: String,
}

pub(super) fn register_delegated_administrator(
    context: &mut Context<'_>,
    request: Pair,
) -> Result<Done, ServiceError> {
    let organization = access::management_with_all_features(context)?;
    let service = known(&request.service_principal)?;
    // A service whose own call names the administrator registers it here as well, and takes it when done by hand.
    if service.administrator == Administrator::None {
        return Err(unrecognized());
    }
    let account = member(context.world, &request.account_id)?;
    if account.id == organization.management_id {
        return Err(constraint(
            "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR",
            "You can't register the management account as a delegated administrator.",
        ));
    }
    if account.state != State::Active {
        return Err(constraint(
            "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR",
            "You can't register a suspended account as a delegated administrator.",
        ));
    }
    if context.world.get::<TrustedAccess>(&service.principal).is_none() {
        return Err(constraint(
            "SERVICE_ACCESS_NOT_ENABLED",
            "Enable trusted access for the service before you register a delegated administrator.",
        ));
    }
    if context.world.get::<Delegation>(&key(&service.principal, &request.account_id)).is_some() {
        return Err(ServiceError::new(
            "AccountAlreadyRegisteredException",
            "The account is already a delegated administrator for this service.",
        ));
    }
    let registered = context.world.by::<Delegation>("principal", &service.principal).count() as u64;
    match service.administrator.at_most() {
        Some(1) if registered >= 1 => {
            return Err(constraint(
                "DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE",
                "The service already has a delegated administrator.",
            ));
        }
        Some(limit) if registered >= limit => {
            return Err(constraint(
                "MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED",
                "The service has the maximum number of delegated administrators.",
            ));
        }
        _ => {}
    }
    context.world.put(Delegation {
        principal: service.principal.clone(),
        account: request.account_id,
        enabled: context.now,
    });
    Ok(Done {})
}

pub(super) fn deregister_delegated_administrator(
    context: &mut Context<'_>,
    request: Pair,
) -> Result<Done, ServiceError> {
    access::management_with_all_features(context)?;
    let service = known(&request.service_principal)?;
    member(context.world, &request.account_id)?;
    match context.world.delete::<Delegation>(&key(&service.principal, &request.account_id)) {
        Some(_) => Ok(Done {}),
        None => Err(not_registered()),
    }
}

fn not_registered() -> ServiceError {
    ServiceError::new(
        "AccountNotRegisteredException",
        "The account is not a registered delegated administrator for this service.",
    )
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListAdministrators {
    service_principal: Option<String>,
    next_token: Option<String>,
    max_results: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shape {
    id: String,
    arn: String,
    email: String,
    name: String,
    status: &'static str,
    state: &'static str,
    joined_method: &'static str,
    joined_timestamp: EpochSeconds,
    delegation_enabled_date: EpochSeconds,
}

impl Shape {
    fn of(organization: &Organization, account: &Account, enabled: Timestamp) -> Self {
        Self {
            id: account.id.to_string(),
            arn: tree::account_arn(organization, account.id.as_str()),
            email: account.email.clone(),
            name: account.name.clone(),
            status: account.state.status(),
            state: account.state.api_name(),
            joined_method: account.joined_method.api_name(),
            joined_timestamp: EpochSeconds(account.joined),
            delegation_enabled_date: EpochSeconds(enabled),
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Administrators {
    delegated_administrators: Vec<Shape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn list_delegated_administrators(
    context: &mut Context<'_>,
    request: ListAdministrators,
) -> Result<Administrators, ServiceError> {
    let organization = access::reader(context, "ListDelegatedAdministrators")?;
    if !organization.has_all_features() {
        return Err(not_all_features());
    }
    let principal = request.service_principal.as_deref();
    let found: Vec<Arc<Delegation>> = match principal {
        Some(principal) => context.world.by("principal", &known(principal)?.principal).collect(),
        None => context.world.all().collect(),
    };
    // An account that administers several services is one administrator, since its first.
    let mut since: BTreeMap<String, Timestamp> = BTreeMap::new();
    for delegation in found {
        let at = since.entry(delegation.account.clone()).or_insert(delegation.enabled);
        *at = (*at).min(delegation.enabled);
    }
    let shapes = since
        .into_iter()
        .filter_map(|(id, enabled)| {
            let account = context.world.get::<Account>(&id)?;
            Some((id, Shape::of(&organization, &account, enabled)))
        })
        .collect();
    let wanted = Wanted {
        listing: format!("ListDelegatedAdministrators/{}", principal.unwrap_or_default()),
        token: request.next_token.as_deref(),
        size: request.max_results,
    };
    let page = page_of(context.world, &wanted, shapes)?;
    Ok(Administrators { delegated_administrators: page.items, next_token: page.next })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListServices {
    account_id: String,
    next_token: Option<String>,
    max_results: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ServiceShape {
    service_principal: String,
    delegation_enabled_date: EpochSeconds,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DelegatedServices {
    delegated_services: Vec<ServiceShape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn list_delegated_services_for_account(
    context: &mut Context<'_>,
    request: ListServices,
) -> Result<DelegatedServices, ServiceError> {
    let organization = access::reader(context, "ListDelegatedServicesForAccount")?;
    if !organization.has_all_features() {
        return Err(not_all_features());
    }
    let id = &request.account_id;
    member(context.world, id)?;
    let services: Vec<_> = context
        .world
        .by::<Delegation>("account", id)
        .map(|one| {
            let delegation_enabled_date = EpochSeconds(one.enabled);
            (one.key(), ServiceShape { service_principal: one.principal.clone(), delegation_enabled_date })
        })
        .collect();
    if services.is_empty() {
        return Err(not_registered());
    }
    let wanted = Wanted {
        listing: format!("ListDelegatedServicesForAccount/{id}"),
        token: request.next_token.as_deref(),
        size: request.max_results,
    };
    let page = page_of(context.world, &wanted, services)?;
    Ok(DelegatedServices { delegated_services: page.items, next_token: page.next })
}
