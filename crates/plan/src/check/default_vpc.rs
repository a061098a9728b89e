//! Default VPCs that a plan takes away: a gate, and a refusal where something lives in one.

use super::{Finding, Scene, counted, gate};
use crate::gate::GateName;
use crate::plan::Refusal;
use crate::setting::deleted_default_vpcs;
use glidepath_model::text::printable;

/// The gate on taking default VPCs away, and the refusal of those that are in use.
#[must_use]
pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut goes = Vec::new();
    let mut count = 0;
    for change in scene.changes.values() {
        let vpcs = deleted_default_vpcs(change);
        for (region, vpc) in &vpcs {
            let interfaces: Vec<String> =
                vpc.interfaces.iter().map(|id| printable(id).into_owned()).collect();
            if let Some(first) = interfaces.first() {
                findings.push(Finding::Refusal(Refusal {
                    code: "default-vpc-in-use".into(),
                    addresses: vec![change.address.clone()],
                    summary: format!(
                        "the default VPC `{}` of `{}` in {} is in use: {} in it, first `{first}`",
                        printable(&vpc.vpc),
                        change.address,
                        printable(region),
                        counted(interfaces.len(), "network interface lives", "network interfaces live"),
                    ),
                    help:
                        "take away what uses it, or spare the account by `except:`; nothing of it was touched"
                            .into(),
                }));
            }
        }
        if !vpcs.is_empty() {
            count += vpcs.len();
            goes.push(change.address.clone());
        }
    }
    let what = counted(count, "default VPC goes", "default VPCs go");
    findings.extend(gate(
        GateName::DefaultVpcDelete,
        goes,
        format!("{what}, with subnets and internet gateway"),
    ));
    findings
}
