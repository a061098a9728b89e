//! Regions.

use super::Scene;
use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use crate::manifest::Switch;
use crate::span::Span;
use glidepath_model::regions::is_opt_in;
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
        if is_opt_in(named) {
            report.add(
                Diagnostic::new(
                    code::OPT_IN_REGION,
                    format!("the region `{}` is enabled in every account first", named.value),
                )
                .at(named.span, "accounts do not have it from the start")
                .help("AWS takes minutes for each account, sometimes hours; it is never disabled again"),
            );
        }
    }
}

pub(super) fn had_anyway(scene: &Scene<'_>, report: &mut Report) {
    let governed = &scene.draft.organization.regions;
    for account in scene.draft.tree.accounts.values() {
        for (number, named) in account.regions.iter().enumerate() {
            let why = if !is_opt_in(named) {
                "every account has it from the start"
            } else if governed.iter().any(|region| region.value == named.value) {
                "it is governed, so every account gets it"
            } else if account.regions.iter().take(number).any(|before| before.value == named.value) {
                "it is listed twice"
            } else {
                continue;
            };
            report.add(
                Diagnostic::new(
                    code::REGION_FROM_START,
                    format!("nothing is done for `{}` under `regions`", named.value),
                )
                .at(named.span, why)
                .help("take it out"),
            );
        }
    }
}

/// Members are reached by account management only while it has trusted access.
pub(super) fn trusted_access_absent(scene: &Scene<'_>, report: &mut Report) {
    let absent = scene.draft.trusted_access.get(SERVICE).filter(|switch| switch.value == Switch::Absent);
    let governed = scene.draft.organization.regions.iter();
    let own = scene.draft.tree.accounts.values().flat_map(|account| &account.regions);
    let opted = governed.chain(own).find(|region| is_opt_in(region));
    if let (Some(switch), Some(region)) = (absent, opted) {
        report.add(
            Diagnostic::new(
                code::CONTRADICTION,
                "Regions cannot be enabled in accounts without the trusted access of account management",
            )
            .at(switch.span, "absent here")
            .at(region.span, "an opt-in region")
            .help("take one of the two out"),
        );
    }
}

/// The service's name in trusted access.
const SERVICE: &str = "account.amazonaws.com";
