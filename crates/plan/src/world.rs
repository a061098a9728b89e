//! What a snapshot shows, seen through the landing zone: every observed thing by its address.

use crate::identity::Identity;
use crate::kind;
use crate::ownership::Ownership;
use crate::spec::Observed;
use crate::zone::LandingZone;
use glidepath_model::organization::Snapshot;
use glidepath_model::{Address, NodeId};
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
        all
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
