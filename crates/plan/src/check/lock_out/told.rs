//! What was found, told: a gate for whoever is newly locked out, a notice for whoever was before.

use crate::gate::{Gate, GateName};
use crate::plan::Notice;
use glidepath_iam::decision::{Decision, Outcome};
use glidepath_model::Address;
use glidepath_model::text::printable;
use std::collections::{BTreeMap, BTreeSet};

/// One request that is denied after the plan.
pub(super) struct Denial {
    pub(super) principal: String,
    pub(super) newly: bool,
    pub(super) action: String,
    pub(super) why: String,
    pub(super) reason: String,
}

/// What one principal cannot do, and where.
#[derive(Default)]
pub(super) struct LockedOut {
    accounts: BTreeSet<String>,
    /// Actions by what they are for and why they are denied.
    denied: BTreeMap<(String, String), BTreeSet<String>>,
}

impl LockedOut {
    pub(super) fn add(&mut self, account: &str, denial: Denial) {
        self.accounts.insert(account.to_owned());
        self.denied.entry((denial.why, denial.reason)).or_default().insert(denial.action);
    }

    /// The first few reasons; the rest is counted.
    fn sentences(&self) -> String {
        let told = self.denied.iter().take(3).map(|((why, reason), actions)| {
            let first = actions.first().map(String::as_str).unwrap_or_default();
            let (others, verb) = match actions.len() {
                0 | 1 => (String::new(), "is"),
                count => (format!(" and {} more", count - 1), "are"),
            };
            format!("`{first}`{others} (to {why}) {verb} {reason}")
        });
        let mut told: Vec<String> = told.collect();
        if self.denied.len() > told.len() {
            told.push(format!("and {} more of the kind", self.denied.len() - told.len()));
        }
        told.join("; ")
    }

    pub(super) fn gate(self, principal: &str) -> Gate {
        let summary = format!("`{}` is locked out: {}", printable(principal), self.sentences());
        Gate {
            name: GateName::LockOut,
            addresses: self.accounts.into_iter().map(Address::Account).collect(),
            summary,
            principal: Some(principal.to_owned()),
        }
    }

    pub(super) fn notice(self, principal: &str) -> Notice {
        let place = match self.accounts.len() {
            1 => format!(
                "account `{}`",
                printable(self.accounts.first().map(String::as_str).unwrap_or_default())
            ),
            count => format!("{count} accounts"),
        };
        let text = format!(
            "`{}` is locked out of {place}, as it was before: {}",
            printable(principal),
            self.sentences()
        );
        Notice { address: self.accounts.into_iter().next().map(Address::Account), text }
    }
}

/// What decided, in words.
pub(in crate::check) fn reason(decision: &Decision) -> String {
    let place = decision.by.as_ref().map(|source| {
        let level = source.level.as_deref().unwrap_or("the account");
        match (&source.policy, &source.sid) {
            (Some(policy), Some(sid)) => format!(
                "by statement `{}` of policy `{}` on `{}`",
                printable(sid),
                printable(policy),
                printable(level)
            ),
            (Some(policy), None) => {
                let at = source.statement.unwrap_or_default() + 1;
                format!("by statement {at} of policy `{}` on `{}`", printable(policy), printable(level))
            }
            (None, _) => format!("because nothing on `{}` allows it", printable(level)),
        }
    });
    let place = place.unwrap_or_default();
    match decision.outcome {
        Outcome::Maybe => {
            let keys: Vec<String> =
                decision.undecided_keys.iter().map(|key| format!("`{}`", printable(key))).collect();
            format!("perhaps denied {place}, depending on {}", keys.join(", "))
        }
        Outcome::Allowed | Outcome::ExplicitlyDenied | Outcome::ImplicitlyDenied => format!("denied {place}"),
    }
}
