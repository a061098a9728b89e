//! Accounts that a plan closes, and AWS's own bounds on closing.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CloseAccount.html>

use super::{Finding, Scene, counted, gate};
use crate::gate::GateName;
use crate::plan::{Notice, Refusal};
use crate::spec::Spec;
use glidepath_model::limits::Limits;
use glidepath_model::organization::AccountState;

/// The gate on closing accounts, and the refusal of more than AWS closes in its window of days.
#[must_use]
pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let closed = scene.changed(|change| {
        let closes = |spec: Option<&Spec>| matches!(spec, Some(Spec::Account(account)) if account.closed);
        closes(change.action.after()) && !closes(change.action.before())
    });
    let mut found = Vec::new();
    if let Ok(limits) = Limits::published() {
        let members =
            u64::try_from(scene.world.snapshot.accounts.len().saturating_sub(1)).unwrap_or(u64::MAX);
        let most = limits.closures_in_window(members);
        if u64::try_from(closed.len()).is_ok_and(|count| count > most) {
            found.push(Finding::Refusal(Refusal {
                code: "too-many-closures".into(),
                addresses: closed.clone(),
                summary: format!(
                    "{} accounts are to be closed, and AWS closes at most {most} within {} days",
                    closed.len(),
                    limits.limits.account_closures_window_days.value
                ),
                help: "close the rest later".into(),
            }));
        }
    }
    let before = scene.world.snapshot.accounts.values();
    let before = before
        .filter(|account| matches!(account.state, AccountState::PendingClosure | AccountState::Closed))
        .count();
    if let (Ok(limits), false, 1..) = (Limits::published(), closed.is_empty(), before) {
        let text = format!(
            "{} already; AWS does not tell since when, and those of the last {} days count as well: it may refuse to \
             close more",
            counted(before, "account is closed or being closed", "accounts are closed or being closed"),
            limits.limits.account_closures_window_days.value
        );
        found.push(Finding::Notice(Notice { address: None, text }));
    }
    let summary = format!(
        "{} closed: everything in it stops, and after 90 days it is gone",
        counted(closed.len(), "account is", "accounts are")
    );
    found.extend(gate(GateName::Close, closed, summary));
    found
}
