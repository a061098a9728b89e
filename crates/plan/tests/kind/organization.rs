//! The organization: created only when asked for, never turned from billing to all features by us.

use crate::support::{plan_of, steps};
use glidepath_plan::GateName;

#[test]
fn creating_an_organization_is_gated() {
    let plan = plan_of("units: {A: }", "none: true");
    let gates: Vec<GateName> = plan.gates.into_iter().map(|gate| gate.name).collect();
    assert_eq!(gates, [GateName::CreateOrganization]);
}

#[test]
fn an_organization_without_all_features_is_refused() {
    let plan = plan_of("units: {A: }", "consolidatedBilling: true");
    assert_eq!(plan.refusals[0].code, "consolidated-billing");
    assert_eq!(steps(&plan), ["create unit/A"]);
}
