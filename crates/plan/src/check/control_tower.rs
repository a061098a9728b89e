//! AWS Control Tower: where it governs an organization, two owners would undo each other's work.

use super::{Finding, Scene};
use crate::plan::Refusal;
use glidepath_model::Address;

/// The service principal of AWS Control Tower.
pub const CONTROL_TOWER: &str = "controltower.amazonaws.com";

/// The refusal where Control Tower has trusted access.
#[must_use]
pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    if !scene.world.snapshot.trusted_access.contains(CONTROL_TOWER) || scene.changes.is_empty() {
        return Vec::new();
    }
    vec![Finding::Refusal(Refusal {
        code: "control-tower".into(),
        addresses: vec![Address::TrustedAccess(CONTROL_TOWER.into())],
        summary: "AWS Control Tower governs this organization, and living beside it is not built yet".into(),
        help: "`plan` and `drift` can be used; `apply` cannot while Control Tower has trusted access".into(),
    })]
}
