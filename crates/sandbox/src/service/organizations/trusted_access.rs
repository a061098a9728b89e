//! Trusted access: a service that may look into the organization and act in its accounts.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services.html>

use super::super::{Context, EpochSeconds, ServiceError};
use super::access;
use super::delegated_administrator::Delegation;
use super::organization::Done;
use super::page::{Items, LOOK_AHEAD, Wanted, page};
use super::refusal::{broken, constraint, invalid};
use super::root;
use crate::world::{Dumped, Entity};
use glidepath_model::Timestamp;
use glidepath_model::services::{Access, OrganizationService, Services};
use serde::{Deserialize, Serialize};

/// A service with trusted access.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct TrustedAccess {
    pub(super) principal: String,
    pub(super) enabled: Timestamp,
}

impl Entity for TrustedAccess {
    const TABLE: &'static str = "organizations.trusted_access";
    const DUMPED: Dumped = Dumped::Without(&["enabled"]);

    fn key(&self) -> String {
        self.principal.clone()
    }
}

/// The service of a principal that AWS knows.
pub(super) fn known(principal: &str) -> Result<&'static OrganizationService, ServiceError> {
    Services::published().map_err(broken)?.get(principal).ok_or_else(unrecognized)
}

pub(super) fn unrecognized() -> ServiceError {
    invalid("UNRECOGNIZED_SERVICE_PRINCIPAL", "You specified an unrecognized service principal.")
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    service_principal: String,
}

pub(super) fn enable_aws_service_access(
    context: &mut Context<'_>,
    request: Named,
) -> Result<Done, ServiceError> {
    access::management_with_all_features(context)?;
    let service = known(&request.service_principal)?;
    if let Access::Service { operation } = &service.access {
        return Err(invalid(
            "UNRECOGNIZED_SERVICE_PRINCIPAL",
            format!("Trusted access for {} is enabled by {operation} only.", service.principal),
        ));
    }
    if context.world.get::<TrustedAccess>(&service.principal).is_none() {
        let (principal, enabled) = (service.principal.clone(), context.now);
        context.world.put(TrustedAccess { principal, enabled });
    }
    Ok(Done {})
}

/// Turning off what is off succeeds, as on AWS.
pub(super) fn disable_aws_service_access(
    context: &mut Context<'_>,
    request: Named,
) -> Result<Done, ServiceError> {
    access::management_with_all_features(context)?;
    let service = known(&request.service_principal)?;
    if service.policy_type.is_some_and(|ty| root::policy_type(context.world, ty).is_some()) {
        return Err(constraint(
            "POLICY_TYPE_ENABLED_FOR_THIS_SERVICE",
            "Disable the service's policy type before you disable its access.",
        ));
    }
    // AWS's pages tell to deregister first without naming an error; the sandbox takes them at their word.
    if context.world.by::<Delegation>("principal", &service.principal).next().is_some() {
        return Err(constraint(
            "DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE",
            "Deregister the service's delegated administrators before you disable its access.",
        ));
    }
    context.world.delete::<TrustedAccess>(&service.principal);
    Ok(Done {})
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    next_token: Option<String>,
    max_results: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shape {
    service_principal: String,
    date_enabled: EpochSeconds,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Enabled {
    enabled_service_principals: Vec<Shape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn list_aws_service_access_for_organization(
    context: &mut Context<'_>,
    request: List,
) -> Result<Enabled, ServiceError> {
    let organization = access::reader(context, "ListAWSServiceAccessForOrganization")?;
    if !organization.has_all_features() {
        return Err(super::refusal::not_all_features());
    }
    let wanted = Wanted {
        listing: "ListAWSServiceAccessForOrganization".to_owned(),
        token: request.next_token.as_deref(),
        size: request.max_results,
    };
    let page = page(context.world, &wanted, |world, after| -> Items<'_, _> {
        let found: Vec<_> = world.after::<TrustedAccess>(after.as_deref()).take(LOOK_AHEAD).collect();
        Box::new(found.into_iter().map(|access| (access.key(), access)))
    })?;
    let page = page.map(|access| Shape {
        service_principal: access.principal.clone(),
        date_enabled: EpochSeconds(access.enabled),
    });
    Ok(Enabled { enabled_service_principals: page.items, next_token: page.next })
}
