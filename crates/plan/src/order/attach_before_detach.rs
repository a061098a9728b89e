//! No moment is unguarded: on one line of the tree, what denies comes before what no longer denies and
//! before what newly allows; what stops allowing goes before what stops denying, and before what newly
//! allows on another level. And none is idle: on one target, what allows comes before what no longer
//! allows. SCPs and RCPs guard the same requests and are ordered together, and an account's move is one
//! more change to what reaches it. Declarative types attach before they detach, on one target.
//!
//! Why these pairs suffice: a request that is denied before and after is denied by something each time. If
//! the former goes (a Deny lost, an Allow gained) while the latter is yet to come (a Deny gained, an Allow
//! lost), there is a moment with neither; each pair puts what comes before what goes. On one target an
//! Allow gained before another is lost opens nothing that is not open before or after.

use super::effect::{Effect, Part, on_one_line};
use super::{Scene, Wait, Why};
use crate::change::{Change, Verb};
use glidepath_model::Address;

/// Earlier part, later part: wherever one lies above the other.
const GUARDED: [(Part, Part); 3] = [
    (Part::DenyGained, Part::DenyLost),
    (Part::DenyGained, Part::AllowGained),
    (Part::AllowLost, Part::DenyLost),
];

/// What each change of policy waits for so that nothing is allowed in between.
#[must_use]
pub fn waits(scene: &Scene<'_>) -> Vec<Wait> {
    let effects: Vec<(&Address, Effect)> = scene
        .changes
        .iter()
        .filter_map(|(address, change)| Some((address, Effect::of(scene.transition, change)?)))
        .collect();
    let mut found = Vec::new();
    for (later, effect) in effects.iter().filter(|(_, effect)| has_late_part(effect)) {
        for (earlier, other) in effects.iter().filter(|(earlier, _)| earlier != later) {
            if needs_target(later, earlier) {
                continue;
            }
            let wait = |why| Wait { why, later: (*later).clone(), earlier: (*earlier).clone() };
            if is_one_policy(effect, other) {
                found.extend(widens_where_it_goes(scene, effect, earlier).then(|| wait(Why::Guarded)));
                continue;
            }
            let near = Near::of(scene, effect, other);
            let guards = GUARDED.iter().any(|(first, last)| other.meets(*first, effect, *last));
            let widens = other.meets(Part::AllowLost, effect, Part::AllowGained);
            let idles = other.meets(Part::AllowGained, effect, Part::AllowLost);
            if (guards && near != Near::Apart) || (widens && near.on_two_levels()) {
                found.push(wait(Why::Guarded));
            } else if idles && near.on_one_level() {
                found.push(wait(Why::Working));
            }
        }
    }
    found.extend(same_target(scene));
    found
}

/// Nothing can be attached to an account before it is there.
fn needs_target(account: &Address, attachment: &Address) -> bool {
    matches!(attachment, Address::Attachment { target, .. } if target.address() == *account)
        && matches!(account, Address::Account(_))
}

/// How the targets of two effects lie to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Near {
    Apart,
    OneLevel,
    TwoLevels,
    Both,
}

impl Near {
    fn of(scene: &Scene<'_>, one: &Effect, two: &Effect) -> Self {
        let mut level = false;
        let mut levels = false;
        for here in &one.targets {
            for there in &two.targets {
                level |= here == there;
                levels |= here != there && on_one_line(scene.transition, here, there);
            }
        }
        match (level, levels) {
            (false, false) => Self::Apart,
            (true, false) => Self::OneLevel,
            (false, true) => Self::TwoLevels,
            (true, true) => Self::Both,
        }
    }

    fn on_one_level(self) -> bool {
        matches!(self, Self::OneLevel | Self::Both)
    }

    fn on_two_levels(self) -> bool {
        matches!(self, Self::TwoLevels | Self::Both)
    }
}

fn has_late_part(effect: &Effect) -> bool {
    effect.has(Part::DenyLost) || effect.has(Part::AllowGained) || effect.has(Part::AllowLost)
}

/// A policy that newly allows something is first detached from where it goes.
fn widens_where_it_goes(scene: &Scene<'_>, content: &Effect, other: &Address) -> bool {
    let goes = scene.changes.get(other).is_some_and(|change| change.action.verb() == Verb::Delete);
    content.is_content && content.has(Part::AllowGained) && goes
}

/// What a policy says and where it is attached guard nothing against each other: its content changes
/// everywhere at once. Two attachments of it at different targets do.
fn is_one_policy(one: &Effect, two: &Effect) -> bool {
    let same = one.policy.is_some() && one.policy == two.policy;
    same && (one.is_content || two.is_content)
}

/// Attach before detach on one target of one type, whatever the policies say. SCPs and RCPs that matter to
/// each other are told of above.
fn same_target(scene: &Scene<'_>) -> Vec<Wait> {
    let attachment = |change: &Change, verb: Verb| match &change.address {
        Address::Attachment { ty, target, .. } if change.action.verb() == verb => {
            Some((*ty, target.clone(), change.address.clone()))
        }
        _ => None,
    };
    let mut found = Vec::new();
    let attached: Vec<_> =
        scene.changes.values().filter_map(|change| attachment(change, Verb::Create)).collect();
    for (ty, target, later) in scene.changes.values().filter_map(|change| attachment(change, Verb::Delete)) {
        for (_, _, earlier) in
            attached.iter().filter(|(its_type, its_target, _)| *its_type == ty && *its_target == target)
        {
            let why = if ty.is_declarative() { Why::Working } else { Why::Tidy };
            found.push(Wait { why, later: later.clone(), earlier: earlier.clone() });
        }
    }
    found
}
