//! An organization is created only when it was asked for: a manifest used with the wrong credentials must
//! not make one.

use super::{Finding, Scene, gate, is_create};
use crate::gate::GateName;
use glidepath_model::Address;

/// The gate on creating the organization.
#[must_use]
pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let new = scene.changed(|change| change.address == Address::Organization && is_create(change));
    let summary =
        format!("an organization is created, managed by account {}", scene.world.zone.management_id);
    gate(GateName::CreateOrganization, new, summary)
}
