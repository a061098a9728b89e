//! No moment is unguarded: on one line of the tree, what denies comes before what no longer denies, and
//! before what newly allows; what stops allowing goes before what stops denying. And none is idle: on one
//! target, what allows comes before what no longer allows. SCPs and RCPs guard the same requests and are
//! ordered together; declarative types only attach before they detach, on one target.
//!
//! Why these pairs suffice: let A and B be what a line allows before and after, D and E what it denies.
//! Attaching E, then B, then detaching A, then D leaves at each moment at most what A without D or B
//! without E allows.

use super::effect::{Effect, Part, on_one_line};
use super::{Scene, Wait, Why};
use crate::change::{Change, Verb};
use glidepath_model::Address;

/// Earlier part, later part.
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
        for (earlier, other) in &effects {
            if later == earlier || is_one_policy(effect, other) || !near(scene, effect, other) {
                continue;
            }
            let guards = GUARDED.iter().any(|(first, last)| other.meets(*first, effect, *last));
            if guards {
                found.push(Wait { why: Why::Guarded, later: (*later).clone(), earlier: (*earlier).clone() });
            } else if other.meets(Part::AllowGained, effect, Part::AllowLost) {
                found.push(Wait { why: Why::Working, later: (*later).clone(), earlier: (*earlier).clone() });
            }
        }
    }
    found.extend(same_target(scene));
    found
}

fn has_late_part(effect: &Effect) -> bool {
    effect.has(Part::DenyLost) || effect.has(Part::AllowGained) || effect.has(Part::AllowLost)
}

/// What a policy says and where it is attached guard nothing against each other: its content changes
/// everywhere at once. Two attachments of it at different targets do.
fn is_one_policy(one: &Effect, two: &Effect) -> bool {
    let same = one.policy.is_some() && one.ty == two.ty && one.policy == two.policy;
    same && (one.is_content || two.is_content)
}

fn near(scene: &Scene<'_>, one: &Effect, two: &Effect) -> bool {
    one.targets.iter().any(|here| two.targets.iter().any(|there| on_one_line(scene.transition, here, there)))
}

/// Attach before detach on one target of one type, whatever the policies say.
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
        for (_, _, earlier) in attached.iter().filter(|(its_type, its_target, _)| *its_type == ty && *its_target == target) {
            found.push(Wait { why: Why::Guarded, later: later.clone(), earlier: earlier.clone() });
        }
    }
    found
}
