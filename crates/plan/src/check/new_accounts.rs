//! Accounts that a plan creates: they cost money and an e-mail address each, and stay for 90 days after
//! they are closed.

use super::{Finding, Scene, counted, gate, is_create};
use crate::gate::GateName;
use glidepath_model::Address;

/// The gate on new accounts.
#[must_use]
pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let new = scene.changed(|change| matches!(change.address, Address::Account(_)) && is_create(change));
    let summary = format!("{} created", counted(new.len(), "account is", "accounts are"));
    gate(GateName::NewAccounts, new, summary)
}
