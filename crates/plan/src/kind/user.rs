//! A user of a managed directory, found by the user name. AWS lets nobody tag users: one who leaves the manifest stays,
//! and only `absent: true` deletes the user.

use crate::ownership::Ownership;
use crate::spec::{Desired, Leaving, Observed, Spec};
use crate::world::World;
use glidepath_manifest::Manifest;
use glidepath_manifest::manifest::{Directory, User};
use glidepath_model::Address;
use serde::{Deserialize, Serialize};

/// A user; the user name is the address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserSpec {
    /// The given name.
    pub given: String,
    /// The family name.
    pub family: String,
    /// The name as it is shown.
    pub display: String,
    /// The primary e-mail address; empty if none.
    pub email: String,
}

/// Every user of a managed directory.
#[must_use]
pub fn desired(manifest: &Manifest) -> Vec<(Address, Desired)> {
    let Some(Directory::Managed { users, .. }) =
        manifest.identity.as_ref().map(|identity| &identity.directory)
    else {
        return Vec::new();
    };
    let one = |(name, user): (&String, &User)| {
        let desired = match user {
            User::Present { given, family, display, email, .. } => Desired::Present(Spec::User(UserSpec {
                given: given.clone(),
                family: family.clone(),
                display: display.clone(),
                email: email.clone(),
            })),
            User::Absent { .. } => Desired::Absent,
        };
        (Address::User(name.clone()), desired)
    };
    users.iter().map(one).collect()
}

/// Every user of a managed directory; those that the manifest does not name are others'.
#[must_use]
pub fn observed(world: &World<'_>) -> Vec<(Address, Observed)> {
    let users = world.snapshot.identity_center.users.values();
    users
        .map(|user| {
            let address = Address::User(user.name.clone());
            let named = world.zone.desired.contains_key(&address);
            let spec = UserSpec {
                given: user.given.clone(),
                family: user.family.clone(),
                display: user.display.clone(),
                email: user.email.clone(),
            };
            let observed = Observed {
                physical: user.id.clone(),
                spec: Spec::User(spec),
                ownership: if named { Ownership::Ours } else { Ownership::Foreign },
                leaving: Leaving::Keep,
            };
            (address, observed)
        })
        .collect()
}
