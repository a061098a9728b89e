//! Switches that contradict each other: AWS would refuse them half-way through an apply.
//!
//! Sources: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_DisableAWSServiceAccess.html>,
//! <https://docs.aws.amazon.com/organizations/latest/APIReference/API_DetachPolicy.html> (at least one policy stays)

use super::{Finding, Scene, is_delete};
use crate::plan::Refusal;
use crate::spec::{Desired, Spec};
use glidepath_model::{Address, PolicyType};
use std::collections::{BTreeMap, BTreeSet};

/// The refusals of contradictions.
#[must_use]
pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for change in scene.changes.values().filter(|change| is_delete(change)) {
        match &change.address {
            Address::TrustedAccess(service) => found.extend(administrators_left(scene, service)),
            Address::PolicyType(ty) => found.extend(attachments_wanted(scene, *ty)),
            _ => {}
        }
    }
    found.extend(closing_administrators(scene));
    found.extend(too_few_left(scene));
    found.into_iter().map(Finding::Refusal).collect()
}

/// Trusted access cannot go while an account still administers the service.
fn administrators_left(scene: &Scene<'_>, of: &str) -> Option<Refusal> {
    let left: Vec<Address> = scene
        .observed
        .keys()
        .chain(scene.changes.keys())
        .filter(|address| matches!(address, Address::DelegatedAdministrator { service, .. } if service == of))
        .filter(|address| !scene.changes.get(address).is_some_and(is_delete))
        .cloned()
        .collect();
    (!left.is_empty()).then(|| Refusal {
        code: "administrator-left".into(),
        addresses: left,
        summary: format!("trusted access of `{of}` is stated absent while an account still administers it"),
        help: "state that account absent under `delegatedAdministrators:` too".into(),
    })
}

/// An account cannot be closed while it administers a service.
fn closing_administrators(scene: &Scene<'_>) -> Vec<Refusal> {
    let closes = |account: &str| {
        let change = scene.changes.get(&Address::Account(account.to_owned()));
        matches!(change.and_then(|change| change.action.after()), Some(Spec::Account(spec)) if spec.closed)
    };
    let left = scene.observed.keys().chain(scene.changes.keys()).filter(|address| {
        matches!(address, Address::DelegatedAdministrator { account, .. } if closes(account))
            && !scene.changes.get(address).is_some_and(is_delete)
    });
    let left: BTreeSet<&Address> = left.collect();
    left.into_iter()
        .map(|address| Refusal {
            code: "closing-administrator".into(),
            addresses: vec![address.clone()],
            summary: format!("an account is to be closed that still administers a service: `{address}`"),
            help: "state it absent under `delegatedAdministrators:` too".into(),
        })
        .collect()
}

/// A policy type cannot go while the manifest attaches policies of it.
fn attachments_wanted(scene: &Scene<'_>, of: PolicyType) -> Option<Refusal> {
    let wanted: Vec<Address> = scene
        .world
        .zone
        .desired
        .iter()
        .filter(|(address, desired)| {
            matches!(address, Address::Attachment { ty, .. } if *ty == of)
                && matches!(desired, Desired::Present(_))
        })
        .map(|(address, _)| address.clone())
        .collect();
    (!wanted.is_empty()).then(|| Refusal {
        code: "policy-type-in-use".into(),
        addresses: wanted,
        summary: format!(
            "the policy type `{of}` is stated absent while the manifest attaches policies of it"
        ),
        help: "take the policies out, or the statement".into(),
    })
}

/// AWS keeps at least one policy of some types at every target.
fn too_few_left(scene: &Scene<'_>) -> Vec<Refusal> {
    let mut touched: BTreeMap<_, Vec<Address>> = BTreeMap::new();
    for change in scene.changes.values().filter(|change| is_delete(change)) {
        if let Address::Attachment { ty, target, .. } = &change.address {
            touched.entry((*ty, target)).or_default().push(change.address.clone());
        }
    }
    touched
        .into_iter()
        .filter(|((ty, target), _)| {
            let after = &scene.transition.after;
            let stays = after.policy_types.contains(ty) && after.attached.contains_key(target);
            let left = u64::try_from(after.attached_to(target, *ty).count()).unwrap_or(u64::MAX);
            stays && left < scene.quotas().attached_at_least(*ty)
        })
        .map(|((ty, target), addresses)| Refusal {
            code: "last-policy".into(),
            addresses,
            summary: format!(
                "no policy of the type `{ty}` would be left at `{target}`, and AWS keeps at least one"
            ),
            help: "attach another policy there, such as `FullAWSAccess`".into(),
        })
        .collect()
}
