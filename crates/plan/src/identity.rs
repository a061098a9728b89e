//! Which thing in AWS is which thing of the manifest.
//!
//! Units are found by path, with `was:` bridging a rename; accounts by id, else by e-mail address, else
//! by the name they had before. Never by a guess: where only a name fits, the plan is refused and the
//! candidates are shown.

use crate::ownership::{ADDRESS, address_value};
use crate::plan::Refusal;
use crate::zone::LandingZone;
use glidepath_model::organization::{Account, Snapshot};
use glidepath_model::text::printable;
use glidepath_model::{AccountId, Address, NodeId, Target, UnitId, UnitPath};
use std::collections::{BTreeMap, BTreeSet};

/// AWS ids and the names they go by.
#[derive(Debug, Clone, Default)]
pub struct Identity {
    units: BTreeMap<UnitId, UnitPath>,
    unit_ids: BTreeMap<UnitPath, UnitId>,
    accounts: BTreeMap<AccountId, String>,
    account_ids: BTreeMap<String, AccountId>,
    nodes: BTreeMap<NodeId, UnitPath>,
    /// Accounts that could not be told apart.
    pub refusals: Vec<Refusal>,
}

impl Identity {
    /// Finds everything of the snapshot in the landing zone, and names the rest.
    #[must_use]
    pub fn resolve(zone: &LandingZone, snapshot: &Snapshot) -> Self {
        let mut identity = Self::default();
        identity.name_units(zone, snapshot);
        identity.name_accounts(zone, snapshot);
        identity
    }

    /// The path of a unit, as the manifest will have it after a rename.
    #[must_use]
    pub fn unit_path(&self, id: &UnitId) -> Option<&UnitPath> {
        self.units.get(id)
    }

    /// The unit at a path.
    #[must_use]
    pub fn unit_id(&self, path: &UnitPath) -> Option<&UnitId> {
        self.unit_ids.get(path)
    }

    /// The path of a root or unit.
    #[must_use]
    pub fn node_path(&self, node: &NodeId) -> Option<&UnitPath> {
        self.nodes.get(node)
    }

    /// The name of an account.
    #[must_use]
    pub fn account_name(&self, id: &AccountId) -> Option<&str> {
        self.accounts.get(id).map(String::as_str)
    }

    /// The account of a name.
    #[must_use]
    pub fn account_id(&self, name: &str) -> Option<&AccountId> {
        self.account_ids.get(name)
    }

    /// The id of the root, of a unit or of an account.
    #[must_use]
    pub fn node_id(&self, target: &Target) -> Option<String> {
        match target {
            Target::Account(name) => self.account_ids.get(name).map(ToString::to_string),
            Target::Unit(path) => {
                let found = self.nodes.iter().find(|(_, known)| *known == path);
                found.map(|(node, _)| node.to_string())
            }
        }
    }

    /// What a policy attached to this node is attached to.
    #[must_use]
    pub fn target(&self, node: &NodeId) -> Option<Target> {
        match node {
            NodeId::Root(_) | NodeId::Unit(_) => self.nodes.get(node).cloned().map(Target::Unit),
            NodeId::Account(id) => self.accounts.get(id).cloned().map(Target::Account),
        }
    }

    /// Every known address of the tree with its AWS id: what an apply starts from.
    #[must_use]
    pub fn physical_ids(&self) -> BTreeMap<Address, String> {
        let nodes = self.nodes.iter().map(|(node, path)| {
            let address = if path.is_root() { Address::Organization } else { Address::Unit(path.clone()) };
            (address, node.to_string())
        });
        let accounts =
            self.accounts.iter().map(|(id, name)| (Address::Account(name.clone()), id.to_string()));
        nodes.chain(accounts).collect()
    }

    fn name_units(&mut self, zone: &LandingZone, snapshot: &Snapshot) {
        let Some(root) = &snapshot.root else { return };
        let mut children: BTreeMap<&NodeId, Vec<&UnitId>> = BTreeMap::new();
        for unit in snapshot.units.values() {
            children.entry(&unit.parent).or_default().push(&unit.id);
        }
        let mut open = vec![(NodeId::Root(root.id.clone()), UnitPath::root())];
        while let Some((node, path)) = open.pop() {
            let below = children.get(&node).map(Vec::as_slice).unwrap_or_default();
            let names: BTreeSet<&str> = below
                .iter()
                .filter_map(|id| snapshot.units.get(*id))
                .map(|unit| unit.name.as_str())
                .collect();
            for id in below {
                let Some(unit) = snapshot.units.get(*id) else { continue };
                let own = path.child(&unit.name);
                let named = renamed(zone, &path, &unit.name, &names).unwrap_or(own);
                self.units.insert((*id).clone(), named.clone());
                self.unit_ids.insert(named.clone(), (*id).clone());
                open.push((NodeId::Unit((*id).clone()), named));
            }
            self.nodes.insert(node, path);
        }
    }

    fn name_accounts(&mut self, zone: &LandingZone, snapshot: &Snapshot) {
        self.claim(&zone.management_name, &zone.management_id);
        let by_email: BTreeMap<String, &Account> =
            snapshot.accounts.values().map(|account| (account.email.to_ascii_lowercase(), account)).collect();
        let mut open = Vec::new();
        for (name, wanted) in &zone.accounts {
            let found = match &wanted.id {
                Some(id) => snapshot.accounts.get(&id.value),
                None => by_email.get(&wanted.email.value.to_ascii_lowercase()).copied(),
            };
            match (found, &wanted.id) {
                (Some(account), _) => self.claim_once(name, account),
                (None, Some(_)) if wanted.close => {}
                (None, Some(id)) if snapshot.organization.is_some() && !unread(snapshot) => {
                    self.refusals.push(Refusal::unknown_account(name, &id.value));
                }
                (None, _) => open.push((name, wanted)),
            }
        }
        for (name, wanted) in open {
            let before = wanted.was.as_ref().map(|was| was.value.as_str());
            let former: Vec<&Account> = snapshot
                .accounts
                .values()
                .filter(|account| !self.accounts.contains_key(&account.id))
                .filter(|account| before.is_some_and(|was| was_called(snapshot, account, was)))
                .collect();
            if let [account] = former.as_slice() {
                self.claim_once(name, account);
                continue;
            }
            let same_name: Vec<&Account> = snapshot
                .accounts
                .values()
                .filter(|account| !self.accounts.contains_key(&account.id) && account.name == **name)
                .filter(|account| account.state.is_usable())
                .collect();
            if !same_name.is_empty() {
                self.refusals.push(Refusal::account_candidates(name, &wanted.email.value, &same_name));
            }
        }
        self.name_the_rest(zone, snapshot);
    }

    /// Names accounts that the manifest does not hold: by their own name, with the id where that is taken.
    fn name_the_rest(&mut self, zone: &LandingZone, snapshot: &Snapshot) {
        let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
        for account in snapshot.accounts.values() {
            *seen.entry(account.name.as_str()).or_default() += 1;
        }
        for account in snapshot.accounts.values() {
            if self.accounts.contains_key(&account.id) {
                continue;
            }
            let taken = zone.accounts.contains_key(&account.name)
                || self.account_ids.contains_key(&account.name)
                || seen.get(account.name.as_str()).is_some_and(|count| *count > 1);
            let name =
                if taken { format!("{} ({})", account.name, account.id) } else { account.name.clone() };
            self.claim(&name, &account.id);
        }
    }

    fn claim_once(&mut self, name: &str, account: &Account) {
        match self.accounts.get(&account.id) {
            Some(other) => {
                let refusal = Refusal::account_claimed_twice(&account.id, other, name);
                self.refusals.push(refusal);
            }
            None => self.claim(name, &account.id),
        }
    }

    fn claim(&mut self, name: &str, id: &AccountId) {
        self.accounts.insert(id.clone(), name.to_owned());
        self.account_ids.insert(name.to_owned(), id.clone());
    }
}

/// Whether accounts could not be listed, so that a missing one proves nothing.
fn unread(snapshot: &Snapshot) -> bool {
    snapshot.gaps.iter().any(|gap| "account/".starts_with(gap.prefix.as_str()))
}

/// Whether the account is marked as, or named, what the manifest called it before.
fn was_called(snapshot: &Snapshot, account: &Account, was: &str) -> bool {
    let marked = snapshot.tags.get(&account.arn).and_then(|tags| tags.get(ADDRESS));
    match marked {
        Some(value) => *value == address_value(&Address::Account(was.to_owned())),
        None => account.name == was,
    }
}

/// The new path of a unit that the manifest renames: nobody has the new name yet, and the manifest's
/// `was:` names exactly this one.
fn renamed(zone: &LandingZone, parent: &UnitPath, name: &str, siblings: &BTreeSet<&str>) -> Option<UnitPath> {
    if zone.units.contains_key(&parent.child(name)) {
        return None;
    }
    zone.units
        .iter()
        .find(|(path, unit)| {
            path.parent().as_ref() == Some(parent)
                && unit.was.as_ref().and_then(|was| was.value.name()) == Some(name)
                && path.name().is_some_and(|new| !siblings.contains(new))
        })
        .map(|(path, _)| path.clone())
}

impl Refusal {
    fn unknown_account(name: &str, id: &AccountId) -> Self {
        Self {
            code: "unknown-account".into(),
            addresses: vec![Address::Account(name.to_owned())],
            summary: format!(
                "account `{}` has the id {id}, and the organization has no such account",
                printable(name)
            ),
            help: "correct the id, or leave it out to find or create the account by its e-mail address"
                .into(),
        }
    }

    fn account_candidates(name: &str, email: &str, candidates: &[&Account]) -> Self {
        let list: Vec<String> = candidates
            .iter()
            .map(|account| format!("{} <{}>", account.id, printable(&account.email)))
            .collect();
        Self {
            code: "account-candidates".into(),
            addresses: vec![Address::Account(name.to_owned())],
            summary: format!(
                "no account has the e-mail address `{}` of `{}`, but this name is taken by {}",
                printable(email),
                printable(name),
                list.join(", ")
            ),
            help: "if it is the same account, write its `id:`; if it is another one, choose another name"
                .into(),
        }
    }

    fn account_claimed_twice(id: &AccountId, one: &str, two: &str) -> Self {
        Self {
            code: "account-claimed-twice".into(),
            addresses: vec![Address::Account(one.to_owned()), Address::Account(two.to_owned())],
            summary: format!("account {id} is both `{}` and `{}`", printable(one), printable(two)),
            help: "give each account of the manifest its own id or e-mail address".into(),
        }
    }
}
