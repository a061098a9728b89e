//! Consent: a plan becomes an approved one, the only thing that `apply` takes.
//!
//! INVARIANT (consent by name): a plan with a refusal is never approved, and each of its gates must be
//! opened by its own name. The last stage of something that is done in stages is left out where nobody consents to it,
//! and the others are done.

use glidepath_model::{Address, Digest};
use glidepath_plan::plan::{Allowances, Gate, Refusal};
use glidepath_plan::{Plan, Verb};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;

/// A plan that passed every check and was consented to.
#[derive(Debug, Clone)]
pub struct Approved {
    plan: Plan,
    digest: Digest,
    held: Vec<Held>,
}

/// A change that waits for consent while all others are made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Held {
    /// What is not changed yet.
    pub address: Address,
    /// How it will be.
    pub verb: Verb,
    /// What consents to it.
    pub flag: String,
}

impl Approved {
    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What waits for consent, and is not among the plan's changes any more.
    #[must_use]
    pub fn held(&self) -> &[Held] {
        &self.held
    }

    /// The digest of its changes.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }
}

/// Why a plan was not approved. Everything that stands in the way is listed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the plan is refused: {}", in_words(.refusals.len(), .gates.len()))]
pub struct Refused {
    /// What forbids it altogether.
    pub refusals: Vec<Refusal>,
    /// The gates that are closed.
    pub gates: Vec<Gate>,
}

fn in_words(refusals: usize, gates: usize) -> String {
    let some = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{count} {many}")),
    };
    let parts =
        [some(refusals, "check failed", "checks failed"), some(gates, "gate is closed", "gates are closed")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Approves a plan.
///
/// # Errors
/// [`Refused`] lists every refusal of the plan and every gate that is not open.
pub fn approve(mut plan: Plan, allowances: &Allowances) -> Result<Approved, Refused> {
    let closed: Vec<Gate> = plan.closed_gates(allowances).into_iter().cloned().collect();
    let (waiting, closed): (Vec<Gate>, Vec<Gate>) =
        closed.into_iter().partition(|gate| gate.name.holds_back());
    if !plan.refusals.is_empty() || !closed.is_empty() {
        return Err(Refused { refusals: plan.refusals, gates: closed });
    }
    let digest = Digest::of(&json!({ "manifest": plan.manifest, "changes": plan.changes }));
    let held = hold_back(&mut plan, &waiting);
    Ok(Approved { plan, digest, held })
}

/// Takes what these gates guard out of a plan, and all that waits for it.
fn hold_back(plan: &mut Plan, gates: &[Gate]) -> Vec<Held> {
    let mut flags: BTreeMap<Address, String> = gates
        .iter()
        .flat_map(|gate| gate.addresses.iter().map(|address| (address.clone(), gate.name.flag())))
        .collect();
    // The plan is in an order in which everything comes after what it waits for.
    for change in &plan.changes {
        let flag = change.waits_for.iter().find_map(|earlier| flags.get(earlier)).cloned();
        if let (Some(flag), false) = (flag, flags.contains_key(&change.address)) {
            flags.insert(change.address.clone(), flag);
        }
    }
    let mut held = Vec::new();
    plan.changes.retain(|change| match flags.get(&change.address) {
        None => true,
        Some(flag) => {
            let (address, verb) = (change.address.clone(), change.action.verb());
            held.push(Held { address, verb, flag: flag.clone() });
            false
        }
    });
    held
}
