//! Checks on a plan, one file each below `check/`: every check is a pure function of what the plan is
//! about, and answers with gates, refusals and notices. None of them changes the plan.

pub mod access_revoke;
pub mod close;
pub mod compliance_lock;
pub mod control_tower;
pub mod default_vpc;
pub mod key_retire;
pub mod last_allow;
pub mod lock_out;
pub mod moves;
pub mod new_accounts;
pub mod new_organization;
pub mod own_access;
pub mod quotas;
pub mod removals;
pub mod root;
pub mod services;
pub mod settings_denied;
pub mod singletons;
pub mod switch_off;
pub mod switches;

use crate::change::{Action, Change};
use crate::gate::{Gate, GateName};
use crate::plan::{Notice, Refusal};
use crate::planner::PlanOptions;
use crate::quota::Quotas;
use crate::shape::Transition;
use crate::spec::Observed;
use crate::world::World;
use glidepath_model::Address;
use std::collections::BTreeMap;

/// What the checks look at.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// What is wanted, and what was read.
    pub world: &'a World<'a>,
    /// Everything observed, by address.
    pub observed: &'a BTreeMap<Address, Observed>,
    /// Every change, by address.
    pub changes: &'a BTreeMap<Address, Change>,
    /// The tree before and after.
    pub transition: &'a Transition,
    /// What the plan was asked for.
    pub options: &'a PlanOptions,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// Somebody has to consent to it by name.
    Gate(Gate),
    /// The plan is not applied, whatever the flags.
    Refusal(Refusal),
    /// A reader should know.
    Notice(Notice),
}

type Check = fn(&Scene<'_>) -> Vec<Finding>;

const CHECKS: [Check; 20] = [
    new_organization::check,
    new_accounts::check,
    close::check,
    key_retire::check,
    removals::check,
    access_revoke::check,
    own_access::check,
    root::check,
    switch_off::check,
    moves::check,
    last_allow::check,
    lock_out::check,
    compliance_lock::check,
    quotas::check,
    control_tower::check,
    switches::check,
    services::check,
    singletons::check,
    default_vpc::check,
    settings_denied::check,
];

/// Runs every check, in a fixed order.
#[must_use]
pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    CHECKS.iter().flat_map(|check| check(scene)).collect()
}

impl<'a> Scene<'a> {
    /// AWS's quotas for this organization.
    #[must_use]
    pub fn quotas(&self) -> Quotas<'a> {
        Quotas::new(&self.world.zone.limits)
    }

    /// The addresses of the changes that this is true of.
    fn changed(&self, wanted: impl Fn(&Change) -> bool) -> Vec<Address> {
        self.changes.values().filter(|change| wanted(change)).map(|change| change.address.clone()).collect()
    }
}

fn is_delete(change: &Change) -> bool {
    matches!(change.action, Action::Delete { .. })
}

fn is_create(change: &Change) -> bool {
    matches!(change.action, Action::Create { .. })
}

/// A gate over these addresses; none over none.
fn gate(name: GateName, addresses: Vec<Address>, summary: String) -> Vec<Finding> {
    if addresses.is_empty() {
        Vec::new()
    } else {
        vec![Finding::Gate(Gate { name, addresses, summary, principal: None })]
    }
}

/// `1 account`, `3 accounts`.
fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
