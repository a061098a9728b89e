//! Targets: what lies above one, and how many more policies one takes.

use crate::zone::attachment_targets;
use glidepath_manifest::Quotas;
use glidepath_manifest::manifest::{Manifest, Policy, PolicyBody};
use glidepath_model::{PolicyType, Target, UnitPath};
use std::collections::{BTreeMap, BTreeSet};

/// Attachments on each account that are left free, so that hands can still put a policy on a single
/// account in an incident.
const KEPT_FREE: u64 = 1;

/// The targets above this one, from the root down; the target itself is not among them.
pub(super) fn above(manifest: &Manifest, target: &Target) -> impl Iterator<Item = Target> + use<> {
    let (path, with_own) = match target {
        Target::Unit(path) => (path.clone(), false),
        Target::Account(name) => match manifest.accounts.get(name) {
            Some(account) => (account.unit.clone(), true),
            // The management account lies directly at the root.
            None => (UnitPath::root(), true),
        },
    };
    let upper: Vec<Target> =
        path.ancestry().filter(|upper| with_own || *upper != path).map(Target::Unit).collect();
    upper.into_iter()
}

/// What a policy of the manifest is attached to.
pub(super) fn attached(manifest: &Manifest, policy: &Policy) -> BTreeSet<Target> {
    policy.on.iter().flat_map(|selector| attachment_targets(manifest, &selector.value)).collect()
}

/// Attachments that are taken, by type and target.
pub(super) struct Room<'m> {
    quotas: Quotas<'m>,
    taken: BTreeMap<(PolicyType, Target), u64>,
    /// Targets that AWS's own policy is taken off.
    bare: BTreeSet<(PolicyType, Target)>,
}

impl<'m> Room<'m> {
    /// What the manifest's own policies take.
    pub(super) fn of(manifest: &'m Manifest) -> Self {
        let quotas = Quotas::new(&manifest.organization.limits);
        let mut room = Self { quotas, taken: BTreeMap::new(), bare: BTreeSet::new() };
        for (name, policy) in &manifest.policies {
            let is_full_access = policy.body == PolicyBody::AwsManaged
                && policy.ty.full_access_policy().is_some_and(|full| full.name == name);
            if is_full_access {
                let off =
                    policy.absent.iter().flat_map(|selector| attachment_targets(manifest, &selector.value));
                room.bare.extend(off.map(|target| (policy.ty, target)));
                continue;
            }
            for target in attached(manifest, policy) {
                *room.taken.entry((policy.ty, target)).or_default() += 1;
            }
        }
        room
    }

    /// How many more policies of a type a target takes.
    pub(super) fn left(&self, ty: PolicyType, target: &Target) -> usize {
        let key = (ty, target.clone());
        let full = u64::from(ty.full_access_policy().is_some() && !self.bare.contains(&key));
        let free = if matches!(target, Target::Account(_)) && !ty.is_declarative() { KEPT_FREE } else { 0 };
        let taken = self.taken.get(&key).copied().unwrap_or(0).saturating_add(full).saturating_add(free);
        usize::try_from(self.quotas.attached_at_most(ty).saturating_sub(taken)).unwrap_or(usize::MAX)
    }

    /// Characters that a document of a type may have.
    pub(super) fn characters(&self, ty: PolicyType) -> usize {
        usize::try_from(self.quotas.policy_size(ty)).unwrap_or(usize::MAX)
    }
}
