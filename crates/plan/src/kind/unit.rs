//! A unit. It is found by its path, or by the path it had before (`was:`); AWS cannot move a unit, so
//! another parent is another unit.

use crate::ownership::{Ownership, marked, settable};
use crate::spec::{Desired, Leaving, Observed, Spec};
use crate::world::World;
use glidepath_manifest::Manifest;
use glidepath_model::{Address, NodeId, Tags};
use serde::{Deserialize, Serialize};

/// A unit; its place in the tree is its address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct UnitSpec {
    /// Its name.
    pub name: String,
    /// Its tags, the mark included.
    pub tags: Tags,
}

/// Every unit of the manifest.
#[must_use]
pub fn desired(manifest: &Manifest) -> Vec<(Address, Desired)> {
    let organization = &manifest.organization.name.value;
    manifest
        .units
        .iter()
        .map(|(path, unit)| {
            let address = Address::Unit(path.clone());
            let name = path.name().unwrap_or_default().to_owned();
            let tags = marked(&unit.tags, organization, &address);
            (address, Desired::Present(Spec::Unit(UnitSpec { name, tags })))
        })
        .collect()
}

/// Every unit there is. One with an account that stays in it, or with a unit that stays, is never
/// deleted.
#[must_use]
pub fn observed(world: &World<'_>) -> Vec<(Address, Observed)> {
    world
        .snapshot
        .units
        .values()
        .filter_map(|unit| {
            let path = world.identity.unit_path(&unit.id)?;
            let tags = world.snapshot.tags.get(&unit.arn);
            let wanted = world.zone.units.contains_key(path);
            let leaving = if !wanted && world.is_inhabited(&NodeId::Unit(unit.id.clone())) {
                Leaving::Forget
            } else {
                Leaving::Delete
            };
            let observed = Observed {
                physical: unit.id.to_string(),
                spec: Spec::Unit(UnitSpec {
                    name: unit.name.clone(),
                    tags: tags.map(settable).unwrap_or_default(),
                }),
                ownership: Ownership::of(tags, &world.zone.organization),
                leaving,
            };
            Some((Address::Unit(path.clone()), observed))
        })
        .collect()
}

/// The unit it hangs under.
#[must_use]
pub fn references(address: &Address) -> Vec<Address> {
    match address {
        Address::Unit(path) => match path.parent() {
            Some(parent) if !parent.is_root() => vec![Address::Unit(parent)],
            _ => vec![Address::Organization],
        },
        _ => Vec::new(),
    }
}
