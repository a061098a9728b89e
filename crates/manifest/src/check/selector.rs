//! Selectors that name nothing.

use super::{Places, Scene};
use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use crate::span::{Span, Spanned};
use glidepath_model::Selector;

pub(super) fn names_nothing(scene: &Scene<'_>, report: &mut Report) {
    let policies = scene.draft.policies.values();
    let selectors = policies.flat_map(|policy| policy.on.iter().chain(&policy.absent));
    let guardrails = scene.draft.guardrails.iter();
    let guarded = guardrails
        .flat_map(|entry| entry.on.iter().chain(entry.except.iter().map(|exception| &exception.target)));
    let blueprints = scene.draft.blueprints.iter();
    let deployed = blueprints
        .flat_map(|entry| entry.on.iter().chain(entry.except.iter().map(|exception| &exception.target)));
    let logged = scene.draft.logging.iter().flat_map(|logging| &logging.on);
    let assigned = scene.draft.identity.iter().flat_map(crate::section::identity::named);
    let settings = scene.draft.account_settings.iter();
    let set = settings
        .flat_map(|entry| entry.on.iter().chain(entry.except.iter().map(|exception| &exception.target)));
    let all = selectors.chain(guarded).chain(deployed).chain(set).chain(logged).chain(assigned);
    for selector in all.chain(&scene.draft.untyped) {
        if let Some(diagnostic) = unknown(&scene.places, selector, report) {
            report.add(diagnostic);
        }
    }
}

/// The complaint about a selector that names nothing.
pub(crate) fn unknown(
    places: &Places<'_>,
    selector: &Spanned<Selector>,
    report: &mut Report,
) -> Option<Diagnostic> {
    let span = selector.span;
    match &selector.value {
        Selector::Unit(path) => {
            if path.is_root() || places.units.contains_key(path) {
                return None;
            }
            let near = report.nearest(&path.to_string(), places.units.keys().map(ToString::to_string));
            // Whoever writes a bare account name, or a unit without the path to it, means that.
            let same_name =
                || places.units.keys().find(|unit| unit.name() == path.name()).map(ToString::to_string);
            let account = || {
                let name =
                    path.name().filter(|name| path.depth() == 1 && places.accounts.contains_key(*name))?;
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
            unknown_account(places, name, span, |name| Selector::Account(name).to_string(), report)
        }
        Selector::Tag { key, value } => {
            if places.tagged.contains_key(&(key.as_str(), value.as_str())) {
                return None;
            }
            let near = report.nearest(&selector.value.to_string(), places.tag_selectors.iter());
            Some(
                Diagnostic::new(code::UNKNOWN_TAG, format!("no account has the tag `{key}={value}`"))
                    .at(span, "")
                    .help("selectors see the tags that accounts have in this manifest, not those in AWS")
                    .nearest(span, near),
            )
        }
    }
}

/// The complaint about an account that is none of the manifest's; `written` is how its name stands here.
pub(crate) fn unknown_account(
    places: &Places<'_>,
    name: &str,
    span: Span,
    written: fn(String) -> String,
    report: &mut Report,
) -> Option<Diagnostic> {
    if places.accounts.contains_key(name) || places.management == Some(name) {
        return None;
    }
    let near = report.nearest(name, places.accounts.keys()).map(written);
    Some(
        Diagnostic::new(code::UNKNOWN_ACCOUNT, format!("there is no account `{name}`"))
            .at(span, "")
            .help("name an account of `units`, or the management account")
            .nearest(span, near),
    )
}
