//! Default VPCs that a plan takes away: a gate.

use super::{Finding, Scene, counted, gate};
use crate::gate::GateName;
use crate::setting::deleted_default_vpcs;

/// The gate on taking default VPCs away.
#[must_use]
pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let each = scene.changes.values().map(|change| (change, deleted_default_vpcs(change).len()));
    let going: Vec<_> = each.filter(|(_, count)| *count > 0).collect();
    let count = going.iter().map(|(_, count)| count).sum();
    let what = counted(count, "default VPC goes", "default VPCs go");
    let addresses = going.iter().map(|(change, _)| change.address.clone()).collect();
    gate(GateName::DefaultVpcDelete, addresses, format!("{what}, with subnets and internet gateway"))
        .into_iter()
        .collect()
}
