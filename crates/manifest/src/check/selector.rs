//! Selectors that name nothing.

use super::Scene;
use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use crate::span::Spanned;
use glidepath_model::Selector;

pub(super) fn names_nothing(scene: &Scene<'_>, report: &mut Report) {
    let policies = scene.draft.policies.values();
    let selectors = policies.flat_map(|policy| policy.on.iter().chain(&policy.absent));
    let guardrails = scene.draft.guardrails.iter();
    let guarded = guardrails
        .flat_map(|entry| entry.on.iter().chain(entry.except.iter().map(|exception| &exception.target)));
    for selector in selectors.chain(guarded).chain(&scene.draft.untyped) {
        if let Some(diagnostic) = unknown(scene, selector, report) {
            report.add(diagnostic);
        }
    }
}

fn unknown(scene: &Scene<'_>, selector: &Spanned<Selector>, report: &mut Report) -> Option<Diagnostic> {
    let tree = &scene.draft.tree;
    let span = selector.span;
    match &selector.value {
        Selector::Unit(path) => {
            if path.is_root() || tree.units.contains_key(path) {
                return None;
            }
            let near = report.nearest(&path.to_string(), tree.units.keys().map(ToString::to_string));
            // Whoever writes a bare account name, or a unit without the path to it, means that.
            let same_name =
                || tree.units.keys().find(|unit| unit.name() == path.name()).map(ToString::to_string);
            let account = || {
                let name =
                    path.name().filter(|name| path.depth() == 1 && tree.accounts.contains_key(*name))?;
                Some(Selector::Account(name.to_owned()).to_string())
            };
            let near = account().or_else(same_name).or(near);
            Some(
                Diagnostic::new(code::UNKNOWN_UNIT, format!("there is no unit `{path}`"))
                    .at(span, "")
                    .help("name a unit of `units` by its whole path, as in `Workloads/Prod`")
                    .nearest(span, near),
            )
        }
        Selector::Account(name) => {
            if tree.accounts.contains_key(name) || scene.management() == Some(name) {
                return None;
            }
            let near = report.nearest(name, tree.accounts.keys());
            let near = near.map(|name| Selector::Account(name).to_string());
            Some(
                Diagnostic::new(code::UNKNOWN_ACCOUNT, format!("there is no account `{name}`"))
                    .at(span, "")
                    .help("name an account of `units`, or the management account")
                    .nearest(span, near),
            )
        }
        Selector::Tag { key, value } => {
            if scene.tagged.contains_key(&(key.as_str(), value.as_str())) {
                return None;
            }
            let near = report.nearest(&selector.value.to_string(), scene.tag_selectors.iter());
            Some(
                Diagnostic::new(code::UNKNOWN_TAG, format!("no account has the tag `{key}={value}`"))
                    .at(span, "")
                    .help("selectors see the tags that accounts have in this manifest, not those in AWS")
                    .nearest(span, near),
            )
        }
    }
}
