//! The pure difference between what is desired and what is observed.
//!
//! INVARIANT (no change under a gap): what could not be read is unknown, not absent; a change whose
//! address or references fall under a gap is withheld, with the reason (see [`crate::withhold`]).

use crate::change::{Action, Change, KNOWN_AFTER_APPLY, differences};
use crate::kind;
use crate::ownership::Ownership;
use crate::plan::{Converging, Notice, Refusal, Unmanaged, Withheld};
use crate::quarantine;
use crate::shape::is_full_access;
use crate::spec::{Desired, Leaving, Observed, Spec};
use crate::standing;
use crate::withhold;
use crate::world::World;
use glidepath_model::limits::Limits;
use glidepath_model::organization::{AccountState, Gap};
use glidepath_model::text::printable;
use glidepath_model::{Address, NodeId, PolicyType, Target};
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
    /// What AWS is still carrying out.
    pub converging: Vec<Converging>,
    /// Things that are there and nobody promised, where that counts as drift.
    pub unmanaged: Vec<Unmanaged>,
    /// All other foreign things, counted by kind.
    pub foreign: BTreeMap<String, usize>,
}

/// Compares a landing zone with what was observed of it.
#[must_use]
pub fn diff(world: &World<'_>, observed: &BTreeMap<Address, Observed>) -> Difference {
    let mut notices = kind::account::notices(world);
    notices.extend(kind::key::notices(world));
    notices.extend(kind::account_settings::notices(world));
    notices.extend(kind::stack_set_targets::notices(world));
    notices.extend(crate::singleton::notices(world));
    notices.extend(standing::notices(world));
    let mut difference =
        Difference { notices, converging: crate::converging::converging(world), ..Difference::default() };
    let mut dropped = difference.drop_accounts(world);
    // An account that could not be told is refused, and nothing is planned for it.
    dropped.extend(world.identity.refusals.iter().flat_map(|refusal| &refusal.addresses).filter_map(
        |address| match address {
            Address::Account(name) => Some(name.clone()),
            _ => None,
        },
    ));
    let closing: BTreeSet<String> =
        world.zone.accounts.iter().filter(|(_, wanted)| wanted.close).map(|(name, _)| name.clone()).collect();
    // One that is not there has nothing to leave.
    dropped.extend(closing.iter().filter(|name| world.identity.account_id(name).is_none()).cloned());
    let addresses: BTreeSet<&Address> = world.zone.desired.keys().chain(observed.keys()).collect();
    for address in addresses {
        if concerns(address, &dropped) || standing::is_out_of_reach(world, address) {
            continue;
        }
        let found = observed.get(address);
        if key_owner(world, address, found).is_some_and(|account| dropped.contains(&account)) {
            continue;
        }
        if found.is_none() && concerns(address, &closing) && !quarantine::is_attachment(address) {
            // What is to be closed is not made first, and nothing is put on it but what freezes it.
            continue;
        }
        match world.zone.desired.get(address) {
            Some(Desired::Present(_)) if found.is_none() && quarantine::is_idle(world, address) => {}
            Some(Desired::Present(spec)) => {
                difference.present(world, address, &settled(world, address, spec, &dropped), found);
            }
            Some(Desired::Absent) => difference.absent(world, address, found),
            None => difference.unnamed(world, address, found, observed),
        }
    }
    difference.refusals.extend(standing::refusals(world));
    difference.expect_full_access(world, observed);
    withhold::close(world, &mut difference, observed);
    difference.leave_last_to_units(observed);
    difference.withheld.sort_by(|one, two| one.address.cmp(&two.address));
    difference
}

impl Difference {
    fn present(&mut self, world: &World<'_>, address: &Address, after: &Spec, found: Option<&Observed>) {
        let after = &kind::key::resolved(world, after);
        let Some(observed) = found else {
            // A key that was to be retired and is not there any more is as it shall be; so is a group of nobody, and
            // access to accounts none of which can be worked with.
            let nobody = match after {
                Spec::Membership(spec) => spec.members.is_empty(),
                Spec::Assignments(spec) => spec.members.is_empty(),
                _ => false,
            };
            if !kind::key::is_retired(after) && !nobody && !kind::stack::is_spared(world, address) {
                self.add(world, address, Action::Create { after: after.clone() });
            }
            return;
        };
        let after = &kind::account::closing(&observed.spec, after);
        let after = &kind::key::retiring(&observed.spec, after);
        let fields = differences(&observed.spec.fields(), &after.fields());
        if *address == Address::Organization {
            if !fields.is_empty() {
                self.refusals.push(Refusal::without_all_features());
            }
            return;
        }
        if !matches!(observed.ownership, Ownership::OtherOrganization(_))
            && let Some(refusal) = kind::key::refusal(address, observed, after)
        {
            self.refusals.push(refusal);
            return;
        }
        let (physical, before, after) = (observed.physical.clone(), observed.spec.clone(), after.clone());
        let action = match &observed.ownership {
            Ownership::OtherOrganization(other) => {
                self.conflict(world, address, other);
                return;
            }
            Ownership::Unclaimed => Action::Adopt { physical, before, after, fields },
            _ if fields.is_empty() => return,
            Ownership::Unknown if owner_decides(address) => {
                self.unread(world, address, Action::Update { physical, before, after, fields }, NO_TAGS);
                return;
            }
            _ if is_unread_policy(&before) => {
                self.unread(world, address, Action::Update { physical, before, after, fields }, NO_CONTENT);
                return;
            }
            Ownership::Ours | Ownership::Unknown | Ownership::Foreign => {
                Action::Update { physical, before, after, fields }
            }
        };
        self.add(world, address, action);
    }

    fn absent(&mut self, world: &World<'_>, address: &Address, found: Option<&Observed>) {
        let Some(observed) = found else { return };
        let action = Action::Delete { physical: observed.physical.clone(), before: observed.spec.clone() };
        match &observed.ownership {
            Ownership::OtherOrganization(other) => self.conflict(world, address, other),
            Ownership::Unknown if owner_decides(address) => self.unread(world, address, action, NO_TAGS),
            Ownership::Ours | Ownership::Unclaimed | Ownership::Foreign | Ownership::Unknown => {
                self.add(world, address, action);
            }
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
            (Ownership::Ours, _) if is_known_foreign(world, address) => self.count(address),
            (Ownership::Ours, Leaving::Delete) => {
                self.add(world, address, Action::Delete { physical, before });
            }
            (Ownership::Ours, Leaving::Forget) => {
                self.add(world, address, Action::Forget { physical, before });
            }
            // A gap tells of it.
            (Ownership::Unknown, _) if owner_decides(address) => {}
            (
                Ownership::Unclaimed
                | Ownership::OtherOrganization(_)
                | Ownership::Foreign
                | Ownership::Unknown,
                _,
            ) => self.foreign(world, address, all),
        }
    }

    /// A foreign thing counts as unmanaged only inside an owned unit or on an owned target; the rest is a
    /// number.
    fn foreign(&mut self, world: &World<'_>, address: &Address, all: &BTreeMap<Address, Observed>) {
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
            Some(place) if !is_known_foreign(world, address) && (exclusive || owned(&place)) => {
                self.unmanaged.push(Unmanaged { address: address.clone(), inside: place });
            }
            _ => self.count(address),
        }
    }

    fn count(&mut self, address: &Address) {
        *self.foreign.entry(address.kind().to_owned()).or_default() += 1;
    }

    fn add(&mut self, world: &World<'_>, address: &Address, action: Action) {
        let gap = withhold::forbidding(&world.snapshot.gaps, address, &action).cloned();
        let gap = gap.or_else(|| unplaced(world, address, &action));
        self.changes.insert(address.clone(), Change::new(address.clone(), action));
        if let Some(gap) = gap {
            self.withhold(address, gap);
        }
    }

    /// A change to something of which not enough is known.
    fn unread(&mut self, world: &World<'_>, address: &Address, action: Action, missing: (&str, &str)) {
        let gap = withhold::covering(&world.snapshot.gaps, address).cloned().unwrap_or_else(|| Gap {
            prefix: address.to_string(),
            operation: missing.0.into(),
            error: missing.1.into(),
        });
        self.changes.insert(address.clone(), Change::new(address.clone(), action));
        self.withhold(address, gap);
    }

    /// An attachment of a policy in conflict is told of once, at the policy.
    fn conflict(&mut self, world: &World<'_>, address: &Address, other: &str) {
        let told = match address {
            Address::Attachment { ty, policy, .. } => {
                world.zone.desired.contains_key(&Address::Policy { ty: *ty, name: policy.clone() })
            }
            _ => false,
        };
        if !told {
            self.refusals.push(Refusal::conflict(address, other));
        }
    }

    /// AWS attaches its full-access policies to every new target, and to every target when their type is
    /// enabled: what is wanted comes by itself, and what is stated absent has to go again.
    fn expect_full_access(&mut self, world: &World<'_>, observed: &BTreeMap<Address, Observed>) {
        for (address, desired) in &world.zone.desired {
            let Address::Attachment { ty, policy, target } = address else { continue };
            if !is_full_access(*ty, policy) {
                continue;
            }
            let creates = |address: &Address| {
                self.changes.get(address).is_some_and(|change| matches!(change.action, Action::Create { .. }))
            };
            let comes = creates(&target.address()) || creates(&Address::PolicyType(*ty));
            match desired {
                Desired::Present(_) if comes => {
                    self.changes.remove(address);
                }
                Desired::Absent if comes && !observed.contains_key(address) => {
                    let before = Spec::Attachment(kind::attachment::AttachmentSpec { aws_managed: true });
                    let action = Action::Delete { physical: KNOWN_AFTER_APPLY.into(), before };
                    self.add(world, address, action);
                }
                Desired::Present(_) | Desired::Absent => {}
            }
        }
    }

    /// AWS does not let the last policy of some types be detached; where its unit is deleted, the unit takes
    /// it along.
    fn leave_last_to_units(&mut self, observed: &BTreeMap<Address, Observed>) {
        let mut left: BTreeMap<(PolicyType, &Target), u64> = BTreeMap::new();
        for address in observed.keys() {
            if let Address::Attachment { ty, target, .. } = address {
                let stays = u64::from(!self.changes.contains_key(address));
                *left.entry((*ty, target)).or_default() += stays;
            }
        }
        for address in observed.keys().rev() {
            let Address::Attachment { ty, target, .. } = address else { continue };
            let deletes = |address: &Address| {
                self.changes.get(address).is_some_and(|change| matches!(change.action, Action::Delete { .. }))
            };
            let least = Limits::published().map_or(0, |limits| limits.policy(*ty).attached_at_least);
            let too_few = left.get_mut(&(*ty, target)).filter(|left| **left < least);
            if let Some(left) = too_few
                && deletes(address)
                && deletes(&target.address())
            {
                *left += 1;
                self.changes.remove(address);
            }
        }
    }

    /// The accounts that cannot be worked with: no change concerns them. Those of the manifest are told of.
    fn drop_accounts(&mut self, world: &World<'_>) -> BTreeSet<String> {
        let mut dropped = BTreeSet::new();
        for account in world.snapshot.accounts.values() {
            let Some(name) = world.identity.account_name(&account.id) else { continue };
            let word = match account.state {
                AccountState::Active => continue,
                AccountState::PendingActivation => "not activated yet",
                AccountState::Suspended => "suspended",
                AccountState::PendingClosure => "being closed",
                AccountState::Closed => "closed",
            };
            dropped.insert(name.to_owned());
            let wanted = world.zone.accounts.get(name);
            let as_wanted = matches!(account.state, AccountState::PendingClosure | AccountState::Closed)
                && wanted.is_some_and(|wanted| wanted.close);
            if wanted.is_some() && !as_wanted {
                self.notices.push(Notice {
                    address: Some(Address::Account(name.to_owned())),
                    text: format!("account `{}` is {word}: it is left out of this run", printable(name)),
                });
            }
        }
        dropped
    }
}

/// The read that would have told whose a thing is, and what its lack means.
const NO_TAGS: (&str, &str) =
    ("organizations:ListTagsForResource", "its tags were not read, so its owner is not known");
/// The read that would have told what a policy says, and what its lack means.
const NO_CONTENT: (&str, &str) = ("organizations:DescribePolicy", "its document was not read");

fn is_unread_policy(spec: &Spec) -> bool {
    matches!(spec, Spec::Policy(policy) if policy.document.is_null())
}

/// Kinds of which nothing may be changed before their tags tell whose they are. An account of the manifest
/// is named by its id or e-mail address, which is claim enough.
fn owner_decides(address: &Address) -> bool {
    matches!(address, Address::Unit(_) | Address::Policy { .. } | Address::ResourcePolicy)
}

/// Whether `foreign:` names it, or it belongs to AWS Control Tower.
fn is_known_foreign(world: &World<'_>, address: &Address) -> bool {
    let text = address.to_string();
    let of_control_tower = match address {
        Address::Policy { name, .. } | Address::Attachment { policy: name, .. } => {
            kind::policy::is_of_control_tower(name)
        }
        _ => false,
    };
    of_control_tower || world.zone.foreign.iter().any(|pattern| crate::pattern::matches(&pattern.0, &text))
}

/// What is wanted, with the ids that are known by now and without stacks in accounts that cannot be worked with.
fn settled(world: &World<'_>, address: &Address, spec: &Spec, dropped: &BTreeSet<String>) -> Spec {
    match spec {
        Spec::StackSet(spec) => Spec::StackSet(kind::stack_set::settled(spec, world)),
        Spec::Stack(spec) => Spec::Stack(kind::stack::settled(world, address, spec)),
        Spec::StackSetTargets(spec) => {
            Spec::StackSetTargets(kind::stack_set_targets::settled(world, address, spec, dropped))
        }
        Spec::AccountSettings(spec) => {
            Spec::AccountSettings(kind::account_settings::settled(world, address, spec))
        }
        Spec::Assignments(spec) => {
            let mut spec = spec.clone();
            spec.members.retain(|account| !dropped.contains(account));
            Spec::Assignments(spec)
        }
        other => other.clone(),
    }
}

/// Whether an address is one of these accounts or hangs on one.
fn concerns(address: &Address, accounts: &BTreeSet<String>) -> bool {
    match address {
        Address::Account(name)
        | Address::AccountSettings(name)
        | Address::DelegatedAdministrator { account: name, .. }
        | Address::Attachment { target: Target::Account(name), .. } => accounts.contains(name),
        _ => false,
    }
}

/// The name of the account that owns a key.
fn key_owner(world: &World<'_>, address: &Address, found: Option<&Observed>) -> Option<String> {
    let wanted = match world.zone.desired.get(address) {
        Some(Desired::Present(spec)) => Some(spec),
        Some(Desired::Absent) | None => None,
    };
    match wanted.or_else(|| found.map(|observed| &observed.spec)) {
        Some(Spec::Key(key)) => Some(key.account.clone()),
        Some(_) | None => None,
    }
}

/// The gap of an account whose parent is none of the units that were read: where it stands is unknown.
fn unplaced(world: &World<'_>, address: &Address, action: &Action) -> Option<Gap> {
    let (Address::Account(name), Some(_)) = (address, action.before()) else { return None };
    let account = world.snapshot.accounts.get(world.identity.account_id(name)?)?;
    if world.identity.node_path(&account.parent).is_some() {
        return None;
    }
    let units = |gap: &&Gap| gap.prefix.starts_with("unit/") || "unit/".starts_with(gap.prefix.as_str());
    let made = || Gap {
        prefix: address.to_string(),
        operation: "organizations:ListOrganizationalUnitsForParent".into(),
        error: match &account.parent {
            NodeId::Unit(id) => format!("the unit `{id}` that it is in was not read"),
            other => format!("its parent `{other}` was not read"),
        },
    };
    Some(world.snapshot.gaps.iter().find(units).cloned().unwrap_or_else(made))
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

    fn without_all_features() -> Self {
        Self {
            code: "consolidated-billing".into(),
            addresses: vec![Address::Organization],
            summary: "the organization has only consolidated billing: policies and trusted access need all features".into(),
            help: "enable all features by hand: every member account has to agree to it".into(),
        }
    }
}
