//! Which attributes of users come to their sessions as tags. One thing for the whole instance; where the manifest says
//! nothing of it, it is left as it is.

use crate::ownership::Ownership;
use crate::spec::{Desired, Leaving, Observed, Spec};
use crate::world::World;
use glidepath_manifest::Manifest;
use glidepath_model::Address;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The attributes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessControlAttributesSpec {
    /// Where each value comes from, by the attribute's name.
    pub attributes: BTreeMap<String, String>,
}

/// The attributes, where the manifest speaks of them. None at all turns them off.
#[must_use]
pub fn desired(manifest: &Manifest) -> Vec<(Address, Desired)> {
    let stated = manifest.identity.as_ref().and_then(|identity| identity.attributes.clone());
    let one = |attributes: BTreeMap<String, String>| {
        if attributes.is_empty() {
            return Desired::Absent;
        }
        Desired::Present(Spec::AccessControlAttributes(AccessControlAttributesSpec { attributes }))
    };
    stated.map(one).map(|desired| (Address::AccessControlAttributes, desired)).into_iter().collect()
}

/// The attributes there are.
#[must_use]
pub fn observed(world: &World<'_>) -> Option<(Address, Observed)> {
    let center = &world.snapshot.identity_center;
    let observed = Observed {
        physical: center.instance.as_ref()?.arn.clone(),
        spec: Spec::AccessControlAttributes(AccessControlAttributesSpec {
            attributes: center.attributes.clone()?,
        }),
        ownership: Ownership::Ours,
        leaving: Leaving::Keep,
    };
    Some((Address::AccessControlAttributes, observed))
}
