//! A member account that administers a service for the whole organization. An additive switch.

use crate::ownership::Ownership;
use crate::spec::{Desired, Leaving, Observed, Spec};
use crate::world::World;
use glidepath_manifest::Manifest;
use glidepath_manifest::manifest::Switch;
use glidepath_model::Address;
use serde::{Deserialize, Serialize};

/// The service principal of IAM Identity Center.
pub const IDENTITY_CENTER: &str = "sso.amazonaws.com";

/// A delegated administrator; service and account are the address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DelegatedAdministratorSpec {}

/// Every pair of service and account that is stated.
#[must_use]
pub fn desired(manifest: &Manifest) -> Vec<(Address, Desired)> {
    let mut wanted = Vec::new();
    for (service, accounts) in &manifest.delegated_administrators {
        for (account, switch) in accounts {
            let address =
                Address::DelegatedAdministrator { service: service.clone(), account: account.clone() };
            let desired = match switch.value {
                Switch::On => Desired::Present(Spec::DelegatedAdministrator(DelegatedAdministratorSpec {})),
                Switch::Absent => Desired::Absent,
            };
            wanted.push((address, desired));
        }
    }
    // The administrator of IAM Identity Center stands with it.
    let admin = manifest.identity.as_ref().and_then(|identity| identity.admin.as_ref());
    wanted.extend(admin.map(|account| {
        let address = Address::DelegatedAdministrator {
            service: IDENTITY_CENTER.to_owned(),
            account: account.value.clone(),
        };
        (address, Desired::Present(Spec::DelegatedAdministrator(DelegatedAdministratorSpec {})))
    }));
    wanted
}

/// Every pair there is.
#[must_use]
pub fn observed(world: &World<'_>) -> Vec<(Address, Observed)> {
    world
        .snapshot
        .delegated_administrators
        .iter()
        .filter_map(|pair| {
            let account = world.identity.account_name(&pair.account)?.to_owned();
            let observed = Observed {
                physical: pair.account.to_string(),
                spec: Spec::DelegatedAdministrator(DelegatedAdministratorSpec {}),
                ownership: Ownership::Ours,
                leaving: Leaving::Keep,
            };
            Some((Address::DelegatedAdministrator { service: pair.service.clone(), account }, observed))
        })
        .collect()
}

/// The service's trusted access, and the account.
#[must_use]
pub fn references(address: &Address) -> Vec<Address> {
    match address {
        Address::DelegatedAdministrator { service, account } => {
            vec![Address::TrustedAccess(service.clone()), Address::Account(account.clone())]
        }
        _ => Vec::new(),
    }
}
