//! An account leaves everything before it is closed: it is frozen, access to it is taken away, it stops administering
//! services, and what is detached from it is detached. AWS refuses to close a delegated administrator.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CloseAccount.html>

use super::{Scene, Wait, Why};
use crate::kind::assignments::turned;
use crate::quarantine;
use crate::spec::Spec;
use glidepath_model::{Address, Target};

/// What each closing account waits for.
#[must_use]
pub fn waits(scene: &Scene<'_>) -> Vec<Wait> {
    let mut found = Vec::new();
    let mut wait = |account: &String, earlier: &Address| {
        let closing = Address::Account(account.clone());
        let closes = scene
            .changes
            .get(&closing)
            .is_some_and(|other| matches!(other.action.after(), Some(Spec::Account(spec)) if spec.closed));
        if closes {
            found.push(Wait { why: Why::Firm, later: closing, earlier: earlier.clone() });
        }
    };
    for (address, change) in scene.changes {
        match address {
            Address::DelegatedAdministrator { account, .. }
            | Address::Attachment { target: Target::Account(account), .. }
                if change.action.after().is_none() || quarantine::is_attachment(address) =>
            {
                wait(account, address);
            }
            Address::Assignments { .. } => {
                let (_, taken) = turned(&change.action);
                taken.iter().for_each(|account| wait(account, address));
            }
            _ => {}
        }
    }
    found
}
