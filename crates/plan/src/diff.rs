//! The pure difference between what is desired and what is observed.
//!
//! INVARIANT (no change under a gap): what could not be read is unknown, not absent; a change whose
//! address or references fall under a gap is withheld, with the reason.

use crate::change::{Action, Change, differences};
use crate::ownership::Ownership;
use crate::plan::{Notice, Refusal, Unmanaged, Withheld};
use crate::spec::{Desired, Leaving, Observed, Spec};
use crate::world::World;
use glidepath_model::organization::Gap;
use glidepath_model::text::printable;
use glidepath_model::{Address, Target};
use std::collections::{BTreeMap, BTreeSet};

/// The difference, not yet ordered or checked.
#[derive(Debug, Default)]
pub struct Difference {
    /// What has to happen, by address.
    pub changes: BTreeMap<Address, Change>,
    /// What would have to happen but hangs on something that was not read.
    pub withheld: Vec<Withheld>,
    /// Conflicts of ownership.
    pub refusals: Vec<Refusal>,
    /// What a reader should know.
    pub notices: Vec<Notice>,
    /// Things that are there and nobody promised, where that counts as drift.
    pub unmanaged: Vec<Unmanaged>,
    /// All other foreign things, counted by kind.
    pub foreign: BTreeMap<String, usize>,
}

/// Compares a landing zone with what was observed of it.
#[must_use]
pub fn diff(world: &World<'_>) -> Difference {
    let observed = world.observed();
    let dropped = dropped_accounts(world);
    let mut difference = Difference::default();
    for (name, state) in &dropped {
        difference.notices.push(Notice {
            address: Some(Address::Account(name.clone())),
            text: format!("account `{}` is {state}: it is left out of this run", printable(name)),
        });
    }
    let addresses: BTreeSet<&Address> = world.zone.desired.keys().chain(observed.keys()).collect();
    for address in addresses {
        if concerns(address, &dropped) {
            continue;
        }
        let found = observed.get(address);
        match world.zone.desired.get(address) {
            Some(Desired::Present(spec)) => difference.present(world, address, spec, found),
            Some(Desired::Absent) => difference.absent(world, address, found),
            None => difference.unnamed(world, address, found, &observed),
        }
    }
    difference
}

impl Difference {
    fn present(&mut self, world: &World<'_>, address: &Address, after: &Spec, found: Option<&Observed>) {
        let action = match found {
            None if is_closed_account(after) => return,
            None => Action::Create { after: after.clone() },
            Some(observed) => {
                let fields = differences(&observed.spec.fields(), &after.fields());
                let (physical, before, after) =
                    (observed.physical.clone(), observed.spec.clone(), after.clone());
                match &observed.ownership {
                    Ownership::OtherOrganization(other) => {
                        self.refusals.push(Refusal::conflict(address, other));
                        return;
                    }
                    Ownership::Unclaimed => Action::Adopt { physical, before, after, fields },
                    Ownership::Ours | Ownership::Unknown | Ownership::Foreign if fields.is_empty() => return,
                    Ownership::Ours | Ownership::Unknown | Ownership::Foreign => {
                        Action::Update { physical, before, after, fields }
                    }
                }
            }
        };
        self.add(world, address, action);
    }

    fn absent(&mut self, world: &World<'_>, address: &Address, found: Option<&Observed>) {
        if let Some(observed) = found {
            if let Ownership::OtherOrganization(other) = &observed.ownership {
                self.refusals.push(Refusal::conflict(address, other));
                return;
            }
            let action =
                Action::Delete { physical: observed.physical.clone(), before: observed.spec.clone() };
            self.add(world, address, action);
        }
    }

    fn unnamed(
        &mut self,
        world: &World<'_>,
        address: &Address,
        found: Option<&Observed>,
        all: &BTreeMap<Address, Observed>,
    ) {
        let Some(observed) = found else { return };
        let (physical, before) = (observed.physical.clone(), observed.spec.clone());
        match (&observed.ownership, observed.leaving) {
            (Ownership::Ours, Leaving::Keep) => {}
            (Ownership::Ours, Leaving::Delete) => {
                self.add(world, address, Action::Delete { physical, before })
            }
            (Ownership::Ours, Leaving::Forget) => {
                self.add(world, address, Action::Forget { physical, before })
            }
            (
                Ownership::Unclaimed
                | Ownership::OtherOrganization(_)
                | Ownership::Foreign
                | Ownership::Unknown,
                _,
            ) => {
                self.foreign(world, address, all);
            }
        }
    }

    /// A foreign thing counts as unmanaged only inside an owned unit or on an owned target; the rest is a
    /// number.
    fn foreign(&mut self, world: &World<'_>, address: &Address, all: &BTreeMap<Address, Observed>) {
        let known = world
            .zone
            .foreign
            .iter()
            .any(|pattern| crate::pattern::matches(&pattern.0, &address.to_string()));
        let owned = |place: &Address| {
            *place != Address::Organization
                && all.get(place).is_some_and(|observed| observed.ownership == Ownership::Ours)
        };
        let place = match address {
            Address::Unit(path) => path.parent().filter(|parent| !parent.is_root()).map(Address::Unit),
            Address::Account(_) => all.get(address).and_then(|observed| match &observed.spec {
                Spec::Account(spec) if !spec.unit.is_root() => Some(Address::Unit(spec.unit.clone())),
                _ => None,
            }),
            Address::Attachment { target, .. } => Some(target.address()),
            _ => None,
        };
        let exclusive = match &place {
            Some(Address::Unit(path)) => world.zone.units.get(path).is_some_and(|unit| unit.exclusive),
            _ => false,
        };
        match place {
            Some(place) if !known && (exclusive || owned(&place)) => {
                self.unmanaged.push(Unmanaged { address: address.clone(), inside: place });
            }
            _ => *self.foreign.entry(address.kind().to_owned()).or_default() += 1,
        }
    }

    fn add(&mut self, world: &World<'_>, address: &Address, action: Action) {
        let referenced: Vec<Address> = [action.before(), action.after()]
            .into_iter()
            .flatten()
            .flat_map(|spec| spec.references(address))
            .collect();
        let gap = std::iter::once(address)
            .chain(&referenced)
            .find_map(|address| covering(&world.snapshot.gaps, address));
        if let Some(gap) = gap {
            let withheld = Withheld { address: address.clone(), verb: action.verb(), gap: gap.clone() };
            self.withheld.push(withheld);
            return;
        }
        let change =
            Change { address: address.clone(), action, waits_for: BTreeSet::new(), notes: Vec::new() };
        self.changes.insert(address.clone(), change);
    }
}

/// The gap that makes this address unknown, if one does.
#[must_use]
pub fn covering<'a>(gaps: &'a [Gap], address: &Address) -> Option<&'a Gap> {
    let text = address.to_string();
    gaps.iter().find(|gap| text.starts_with(gap.prefix.as_str()))
}

fn is_closed_account(spec: &Spec) -> bool {
    matches!(spec, Spec::Account(account) if account.closed)
}

/// Accounts of the manifest that cannot be worked with, and their state in words.
fn dropped_accounts(world: &World<'_>) -> BTreeMap<String, &'static str> {
    use glidepath_model::organization::AccountState as State;
    world
        .snapshot
        .accounts
        .values()
        .filter_map(|account| {
            let name = world.identity.account_name(&account.id)?;
            let word = match account.state {
                State::Active => return None,
                State::PendingActivation => "not activated yet",
                State::Suspended => "suspended",
                State::PendingClosure => "being closed",
                State::Closed => "closed",
            };
            world.zone.accounts.contains_key(name).then(|| (name.to_owned(), word))
        })
        .collect()
}

/// Whether an address is one of these accounts or hangs on one.
fn concerns(address: &Address, accounts: &BTreeMap<String, &'static str>) -> bool {
    match address {
        Address::Account(name)
        | Address::DelegatedAdministrator { account: name, .. }
        | Address::Attachment { target: Target::Account(name), .. } => accounts.contains_key(name),
        _ => false,
    }
}

impl Refusal {
    fn conflict(address: &Address, other: &str) -> Self {
        Self {
            code: "other-owner".into(),
            addresses: vec![address.clone()],
            summary: format!("`{address}` carries the mark of the organization `{}`", printable(other)),
            help: "it belongs to another manifest: rename ours, or take the tag `glidepath:managed-by` off by hand".into(),
        }
    }
}
