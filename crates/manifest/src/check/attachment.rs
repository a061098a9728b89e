//! Policies on their targets.

use super::{Scene, Target};
use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use crate::manifest::{Policy, PolicyBody};
use crate::span::Span;
use glidepath_model::{PolicyType, Selector};
use std::collections::{BTreeMap, BTreeSet};

/// Places shown of one complaint.
const SHOWN: usize = 12;

pub(super) fn too_many_attached(scene: &Scene<'_>, report: &mut Report) {
    for ty in PolicyType::ALL.iter().copied() {
        let most = scene.quotas().attached_at_most(ty);
        // Many targets of one tag have the same policies: one complaint for all of them.
        let mut crowds: BTreeMap<Vec<&str>, Vec<Target<'_>>> = BTreeMap::new();
        for (target, names) in attached(scene, ty) {
            let kept = if kept_free(ty, target) { 1 } else { 0 };
            if u64::try_from(names.len()).unwrap_or(u64::MAX).saturating_add(kept) > most {
                crowds.entry(names.into_iter().collect()).or_default().push(target);
            }
        }
        for (names, targets) in crowds {
            report.add(crowded(scene, ty, most, &names, &targets));
        }
    }
}

/// Whether one attachment on a target is kept for the quarantine of an account.
fn kept_free(ty: PolicyType, target: Target<'_>) -> bool {
    ty == PolicyType::Scp && matches!(target, Target::Account(_))
}

/// The policies of a type on each target, AWS's own included where it is there by itself.
fn attached<'s>(scene: &'s Scene<'_>, ty: PolicyType) -> BTreeMap<Target<'s>, BTreeSet<&'s str>> {
    let mut attached: BTreeMap<Target<'s>, BTreeSet<&'s str>> = BTreeMap::new();
    let policies = || scene.draft.policies.iter().filter(move |(_, policy)| policy.ty == ty);
    for (name, policy) in policies() {
        for target in policy.on.iter().flat_map(|selector| scene.targets(selector)) {
            attached.entry(target).or_default().insert(name);
        }
    }
    let Some(full) = ty.full_access_policy() else { return attached };
    let detached: BTreeSet<Target<'s>> = policies()
        .filter(|(name, policy)| policy.body == PolicyBody::AwsManaged && name.as_str() == full.name)
        .flat_map(|(_, policy)| policy.absent.iter().flat_map(|selector| scene.targets(selector)))
        .collect();
    for (target, names) in &mut attached {
        if !(full.detachable && detached.contains(target)) {
            names.insert(full.name);
        }
    }
    attached
}

fn crowded(
    scene: &Scene<'_>,
    ty: PolicyType,
    most: u64,
    names: &[&str],
    targets: &[Target<'_>],
) -> Diagnostic {
    let first = targets.first().map(ToString::to_string).unwrap_or_default();
    let others = match targets.len().saturating_sub(1) {
        0 => String::new(),
        1 => " and one more target".to_owned(),
        many => format!(" and {many} more targets"),
    };
    let summary = format!(
        "{} policies of type `{ty}` are attached to `{first}`{others}, {most} are the most",
        names.len()
    );
    let mut diagnostic = Diagnostic::new(code::TOO_MANY_ATTACHED, summary);
    let places = names
        .iter()
        .filter_map(|name| scene.draft.policies.get_key_value(*name))
        .filter_map(|(name, policy)| Some((name, place(scene, policy, *targets.first()?)?)));
    for (name, span) in places.take(SHOWN) {
        diagnostic = diagnostic.at(span, format!("`{name}`"));
    }
    let kept = targets.first().is_some_and(|target| kept_free(ty, *target));
    let kept = if kept { "; one attachment on each account is kept free for `quarantine`" } else { "" };
    let full = ty.full_access_policy().map(|full| format!("; AWS's `{}` counts too", full.name));
    diagnostic.help(format!(
        "merge policies, or attach some one level higher or lower{}{kept}",
        full.unwrap_or_default()
    ))
}

/// Where a policy says that it is attached to a target.
fn place(scene: &Scene<'_>, policy: &Policy, target: Target<'_>) -> Option<Span> {
    let hits = |selector: &Selector| scene.targets(selector).contains(&target);
    policy.on.iter().find(|selector| hits(&selector.value)).map(|selector| selector.span)
}

pub(super) fn without_effect_on_the_management_account(scene: &Scene<'_>, report: &mut Report) {
    let Some(management) = scene.management() else { return };
    for (name, policy) in &scene.draft.policies {
        if policy.ty.reaches_management_account() {
            continue;
        }
        for selector in &policy.on {
            if matches!(&selector.value, Selector::Account(account) if account == management) {
                report.add(
                    Diagnostic::new(
                        code::NO_EFFECT,
                        format!("`{name}` has no effect on the management account"),
                    )
                    .at(selector.span, format!("policies of type `{}` do not reach it", policy.ty))
                    .help("guard the management account by who may enter it"),
                );
            }
        }
    }
}
