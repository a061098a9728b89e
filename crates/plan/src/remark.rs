//! What a reader has to know of single changes beside their values: notes, one sentence each.

mod account;
mod deployment;
mod identity_center;
mod policy;
mod settings;

use crate::budget;
use crate::change::{Action, Change, KNOWN_AFTER_APPLY};
use crate::impact::{access_notes, move_note};
use crate::quarantine;
use crate::shape::Transition;
use crate::world::World;
use glidepath_model::organization::{CreateAccountState, PolicyTypeStatus};
use glidepath_model::{Address, PolicyType, Target, UnitPath};
use std::collections::BTreeMap;

/// The notes on one change.
#[must_use]
pub fn remarks(
    world: &World<'_>,
    transition: &Transition,
    changes: &BTreeMap<Address, Change>,
    change: &Change,
) -> Vec<String> {
    let mut notes = Vec::new();
    notes.extend(move_note(transition, change, &world.zone.management_name));
    notes.extend(access_notes(changes, change));
    if reaches_management(transition, change) {
        notes.push("at the root this reaches the management account too".into());
    }
    notes.extend(account::notes(world, change));
    notes.extend(policy::notes(world, transition, change));
    notes.extend(deployment::notes(world, change));
    notes.extend(budget::notes(change));
    notes.extend(identity_center::notes(world, transition, change));
    notes.extend(settings::notes(change));
    match (&change.address, &change.action) {
        (Address::PolicyType(ty), Action::Delete { .. }) => {
            let count =
                transition.before.attached.values().filter_map(|types| types.get(ty)).flatten().count();
            notes.push(format!("AWS detaches every policy of the type, whoever owns it: {count} now"));
        }
        (Address::PolicyType(ty), Action::Create { .. }) => {
            let status = world.snapshot.root.as_ref().and_then(|root| root.policy_types.get(ty));
            if status == Some(&PolicyTypeStatus::PendingDisable) {
                notes.push("AWS is still disabling it: this waits until that is done".into());
            }
        }
        (Address::Account(name), Action::Create { .. }) => {
            let joined = world.snapshot.create_requests.iter().any(|request| {
                request.account_name == *name && request.state == CreateAccountState::InProgress
            });
            if joined {
                notes.push("a request to create an account of this name is running: it is joined".into());
            }
        }
        (address, Action::Create { .. }) if quarantine::is_attachment(address) => {
            notes.push(quarantine::NOT_STOPPED.into());
        }
        (Address::Attachment { .. }, Action::Delete { physical, .. }) if physical == KNOWN_AFTER_APPLY => {
            notes.push("AWS attaches it to everything new: it is taken off again".into());
        }
        _ => {}
    }
    notes
}

/// Whether a change at the root is felt in the management account.
fn reaches_management(transition: &Transition, change: &Change) -> bool {
    let root = Target::Unit(UnitPath::root());
    let at_root =
        |ty: PolicyType, name: &str| transition.after.targets_of(ty, name).any(|target| *target == root);
    match &change.address {
        Address::Attachment { ty, target, .. } => ty.reaches_management_account() && *target == root,
        Address::Policy { ty, name } => {
            let content = change.action.before().is_some() && change.action.after().is_some();
            ty.reaches_management_account() && content && at_root(*ty, name)
        }
        _ => false,
    }
}
