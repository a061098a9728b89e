//! What a failed read leaves unknown, as addresses.
//!
//! INVARIANT (unknown is not absent): every read that fails is turned into a gap over all addresses whose
//! state, or whose consequences, it would have told. This file is the one place that says which.

use glidepath_aws::Error;
use glidepath_model::organization::{Gap, Snapshot};
use glidepath_model::text::printable;
use glidepath_model::{AccountId, Address, NodeId, PolicyId, PolicyType, Principal, UnitId, UnitPath};
use glidepath_plan::LandingZone;
use glidepath_plan::deployment::Member;
use glidepath_plan::identity::Identity;
use std::collections::BTreeSet;

/// A read that failed, and what it would have told.
#[derive(Debug, Clone)]
pub(crate) struct Miss {
    pub(crate) unknown: Unknown,
    pub(crate) error: Error,
}

/// What a read would have told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unknown {
    /// The organization or its root: without them nothing has an address.
    Everything,
    /// The units under this node.
    UnitsUnder(NodeId),
    /// The accounts.
    Accounts,
    /// Whether the creation of an account that is missing is under way.
    CreateRequests,
    /// The policies of a type.
    Policies(PolicyType),
    /// A policy's document.
    Content(PolicyId),
    /// What a policy is attached to.
    Targets(PolicyId),
    /// The services with trusted access.
    TrustedAccess,
    /// The delegated administrators.
    Administrators,
    /// The services that an account administers.
    ServicesOf(AccountId),
    /// The delegation policy.
    ResourcePolicy,
    /// A unit's tags, and by them whose it is.
    TagsOfUnit(UnitId),
    /// An account's tags.
    TagsOfAccount(AccountId),
    /// A policy's tags, and by them whose it and its attachments are.
    TagsOfPolicy(PolicyId),
    /// The delegation policy's tags.
    TagsOfResourcePolicy,
    /// The stack sets.
    StackSets,
    /// A stack set or its stacks.
    StackSet(String),
    /// The stacks of the management account in a Region.
    Stacks(String),
    /// The template of a stack in a Region.
    Template { region: String, stack: String },
    /// Keys, by their names in the manifest.
    Keys(BTreeSet<String>),
    /// The instance of IAM Identity Center, and so all of it.
    IdentityCenter,
    /// The permission sets.
    PermissionSets,
    /// What a permission set is, and whose.
    PermissionSet(String),
    /// The groups and users of a managed directory.
    Directory,
    /// Who is in a group.
    Membership(String),
    /// The id of a group or user.
    Principal(Principal),
    /// What a group or user is assigned.
    AssignmentsOf(Principal),
    /// Who has a permission set in an account where nobody was promised it.
    AssignmentsIn { permission_set: String },
    /// Attributes for access control.
    Attributes,
    /// Which Regions accounts have enabled.
    RegionsOf(BTreeSet<AccountId>),
    /// What an account, by its name, has of what is set for it.
    Settings(String),
    /// Which parts of centralized root access are on.
    RootAccess,
    /// Whether something is there already where stacks are about to come.
    Singletons { address: Address, members: BTreeSet<Member> },
}

/// The gaps that failed reads leave in a snapshot, without doubles and in order.
pub(crate) fn gaps(zone: &LandingZone, snapshot: &Snapshot, misses: &[Miss]) -> Vec<Gap> {
    let identity = Identity::resolve(zone, snapshot);
    let seen = Seen { zone, snapshot, identity: &identity };
    let mut all = BTreeSet::new();
    for Miss { unknown, error } in misses {
        let operation =
            error.operation().map(|operation| printable(operation).into_owned()).unwrap_or_default();
        let mut error = error.to_string().replace('\n', " ");
        if let Unknown::Singletons { members, .. } = unknown
            && let (Some(first), 2..) = (members.first(), members.len())
        {
            let first = printable(&first.to_string()).into_owned();
            error = format!("in {} accounts and Regions, first `{first}`: {error}", members.len());
        }
        if let Unknown::RegionsOf(accounts) = unknown
            && accounts.len() > 1
        {
            error = format!("in {} accounts: {error}", accounts.len());
        }
        for prefix in seen.prefixes(unknown) {
            all.insert(Gap { prefix, operation: operation.clone(), error: error.clone() });
        }
    }
    all.into_iter().collect()
}

struct Seen<'a> {
    zone: &'a LandingZone,
    snapshot: &'a Snapshot,
    identity: &'a Identity,
}

impl Seen<'_> {
    fn prefixes(&self, unknown: &Unknown) -> Vec<String> {
        match unknown {
            Unknown::Everything => vec![String::new()],
            Unknown::UnitsUnder(node) => self.units_under(node),
            Unknown::Accounts => vec!["account/".to_owned()],
            Unknown::CreateRequests => self.missing_accounts(),
            Unknown::Policies(ty) => vec![format!("policy/{ty}/"), format!("attachment/{ty}/")],
            Unknown::Content(id) => self.policy(id).into_iter().map(|address| address.to_string()).collect(),
            // What a policy that is changed or deleted does is told by where it is attached.
            Unknown::Targets(id) | Unknown::TagsOfPolicy(id) => self.policy_and_attachments(id),
            Unknown::TrustedAccess => vec!["trusted-access/".to_owned()],
            Unknown::Administrators => vec!["delegated-administrator/".to_owned()],
            Unknown::ServicesOf(account) => self.services_of(account),
            Unknown::ResourcePolicy | Unknown::TagsOfResourcePolicy => {
                vec![Address::ResourcePolicy.to_string()]
            }
            Unknown::StackSets => vec!["stack-set/".to_owned(), "stack-set-targets/".to_owned()],
            Unknown::StackSet(name) => {
                let (set, targets) =
                    (Address::StackSet(name.clone()), Address::StackSetTargets(name.clone()));
                vec![set.to_string(), targets.to_string()]
            }
            Unknown::Stacks(region) => self.stacks_in(region),
            Unknown::Template { region, stack } => {
                vec![Address::Stack { name: stack.clone(), region: region.clone() }.to_string()]
            }
            Unknown::TagsOfUnit(id) => self.identity.unit_path(id).map(unit).into_iter().collect(),
            Unknown::TagsOfAccount(id) => self.account(id).into_iter().collect(),
            Unknown::IdentityCenter => [
                "group/",
                "user/",
                "membership/",
                "access-control-attributes",
                "permission-set/",
                "assignments/",
            ]
            .map(str::to_owned)
            .into(),
            Unknown::PermissionSets => vec!["permission-set/".to_owned(), "assignments/".to_owned()],
            Unknown::PermissionSet(name) => {
                vec![Address::PermissionSet(name.clone()).to_string(), assignments_of_set(name)]
            }
            Unknown::Directory => {
                ["group/", "user/", "membership/", "assignments/"].map(str::to_owned).into()
            }
            Unknown::Membership(name) => vec![Address::Membership(name.clone()).to_string()],
            Unknown::Principal(principal) | Unknown::AssignmentsOf(principal) => {
                self.assignments_of(principal)
            }
            Unknown::AssignmentsIn { permission_set } => vec![assignments_of_set(permission_set)],
            Unknown::Attributes => vec![Address::AccessControlAttributes.to_string()],
            Unknown::Singletons { address, members } => vec![of_members(address, members)],
            Unknown::RegionsOf(accounts) => vec![self.regions_of(accounts)],
            Unknown::Settings(name) => vec![Address::AccountSettings(name.clone()).to_string()],
            Unknown::RootAccess => vec!["root-access/".to_owned()],
            Unknown::Keys(names) => names.iter().map(|name| Address::Key(name.clone()).to_string()).collect(),
        }
    }

    /// All units below it, and the accounts that live nowhere that is known.
    fn units_under(&self, node: &NodeId) -> Vec<String> {
        let homeless = self
            .snapshot
            .accounts
            .values()
            .filter(|account| self.identity.node_path(&account.parent).is_none())
            .filter_map(|account| self.account(&account.id));
        let units = self.identity.node_path(node).map_or_else(|| "unit/".to_owned(), below);
        std::iter::once(units).chain(homeless).collect()
    }

    fn missing_accounts(&self) -> Vec<String> {
        let names = self.zone.accounts.keys().filter(|name| self.identity.account_id(name).is_none());
        names.map(|name| Address::Account(name.clone()).to_string()).collect()
    }

    /// Every stack in a Region that the manifest names, and a beginning that no address has, for those that it
    /// does not: they stay as they are, and the Region was not checked.
    fn stacks_in(&self, wanted: &str) -> Vec<String> {
        let stacks = self
            .zone
            .desired
            .keys()
            .filter(|address| matches!(address, Address::Stack { region, .. } if region == wanted));
        stacks.map(ToString::to_string).chain([format!("stack/*@{wanted}")]).collect()
    }

    fn account(&self, id: &AccountId) -> Option<String> {
        self.identity.account_name(id).map(|name| Address::Account(name.to_owned()).to_string())
    }

    /// A beginning that no address has: an account of which only the Regions are unknown can be frozen and moved.
    fn regions_of(&self, accounts: &BTreeSet<AccountId>) -> String {
        match accounts.first().and_then(|id| self.account(id)) {
            Some(account) if accounts.len() == 1 => format!("{account}@regions"),
            Some(_) | None => "account/*@regions".to_owned(),
        }
    }

    fn policy(&self, id: &PolicyId) -> Option<Address> {
        let policy = self.snapshot.policies.get(id)?;
        Some(Address::Policy { ty: policy.ty, name: policy.name.clone() })
    }

    fn policy_and_attachments(&self, id: &PolicyId) -> Vec<String> {
        let Some(policy) = self.policy(id) else { return Vec::new() };
        let text = policy.to_string();
        let attachments = text.strip_prefix("policy/").map(|rest| format!("attachment/{rest}@"));
        std::iter::once(text).chain(attachments).collect()
    }

    fn assignments_of(&self, principal: &Principal) -> Vec<String> {
        let named = |address: &&Address| match address {
            Address::Assignments { principal: who, .. } => who == principal,
            _ => false,
        };
        self.zone.desired.keys().filter(named).map(ToString::to_string).collect()
    }

    fn services_of(&self, account: &AccountId) -> Vec<String> {
        let Some(name) = self.identity.account_name(account) else { return Vec::new() };
        let stated = self.zone.desired.keys().filter_map(|address| match address {
            Address::DelegatedAdministrator { account, .. } if account == name => Some(address.to_string()),
            _ => None,
        });
        stated.collect()
    }
}

/// The beginning of the addresses of all assignments of a permission set.
fn assignments_of_set(name: &str) -> String {
    let set = Address::PermissionSet(name.to_owned()).to_string();
    format!("assignments/{}/", set.strip_prefix("permission-set/").unwrap_or_default())
}

/// One member by its own text, so that nothing but it is unknown: its stack may fail, and all others come about.
/// Of a stack the whole address.
fn of_members(address: &Address, members: &BTreeSet<Member>) -> String {
    match (address, members.first()) {
        (Address::StackSetTargets(_), Some(one)) if members.len() == 1 => format!("{address}@{one}"),
        (Address::StackSetTargets(_), _) => format!("{address}@"),
        _ => address.to_string(),
    }
}

fn unit(path: &UnitPath) -> String {
    Address::Unit(path.clone()).to_string()
}

/// The beginning of the addresses of all units below a path, as its children write it.
fn below(path: &UnitPath) -> String {
    let child = unit(&path.child("x"));
    child.strip_suffix('x').unwrap_or_default().to_owned()
}
