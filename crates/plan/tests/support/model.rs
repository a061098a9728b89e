//! A pure model of AWS Organizations: makes a plan's changes on a snapshot, one by one, and refuses what
//! AWS would refuse. A refusal is a mistake in the plan's order and fails the test.

use super::world::{
    MANAGEMENT, add_account, add_policy, add_unit, create_organization, enable, key_record, new_account_id,
    root,
};
use glidepath_model::account_settings::AccountSettings;
use glidepath_model::key::{KeyRecord, KeyState, Regionality};
use glidepath_model::limits::Limits;
use glidepath_model::organization::{
    AccountState, DelegatedAdministrator, PolicyTypeStatus, ResourcePolicy, Snapshot,
};
use glidepath_model::{AccountId, Address, NodeId, PolicyId, PolicyType, Tags, Target, UnitId};
use glidepath_plan::key_policy::KnownIds;
use glidepath_plan::kind::account::AccountSpec;
use glidepath_plan::kind::key::{KeyExtent, KeySpec, KeyStanding};
use glidepath_plan::ownership::{ADDRESS, MANAGED_BY};
use glidepath_plan::{Action, Change, Plan, Spec};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) struct Model {
    pub(crate) snapshot: Snapshot,
    ids: BTreeMap<Address, String>,
    done: BTreeSet<Address>,
}

impl Model {
    pub(crate) fn new(snapshot: Snapshot, plan: &Plan) -> Self {
        Self { snapshot, ids: plan.physical_ids.clone(), done: BTreeSet::new() }
    }

    /// Everything that a plan does.
    pub(crate) fn apply(snapshot: &Snapshot, plan: &Plan) -> Snapshot {
        let mut model = Self::new(snapshot.clone(), plan);
        for change in &plan.changes {
            model.step(change);
        }
        model.snapshot
    }

    pub(crate) fn step(&mut self, change: &Change) {
        let early: Vec<_> = change.waits_for.difference(&self.done).collect();
        assert!(early.is_empty(), "{} does not wait for {early:?}", change.address);
        match &change.action {
            Action::Create { after } => self.create(&change.address, after),
            Action::Update { physical, before, after, .. } => {
                self.update(&change.address, physical, Some(before), after)
            }
            Action::Adopt { physical, before, after, .. } => {
                self.update(&change.address, physical, Some(before), after)
            }
            Action::Delete { physical, before } => self.delete(&change.address, physical, before),
            Action::Forget { before: Spec::Key(_), .. } => {
                for record in self.keys(&change.address) {
                    record.tags.remove(MANAGED_BY);
                    record.tags.remove(ADDRESS);
                }
            }
            Action::Forget { physical, .. } => {
                let arn = self.arn(physical);
                let tags = self.snapshot.tags.get_mut(&arn).unwrap();
                tags.remove(MANAGED_BY);
                tags.remove(ADDRESS);
            }
        }
        self.done.insert(change.address.clone());
    }

    fn create(&mut self, address: &Address, after: &Spec) {
        match (address, after) {
            (Address::Organization, Spec::Organization(_)) => {
                create_organization(&mut self.snapshot);
                self.ids.insert(Address::Organization, root().to_string());
            }
            (Address::PolicyType(ty), Spec::PolicyType(_)) => {
                enable(&mut self.snapshot, *ty, PolicyTypeStatus::Enabled)
            }
            (Address::Unit(path), Spec::Unit(spec)) => {
                let id = add_unit(&mut self.snapshot, path);
                self.tag(&id.to_string(), &spec.tags);
                self.ids.insert(address.clone(), id.to_string());
            }
            (Address::Account(name), Spec::Account(spec)) => {
                let parent = self.node(&Target::Unit(spec.unit.clone()));
                let id = new_account_id(&format!("new {name}"));
                add_account(&mut self.snapshot, id.clone(), name, &spec.email, parent);
                self.tag(id.as_str(), &spec.tags);
                self.ids.insert(address.clone(), id.to_string());
            }
            (Address::TrustedAccess(service), Spec::TrustedAccess(_)) => {
                self.snapshot.trusted_access.insert(service.clone());
            }
            (Address::DelegatedAdministrator { service, account }, Spec::DelegatedAdministrator(_)) => {
                assert!(self.snapshot.trusted_access.contains(service), "{service} has no trusted access");
                let account = AccountId::parse(&self.ids[&Address::Account(account.clone())]).unwrap();
                assert_ne!(account.as_str(), MANAGEMENT);
                let pair = DelegatedAdministrator { service: service.clone(), account };
                self.snapshot.delegated_administrators.insert(pair);
            }
            (Address::ResourcePolicy, Spec::ResourcePolicy(spec)) => {
                let arn = format!("arn:aws:organizations::{MANAGEMENT}:resourcepolicy/rp-1");
                let content = spec.document.to_string();
                self.snapshot.resource_policy =
                    Some(ResourcePolicy { id: "rp-1".into(), arn: arn.clone(), content });
                self.snapshot.tags.insert(arn, spec.tags.clone());
            }
            (Address::Policy { ty, name }, Spec::Policy(spec)) => {
                let id = add_policy(&mut self.snapshot, *ty, name, &spec.description, &spec.document);
                self.tag(id.as_str(), &spec.tags);
                self.snapshot.attachments.entry(id.clone()).or_default();
                self.ids.insert(address.clone(), id.to_string());
            }
            (Address::Attachment { ty, policy, target }, Spec::Attachment(_)) => {
                assert!(self.is_enabled(*ty), "{ty} is not enabled");
                let (id, node) = (self.policy(*ty, policy), self.node(target));
                let most = Limits::published().unwrap().policy(*ty).attached_at_most;
                assert!(self.attached(*ty, &node) < most, "no room for {address}");
                assert!(
                    self.snapshot.attachments.entry(id).or_default().insert(node),
                    "{address} is there already"
                );
            }
            (Address::Key(name), Spec::Key(spec)) => {
                let (primary, replicas) = spec.regions.split_first().unwrap();
                let regionality = match spec.extent {
                    KeyExtent::SingleRegion => Regionality::Single,
                    KeyExtent::MultiRegion => {
                        Regionality::Primary { replicas: replicas.iter().cloned().collect() }
                    }
                };
                let account = self.account(&spec.account);
                self.snapshot.keys.push(key_record(&account, primary, name, regionality));
                for region in replicas {
                    let replica = Regionality::Replica { primary: primary.clone() };
                    self.snapshot.keys.push(key_record(&account, region, name, replica));
                }
                let count = spec.regions.len();
                self.write_keys(spec, |keys| keys.len() - count);
            }
            (Address::AccountSettings(name), Spec::AccountSettings(spec)) => self.set(name, spec),
            (Address::RootAccess(feature), Spec::RootAccess(_)) => {
                assert!(self.snapshot.trusted_access.contains("iam.amazonaws.com"));
                self.snapshot.root_access.get_or_insert_default().insert(*feature);
            }
            (address, after) => self.deploy(address, after),
        }
    }

    /// Gives an account what it shall have, and leaves it everything else.
    fn set(&mut self, name: &str, spec: &AccountSettings) {
        let members = !spec.contacts.is_empty() && name != "acme-root";
        assert!(!members || self.snapshot.trusted_access.contains("account.amazonaws.com"));
        let account = self.account_of(name);
        let settings = self.snapshot.account_settings.entry(account).or_default();
        settings.contacts.extend(spec.contacts.clone());
        settings.alias = spec.alias.clone().or(settings.alias.take());
        if let Some(policy) = &spec.password_policy {
            settings.password_policy = Some(policy.over(settings.password_policy.as_ref()));
        }
        settings.s3_public_access_block = spec.s3_public_access_block.or(settings.s3_public_access_block);
        settings.regions.extend(spec.regions.clone());
    }

    /// Makes the keys from this one on what a change says.
    fn write_keys(&mut self, spec: &KeySpec, from: impl Fn(&[KeyRecord]) -> usize) {
        let names = self.ids.iter().filter_map(|(address, id)| match address {
            Address::Account(name) => Some((name.clone(), id.clone())),
            _ => None,
        });
        let known = KnownIds {
            partition: "aws".to_owned(),
            management: MANAGEMENT.to_owned(),
            organization: self.snapshot.organization.as_ref().map(|organization| organization.id.to_string()),
            accounts: names.chain([("acme-root".to_owned(), MANAGEMENT.to_owned())]).collect(),
        };
        let document = spec.document.resolved(&known);
        let document = document.document().unwrap().to_string();
        let first = from(&self.snapshot.keys);
        for record in &mut self.snapshot.keys[first..] {
            record.policy = document.clone();
            record.tags = spec.tags.clone();
            record.aliases.extend(spec.alias.clone());
            record.rotation = spec.rotation;
            record.key.description = spec.description.clone();
            record.key.state = match spec.standing {
                KeyStanding::Enabled => KeyState::Enabled,
                KeyStanding::Disabled => KeyState::Disabled,
                KeyStanding::Retiring => KeyState::PendingDeletion,
            };
        }
    }

    /// The keys that carry an address.
    fn keys<'a>(&'a mut self, address: &Address) -> impl Iterator<Item = &'a mut KeyRecord> {
        let text = address.to_string();
        self.snapshot.keys.iter_mut().filter(move |record| record.tags.get(ADDRESS) == Some(&text))
    }

    pub(super) fn learn(&mut self, address: &Address, id: String) {
        self.ids.insert(address.clone(), id);
    }

    /// The id of an account that is there.
    pub(super) fn account_of(&self, name: &str) -> AccountId {
        if name == "acme-root" {
            return AccountId::parse(MANAGEMENT).unwrap();
        }
        match self.node(&Target::Account(name.to_owned())) {
            NodeId::Account(id) => id,
            other => panic!("{other:?} is no account"),
        }
    }

    fn account(&self, name: &str) -> AccountId {
        let known = self.ids.get(&Address::Account(name.to_owned()));
        AccountId::parse(known.map_or(MANAGEMENT, String::as_str)).unwrap()
    }

    fn update(&mut self, address: &Address, physical: &str, before: Option<&Spec>, after: &Spec) {
        match (address, after) {
            (Address::Unit(_), Spec::Unit(spec)) => {
                let id = UnitId::parse(physical).unwrap();
                self.snapshot.units.get_mut(&id).unwrap().name = spec.name.clone();
                self.tag(physical, &spec.tags);
            }
            (Address::Account(_), Spec::Account(spec)) => self.update_account(physical, before, spec),
            (Address::Policy { .. }, Spec::Policy(spec)) => {
                let id = PolicyId::parse(physical).unwrap();
                self.snapshot.policies.get_mut(&id).unwrap().description = spec.description.clone();
                self.snapshot.contents.insert(id, spec.document.to_string());
                self.tag(physical, &spec.tags);
            }
            (Address::ResourcePolicy, Spec::ResourcePolicy(spec)) => {
                let policy = self.snapshot.resource_policy.as_mut().unwrap();
                policy.content = spec.document.to_string();
                self.snapshot.tags.insert(policy.arn.clone(), spec.tags.clone());
            }
            (Address::Key(_), Spec::Key(spec)) => {
                let at = self.snapshot.keys.iter().position(|record| record.key.arn == physical).unwrap();
                self.write_keys(spec, |_| at);
            }
            (Address::AccountSettings(name), Spec::AccountSettings(spec)) => self.set(name, spec),
            (address, after) => self.deploy(address, after),
        }
    }

    fn update_account(&mut self, physical: &str, before: Option<&Spec>, spec: &AccountSpec) {
        let id = AccountId::parse(physical).unwrap();
        let Some(Spec::Account(was)) = before else { panic!() };
        let parent = self.node(&Target::Unit(spec.unit.clone()));
        let administers = self.snapshot.delegated_administrators.iter().any(|pair| pair.account == id);
        let account = self.snapshot.accounts.get_mut(&id).unwrap();
        if spec.closed {
            assert!(!administers, "a delegated administrator is not closed");
            account.state = AccountState::PendingClosure;
        }
        if was.unit != spec.unit {
            account.parent = parent;
        }
        let arn = account.arn.clone();
        self.snapshot.tags.entry(arn).or_default().extend(spec.tags.clone());
    }

    fn delete(&mut self, address: &Address, physical: &str, before: &Spec) {
        match address {
            Address::PolicyType(ty) => {
                self.snapshot.root.as_mut().unwrap().policy_types.remove(ty);
                for (id, targets) in &mut self.snapshot.attachments {
                    if self.snapshot.policies[id].ty == *ty {
                        targets.clear();
                    }
                }
            }
            Address::Unit(_) => {
                let id = UnitId::parse(physical).unwrap();
                let node = NodeId::Unit(id.clone());
                let inside = self.snapshot.accounts.values().map(|account| &account.parent);
                let inside = inside.chain(self.snapshot.units.values().map(|unit| &unit.parent));
                assert!(inside.into_iter().all(|parent| *parent != node), "{address} is not empty");
                self.snapshot.units.remove(&id).unwrap();
                for targets in self.snapshot.attachments.values_mut() {
                    targets.remove(&node);
                }
            }
            Address::TrustedAccess(service) => {
                let left = self.snapshot.delegated_administrators.iter().any(|pair| pair.service == *service);
                assert!(!left, "{service} still has an administrator");
                assert!(self.snapshot.trusted_access.remove(service));
            }
            Address::DelegatedAdministrator { service, .. } => {
                let account = AccountId::parse(physical).unwrap();
                let pair = DelegatedAdministrator { service: service.clone(), account };
                assert!(self.snapshot.delegated_administrators.remove(&pair));
            }
            Address::RootAccess(feature) => {
                assert!(self.snapshot.root_access.as_mut().unwrap().remove(feature));
            }
            Address::ResourcePolicy => self.snapshot.resource_policy = None,
            Address::Policy { .. } => {
                let id = PolicyId::parse(physical).unwrap();
                let targets = self.snapshot.attachments.remove(&id).unwrap_or_default();
                assert!(targets.is_empty(), "{address} is attached to {targets:?}");
                self.snapshot.policies.remove(&id).unwrap();
                self.snapshot.contents.remove(&id);
            }
            Address::Attachment { ty, policy, target } => {
                let Spec::Attachment(_) = before else { panic!() };
                let (id, node) = (self.policy(*ty, policy), self.node(target));
                let least = Limits::published().unwrap().policy(*ty).attached_at_least;
                assert!(self.attached(*ty, &node) > least, "{address} is the last one");
                assert!(
                    self.snapshot.attachments.get_mut(&id).unwrap().remove(&node),
                    "{address} is not there"
                );
            }
            Address::StackSet(_) | Address::StackSetTargets(_) | Address::Stack { .. } => {
                self.undeploy(address)
            }
            Address::Group(_)
            | Address::User(_)
            | Address::Membership(_)
            | Address::AccessControlAttributes
            | Address::PermissionSet(_)
            | Address::Assignments { .. } => self.leave(address),
            Address::AccountSettings(_)
            | Address::Organization
            | Address::Account(_)
            | Address::Key(_)
            | Address::Assignment { .. } => {
                panic!("{address} is never deleted")
            }
        }
    }

    fn is_enabled(&self, ty: PolicyType) -> bool {
        self.snapshot.root.as_ref().unwrap().policy_types.contains_key(&ty)
    }

    fn attached(&self, ty: PolicyType, node: &NodeId) -> u64 {
        let of_type = |id: &PolicyId| self.snapshot.policies[id].ty == ty;
        self.snapshot.attachments.iter().filter(|(id, targets)| of_type(id) && targets.contains(node)).count()
            as u64
    }

    fn policy(&self, ty: PolicyType, name: &str) -> PolicyId {
        let found = self.snapshot.policies.values().find(|policy| policy.ty == ty && policy.name == name);
        found.unwrap_or_else(|| panic!("no policy {ty}/{name}")).id.clone()
    }

    pub(super) fn node(&self, target: &Target) -> NodeId {
        let id = self.ids.get(&target.address()).unwrap_or_else(|| panic!("{target} is not there yet"));
        let node = NodeId::parse(id).unwrap();
        let there = match &node {
            NodeId::Root(_) => self.snapshot.root.is_some(),
            NodeId::Unit(id) => self.snapshot.units.contains_key(id),
            NodeId::Account(id) => self.snapshot.accounts.contains_key(id),
        };
        assert!(there, "{target} is gone");
        node
    }

    fn tag(&mut self, physical: &str, tags: &Tags) {
        let arn = self.arn(physical);
        self.snapshot.tags.insert(arn, tags.clone());
    }

    fn arn(&self, physical: &str) -> String {
        let world = &self.snapshot;
        let unit =
            world.units.iter().find(|(id, _)| id.as_str() == physical).map(|(_, unit)| unit.arn.clone());
        let account =
            world.accounts.iter().find(|(id, _)| id.as_str() == physical).map(|(_, one)| one.arn.clone());
        let policy =
            world.policies.iter().find(|(id, _)| id.as_str() == physical).map(|(_, one)| one.arn.clone());
        unit.or(account).or(policy).unwrap_or_else(|| panic!("nothing has the id {physical}"))
    }
}
