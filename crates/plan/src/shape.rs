//! The tree with its accounts and what is attached where: as it was read, and as it will be once every
//! change is made. Order, checks and the impact on accounts are all answered from these two.

mod wanted;

use crate::change::{Action, Change};
use crate::kind::policy::parsed;
use crate::spec::{Observed, Spec};
use crate::world::World;
use glidepath_model::organization::PolicyTypeStatus;
use glidepath_model::policy_type::FullAccess;
use glidepath_model::{Address, PolicyType, Target, UnitPath};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A policy by its type and name.
pub type PolicyKey = (PolicyType, String);

/// The tree at one moment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shape {
    /// Every unit; the root is not among them.
    pub units: BTreeSet<UnitPath>,
    /// Every account and the unit it is in, the management account and closed accounts included.
    pub accounts: BTreeMap<String, UnitPath>,
    /// The policy types in force.
    pub policy_types: BTreeSet<PolicyType>,
    /// Every policy's document; null where it was not read.
    pub policies: BTreeMap<PolicyKey, Value>,
    /// What is attached, by target and type. Policies of other owners and of AWS are among them.
    pub attached: BTreeMap<Target, BTreeMap<PolicyType, BTreeSet<String>>>,
}

/// The tree before a plan and after it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Transition {
    /// As it was read.
    pub before: Shape,
    /// With every change made.
    pub after: Shape,
}

impl Transition {
    /// The tree that was read, and what these changes make of it.
    #[must_use]
    pub fn new(
        world: &World<'_>,
        observed: &BTreeMap<Address, Observed>,
        changes: &BTreeMap<Address, Change>,
    ) -> Self {
        let before = Shape::observed(world, observed);
        let mut after = before.clone();
        // Addresses sort types before units before accounts before attachments, which is what AWS's own
        // attachments to new targets need.
        for change in changes.values() {
            after.make(change);
        }
        Self { before, after }
    }
}

impl Shape {
    fn observed(world: &World<'_>, observed: &BTreeMap<Address, Observed>) -> Self {
        let mut shape = Self::default();
        let Some(root) = &world.snapshot.root else { return shape };
        let enabled = |status: &PolicyTypeStatus| !matches!(status, PolicyTypeStatus::PendingDisable);
        shape.policy_types =
            root.policy_types.iter().filter(|(_, status)| enabled(status)).map(|(ty, _)| *ty).collect();
        shape.units =
            world.snapshot.units.keys().filter_map(|id| world.identity.unit_path(id)).cloned().collect();
        for account in world.snapshot.accounts.values() {
            let name = world.identity.account_name(&account.id);
            if let (Some(name), Some(unit)) = (name, world.identity.node_path(&account.parent)) {
                shape.accounts.insert(name.to_owned(), unit.clone());
            }
        }
        for policy in world.snapshot.policies.values() {
            let document = match world.snapshot.contents.get(&policy.id) {
                Some(text) => parsed(text),
                None if is_full_access(policy.ty, &policy.name) => full_access_document(),
                None => Value::Null,
            };
            shape.policies.insert((policy.ty, policy.name.clone()), document);
        }
        for address in observed.keys() {
            if let Address::Attachment { ty, policy, target } = address {
                shape.attach(target.clone(), *ty, policy.clone());
            }
        }
        // Where AWS's full-access policy was not asked for its targets, it is where AWS puts it: everywhere.
        for ty in shape.policy_types.clone() {
            let Some(full) = ty.full_access_policy() else { continue };
            shape.policies.entry((ty, full.name.to_owned())).or_insert_with(full_access_document);
            let read = world.snapshot.attachments.keys().any(|id| id.as_str() == full.id);
            if !read {
                shape.attach_everywhere(ty, full);
            }
        }
        shape
    }

    fn make(&mut self, change: &Change) {
        match (&change.address, &change.action) {
            (Address::PolicyType(ty), Action::Create { .. }) => {
                self.policy_types.insert(*ty);
                if let Some(full) = ty.full_access_policy() {
                    self.policies.entry((*ty, full.name.to_owned())).or_insert_with(full_access_document);
                    self.attach_everywhere(*ty, full);
                }
            }
            (Address::PolicyType(ty), Action::Delete { .. }) => {
                self.policy_types.remove(ty);
                for types in self.attached.values_mut() {
                    types.remove(ty);
                }
            }
            (Address::Unit(path), Action::Create { .. }) => {
                self.units.insert(path.clone());
                self.arrive(&Target::Unit(path.clone()));
            }
            (Address::Unit(path), Action::Delete { .. }) => {
                self.units.remove(path);
                self.attached.remove(&Target::Unit(path.clone()));
            }
            (Address::Account(name), Action::Create { after: Spec::Account(spec) }) => {
                self.accounts.insert(name.clone(), spec.unit.clone());
                self.arrive(&Target::Account(name.clone()));
            }
            (
                Address::Account(name),
                Action::Update { after: Spec::Account(spec), .. }
                | Action::Adopt { after: Spec::Account(spec), .. },
            ) => {
                self.accounts.insert(name.clone(), spec.unit.clone());
            }
            (Address::Policy { ty, name }, action) => {
                match action.after() {
                    Some(Spec::Policy(spec)) => {
                        self.policies.insert((*ty, name.clone()), spec.document.clone());
                    }
                    _ => {
                        self.policies.remove(&(*ty, name.clone()));
                    }
                };
            }
            (Address::Attachment { ty, policy, target }, Action::Delete { .. }) => {
                if let Some(policies) = self.attached.get_mut(target).and_then(|types| types.get_mut(ty)) {
                    policies.remove(policy);
                }
            }
            (Address::Attachment { ty, policy, target }, Action::Create { .. }) => {
                self.attach(target.clone(), *ty, policy.clone());
            }
            _ => {}
        }
    }

    /// The targets that policies reach an account through: the root, its units, itself.
    #[must_use]
    pub fn line(&self, account: &str) -> Vec<Target> {
        let Some(unit) = self.accounts.get(account) else { return Vec::new() };
        let above = unit.ancestry().map(Target::Unit);
        above.chain(std::iter::once(Target::Account(account.to_owned()))).collect()
    }

    /// The policies of a type attached to one target.
    pub fn attached_to(&self, target: &Target, ty: PolicyType) -> impl Iterator<Item = &str> {
        let policies = self.attached.get(target).and_then(|types| types.get(&ty));
        policies.into_iter().flatten().map(String::as_str)
    }

    /// The documents of the policies of a type attached to one target.
    pub fn documents_at(&self, target: &Target, ty: PolicyType) -> impl Iterator<Item = (&str, &Value)> {
        self.attached_to(target, ty)
            .filter_map(move |name| Some((name, self.policies.get(&(ty, name.to_owned()))?)))
    }

    /// Every policy that reaches an account, by type, whatever level it is attached at.
    #[must_use]
    pub fn reaching(&self, account: &str) -> BTreeMap<PolicyType, BTreeSet<String>> {
        let mut all: BTreeMap<PolicyType, BTreeSet<String>> = BTreeMap::new();
        for types in self.line(account).iter().filter_map(|target| self.attached.get(target)) {
            for (ty, policies) in types {
                all.entry(*ty).or_default().extend(policies.iter().cloned());
            }
        }
        all.retain(|_, policies| !policies.is_empty());
        all
    }

    /// The targets that a policy is attached to.
    pub fn targets_of<'a>(&'a self, ty: PolicyType, name: &'a str) -> impl Iterator<Item = &'a Target> {
        let holds = move |types: &BTreeMap<PolicyType, BTreeSet<String>>| {
            types.get(&ty).is_some_and(|policies| policies.contains(name))
        };
        self.attached.iter().filter(move |(_, types)| holds(types)).map(|(target, _)| target)
    }

    fn attach(&mut self, target: Target, ty: PolicyType, policy: String) {
        self.attached.entry(target).or_default().entry(ty).or_default().insert(policy);
    }

    /// AWS attaches its full-access policies to every new target.
    fn arrive(&mut self, target: &Target) {
        for ty in self.policy_types.clone() {
            if let Some(full) = ty.full_access_policy() {
                self.attach(target.clone(), ty, full.name.to_owned());
            }
        }
    }

    fn attach_everywhere(&mut self, ty: PolicyType, full: FullAccess) {
        let root = std::iter::once(Target::Unit(UnitPath::root()));
        let units = self.units.iter().cloned().map(Target::Unit);
        let accounts = self.accounts.keys().cloned().map(Target::Account);
        let all: Vec<Target> = root.chain(units).chain(accounts).collect();
        for target in all {
            self.attach(target, ty, full.name.to_owned());
        }
    }
}

/// Whether this is the policy of AWS's own that allows everything.
#[must_use]
pub fn is_full_access(ty: PolicyType, name: &str) -> bool {
    ty.full_access_policy().is_some_and(|full| full.name == name)
}

fn full_access_document() -> Value {
    json!({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
}

/// Whether a document allows anything at all. One that was not read allows nothing as far as we know.
#[must_use]
pub fn allows(document: &Value) -> bool {
    statements(document).iter().any(|statement| statement.get("Effect") == Some(&Value::from("Allow")))
}

/// Whether a document allows everything: a statement without conditions over all actions and resources.
#[must_use]
pub fn allows_all(document: &Value) -> bool {
    let all = |value: Option<&Value>| match value {
        Some(Value::String(one)) => one == "*",
        Some(Value::Array(list)) => list.iter().any(|one| one == "*"),
        Some(_) | None => false,
    };
    statements(document).iter().any(|statement| {
        statement.get("Effect") == Some(&Value::from("Allow"))
            && all(statement.get("Action"))
            && statement.get("Resource").is_none_or(|resource| all(Some(resource)))
            && statement.get("Condition").is_none()
    })
}

/// The statements of a policy document; a single one may stand without its list.
#[must_use]
pub fn statements(document: &Value) -> Vec<&Value> {
    match document.get("Statement") {
        Some(Value::Array(list)) => list.iter().collect(),
        Some(one @ Value::Object(_)) => vec![one],
        Some(_) | None => Vec::new(),
    }
}
