//! The order of changes: three kinds of rules say what waits for what, one file each below `order/`.
//!
//! (a) [`needs_first`]: a change waits for what it needs. (b) [`dependents_first`]: what goes waits for
//! what hangs on it. (c) named rules. The rules of AWS's own making are firm; those that keep every account
//! guarded and working all the time are wishes: where following one would make changes wait in a circle,
//! it is dropped, and the moment that is left open is shown at the change. Wishes that keep accounts
//! guarded come before those that keep them working, so that a moment is closed rather than open.
//!
//! Ties break by address, so that one difference has one order.

pub mod arrive_before_deploy;
pub mod assign_before_unassign;
pub mod attach_before_detach;
pub mod dependents_first;
pub mod deregister_before_register;
pub mod effect;
pub mod enable_before_attach;
pub mod freeze_before_unassign;
pub mod guard_before_move;
pub mod leave_before_close;
pub mod make_room;
pub mod needs_first;
pub mod regions_first;

use crate::change::Change;
use crate::plan::{Notice, Refusal};
use crate::quota::Quotas;
use crate::shape::Transition;
use glidepath_model::Address;
use std::collections::{BTreeMap, BTreeSet};

/// What the rules look at.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// Every change.
    pub changes: &'a BTreeMap<Address, Change>,
    /// The tree before and after.
    pub transition: &'a Transition,
    /// AWS's quotas.
    pub quotas: Quotas<'a>,
}

/// One change waits for another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wait {
    /// Why a wish: firm rules first.
    pub why: Why,
    /// What waits.
    pub later: Address,
    /// What it waits for.
    pub earlier: Address,
}

/// How strict a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// AWS or the references demand it.
    Firm,
    /// Otherwise a request may be allowed for a moment that is denied before and after.
    Guarded,
    /// Otherwise something may not work for a moment that works before and after.
    Working,
    /// What comes should find everything in place; nothing is open otherwise.
    Tidy,
}

/// Changes that wait for each other in a circle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// A circle of changes, each of which waits for another one of them.
    #[error("these changes wait for each other in a circle: {}", list(.addresses))]
    Cycle {
        /// The addresses on the circle and between circles.
        addresses: Vec<Address>,
    },
}

/// Changes in order, and what could not be done without an open moment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ordered {
    /// The changes, each after all that it waits for.
    pub changes: Vec<Change>,
    /// The moments left open.
    pub notices: Vec<Notice>,
}

type Rule = fn(&Scene<'_>) -> Vec<Wait>;

const RULES: [Rule; 12] = [
    needs_first::waits,
    dependents_first::waits,
    enable_before_attach::waits,
    leave_before_close::waits,
    deregister_before_register::waits,
    make_room::waits,
    attach_before_detach::waits,
    guard_before_move::waits,
    arrive_before_deploy::waits,
    assign_before_unassign::waits,
    freeze_before_unassign::waits,
    regions_first::waits,
];

/// Puts changes into an order that can be followed one by one, and fills what each waits for.
///
/// # Errors
/// [`OrderError::Cycle`] when firm rules make changes wait for each other.
pub fn order(scene: &Scene<'_>) -> Result<Ordered, OrderError> {
    let mut firm = Graph::new(scene.changes.keys());
    let mut wishes = BTreeSet::new();
    for wait in RULES.iter().flat_map(|rule| rule(scene)) {
        if wait.why == Why::Firm {
            firm.add(&wait.later, &wait.earlier);
        } else {
            wishes.insert(wait);
        }
    }
    firm.sorted()?;
    let (graph, dropped) = grant(firm, wishes);
    let mut changes: BTreeMap<&Address, Change> =
        scene.changes.iter().map(|(address, change)| (address, change.clone())).collect();
    let mut open: BTreeMap<(Address, Why), Vec<Address>> = BTreeMap::new();
    for Wait { why, later, earlier } in dropped.into_iter().filter(|wait| wait.why != Why::Tidy) {
        open.entry((later, why)).or_default().push(earlier);
    }
    let mut notices = Vec::new();
    for ((later, why), earlier) in open {
        let text = open_moment(why, &earlier);
        notices.push(Notice { address: Some(later.clone()), text: format!("`{later}` leaves {text}") });
        if let Some(change) = changes.get_mut(&later) {
            change.notes.push(text);
        }
    }
    let sorted = graph.sorted()?;
    let ordered = sorted.iter().filter_map(|address| {
        let mut change = changes.remove(address)?;
        change.waits_for = graph.waits.get(address).cloned().unwrap_or_default();
        Some(change)
    });
    Ok(Ordered { changes: ordered.collect(), notices })
}

/// Adds every wish that closes no circle, the more important first.
fn grant(firm: Graph, wishes: BTreeSet<Wait>) -> (Graph, Vec<Wait>) {
    let mut all = firm.clone();
    for wait in &wishes {
        all.add(&wait.later, &wait.earlier);
    }
    let tangled: BTreeSet<Address> = match all.sorted() {
        Ok(_) => return (all, Vec::new()),
        Err(OrderError::Cycle { addresses }) => addresses.into_iter().collect(),
    };
    let mut graph = firm;
    let mut dropped = Vec::new();
    for wait in wishes {
        let harmless = !tangled.contains(&wait.later) || !tangled.contains(&wait.earlier);
        if harmless || !graph.reaches(&wait.earlier, &wait.later) {
            graph.add(&wait.later, &wait.earlier);
        } else {
            dropped.push(wait);
        }
    }
    (graph, dropped)
}

fn open_moment(why: Why, earlier: &[Address]) -> String {
    let what = match why {
        Why::Firm | Why::Guarded => "something may be allowed that is denied before and after",
        Why::Working | Why::Tidy => "something may not work that works before and after",
    };
    let done = if earlier.len() == 1 { "that is" } else { "those are" };
    format!("an open moment: it comes before {}, and until {done} done {what}", list(earlier))
}

fn list(addresses: &[Address]) -> String {
    addresses.iter().map(|address| format!("`{address}`")).collect::<Vec<_>>().join(", ")
}

impl From<&OrderError> for Refusal {
    fn from(error: &OrderError) -> Self {
        let OrderError::Cycle { addresses } = error;
        Self {
            code: "cycle".into(),
            addresses: addresses.clone(),
            summary: error.to_string(),
            help: "make one of them by hand or in a manifest of its own first, and report this plan".into(),
        }
    }
}

/// What waits for what.
#[derive(Debug, Clone, Default)]
struct Graph {
    waits: BTreeMap<Address, BTreeSet<Address>>,
}

impl Graph {
    fn new<'a>(addresses: impl Iterator<Item = &'a Address>) -> Self {
        Self { waits: addresses.map(|address| (address.clone(), BTreeSet::new())).collect() }
    }

    /// Waits on oneself or on something that is no change are none.
    fn add(&mut self, later: &Address, earlier: &Address) {
        if later == earlier || !self.waits.contains_key(earlier) {
            return;
        }
        if let Some(waits) = self.waits.get_mut(later) {
            waits.insert(earlier.clone());
        }
    }

    /// Whether `from` waits for `to`, directly or through others.
    fn reaches(&self, from: &Address, to: &Address) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![from];
        while let Some(address) = open.pop() {
            if address == to {
                return true;
            }
            if seen.insert(address) {
                open.extend(self.waits.get(address).into_iter().flatten());
            }
        }
        false
    }

    fn sorted(&self) -> Result<Vec<Address>, OrderError> {
        let mut left: BTreeMap<&Address, usize> =
            self.waits.iter().map(|(address, waits)| (address, waits.len())).collect();
        let mut waited_on: BTreeMap<&Address, Vec<&Address>> = BTreeMap::new();
        for (later, waits) in &self.waits {
            for earlier in waits {
                waited_on.entry(earlier).or_default().push(later);
            }
        }
        let mut ready: BTreeSet<&Address> =
            left.iter().filter(|(_, count)| **count == 0).map(|(address, _)| *address).collect();
        let mut sorted = Vec::with_capacity(left.len());
        while let Some(next) = ready.pop_first() {
            sorted.push(next.clone());
            left.remove(next);
            for later in waited_on.get(next).into_iter().flatten() {
                if let Some(count) = left.get_mut(*later) {
                    *count -= 1;
                    if *count == 0 {
                        ready.insert(later);
                    }
                }
            }
        }
        if left.is_empty() {
            return Ok(sorted);
        }
        Err(OrderError::Cycle { addresses: left.into_keys().cloned().collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(name: &str) -> Address {
        Address::Account(name.into())
    }

    #[test]
    fn a_circle_is_an_error_that_names_the_addresses() {
        let (a, b, c) = (account("a"), account("b"), account("c"));
        let mut graph = Graph::new([&a, &b, &c].into_iter());
        graph.add(&a, &b);
        graph.add(&b, &a);
        let error = graph.sorted().unwrap_err();
        assert_eq!(
            error.to_string(),
            "these changes wait for each other in a circle: `account/a`, `account/b`"
        );
    }

    #[test]
    fn ties_break_by_address_and_every_wait_is_kept() {
        let (a, b, c) = (account("a"), account("b"), account("c"));
        let mut graph = Graph::new([&c, &b, &a].into_iter());
        graph.add(&a, &c);
        assert_eq!(graph.sorted(), Ok(vec![b, c, a]));
    }

    #[test]
    fn a_wish_that_closes_a_circle_is_dropped_and_the_more_important_one_is_kept() {
        let (a, b) = (account("a"), account("b"));
        let wish = |why, later: &Address, earlier: &Address| Wait {
            why,
            later: later.clone(),
            earlier: earlier.clone(),
        };
        let wishes = BTreeSet::from([wish(Why::Working, &a, &b), wish(Why::Guarded, &b, &a)]);
        let (graph, dropped) = grant(Graph::new([&a, &b].into_iter()), wishes);
        assert_eq!(graph.sorted(), Ok(vec![a.clone(), b.clone()]));
        assert_eq!(dropped, [wish(Why::Working, &a, &b)]);
    }
}
