//! The organization's delegation policy: who outside the management account may manage policies.

use super::policy::parsed;
use crate::ownership::{Ownership, marked, settable};
use crate::spec::{Desired, Leaving, Observed, Spec};
use crate::world::World;
use glidepath_manifest::Manifest;
use glidepath_manifest::manifest::ResourcePolicy;
use glidepath_model::{Address, Tags};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The delegation policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ResourcePolicySpec {
    /// The document.
    pub document: Value,
    /// Its tags, the mark included.
    pub tags: Tags,
}

/// What the manifest says of it, if anything.
#[must_use]
pub fn desired(manifest: &Manifest) -> Vec<(Address, Desired)> {
    let desired = match manifest.resource_policy.as_ref().map(|policy| &policy.value) {
        None => return Vec::new(),
        Some(ResourcePolicy::Absent) => Desired::Absent,
        Some(ResourcePolicy::Document { document, tags }) => {
            let tags = marked(tags, &manifest.organization.name.value, &Address::ResourcePolicy);
            Desired::Present(Spec::ResourcePolicy(ResourcePolicySpec { document: document.clone(), tags }))
        }
    };
    vec![(Address::ResourcePolicy, desired)]
}

/// The one there is, if any.
#[must_use]
pub fn observed(world: &World<'_>) -> Vec<(Address, Observed)> {
    let Some(policy) = &world.snapshot.resource_policy else { return Vec::new() };
    let tags = world.snapshot.tags.get(&policy.arn);
    let spec = ResourcePolicySpec {
        document: parsed(&policy.content),
        tags: tags.map(settable).unwrap_or_default(),
    };
    let observed = Observed {
        physical: policy.id.clone(),
        spec: Spec::ResourcePolicy(spec),
        ownership: Ownership::of(tags, &world.zone.organization),
        leaving: Leaving::Delete,
    };
    vec![(Address::ResourcePolicy, observed)]
}
