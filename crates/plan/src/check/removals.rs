//! A large share of what we own of one kind removed: more often a lost file than a wish.

use super::{Finding, Scene, gate};
use crate::change::{Change, Verb};
use crate::gate::GateName;
use crate::ownership::Ownership;
use crate::spec::{Observed, Spec};
use glidepath_manifest::manifest::Threshold;
use glidepath_model::Address;

struct Kind {
    word: &'static str,
    gate: GateName,
    removed: &'static str,
}

const KINDS: [Kind; 7] = [
    Kind { word: "policy", gate: GateName::PolicyDelete, removed: "policies are deleted" },
    Kind { word: "attachment", gate: GateName::PolicyDetach, removed: "attachments are taken off" },
    Kind { word: "unit", gate: GateName::UnitDelete, removed: "units are deleted or forgotten" },
    Kind { word: "account", gate: GateName::AccountForget, removed: "accounts are forgotten" },
    Kind { word: "stack-set", gate: GateName::StackDelete, removed: "stack sets are deleted" },
    Kind { word: "stack", gate: GateName::StackDelete, removed: "stacks are deleted" },
    Kind { word: "permission-set", gate: GateName::AccessRevoke, removed: "permission sets are deleted" },
];

/// One gate for each kind of which too much goes.
#[must_use]
pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    KINDS
        .iter()
        .flat_map(|kind| {
            let owned = scene.observed.iter().filter(|(address, seen)| is_owned(kind, address, seen)).count();
            let removed = scene.changed(|change| is_removed(kind, change));
            let count = removed.len();
            if !exceeds(count, owned, scene.world.zone.safety.removals) {
                return Vec::new();
            }
            gate(kind.gate, removed, format!("{count} of our {owned} {}", kind.removed))
        })
        .collect()
}

fn is_owned(kind: &Kind, address: &Address, observed: &Observed) -> bool {
    let switch = matches!(&observed.spec, Spec::Attachment(spec) if spec.aws_managed);
    address.kind() == kind.word && observed.ownership == Ownership::Ours && !switch
}

fn is_removed(kind: &Kind, change: &Change) -> bool {
    let switch = matches!(change.action.before(), Some(Spec::Attachment(spec)) if spec.aws_managed);
    let goes = matches!(change.action.verb(), Verb::Delete | Verb::Forget);
    goes && change.address.kind() == kind.word && !switch
}

/// Whether a part of a whole is over a threshold: more than its percent, and at least its number.
pub(super) fn exceeds(part: usize, whole: usize, threshold: Threshold) -> bool {
    let share = part.saturating_mul(100) > whole.saturating_mul(usize::from(threshold.percent));
    share && u32::try_from(part).is_ok_and(|part| part >= threshold.at_least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_is_exceeded_by_share_and_number_together() {
        let threshold = Threshold { percent: 30, at_least: 3 };
        assert!(exceeds(3, 9, threshold));
        assert!(!exceeds(3, 10, threshold), "30 percent is not more than 30 percent");
        assert!(!exceeds(2, 2, threshold), "two are fewer than three");
    }
}
