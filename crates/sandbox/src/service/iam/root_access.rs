//! Centralized root access: whether the organization manages root credentials of members, and may act as their root.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-enable-root-access.html>

use super::super::{Context, ServiceError, organizations};
use super::Nothing;
use crate::world::Entity;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The service's name in trusted access and among delegated administrators.
const PRINCIPAL: &str = "iam.amazonaws.com";

/// A feature of centralized root access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Feature {
    RootCredentialsManagement,
    RootSessions,
}

/// The features that an organization has enabled.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct RootAccess {
    organization: String,
    features: BTreeSet<Feature>,
}

impl Entity for RootAccess {
    const TABLE: &'static str = "iam.root_access";

    fn key(&self) -> String {
        self.organization.clone()
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Answer {
    organization_id: String,
    enabled_features: BTreeSet<Feature>,
}

/// Who may do what is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Caller {
    Management,
    ManagementOrDelegated,
}

/// The id of the organization, for a caller who may do this.
fn organization(context: &Context<'_>, who: Caller) -> Result<String, ServiceError> {
    let refused = |code, message: &str| Err(ServiceError::new(code, message));
    let account = &context.caller.account;
    let id = organizations::organization_of(context.world, account);
    let (Some(id), Some(organization)) = (id, organizations::organization(context.world)) else {
        return refused("OrganizationNotFoundException", "The account is in no organization.");
    };
    let manages = organization.management == account.as_str();
    if !manages && !organizations::administers(context.world, PRINCIPAL, account.as_str()) {
        return refused(
            "AccountNotManagementOrDelegatedAdministratorException",
            "The account is neither the management account nor a delegated administrator for IAM.",
        );
    }
    if !organization.has_all_features {
        return refused(
            "OrganizationNotInAllFeaturesModeException",
            "The organization does not have all features enabled.",
        );
    }
    if !manages && who == Caller::Management {
        return refused(
            "CallerIsNotManagementAccountException",
            "Only the management account can enable this feature.",
        );
    }
    if !organizations::is_trusted(context.world, PRINCIPAL) {
        return refused("ServiceAccessNotEnabledException", "IAM has no trusted access to the organization.");
    }
    Ok(id)
}

fn features(context: &Context<'_>, organization: &str) -> BTreeSet<Feature> {
    context.world.get::<RootAccess>(organization).map(|row| row.features.clone()).unwrap_or_default()
}

fn put(context: &mut Context<'_>, organization: String, features: BTreeSet<Feature>) -> Answer {
    let answer = Answer { organization_id: organization.clone(), enabled_features: features.clone() };
    if features.is_empty() {
        context.world.delete::<RootAccess>(&organization);
    } else {
        context.world.put(RootAccess { organization, features });
    }
    answer
}

fn enable(context: &mut Context<'_>, feature: Feature) -> Result<Answer, ServiceError> {
    let organization = organization(context, Caller::Management)?;
    let mut features = features(context, &organization);
    features.insert(feature);
    Ok(put(context, organization, features))
}

fn disable(context: &mut Context<'_>, feature: Feature) -> Result<Answer, ServiceError> {
    let organization = organization(context, Caller::ManagementOrDelegated)?;
    let mut features = features(context, &organization);
    features.remove(&feature);
    Ok(put(context, organization, features))
}

pub(super) fn enable_credentials_management(
    context: &mut Context<'_>,
    _: Nothing,
) -> Result<Answer, ServiceError> {
    enable(context, Feature::RootCredentialsManagement)
}

pub(super) fn enable_sessions(context: &mut Context<'_>, _: Nothing) -> Result<Answer, ServiceError> {
    enable(context, Feature::RootSessions)
}

pub(super) fn disable_credentials_management(
    context: &mut Context<'_>,
    _: Nothing,
) -> Result<Answer, ServiceError> {
    disable(context, Feature::RootCredentialsManagement)
}

pub(super) fn disable_sessions(context: &mut Context<'_>, _: Nothing) -> Result<Answer, ServiceError> {
    disable(context, Feature::RootSessions)
}

pub(super) fn list_organizations_features(
    context: &mut Context<'_>,
    _: Nothing,
) -> Result<Answer, ServiceError> {
    let organization = organization(context, Caller::ManagementOrDelegated)?;
    let enabled_features = features(context, &organization);
    Ok(Answer { organization_id: organization, enabled_features })
}
