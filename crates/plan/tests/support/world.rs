//! A snapshot from a few lines of YAML: what AWS has, in names instead of ids.

use glidepath_model::account_settings::{AccountSettings, RootFeature};
use glidepath_model::key::{Key as AwsKey, KeyRecord, KeyState, Regionality};
use glidepath_model::organization::{
    Account, AccountState, CreateAccountRequest, CreateAccountState, DelegatedAdministrator, FeatureSet, Gap,
    Organization, PolicySummary, PolicyTypeStatus, ResourcePolicy, Root, Snapshot, Unit,
};
use glidepath_model::{
    AccountId, Address, Digest, NodeId, OrganizationId, PolicyId, PolicyType, RootId, Tags, Target, UnitId,
    UnitPath,
};
use glidepath_plan::ownership::{ADDRESS, MANAGED_BY, marked};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) const MANAGEMENT: &str = "111122223333";
pub(crate) const ROOT: &str = "r-ab12";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(crate) struct World {
    /// No organization at all.
    none: bool,
    consolidated_billing: bool,
    policy_types: BTreeMap<PolicyType, Status>,
    units: BTreeMap<UnitPath, Marked>,
    accounts: BTreeMap<String, Member>,
    policies: BTreeMap<String, Document>,
    attach: Vec<String>,
    detach: Vec<String>,
    trusted_access: BTreeSet<String>,
    administrators: BTreeMap<String, Vec<String>>,
    resource_policy: Option<Document>,
    keys: Vec<Key>,
    /// What accounts have of what is set for them; whole, in place of what a former plan made.
    settings: BTreeMap<String, AccountSettings>,
    root_access: Option<BTreeSet<RootFeature>>,
    create_requests: Vec<String>,
    gaps: Vec<Gap>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Status {
    Enabled,
    PendingEnable,
    PendingDisable,
}

/// Whose mark it carries: an organization's name, nobody's (left out), or `unread`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Marked {
    mark: Option<String>,
    tags: Tags,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
struct Member {
    id: Option<AccountId>,
    email: Option<String>,
    unit: Option<UnitPath>,
    /// An AWS id in place of a unit that was not read.
    parent: Option<NodeId>,
    /// The name in AWS, where it is not the key.
    name: Option<String>,
    state: Option<AccountState>,
    mark: Option<String>,
    tags: Tags,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
struct Document {
    mark: Option<String>,
    tags: Tags,
    document: Value,
    description: String,
}

/// A key, or what is different about one that is there: found by account, name and, if it says so, Region.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
struct Key {
    name: String,
    account: String,
    region: Option<String>,
    /// It was there before, and only what is said here differs.
    changed: bool,
    state: Option<KeyState>,
    mark: Option<String>,
    alias: Option<String>,
    policy: Option<Value>,
    rotation: Option<u32>,
    description: Option<String>,
}

impl Key {
    fn change(&self, record: &mut KeyRecord) {
        record.key.state = self.state.unwrap_or(record.key.state);
        record.rotation = self.rotation.or(record.rotation);
        if let Some(description) = &self.description {
            record.key.description.clone_from(description);
        }
        if let Some(policy) = &self.policy {
            record.policy = policy.to_string();
        }
        if let Some(alias) = &self.alias {
            record.aliases = BTreeSet::from([alias.clone()]);
        }
        match self.mark.as_deref() {
            Some("none") => record.tags.clear(),
            Some(owner) => record.tags = marked(&Tags::new(), owner, &Address::Key(self.name.clone())),
            None => {}
        }
    }

    fn is(&self, record: &KeyRecord, account: &AccountId) -> bool {
        let address = Address::Key(self.name.clone()).to_string();
        record.key.account == *account
            && record.tags.get(ADDRESS) == Some(&address)
            && self.region.as_ref().is_none_or(|region| *region == record.key.region)
    }
}

/// The record of a new key.
pub(crate) fn key_record(
    account: &AccountId,
    region: &str,
    name: &str,
    regionality: Regionality,
) -> KeyRecord {
    let id = hash(&format!("{account}/{name}"))[..12].to_owned();
    let key = organization_key(account, region, &id, regionality);
    KeyRecord { key, policy: String::new(), aliases: BTreeSet::new(), rotation: None, tags: Tags::new() }
}

fn organization_key(account: &AccountId, region: &str, id: &str, regionality: Regionality) -> AwsKey {
    AwsKey {
        account: account.clone(),
        region: region.to_owned(),
        id: id.to_owned(),
        arn: format!("arn:aws:kms:{region}:{account}:key/{id}"),
        description: String::new(),
        state: KeyState::Enabled,
        regionality,
    }
}

impl World {
    pub(crate) fn parse(text: &str) -> Self {
        serde_yaml::from_str(text).unwrap()
    }

    /// The snapshot of this world alone.
    pub(crate) fn snapshot(&self) -> Snapshot {
        if self.none { Snapshot::default() } else { self.upon(empty()) }
    }

    /// This world upon another one: what it names is added or replaced.
    pub(crate) fn upon(&self, mut snapshot: Snapshot) -> Snapshot {
        if self.consolidated_billing {
            snapshot.organization.as_mut().unwrap().features = FeatureSet::ConsolidatedBilling;
        }
        for (ty, status) in &self.policy_types {
            let status = match status {
                Status::Enabled => PolicyTypeStatus::Enabled,
                Status::PendingEnable => PolicyTypeStatus::PendingEnable,
                Status::PendingDisable => PolicyTypeStatus::PendingDisable,
            };
            enable(&mut snapshot, *ty, status);
        }
        for (path, marked) in &self.units {
            let id = add_unit(&mut snapshot, path);
            let arn = snapshot.units.get(&id).unwrap().arn.clone();
            mark(&mut snapshot, arn, &marked.mark, &marked.tags, &Address::Unit(path.clone()));
        }
        for (name, member) in &self.accounts {
            self.add_member(&mut snapshot, name, member);
        }
        for (key, policy) in &self.policies {
            let Address::Policy { ty, name } = Address::parse(&format!("policy/{key}")).unwrap() else {
                panic!()
            };
            let id = add_policy(&mut snapshot, ty, &name, &policy.description, &policy.document);
            let arn = snapshot.policies.get(&id).unwrap().arn.clone();
            mark(&mut snapshot, arn, &policy.mark, &policy.tags, &Address::Policy { ty, name });
            snapshot.attachments.entry(id).or_default();
        }
        for key in &self.attach {
            let (policy, node) = place(&snapshot, key);
            snapshot.attachments.entry(policy).or_default().insert(node);
        }
        for key in &self.detach {
            let (policy, node) = place(&snapshot, key);
            snapshot.attachments.entry(policy).or_default().remove(&node);
        }
        snapshot.trusted_access.extend(self.trusted_access.iter().cloned());
        for (service, accounts) in &self.administrators {
            for account in accounts {
                let account = account_id(&snapshot, account);
                let pair = DelegatedAdministrator { service: service.clone(), account };
                snapshot.delegated_administrators.insert(pair);
            }
        }
        if let Some(policy) = &self.resource_policy {
            let arn = "arn:aws:organizations::111122223333:resourcepolicy/rp-1".to_owned();
            let content = policy.document.to_string();
            snapshot.resource_policy = Some(ResourcePolicy { id: "rp-1".into(), arn: arn.clone(), content });
            mark(&mut snapshot, arn, &policy.mark, &policy.tags, &Address::ResourcePolicy);
        }
        for key in &self.keys {
            let account = account_id(&snapshot, &key.account);
            if !key.changed {
                let region = key.region.as_deref().unwrap_or("eu-west-1");
                snapshot.keys.push(key_record(&account, region, &key.name, Regionality::Single));
                key.change(snapshot.keys.last_mut().unwrap());
                continue;
            }
            let mut found = snapshot.keys.iter_mut().filter(|record| key.is(record, &account)).peekable();
            assert!(found.peek().is_some(), "no key {}", key.name);
            found.for_each(|record| key.change(record));
        }
        for (name, settings) in &self.settings {
            let account = account_id(&snapshot, name);
            snapshot.account_settings.insert(account, settings.clone());
        }
        if let Some(on) = &self.root_access {
            snapshot.root_access = Some(on.clone());
        }
        for name in &self.create_requests {
            snapshot.create_requests.push(CreateAccountRequest {
                id: serde_json::from_value("car-12345678".into()).unwrap(),
                account_name: name.clone(),
                state: CreateAccountState::InProgress,
                requested: "2026-11-24T00:00:00Z".parse().unwrap(),
            });
        }
        snapshot.gaps.extend(self.gaps.iter().cloned());
        snapshot
    }

    fn add_member(&self, snapshot: &mut Snapshot, name: &str, member: &Member) {
        let before = snapshot.accounts.values().find(|account| account.name == name).cloned();
        let id = member.id.clone().or_else(|| before.as_ref().map(|account| account.id.clone()));
        let id = id.unwrap_or_else(|| new_account_id(name));
        let unit = member.unit.as_ref().map(|path| node(snapshot, &Target::Unit(path.clone())));
        let parent =
            member.parent.clone().or(unit).or_else(|| before.as_ref().map(|account| account.parent.clone()));
        let email = member.email.clone().or_else(|| before.as_ref().map(|account| account.email.clone()));
        let email = email.unwrap_or_else(|| format!("aws+{name}@example.com"));
        let aws_name = member.name.clone().unwrap_or_else(|| name.to_owned());
        let parent = parent.unwrap_or_else(root);
        let account = add_account(snapshot, id, &aws_name, &email, parent);
        account.state = member.state.unwrap_or(AccountState::Active);
        let arn = account.arn.clone();
        if before.is_none() || member.mark.is_some() || !member.tags.is_empty() {
            mark(snapshot, arn, &member.mark, &member.tags, &Address::Account(name.to_owned()));
        }
    }
}

/// An organization with its management account and nothing else.
pub(crate) fn empty() -> Snapshot {
    let mut snapshot = Snapshot::default();
    create_organization(&mut snapshot);
    snapshot
}

pub(crate) fn create_organization(snapshot: &mut Snapshot) {
    let management_id = AccountId::parse(MANAGEMENT).unwrap();
    let id = OrganizationId::parse("o-a1b2c3d4e5").unwrap();
    snapshot.organization = Some(Organization {
        arn: format!("arn:aws:organizations::{MANAGEMENT}:organization/{id}"),
        id,
        features: FeatureSet::All,
        management_id: management_id.clone(),
        management_email: "aws@example.com".into(),
    });
    snapshot.root = Some(Root {
        id: RootId::parse(ROOT).unwrap(),
        arn: format!("arn:aws:organizations::{MANAGEMENT}:root/o-a1b2c3d4e5/{ROOT}"),
        name: "Root".into(),
        policy_types: BTreeMap::new(),
    });
    add_account(snapshot, management_id, "acme-root", "aws@example.com", root());
    // AWS turns its access on when somebody enables it.
    snapshot.identity_center.instance = Some(super::identity_center::instance());
    snapshot.trusted_access.insert("sso.amazonaws.com".into());
}

pub(crate) fn root() -> NodeId {
    NodeId::Root(RootId::parse(ROOT).unwrap())
}

/// Every node that policies attach to.
pub(crate) fn nodes(snapshot: &Snapshot) -> BTreeSet<NodeId> {
    let units = snapshot.units.keys().cloned().map(NodeId::Unit);
    std::iter::once(root())
        .chain(units)
        .chain(snapshot.accounts.keys().cloned().map(NodeId::Account))
        .collect()
}

pub(crate) fn enable(snapshot: &mut Snapshot, ty: PolicyType, status: PolicyTypeStatus) {
    snapshot.root.as_mut().unwrap().policy_types.insert(ty, status);
    if let Some(full) = ty.full_access_policy() {
        let id = PolicyId::parse(full.id).unwrap();
        let summary = PolicySummary {
            id: id.clone(),
            arn: format!("arn:aws:organizations::aws:policy/x/{id}"),
            ty,
            name: full.name.into(),
            description: String::new(),
            aws_managed: true,
        };
        snapshot.policies.insert(id.clone(), summary);
        snapshot.attachments.insert(id, nodes(snapshot));
    }
}

/// AWS attaches its full-access policies to everything new.
fn arrive(snapshot: &mut Snapshot, node: &NodeId) {
    let types: Vec<PolicyType> = snapshot.root.as_ref().unwrap().policy_types.keys().copied().collect();
    for full in types.into_iter().filter_map(PolicyType::full_access_policy) {
        let id = PolicyId::parse(full.id).unwrap();
        snapshot.attachments.entry(id).or_default().insert(node.clone());
    }
}

fn hash(text: &str) -> String {
    Digest::of_bytes(text.as_bytes()).as_str().to_owned()
}

pub(crate) fn new_account_id(name: &str) -> AccountId {
    let digits: String = hash(name)
        .chars()
        .filter_map(|c| c.to_digit(16))
        .map(|digit| char::from_digit(digit % 10, 10).unwrap())
        .take(12)
        .collect();
    AccountId::parse(&digits).unwrap()
}

pub(crate) fn add_unit(snapshot: &mut Snapshot, path: &UnitPath) -> UnitId {
    let parent = node(snapshot, &Target::Unit(path.parent().unwrap()));
    let name = path.name().unwrap().to_owned();
    if let Some(unit) = snapshot.units.values().find(|unit| unit.parent == parent && unit.name == name) {
        return unit.id.clone();
    }
    let id = UnitId::parse(&format!("ou-ab12-{}", &hash(&path.to_string())[..10])).unwrap();
    let arn = format!("arn:aws:organizations::{MANAGEMENT}:ou/o-a1b2c3d4e5/{id}");
    snapshot.units.insert(id.clone(), Unit { id: id.clone(), arn, name, parent });
    arrive(snapshot, &NodeId::Unit(id.clone()));
    id
}

pub(crate) fn add_account<'a>(
    snapshot: &'a mut Snapshot,
    id: AccountId,
    name: &str,
    email: &str,
    parent: NodeId,
) -> &'a mut Account {
    if !snapshot.accounts.contains_key(&id) {
        arrive(snapshot, &NodeId::Account(id.clone()));
    }
    let account = Account {
        id: id.clone(),
        arn: format!("arn:aws:organizations::{MANAGEMENT}:account/o-a1b2c3d4e5/{id}"),
        name: name.to_owned(),
        email: email.to_owned(),
        state: AccountState::Active,
        parent,
        created: true,
        joined: None,
    };
    snapshot.accounts.insert(id.clone(), account);
    snapshot.accounts.get_mut(&id).unwrap()
}

pub(crate) fn add_policy(
    snapshot: &mut Snapshot,
    ty: PolicyType,
    name: &str,
    description: &str,
    document: &Value,
) -> PolicyId {
    let id = PolicyId::parse(&format!("p-{}", &hash(&format!("{ty}/{name}"))[..10])).unwrap();
    let summary = PolicySummary {
        id: id.clone(),
        arn: format!("arn:aws:organizations::{MANAGEMENT}:policy/o-a1b2c3d4e5/{ty}/{id}"),
        ty,
        name: name.to_owned(),
        description: description.to_owned(),
        aws_managed: false,
    };
    snapshot.policies.insert(id.clone(), summary);
    snapshot.contents.insert(id.clone(), document.to_string());
    id
}

fn mark(snapshot: &mut Snapshot, arn: String, owner: &Option<String>, tags: &Tags, address: &Address) {
    let all = match owner.as_deref() {
        Some("unread") => {
            snapshot.tags.remove(&arn);
            return;
        }
        Some(owner) => {
            let mut all = marked(tags, owner, address);
            all.insert(MANAGED_BY.into(), owner.into());
            all
        }
        None => tags.clone(),
    };
    snapshot.tags.insert(arn, all);
}

fn account_id(snapshot: &Snapshot, name: &str) -> AccountId {
    snapshot.accounts.values().find(|account| account.name == name).unwrap().id.clone()
}

/// The node of a target by the names that AWS has.
pub(crate) fn node(snapshot: &Snapshot, target: &Target) -> NodeId {
    match target {
        Target::Account(name) => NodeId::Account(account_id(snapshot, name)),
        Target::Unit(path) => path.names().iter().fold(root(), |parent, name| {
            let unit = snapshot.units.values().find(|unit| unit.parent == parent && unit.name == *name);
            NodeId::Unit(unit.unwrap_or_else(|| panic!("no unit {path}")).id.clone())
        }),
    }
}

/// The policy and the node of `scp/name@target`.
fn place(snapshot: &Snapshot, key: &str) -> (PolicyId, NodeId) {
    let Address::Attachment { ty, policy, target } = Address::parse(&format!("attachment/{key}")).unwrap()
    else {
        panic!()
    };
    let found = snapshot.policies.values().find(|one| one.ty == ty && one.name == policy);
    (found.unwrap_or_else(|| panic!("no policy {policy}")).id.clone(), node(snapshot, &target))
}
