//! Exceptions of guardrails, as far as the catalogue is not needed for it.

use super::{Scene, Target};
use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use crate::manifest::GuardrailUse;
use glidepath_model::{Selector, UnitPath};

pub(super) fn management_account_spared(scene: &Scene<'_>, report: &mut Report) {
    let Some(management) = scene.management() else { return };
    for exception in scene.draft.guardrails.iter().flat_map(|entry| &entry.except) {
        if matches!(&exception.target.value, Selector::Account(name) if name == management) {
            report.add(
                Diagnostic::new(
                    code::EXCEPTION_MANAGEMENT,
                    format!("`{management}` is the management account and cannot be spared"),
                )
                .at(exception.target.span, "")
                .help(
                    "take the line out: `on` never reaches the management account unless it is named there",
                ),
            );
        }
    }
}

pub(super) fn exception_without_effect(scene: &Scene<'_>, report: &mut Report) {
    for entry in &scene.draft.guardrails {
        for exception in &entry.except {
            let reached = accounts(scene, &exception.target.value);
            if reached.is_empty() || reached.iter().any(|name| is_guarded(scene, entry, name)) {
                continue;
            }
            report.add(
                Diagnostic::new(
                    code::EXCEPTION_IDLE,
                    format!("sparing `{}` changes nothing", exception.target.value),
                )
                .at(exception.target.span, "no account of this is reached by `on`")
                .help("take the line out, or name a target within what `on` names"),
            );
        }
    }
}

/// The member accounts that a selector reaches, with all of a unit's subtree.
fn accounts<'s>(scene: &'s Scene<'_>, selector: &'s Selector) -> Vec<&'s str> {
    let tree = &scene.draft.tree;
    match selector {
        Selector::Unit(path) => {
            let within = tree.accounts.iter().filter(|(_, account)| account.unit.is_within(path));
            within.map(|(name, _)| name.as_str()).collect()
        }
        Selector::Account(name) => {
            tree.accounts.get_key_value(name).map(|(name, _)| name.as_str()).into_iter().collect()
        }
        Selector::Tag { .. } => scene
            .targets(selector)
            .into_iter()
            .filter_map(|target| match target {
                Target::Account(name) => Some(name),
                Target::Unit(_) => None,
            })
            .collect(),
    }
}

fn is_guarded(scene: &Scene<'_>, entry: &GuardrailUse, name: &str) -> bool {
    let root = UnitPath::root();
    let unit = scene.draft.tree.accounts.get(name).map_or(&root, |account| &account.unit);
    entry.on.iter().flat_map(|selector| scene.targets(selector)).any(|target| match target {
        Target::Unit(path) => unit.is_within(path),
        Target::Account(other) => other == name,
    })
}
