//! An account leaves everything before it is closed: it stops administering services, and what is
//! detached from it is detached. AWS refuses to close a delegated administrator.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CloseAccount.html>

use super::{Scene, Wait, Why};
use crate::spec::Spec;
use glidepath_model::{Address, Target};

/// What each closing account waits for.
#[must_use]
pub fn waits(scene: &Scene<'_>) -> Vec<Wait> {
    let mut found = Vec::new();
    for (address, change) in scene.changes {
        let account = match address {
            Address::DelegatedAdministrator { account, .. }
            | Address::Attachment { target: Target::Account(account), .. } => account,
            _ => continue,
        };
        let closing = Address::Account(account.clone());
        let closes = scene
            .changes
            .get(&closing)
            .is_some_and(|other| matches!(other.action.after(), Some(Spec::Account(spec)) if spec.closed));
        if closes && change.action.after().is_none() {
            found.push(Wait { why: Why::Firm, later: closing, earlier: address.clone() });
        }
    }
    found
}
