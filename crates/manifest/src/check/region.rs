//! Regions.

use super::Scene;
use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use crate::span::Span;
use glidepath_model::regions::{Availability, region};
use std::collections::BTreeMap;

pub(super) fn home_not_governed(scene: &Scene<'_>, report: &mut Report) {
    let organization = &scene.draft.organization;
    let Some(home) = &organization.home else { return };
    if organization.regions.iter().any(|region| region.value == home.value) {
        return;
    }
    let mut diagnostic =
        Diagnostic::new(code::HOME_NOT_GOVERNED, format!("the home region `{}` is not governed", home.value))
            .at(home.span, "");
    if let Some(first) = organization.regions.first() {
        diagnostic = diagnostic.at(first.span, "the governed regions begin here");
    }
    report.add(diagnostic.help(format!("add `{}` to `organization.regions`", home.value)));
}

pub(super) fn listed_twice(scene: &Scene<'_>, report: &mut Report) {
    let mut first: BTreeMap<&str, Span> = BTreeMap::new();
    for region in &scene.draft.organization.regions {
        if let Some(before) = first.get(region.value.as_str()) {
            report.add(
                Diagnostic::new(code::REPEATED_ITEM, format!("`{}` is listed twice", region.value))
                    .at(region.span, "listed again here")
                    .at(*before, "first listed here")
                    .help("delete one"),
            );
        } else {
            first.insert(&region.value, region.span);
        }
    }
}

pub(super) fn opt_in(scene: &Scene<'_>, report: &mut Report) {
    for named in &scene.draft.organization.regions {
        if region(named).is_some_and(|region| region.availability == Availability::OptIn) {
            report.add(
                Diagnostic::new(
                    code::OPT_IN_REGION,
                    format!("accounts have to enable the region `{}` first", named.value),
                )
                .at(named.span, "an opt-in region")
                .help("enable it in every account that is to use it"),
            );
        }
    }
}
