//! What a snapshot shows, seen through the landing zone: every observed thing by its address.

use crate::identity::Identity;
use crate::kind;
use crate::ownership::Ownership;
use crate::spec::Observed;
use crate::zone::LandingZone;
use glidepath_model::identity_center::PrincipalId;
use glidepath_model::organization::Snapshot;
use glidepath_model::{AccountId, Address, NodeId, Principal};
use std::collections::BTreeMap;

/// A snapshot beside the landing zone it is compared with.
#[derive(Debug)]
pub struct World<'a> {
    /// What is wanted.
    pub zone: &'a LandingZone,
    /// What was read.
    pub snapshot: &'a Snapshot,
    /// Which is which.
    pub identity: Identity,
}

impl<'a> World<'a> {
    /// Looks at a snapshot.
    #[must_use]
    pub fn new(zone: &'a LandingZone, snapshot: &'a Snapshot) -> Self {
        Self { zone, snapshot, identity: Identity::resolve(zone, snapshot) }
    }

    /// Everything observed, by address.
    #[must_use]
    pub fn observed(&self) -> BTreeMap<Address, Observed> {
        let mut all = BTreeMap::new();
        all.extend(kind::organization::observed(self));
        all.extend(kind::policy_type::observed(self));
        all.extend(kind::unit::observed(self));
        all.extend(kind::account::observed(self));
        all.extend(kind::trusted_access::observed(self));
        all.extend(kind::delegated_administrator::observed(self));
        all.extend(kind::resource_policy::observed(self));
        all.extend(kind::policy::observed(self));
        all.extend(kind::attachment::observed(self));
        all.extend(kind::stack_set::observed(self));
        all.extend(kind::stack_set_targets::observed(self));
        all.extend(kind::stack::observed(self));
        all.extend(kind::key::observed(self));
        all.extend(kind::account_settings::observed(self));
        all.extend(kind::root_access::observed(self));
        all.extend(kind::group::observed(self));
        all.extend(kind::user::observed(self));
        all.extend(kind::membership::observed(self));
        all.extend(kind::access_control_attributes::observed(self));
        all.extend(kind::permission_set::observed(self));
        all.extend(kind::assignments::observed(self));
        all
    }

    /// The name of an account that can be worked with.
    #[must_use]
    pub fn workable_account(&self, id: &AccountId) -> Option<&str> {
        let usable = self.snapshot.accounts.get(id).is_some_and(|account| account.state.is_usable());
        self.identity.account_name(id).filter(|_| usable)
    }

    /// The name of a group or user: the id where none is known.
    #[must_use]
    pub fn principal(&self, id: &PrincipalId) -> Principal {
        let center = &self.snapshot.identity_center;
        let named = center.principals.iter().find(|(_, known)| *known == id).map(|(name, _)| name.clone());
        let listed = || center.names.get(id).map(|name| id.named(name));
        named.or_else(listed).unwrap_or_else(|| id.named(id.id()))
    }

    /// Whether an account stays directly in this unit or anywhere below it, or a unit that is not ours to
    /// delete: then the unit is never deleted.
    #[must_use]
    pub fn is_inhabited(&self, node: &NodeId) -> bool {
        let accounts = self.snapshot.accounts.values().filter(|account| account.parent == *node);
        let stays = |name: &str, usable: bool| match self.zone.accounts.get(name) {
            Some(wanted) if usable && !wanted.close => self.identity.node_path(node) == Some(&wanted.unit),
            Some(_) | None => true,
        };
        if accounts.into_iter().any(|account| {
            self.identity.account_name(&account.id).is_none_or(|name| stays(name, account.state.is_usable()))
        }) {
            return true;
        }
        self.snapshot.units.values().filter(|unit| unit.parent == *node).any(|unit| {
            let wanted =
                self.identity.unit_path(&unit.id).is_some_and(|path| self.zone.units.contains_key(path));
            let ours =
                Ownership::of(self.snapshot.tags.get(&unit.arn), &self.zone.organization) == Ownership::Ours;
            wanted || !ours || self.is_inhabited(&NodeId::Unit(unit.id.clone()))
        })
    }
}
