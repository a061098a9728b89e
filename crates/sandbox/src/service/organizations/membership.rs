//! What other services ask of the organization: who manages it, who is in it and where, which service may act in it.
//!
//! The one way into this service's rows from another one; it tells and switches trusted access, and decides nothing.

use super::account::{Account, State};
use super::delegated_administrator::Delegation;
use super::organization::Organization;
use super::tree;
use super::trusted_access::TrustedAccess;
use super::unit::Unit;
use crate::world::World;
use glidepath_model::Timestamp;

/// The organization, as other services know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::service) struct Membership {
    /// The management account's id.
    pub(in crate::service) management: String,
    /// Whether services may work with it.
    pub(in crate::service) has_all_features: bool,
}

/// How an account stands to the organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::service) enum Standing {
    /// In it, and open.
    Active,
    /// In it, and closed or about to be.
    Suspended,
    /// Out of it, or never in it.
    Outside,
    /// Closed, and gone for good.
    Purged,
}

/// The organization, if there is one.
pub(in crate::service) fn organization(world: &World) -> Option<Membership> {
    let organization = world.all::<Organization>().next()?;
    Some(Membership {
        management: organization.management_id.to_string(),
        has_all_features: organization.has_all_features(),
    })
}

/// How an account stands to the organization.
pub(in crate::service) fn standing(world: &World, account: &str) -> Standing {
    match world.get::<Account>(account) {
        None => Standing::Outside,
        Some(account) => match (&account.parent, account.state) {
            (Some(_), State::Active) => Standing::Active,
            (Some(_), State::PendingClosure | State::Closed) => Standing::Suspended,
            (None, State::Closed) => Standing::Purged,
            (None, State::Active | State::PendingClosure) => Standing::Outside,
        },
    }
}

/// The name and the e-mail address of an account.
pub(in crate::service) fn account_names(world: &World, account: &str) -> Option<(String, String)> {
    world.get::<Account>(account).map(|account| (account.name.clone(), account.email.clone()))
}

/// Whether accounts can hang under this id: whether it is the root or a unit.
pub(in crate::service) fn is_parent(world: &World, id: &str) -> bool {
    tree::is_parent(world, id)
}

/// The ids from the root down to this root, unit or account, both included.
pub(in crate::service) fn lineage(world: &World, id: &str) -> Vec<String> {
    tree::lineage(world, id)
}

/// The accounts under a root or unit at any depth, the management account left out, in order of their ids.
pub(in crate::service) fn members_below(world: &World, parent: &str) -> Vec<String> {
    let management = organization(world).map(|organization| organization.management);
    let mut found = Vec::new();
    let mut open = vec![parent.to_owned()];
    while let Some(parent) = open.pop() {
        found.extend(world.by::<Account>("parent", &parent).map(|account| account.id.to_string()));
        open.extend(world.by::<Unit>("parent", &parent).map(|unit| unit.id.clone()));
    }
    found.retain(|account| Some(account) != management.as_ref());
    found.sort();
    found
}

/// Whether a service has trusted access.
pub(in crate::service) fn is_trusted(world: &World, principal: &str) -> bool {
    world.get::<TrustedAccess>(principal).is_some()
}

/// Gives a service trusted access, as its own call does it.
pub(in crate::service) fn trust(world: &mut World, principal: &str, now: Timestamp) {
    if !is_trusted(world, principal) {
        world.put(TrustedAccess { principal: principal.to_owned(), enabled: now });
    }
}

/// Takes trusted access from a service.
pub(in crate::service) fn distrust(world: &mut World, principal: &str) {
    world.delete::<TrustedAccess>(principal);
}

/// Whether any account administers a service.
pub(in crate::service) fn has_administrator(world: &World, principal: &str) -> bool {
    world.by::<Delegation>("principal", principal).next().is_some()
}

/// Whether an account administers a service.
pub(in crate::service) fn administers(world: &World, principal: &str, account: &str) -> bool {
    world.by::<Delegation>("account", account).any(|delegation| delegation.is_of(principal))
}
