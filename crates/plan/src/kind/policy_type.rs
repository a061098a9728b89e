//! Whether a policy type is enabled at the root. An additive switch: a type that the manifest does not
//! speak of stays as it is.

use crate::ownership::Ownership;
use crate::spec::{Desired, Leaving, Observed, Spec};
use crate::world::World;
use glidepath_manifest::Manifest;
use glidepath_manifest::manifest::{Account, Switch};
use glidepath_model::organization::PolicyTypeStatus;
use glidepath_model::{Address, PolicyType};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A policy type that is enabled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PolicyTypeSpec {
    /// AWS's name for the type.
    pub api_name: String,
}

/// The types that are stated, and those of every policy that is attached to something.
#[must_use]
pub fn desired(manifest: &Manifest) -> Vec<(Address, Desired)> {
    let mut wanted: BTreeMap<PolicyType, Switch> = BTreeMap::new();
    for policy in manifest.policies.values() {
        wanted.insert(policy.ty, Switch::On);
    }
    if manifest.accounts.values().any(Account::is_frozen) {
        wanted.insert(PolicyType::Scp, Switch::On);
    }
    for (ty, switch) in &manifest.organization.policy_types {
        wanted.insert(*ty, switch.value);
    }
    wanted
        .into_iter()
        .map(|(ty, switch)| {
            let desired = match switch {
                Switch::On => Desired::Present(spec(ty)),
                Switch::Absent => Desired::Absent,
            };
            (Address::PolicyType(ty), desired)
        })
        .collect()
}

fn spec(ty: PolicyType) -> Spec {
    Spec::PolicyType(PolicyTypeSpec { api_name: ty.api_name().to_owned() })
}

/// The types that are enabled or on their way. One that AWS is disabling counts as not there.
#[must_use]
pub fn observed(world: &World<'_>) -> Vec<(Address, Observed)> {
    let Some(root) = &world.snapshot.root else { return Vec::new() };
    root.policy_types
        .iter()
        .filter(|(_, status)| !matches!(status, PolicyTypeStatus::PendingDisable))
        .map(|(ty, _)| {
            let observed = Observed {
                physical: ty.api_name().to_owned(),
                spec: spec(*ty),
                ownership: Ownership::Ours,
                leaving: Leaving::Keep,
            };
            (Address::PolicyType(*ty), observed)
        })
        .collect()
}
