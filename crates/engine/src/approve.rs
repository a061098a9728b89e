//! Consent: a plan becomes an approved one, the only thing that `apply` takes.
//!
//! INVARIANT (consent by name): a plan with a refusal is never approved, and each of its gates must be
//! opened by its own name.

use glidepath_model::Digest;
use glidepath_plan::Plan;
use glidepath_plan::plan::{Allowances, Gate, Refusal};
use serde_json::json;

/// A plan that passed every check and was consented to.
#[derive(Debug, Clone)]
pub struct Approved {
    plan: Plan,
    digest: Digest,
}

impl Approved {
    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
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
pub fn approve(plan: Plan, allowances: &Allowances) -> Result<Approved, Refused> {
    let closed: Vec<Gate> = plan.closed_gates(allowances).into_iter().cloned().collect();
    if plan.refusals.is_empty() && closed.is_empty() {
        let digest = Digest::of(&json!({ "manifest": plan.manifest, "changes": plan.changes }));
        Ok(Approved { plan, digest })
    } else {
        Err(Refused { refusals: plan.refusals, gates: closed })
    }
}
