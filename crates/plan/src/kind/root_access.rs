//! A part of centralized root access that is on. An additive switch: a part that the manifest does not speak of stays as
//! it is.

use crate::ownership::Ownership;
use crate::spec::{Desired, Leaving, Observed, Spec};
use crate::world::World;
use glidepath_manifest::Manifest;
use glidepath_manifest::manifest::Switch;
use glidepath_model::Address;
use serde::{Deserialize, Serialize};

/// The service principal of IAM, which needs trusted access for it.
pub const SERVICE: &str = "iam.amazonaws.com";

/// A part that is on; which one is the address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RootAccessSpec {}

/// The parts that are stated.
#[must_use]
pub fn desired(manifest: &Manifest) -> Vec<(Address, Desired)> {
    let stated = manifest.organization.root_access.iter();
    stated
        .map(|(feature, switch)| {
            let desired = match switch.value {
                Switch::On => Desired::Present(Spec::RootAccess(RootAccessSpec {})),
                Switch::Absent => Desired::Absent,
            };
            (Address::RootAccess(*feature), desired)
        })
        .collect()
}

/// The parts that are on, where the manifest speaks of them.
#[must_use]
pub fn observed(world: &World<'_>) -> Vec<(Address, Observed)> {
    let on = world.snapshot.root_access.iter().flatten();
    on.map(|feature| {
        let observed = Observed {
            physical: feature.api_name().to_owned(),
            spec: Spec::RootAccess(RootAccessSpec {}),
            ownership: Ownership::Ours,
            leaving: Leaving::Keep,
        };
        (Address::RootAccess(*feature), observed)
    })
    .collect()
}

/// The trusted access that IAM needs.
#[must_use]
pub fn references() -> Vec<Address> {
    vec![Address::TrustedAccess(SERVICE.to_owned())]
}
