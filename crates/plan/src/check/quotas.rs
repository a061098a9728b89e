//! AWS's quotas after the plan: what would exceed one is refused before the first call. Policies of AWS
//! and of other owners count like ours.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>

use super::{Finding, Scene};
use crate::plan::{Notice, Refusal, Usage};
use crate::shape::Shape;
use glidepath_model::{PolicyType, Target};
use std::collections::BTreeMap;

/// The refusal of each quota that the plan would exceed. A default that AWS raises on request is only
/// told of, unless the manifest states it.
#[must_use]
pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let usages = whole_usage(scene).into_iter().chain(places(scene));
    usages
        .filter(|usage| usage.after > usage.quota && usage.after > usage.before)
        .map(|usage| {
            let at = usage.place.as_ref().map(|place| format!(" at `{place}`")).unwrap_or_default();
            let summary = format!(
                "the quota `{}` is {}, and {} would be used{at}",
                usage.limit, usage.quota, usage.after
            );
            if usage.limit == "accounts" && !scene.quotas().is_stated("accounts") {
                let help = "AWS raises it on request; state what you have as `organization.limits.accounts`";
                return Finding::Notice(Notice { address: None, text: format!("{summary}: {help}") });
            }
            Finding::Refusal(Refusal {
                code: "quota".into(),
                addresses: usage.place.as_ref().map(Target::address).into_iter().collect(),
                summary,
                help: "use less of it, or state a quota that AWS has raised under `organization.limits`"
                    .into(),
            })
        })
        .collect()
}

/// How much of each quota is used before and after, at the fullest place where it holds for each place.
#[must_use]
pub fn usage(scene: &Scene<'_>) -> Vec<Usage> {
    let mut all = whole_usage(scene);
    let mut fullest: BTreeMap<String, Usage> = BTreeMap::new();
    for usage in places(scene) {
        // The first of equals stays.
        match fullest.get(&usage.limit) {
            Some(best) if usage.after <= best.after => {}
            _ => {
                fullest.insert(usage.limit.clone(), usage);
            }
        }
    }
    all.extend(fullest.into_values());
    all.sort_by(|one, two| one.limit.cmp(&two.limit));
    all
}

/// The quotas that hold for the whole organization.
fn whole_usage(scene: &Scene<'_>) -> Vec<Usage> {
    let quotas = scene.quotas();
    let (before, after) = (&scene.transition.before, &scene.transition.after);
    let depth = |shape: &Shape| shape.units.iter().map(|path| path.depth()).max().unwrap_or(0);
    let mut all = vec![
        whole("accounts", before.accounts.len(), after.accounts.len(), quotas.accounts()),
        whole("units", before.units.len(), after.units.len(), quotas.units()),
        whole("unitDepth", depth(before), depth(after), quotas.unit_depth()),
    ];
    for ty in PolicyType::ALL.iter().copied().filter(|ty| after.policy_types.contains(ty)) {
        let name = format!("{ty}.perOrganization");
        let (was, is) = (policies(scene, before, ty), policies(scene, after, ty));
        all.push(whole(&name, was, is, quotas.per_organization(ty)));
    }
    all
}

fn whole(limit: &str, before: usize, after: usize, quota: u64) -> Usage {
    Usage { limit: limit.to_owned(), place: None, before: number(before), after: number(after), quota }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// Policies of a type, AWS's own not included.
fn policies(scene: &Scene<'_>, shape: &Shape, ty: PolicyType) -> usize {
    let of_aws = |name: &str| {
        let listed = scene.world.snapshot.policies.values();
        crate::shape::is_full_access(ty, name)
            || listed.clone().any(|policy| policy.aws_managed && policy.ty == ty && policy.name == name)
    };
    shape.policies.keys().filter(|(its_type, name)| *its_type == ty && !of_aws(name)).count()
}

/// The quotas that hold for each target, at every target that holds a policy.
fn places(scene: &Scene<'_>) -> Vec<Usage> {
    let (before, after) = (&scene.transition.before, &scene.transition.after);
    let place = |target: &Target, ty: PolicyType| Usage {
        limit: format!("{ty}.attachedAtMost"),
        place: Some(target.clone()),
        before: number(before.attached_to(target, ty).count()),
        after: number(after.attached_to(target, ty).count()),
        quota: scene.quotas().attached_at_most(ty),
    };
    let targets = after.attached.iter();
    targets.flat_map(|(target, types)| types.keys().map(|ty| place(target, *ty))).collect()
}
