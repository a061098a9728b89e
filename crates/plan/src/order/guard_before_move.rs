//! An account arrives where everything is in place: what is attached at its destination is attached before
//! it moves or is created, and says what it shall say; what is detached where it comes from is detached after it
//! left. This holds for every policy type; whether a moment would be open otherwise is told by [`super::attach_before_detach`].

use super::{Scene, Wait, Why};
use crate::change::Verb;
use crate::spec::Spec;
use glidepath_model::{Address, Target, UnitPath};

/// What waits for each arrival, and what each arrival waits for.
#[must_use]
pub fn waits(scene: &Scene<'_>) -> Vec<Wait> {
    let unit = |spec: Option<&Spec>| match spec {
        Some(Spec::Account(spec)) => Some(spec.unit.clone()),
        _ => None,
    };
    let mut found = Vec::new();
    for (account, change) in scene.changes {
        let (from, to) = (unit(change.action.before()), unit(change.action.after()));
        if to.is_none() || from == to {
            continue;
        }
        for (address, other) in scene.changes {
            if let (Address::Policy { ty, name }, Verb::Update) = (address, other.action.verb())
                && scene.transition.after.targets_of(*ty, name).any(|target| is_over(target, to.as_ref()))
            {
                found.push(Wait { why: Why::Tidy, later: account.clone(), earlier: address.clone() });
            }
            let Address::Attachment { target, .. } = address else { continue };
            let (later, earlier) = match other.action.verb() {
                Verb::Create if is_over(target, to.as_ref()) => (account, address),
                // Nothing can be attached to an account before it is there.
                Verb::Create if from.is_some() && target.address() == *account => (account, address),
                Verb::Delete if is_over(target, from.as_ref()) => (address, account),
                Verb::Delete if from.is_some() && target.address() == *account => (address, account),
                _ => continue,
            };
            found.push(Wait { why: Why::Tidy, later: later.clone(), earlier: earlier.clone() });
        }
    }
    found
}

/// Whether a target is a unit over this place.
fn is_over(target: &Target, place: Option<&UnitPath>) -> bool {
    matches!((target, place), (Target::Unit(path), Some(place)) if place.is_within(path))
}
