//! The service principals that AWS Organizations knows, as data with source and date (`data/services.yaml`):
//! how trusted access is turned on, who names the delegated administrator, and how many there may be.

use crate::Date;
use crate::data::{DataError, parse};
use crate::policy_type::PolicyType;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static PUBLISHED: LazyLock<Result<Services, DataError>> = LazyLock::new(|| {
    let file: File = parse("services.yaml", include_str!("../data/services.yaml"))?;
    let count = file.services.len();
    let by_principal: BTreeMap<String, OrganizationService> =
        file.services.into_iter().map(|service| (service.principal.clone(), service)).collect();
    if by_principal.len() < count {
        return Err(DataError { file: "services.yaml", fault: "a principal is listed twice".to_owned() });
    }
    Ok(Services { collected: file.collected, by_principal })
});

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    collected: Date,
    services: Vec<OrganizationService>,
}

/// Every known service, by principal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Services {
    /// The day on which the list was read.
    pub collected: Date,
    by_principal: BTreeMap<String, OrganizationService>,
}

impl Services {
    /// The published list.
    ///
    /// # Errors
    /// [`DataError`] when the built-in file is broken.
    pub fn published() -> Result<&'static Self, DataError> {
        PUBLISHED.as_ref().map_err(Clone::clone)
    }

    /// The service of a principal, `guardduty.amazonaws.com`.
    #[must_use]
    pub fn get(&self, principal: &str) -> Option<&OrganizationService> {
        self.by_principal.get(principal)
    }

    /// Every service, by principal.
    pub fn iter(&self) -> impl Iterator<Item = &OrganizationService> {
        self.by_principal.values()
    }

    /// The service whose trusted access a policy type needs, if it needs one.
    #[must_use]
    pub fn needed_by(&self, ty: PolicyType) -> Option<&OrganizationService> {
        self.iter().find(|service| service.policy_type == Some(ty))
    }
}

/// A service that works with AWS Organizations.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct OrganizationService {
    /// Its principal.
    pub principal: String,
    /// Its name.
    pub name: String,
    /// How trusted access is turned on.
    pub access: Access,
    /// Who names the delegated administrator.
    pub administrator: Administrator,
    /// The policy type that needs this trusted access first and keeps it from being turned off.
    pub policy_type: Option<PolicyType>,
    /// Member accounts it takes of one organization, where a page tells.
    pub accounts_at_most: Option<u64>,
    /// The page it comes from.
    pub source: String,
    /// What the page leaves open, or what is odd.
    pub note: Option<String>,
}

/// How trusted access is turned on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, tag = "by", rename_all = "camelCase")]
pub enum Access {
    /// By `EnableAWSServiceAccess`.
    Organizations,
    /// Only by the service's own call; `EnableAWSServiceAccess` refuses.
    Service {
        /// The call, `ec2:EnableIpamOrganizationAdminAccount`.
        operation: String,
    },
}

/// Who names the delegated administrator.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, tag = "by", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Administrator {
    /// `RegisterDelegatedAdministrator`.
    Organizations {
        /// How many there may be, where a page tells.
        at_most: Option<u64>,
    },
    /// The service's own call, which registers the account with Organizations too.
    Service {
        /// The call, `guardduty:EnableOrganizationAdminAccount`.
        operation: String,
        /// How many there may be, where a page tells.
        at_most: Option<u64>,
    },
    /// The service has none.
    None,
}

impl Administrator {
    /// How many there may be; none where no page tells, zero where the service has none.
    #[must_use]
    pub fn at_most(&self) -> Option<u64> {
        match self {
            Self::Organizations { at_most } | Self::Service { at_most, .. } => *at_most,
            Self::None => Some(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_list_is_read_and_names_each_dependent_policy_type_once() {
        let services = Services::published().unwrap();
        assert!(services.iter().count() > 40);
        for ty in PolicyType::ALL.iter().copied() {
            let dependents = services.iter().filter(|service| service.policy_type == Some(ty)).count();
            assert!(dependents <= 1, "{ty}");
        }
        let hub = services.needed_by(PolicyType::SecurityHub).unwrap();
        assert_eq!(hub.principal, "securityhub.amazonaws.com");
    }

    #[test]
    fn ipam_is_turned_on_by_its_own_service_and_control_tower_has_no_administrator() {
        let services = Services::published().unwrap();
        assert!(matches!(services.get("ipam.amazonaws.com").unwrap().access, Access::Service { .. }));
        assert_eq!(services.get("controltower.amazonaws.com").unwrap().administrator.at_most(), Some(0));
        assert_eq!(services.get("sso.amazonaws.com").unwrap().administrator.at_most(), Some(1));
        assert!(services.get("example.amazonaws.com").is_none());
    }
}
