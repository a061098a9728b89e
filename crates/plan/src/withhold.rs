//! Which changes are held back because something was not read, or because something stays that they
//! would need gone.
//!
//! INVARIANT (no change under a gap): what could not be read is unknown, not absent.

use crate::change::{Action, Change, Verb};
use crate::diff::Difference;
use crate::kind::stack_set::TRUSTED_SERVICE;
use crate::kind::{account_settings, root_access};
use crate::plan::{Notice, Withheld};
use crate::spec::{Observed, Spec};
use crate::world::World;
use glidepath_model::organization::Gap;
use glidepath_model::{Address, PolicyType};
use std::collections::BTreeMap;

/// What the addresses of all settings begin with.
const SETTINGS: &str = "settings/";

/// The gap that makes this address unknown, if one does.
#[must_use]
pub fn covering<'a>(gaps: &'a [Gap], address: &Address) -> Option<&'a Gap> {
    let text = address.to_string();
    gaps.iter().find(|gap| match address {
        // An account that could not be entered says nothing of another whose name begins like its own.
        Address::AccountSettings(_) if gap.prefix.len() > SETTINGS.len() => gap.prefix == text,
        _ => text.starts_with(gap.prefix.as_str()),
    })
}

/// The gap that forbids this change, if one does: over its address, over what it refers to, or, for what
/// goes, over anything that may still hang on it.
#[must_use]
pub fn forbidding<'a>(gaps: &'a [Gap], address: &Address, action: &Action) -> Option<&'a Gap> {
    if gaps.is_empty() {
        return None;
    }
    let referenced: Vec<Address> = [action.before(), action.after()]
        .into_iter()
        .flatten()
        .flat_map(|spec| spec.references(address))
        .collect();
    let direct = std::iter::once(address).chain(&referenced).find_map(|address| covering(gaps, address));
    direct.or_else(|| {
        let removes = matches!(action, Action::Delete { .. });
        let hanging = if removes { hanging_on(address) } else { Vec::new() };
        gaps.iter().find(|gap| hanging.iter().any(|prefix| meets(prefix, &gap.prefix)))
    })
}

/// The beginnings of all addresses of which some may hang on this one.
fn hanging_on(address: &Address) -> Vec<String> {
    match address {
        Address::Unit(_) => vec![format!("{address}/"), "account/".to_owned()],
        Address::Policy { .. } => {
            let name = address.to_string();
            let name = name.strip_prefix("policy/").unwrap_or_default().to_owned();
            vec![format!("attachment/{name}@")]
        }
        Address::PolicyType(ty) => vec![format!("attachment/{ty}/"), format!("policy/{ty}/")],
        Address::TrustedAccess(_) => {
            let name = address.to_string();
            let service = name.strip_prefix("trusted-access/").unwrap_or_default().to_owned();
            let mut hanging = vec![format!("delegated-administrator/{service}@")];
            match service.as_str() {
                TRUSTED_SERVICE => {
                    hanging.extend(["stack-set/".to_owned(), "stack-set-targets/".to_owned()]);
                }
                account_settings::SERVICE => hanging.push("settings/".to_owned()),
                root_access::SERVICE => hanging.push("root-access/".to_owned()),
                _ => {}
            }
            hanging
        }
        // Whether an Allow is left at a target cannot be told without every attachment there.
        Address::Attachment { ty: PolicyType::Scp, .. } => vec!["attachment/scp/".to_owned()],
        Address::StackSet(_) => {
            let name = address.to_string();
            let name = name.strip_prefix("stack-set/").unwrap_or_default().to_owned();
            vec![format!("stack-set-targets/{name}")]
        }
        Address::PermissionSet(_) => {
            let name = address.to_string();
            let name = name.strip_prefix("permission-set/").unwrap_or_default().to_owned();
            vec![format!("assignments/{name}/")]
        }
        // Who deletes a group takes the access of everybody in it.
        Address::Group(_) => vec!["assignments/".to_owned()],
        Address::Attachment { .. }
        | Address::StackSetTargets(_)
        | Address::Stack { .. }
        | Address::Organization
        | Address::Account(_)
        | Address::DelegatedAdministrator { .. }
        | Address::ResourcePolicy
        | Address::User(_)
        | Address::Membership(_)
        | Address::AccessControlAttributes
        | Address::Assignments { .. }
        | Address::Assignment { .. }
        | Address::AccountSettings(_)
        | Address::RootAccess(_)
        | Address::Key(_) => Vec::new(),
    }
}

/// Whether some text begins with both.
fn meets(one: &str, two: &str) -> bool {
    one.starts_with(two) || two.starts_with(one)
}

/// Holds back what hangs on something held back, and what cannot go because something stays. Runs until
/// nothing more is held back.
pub(crate) fn close(world: &World<'_>, difference: &mut Difference, observed: &BTreeMap<Address, Observed>) {
    loop {
        let held: BTreeMap<Address, Withheld> =
            difference.withheld.iter().map(|held| (held.address.clone(), held.clone())).collect();
        let mut found = Vec::new();
        let mut kept = Vec::new();
        for (address, change) in &difference.changes {
            if let Some(gap) =
                needs_held(change, &held).or_else(|| awaits_held(address, change, &held, observed))
            {
                found.push((address.clone(), gap));
            } else if let Some(staying) = staying_on(world, address, change, &difference.changes, observed) {
                kept.push((address.clone(), staying));
            }
        }
        if found.is_empty() && kept.is_empty() {
            return;
        }
        for (address, gap) in found {
            difference.withhold(&address, gap);
        }
        for (address, staying) in kept {
            difference.keep(&address, &staying);
        }
    }
}

/// The gap of a held-back creation that this change needs.
fn needs_held(change: &Change, held: &BTreeMap<Address, Withheld>) -> Option<Gap> {
    let after = change.action.after()?;
    let needed = |other: &Withheld| {
        matches!(other.verb, Verb::Create | Verb::Adopt) || matches!(other.address, Address::Policy { .. })
    };
    after
        .references(&change.address)
        .iter()
        .filter_map(|reference| held.get(reference))
        .find(|other| needed(other))
        .map(|other| other.gap.clone())
}

/// The gap of a held-back change that this removal would have to wait for.
fn awaits_held(
    address: &Address,
    change: &Change,
    held: &BTreeMap<Address, Withheld>,
    observed: &BTreeMap<Address, Observed>,
) -> Option<Gap> {
    if !matches!(change.action, Action::Delete { .. }) {
        return None;
    }
    held.values()
        .find(|other| {
            observed
                .get(&other.address)
                .is_some_and(|observed| observed.spec.references(&other.address).contains(address))
        })
        .map(|other| other.gap.clone())
}

/// Something that stays although this removal needs it gone.
fn staying_on(
    world: &World<'_>,
    address: &Address,
    change: &Change,
    changes: &BTreeMap<Address, Change>,
    observed: &BTreeMap<Address, Observed>,
) -> Option<String> {
    if !matches!(change.action, Action::Delete { .. }) {
        return None;
    }
    match address {
        Address::Policy { ty, name } => {
            let attached = observed.keys().find(|other| {
                let Address::Attachment { ty: its_type, policy, target } = other else { return false };
                let goes = changes.contains_key(other) || changes.get(&target.address()).is_some_and(deletes);
                its_type == ty && policy == name && !goes
            });
            let id = change.action.physical().unwrap_or_default();
            let nowhere = |node: &&glidepath_model::NodeId| world.identity.target(node).is_none();
            let unknown = || {
                let (_, nodes) =
                    world.snapshot.attachments.iter().find(|(policy, _)| policy.as_str() == id)?;
                nodes.iter().find(nowhere).map(|node| node.to_string())
            };
            attached.map(ToString::to_string).or_else(unknown)
        }
        Address::Unit(path) => observed
            .iter()
            .find(|(other, seen)| match (other, &seen.spec) {
                (Address::Unit(below), _) => {
                    below.parent().as_ref() == Some(path) && !changes.get(other).is_some_and(deletes)
                }
                (Address::Account(_), Spec::Account(account)) => {
                    account.unit == *path
                        && !changes.get(other).is_some_and(|change| moves_away(change, path))
                }
                _ => false,
            })
            .map(|(other, _)| other.to_string()),
        _ => None,
    }
}

fn deletes(change: &Change) -> bool {
    matches!(change.action, Action::Delete { .. })
}

fn moves_away(change: &Change, unit: &glidepath_model::UnitPath) -> bool {
    matches!(change.action.after(), Some(Spec::Account(account)) if account.unit != *unit)
}

impl Difference {
    /// Takes a change out of the plan because something was not read.
    pub(crate) fn withhold(&mut self, address: &Address, gap: Gap) {
        if let Some(change) = self.changes.remove(address) {
            self.withheld.push(Withheld { address: address.clone(), verb: change.action.verb(), gap });
        }
    }

    /// Leaves a thing that was to go because something on it stays: a unit loses our mark, a policy stays
    /// as it is.
    fn keep(&mut self, address: &Address, staying: &str) {
        let Some(change) = self.changes.remove(address) else { return };
        let text = format!("`{address}` is not deleted: `{staying}` stays");
        self.notices.push(Notice { address: Some(address.clone()), text });
        if let (Address::Unit(_), Action::Delete { physical, before }) = (address, change.action) {
            let action = Action::Forget { physical, before };
            self.changes.insert(address.clone(), Change::new(address.clone(), action));
        }
    }
}
