//! Trusted access of a service: whether it may act in every account. An additive switch.

use crate::kind::delegated_administrator::IDENTITY_CENTER;
use crate::kind::{account_settings, root_access};
use crate::ownership::Ownership;
use crate::spec::{Desired, Leaving, Observed, Spec};
use crate::world::World;
use glidepath_manifest::Manifest;
use glidepath_manifest::manifest::Switch;
use glidepath_model::Address;
use serde::{Deserialize, Serialize};

/// Trusted access that is on; the service is the address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustedAccessSpec {}

/// The services that are stated, and those that an account shall administer.
#[must_use]
pub fn desired(manifest: &Manifest) -> Vec<(Address, Desired)> {
    let implied = manifest
        .delegated_administrators
        .iter()
        .filter(|(_, accounts)| accounts.values().any(|switch| switch.value == Switch::On))
        .map(|(service, _)| (service, Switch::On));
    // AWS gives it to IAM Identity Center when that is enabled; without it member accounts are out of reach.
    let service = IDENTITY_CENTER.to_owned();
    let implied = implied.chain(manifest.identity.as_ref().map(|_| (&service, Switch::On)));
    // Contacts of members are set through it, and so is what their root users may do.
    let contacts = !manifest.organization.contacts.is_empty()
        || manifest.accounts.values().any(|account| !account.contacts.is_empty());
    let contacts = contacts.then(|| account_settings::SERVICE.to_owned());
    let root = manifest.organization.root_access.values().any(|switch| switch.value == Switch::On);
    let root = root.then(|| root_access::SERVICE.to_owned());
    let needed: Vec<String> = contacts.into_iter().chain(root).collect();
    let implied = implied.chain(needed.iter().map(|service| (service, Switch::On)));
    let stated = manifest.trusted_access.iter().map(|(service, switch)| (service, switch.value));
    implied
        .chain(stated)
        .map(|(service, switch)| {
            let desired = match switch {
                Switch::On => Desired::Present(Spec::TrustedAccess(TrustedAccessSpec {})),
                Switch::Absent => Desired::Absent,
            };
            (Address::TrustedAccess(service.clone()), desired)
        })
        .collect()
}

/// The services that have it.
#[must_use]
pub fn observed(world: &World<'_>) -> Vec<(Address, Observed)> {
    world
        .snapshot
        .trusted_access
        .iter()
        .map(|service| {
            let observed = Observed {
                physical: service.clone(),
                spec: Spec::TrustedAccess(TrustedAccessSpec {}),
                ownership: Ownership::Ours,
                leaving: Leaving::Keep,
            };
            (Address::TrustedAccess(service.clone()), observed)
        })
        .collect()
}
