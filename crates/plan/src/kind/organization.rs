//! The organization itself, with all features. It is created only when asked for by name and never
//! deleted; its physical id is the root's, the thing that policies are attached to.

use crate::ownership::Ownership;
use crate::spec::{Desired, Leaving, Observed, Spec};
use crate::world::World;
use glidepath_model::Address;
use glidepath_model::organization::FeatureSet;
use serde::{Deserialize, Serialize};

/// The organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct OrganizationSpec {
    /// `ALL` or `CONSOLIDATED_BILLING`.
    pub features: String,
}

/// An organization with all features is always desired.
#[must_use]
pub fn desired() -> Vec<(Address, Desired)> {
    vec![(
        Address::Organization,
        Desired::Present(Spec::Organization(OrganizationSpec { features: "ALL".into() })),
    )]
}

/// The organization as observed.
#[must_use]
pub fn observed(world: &World<'_>) -> Vec<(Address, Observed)> {
    let (Some(organization), Some(root)) = (&world.snapshot.organization, &world.snapshot.root) else {
        return Vec::new();
    };
    let features = match organization.features {
        FeatureSet::All => "ALL",
        FeatureSet::ConsolidatedBilling => "CONSOLIDATED_BILLING",
    };
    let observed = Observed {
        physical: root.id.to_string(),
        spec: Spec::Organization(OrganizationSpec { features: features.into() }),
        ownership: Ownership::Ours,
        leaving: Leaving::Keep,
    };
    vec![(Address::Organization, observed)]
}
