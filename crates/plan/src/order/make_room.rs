//! Where a target has no free place for another policy of a type, one is detached for each that is
//! attached: as few as possible, and those that only allow first, so that the moment in between denies
//! rather than allows. And where all policies of a target are replaced, the last one is detached only
//! after one is attached: AWS keeps at least one of some types.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>

use super::effect::{Effect, Part};
use super::{Scene, Wait, Why};
use crate::change::{Change, Verb};
use glidepath_model::{Address, PolicyType, Target};
use std::collections::BTreeMap;

#[derive(Default)]
struct Swaps<'a> {
    attach: Vec<&'a Address>,
    detach: Vec<&'a Change>,
}

/// What each attachment without a free place waits for.
#[must_use]
pub fn waits(scene: &Scene<'_>) -> Vec<Wait> {
    let mut places: BTreeMap<(&Target, PolicyType), Swaps<'_>> = BTreeMap::new();
    for (address, change) in scene.changes {
        if let Address::Attachment { ty, target, .. } = address {
            let swaps = places.entry((target, *ty)).or_default();
            match change.action.verb() {
                Verb::Create => swaps.attach.push(address),
                Verb::Delete => swaps.detach.push(change),
                Verb::Update | Verb::Adopt | Verb::Forget => {}
            }
        }
    }
    let mut found = Vec::new();
    for ((target, ty), mut swaps) in places {
        let used = scene.transition.before.attached_to(target, ty).count();
        let most = usize::try_from(scene.quotas.attached_at_most(ty)).unwrap_or(usize::MAX);
        let free = most.saturating_sub(used);
        // A detached policy that only allows leaves less allowed; the sort keeps ties in address order.
        swaps.detach.sort_by_key(|change| loosens(scene, change));
        let left = used.saturating_sub(swaps.detach.len());
        let least = usize::try_from(scene.quotas.attached_at_least(ty)).unwrap_or(0);
        if let (true, Some(later), Some(earlier)) = (left < least, swaps.detach.last(), swaps.attach.first())
        {
            let (later, earlier) = (later.address.clone(), (*earlier).clone());
            found.push(Wait { why: Why::Firm, later, earlier });
        }
        for (later, earlier) in swaps.attach.iter().skip(free).zip(&swaps.detach) {
            found.push(Wait { why: Why::Firm, later: (*later).clone(), earlier: earlier.address.clone() });
        }
    }
    found
}

fn loosens(scene: &Scene<'_>, change: &Change) -> bool {
    Effect::of(scene.transition, change).is_some_and(|effect| effect.has(Part::DenyLost))
}
