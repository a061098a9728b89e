//! A group of a managed directory, found by its name. AWS lets nobody tag groups: one that leaves the manifest stays,
//! and only `absent: true` deletes it.

use crate::ownership::Ownership;
use crate::spec::{Desired, Leaving, Observed, Spec};
use crate::world::World;
use glidepath_manifest::Manifest;
use glidepath_manifest::manifest::{Directory, Group};
use glidepath_model::Address;
use serde::{Deserialize, Serialize};

/// A group; the name is the address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupSpec {
    /// Its description; empty if none.
    pub description: String,
}

/// Every group of a managed directory.
#[must_use]
pub fn desired(manifest: &Manifest) -> Vec<(Address, Desired)> {
    let Some(Directory::Managed { groups, .. }) =
        manifest.identity.as_ref().map(|identity| &identity.directory)
    else {
        return Vec::new();
    };
    let one = |(name, group): (&String, &Group)| {
        let desired = match group {
            Group::Present { description, .. } => {
                Desired::Present(Spec::Group(GroupSpec { description: description.clone() }))
            }
            Group::Absent { .. } => Desired::Absent,
        };
        (Address::Group(name.clone()), desired)
    };
    groups.iter().map(one).collect()
}

/// Every group of a managed directory; those that the manifest does not name are others'.
#[must_use]
pub fn observed(world: &World<'_>) -> Vec<(Address, Observed)> {
    let groups = world.snapshot.identity_center.groups.values();
    groups
        .map(|group| {
            let address = Address::Group(group.name.clone());
            let named = world.zone.desired.contains_key(&address);
            let observed = Observed {
                physical: group.id.clone(),
                spec: Spec::Group(GroupSpec { description: group.description.clone() }),
                ownership: if named { Ownership::Ours } else { Ownership::Foreign },
                leaving: Leaving::Keep,
            };
            (address, observed)
        })
        .collect()
}
