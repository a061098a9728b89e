//! Blueprints, as far as the catalogue is not needed for it.

use super::Scene;
use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use glidepath_model::regions::{partition, region};

pub(super) fn region_not_governed(scene: &Scene<'_>, report: &mut Report) {
    let organization = &scene.draft.organization;
    let control = organization
        .home
        .as_ref()
        .and_then(|home| region(&home.value))
        .and_then(|home| partition(&home.partition))
        .map(|partition| partition.control_region.as_str());
    for named in scene.draft.blueprints.iter().flat_map(|entry| &entry.regions) {
        let governed = organization.regions.iter().any(|region| region.value == named.value);
        if governed || control == Some(named.value.as_str()) {
            continue;
        }
        let near =
            report.nearest(&named.value, organization.regions.iter().map(|region| region.value.as_str()));
        report.add(
            Diagnostic::new(code::BLUEPRINT_REGION, format!("the region `{}` is not governed", named.value))
                .at(named.span, "")
                .help("add it to `organization.regions`, or take it out here")
                .nearest(named.span, near),
        );
    }
}
