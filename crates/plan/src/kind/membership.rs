//! Who is in a group of a managed directory: a set resource whose members are users. Nobody else is in it; of a group
//! about whose members the manifest says nothing nobody is asked.

use crate::ownership::Ownership;
use crate::spec::{Desired, Leaving, Observed, Spec};
use crate::world::World;
use glidepath_manifest::Manifest;
use glidepath_manifest::manifest::{Directory, Group};
use glidepath_model::Address;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The users of a group; the group's name is the address.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MembershipSpec {
    /// The users, by user name.
    pub members: BTreeSet<String>,
}

/// Every group whose members the manifest says.
#[must_use]
pub fn desired(manifest: &Manifest) -> Vec<(Address, Desired)> {
    let Some(Directory::Managed { groups, .. }) =
        manifest.identity.as_ref().map(|identity| &identity.directory)
    else {
        return Vec::new();
    };
    groups
        .iter()
        .filter_map(|(name, group)| match group {
            Group::Present { members: Some(members), .. } => {
                let members = members.iter().map(|user| user.value.clone()).collect();
                let spec = Spec::Membership(MembershipSpec { members });
                Some((Address::Membership(name.clone()), Desired::Present(spec)))
            }
            Group::Present { members: None, .. } | Group::Absent { .. } => None,
        })
        .collect()
}

/// The users of every group whose members were read.
#[must_use]
pub fn observed(world: &World<'_>) -> Vec<(Address, Observed)> {
    let center = &world.snapshot.identity_center;
    let name = |id: &String| {
        center.users.values().find(|user| user.id == *id).map_or_else(|| id.clone(), |user| user.name.clone())
    };
    center
        .groups
        .values()
        .filter_map(|group| {
            let members = group.members.as_ref()?.iter().map(name).collect();
            let observed = Observed {
                physical: group.id.clone(),
                spec: Spec::Membership(MembershipSpec { members }),
                ownership: Ownership::Ours,
                leaving: Leaving::Keep,
            };
            Some((Address::Membership(group.name.clone()), observed))
        })
        .collect()
}

/// The group and its users.
#[must_use]
pub fn references(address: &Address, spec: &MembershipSpec) -> Vec<Address> {
    let Address::Membership(group) = address else { return Vec::new() };
    let users = spec.members.iter().map(|name| Address::User(name.clone()));
    std::iter::once(Address::Group(group.clone())).chain(users).collect()
}
