//! An account is guarded while it moves: what denies at its destination is attached before it arrives,
//! what denies where it comes from is detached after it left. A new account likewise arrives where
//! everything is in place. What allows is narrowed at the destination before, and widened where the
//! account comes from after; on levels that both places share the move changes nothing.

use super::effect::{Effect, Part};
use super::{Scene, Wait, Why};
use crate::spec::Spec;
use glidepath_model::{Address, Target, UnitPath};
use std::collections::BTreeSet;

/// What waits for each move, and what each move waits for.
#[must_use]
pub fn waits(scene: &Scene<'_>) -> Vec<Wait> {
    let moves: Vec<Move<'_>> =
        scene.changes.iter().filter_map(|(address, change)| {
            let unit = |spec: Option<&Spec>| match spec {
                Some(Spec::Account(spec)) => Some(spec.unit.clone()),
                _ => None,
            };
            let Address::Account(name) = address else { return None };
            let (from, to) = (unit(change.action.before()), unit(change.action.after())?);
            (from.as_ref() != Some(&to)).then(|| Move::new(address, name, from.as_ref(), &to))
        }).collect();
    let mut found = Vec::new();
    for (address, change) in scene.changes {
        let attaches = matches!(address, Address::Attachment { .. }) && change.action.before().is_none();
        let effect = Effect::of(scene.transition, change);
        for one in &moves {
            let mut wait = |why, later: &Address, earlier: &Address| {
                found.push(Wait { why, later: later.clone(), earlier: earlier.clone() });
            };
            // Declarative types have no effect on requests, but arrive in the same order.
            if attaches && targets(address).is_some_and(|target| one.arrives(target)) {
                wait(Why::Guarded, one.address, address);
            }
            let Some(effect) = &effect else { continue };
            let at = |line: &BTreeSet<Target>| !effect.targets.is_disjoint(line);
            let (only_from, only_to) = (one.only_from(), one.only_to());
            if (effect.has(Part::DenyGained) && at(&one.destination())) || (effect.has(Part::AllowLost) && at(&only_to)) {
                wait(Why::Guarded, one.address, address);
            }
            if (effect.has(Part::DenyLost) && at(&one.from)) || (effect.has(Part::AllowGained) && at(&only_from)) {
                wait(Why::Guarded, address, one.address);
            }
            if effect.has(Part::AllowGained) && at(&only_to) {
                wait(Why::Working, one.address, address);
            }
            if effect.has(Part::AllowLost) && at(&only_from) {
                wait(Why::Working, address, one.address);
            }
        }
    }
    found
}

fn targets(address: &Address) -> Option<&Target> {
    match address {
        Address::Attachment { target, .. } => Some(target),
        _ => None,
    }
}

/// An account on its way, or a new one.
struct Move<'a> {
    address: &'a Address,
    own: Target,
    is_new: bool,
    from: BTreeSet<Target>,
    to: BTreeSet<Target>,
}

impl<'a> Move<'a> {
    fn new(address: &'a Address, name: &str, from: Option<&UnitPath>, to: &UnitPath) -> Self {
        let own = Target::Account(name.to_owned());
        let line = |unit: &UnitPath| {
            unit.ancestry().map(Target::Unit).chain(std::iter::once(own.clone())).collect::<BTreeSet<_>>()
        };
        Self {
            address,
            is_new: from.is_none(),
            from: from.map(line).unwrap_or_default(),
            to: line(to),
            own: own.clone(),
        }
    }

    /// Nothing can be attached to an account that does not exist.
    fn destination(&self) -> BTreeSet<Target> {
        self.to.iter().filter(|target| !self.is_new || **target != self.own).cloned().collect()
    }

    fn arrives(&self, target: &Target) -> bool {
        self.destination().contains(target)
    }

    fn only_from(&self) -> BTreeSet<Target> {
        self.from.difference(&self.to).cloned().collect()
    }

    fn only_to(&self) -> BTreeSet<Target> {
        self.destination().difference(&self.from).cloned().collect()
    }
}
