//! Who may sign in where by IAM Identity Center, and what is left of it under the guardrails: from the manifest alone, or
//! as AWS has it.
//!
//! A permission set grants what its policies say, no more than its boundary, and never what an SCP denies. What AWS's own
//! policies and those of the accounts say is not known here, and they are told by name.

use crate::access::{Lines, Reached, denied_of};
use crate::kind::permission_set::{PermissionSetSpec, managed_name};
use crate::shape::{Shape, Transition, is_full_access};
use crate::spec::{Desired, Spec};
use crate::world::World;
use crate::zone::LandingZone;
use glidepath_model::identity_center::Boundary;
use glidepath_model::organization::Snapshot;
use glidepath_model::{Address, PolicyType, Principal};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// One principal that may sign in to one account with one permission set.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SignIn {
    /// The account's name.
    pub account: String,
    /// The permission set.
    pub permission_set: String,
    /// Who.
    pub principal: Principal,
    /// The users of the group, where the manifest says who they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub members: Option<BTreeSet<String>>,
}

/// What a permission set grants in one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Granted {
    /// Policies by name: AWS's own, those of the account, and `inline`.
    pub policies: Vec<String>,
    /// The boundary, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub boundary: Option<String>,
    /// How long a session lasts, in seconds.
    pub session: u32,
    /// SCPs that hold here, from the root down, AWS's own not among them.
    pub guardrails: Vec<String>,
    /// What these deny of the inline policy, as far as it is proved.
    pub denied: Vec<Reached>,
}

/// Who may sign in where.
#[derive(Debug, Clone)]
pub struct SignIns {
    /// Everybody, in order of account, permission set and name.
    pub all: BTreeSet<SignIn>,
    sets: BTreeMap<String, PermissionSetSpec>,
    shape: Shape,
    management: String,
}

impl SignIns {
    /// As the manifest has it.
    #[must_use]
    pub fn of_manifest(zone: &LandingZone) -> Self {
        let present = |desired: &Desired| match desired {
            Desired::Present(spec) => Some(spec.clone()),
            Desired::Absent => None,
        };
        let specs =
            zone.desired.iter().filter_map(|(address, desired)| Some((address.clone(), present(desired)?)));
        Self::of(specs.collect(), Shape::wanted(zone), &zone.management_name)
    }

    /// As AWS has it: assignments of permission sets that are ours or that the manifest names.
    #[must_use]
    pub fn of_aws(zone: &LandingZone, snapshot: &Snapshot) -> Self {
        let world = World::new(zone, snapshot);
        let observed = world.observed();
        let shape = Transition::new(&world, &observed, &BTreeMap::new()).before;
        let specs = observed.into_iter().map(|(address, seen)| (address, seen.spec));
        Self::of(specs.collect(), shape, &zone.management_name)
    }

    fn of(specs: BTreeMap<Address, Spec>, shape: Shape, management: &str) -> Self {
        let members = |principal: &Principal| match principal {
            Principal::Group(name) => match specs.get(&Address::Membership(name.clone())) {
                Some(Spec::Membership(spec)) => Some(spec.members.clone()),
                Some(_) | None => None,
            },
            Principal::User(_) => None,
        };
        let mut all = BTreeSet::new();
        let mut sets = BTreeMap::new();
        for (address, spec) in &specs {
            match (address, spec) {
                (Address::PermissionSet(name), Spec::PermissionSet(spec)) => {
                    sets.insert(name.clone(), spec.clone());
                }
                (Address::Assignments { permission_set, principal }, Spec::Assignments(spec)) => {
                    all.extend(spec.members.iter().map(|account| SignIn {
                        account: account.clone(),
                        permission_set: permission_set.clone(),
                        principal: principal.clone(),
                        members: members(principal),
                    }));
                }
                _ => {}
            }
        }
        Self { all, sets, shape, management: management.to_owned() }
    }

    /// Everybody who may sign in to an account.
    pub fn to(&self, account: &str) -> impl Iterator<Item = &SignIn> {
        self.all.iter().filter(move |one| one.account == account)
    }

    /// Everything that a name may sign in to: a group's or a user's own, and what a user has by groups whose members
    /// are known.
    pub fn of_name(&self, name: &str) -> impl Iterator<Item = &SignIn> {
        self.all.iter().filter(move |one| {
            one.principal.name() == name || one.members.as_ref().is_some_and(|members| members.contains(name))
        })
    }

    /// Every name that is known, for the nearest to one that is not.
    #[must_use]
    pub fn names(&self) -> BTreeSet<String> {
        let principals = self.all.iter().map(|one| one.principal.name().to_owned());
        principals.chain(self.all.iter().filter_map(|one| one.members.clone()).flatten()).collect()
    }

    /// Whether there is such an account.
    #[must_use]
    pub fn has_account(&self, name: &str) -> bool {
        self.shape.accounts.contains_key(name)
    }

    /// Every account.
    #[must_use]
    pub fn accounts(&self) -> Vec<String> {
        self.shape.accounts.keys().cloned().collect()
    }

    /// What a permission set grants in an account; none where the set is not known.
    #[must_use]
    pub fn granted(&self, permission_set: &str, account: &str) -> Option<Granted> {
        let set = self.sets.get(permission_set)?;
        let own = set
            .customer_managed
            .iter()
            .map(|policy| format!("{}{}", policy.path.trim_start_matches('/'), policy.name));
        let policies = set.managed.iter().map(|arn| managed_name(arn).to_owned()).chain(own);
        let boundary = set.boundary.as_ref().map(|boundary| match boundary {
            Boundary::Managed(arn) => managed_name(arn).to_owned(),
            Boundary::Customer(policy) => policy.name.clone(),
        });
        Some(Granted {
            policies: policies.chain(set.inline.as_ref().map(|_| "inline".to_owned())).collect(),
            boundary,
            session: set.session,
            guardrails: self.guardrails(account),
            denied: self.denied(permission_set, set, account),
        })
    }

    /// The SCPs that hold in an account: none in the management account.
    fn guardrails(&self, account: &str) -> Vec<String> {
        if account == self.management {
            return Vec::new();
        }
        let mut all: Vec<String> = Vec::new();
        for name in Lines::new(&self.shape, PolicyType::Scp).names(account).into_iter().flatten() {
            if !is_full_access(PolicyType::Scp, &name) && !all.contains(&name) {
                all.push(name);
            }
        }
        all
    }

    fn denied(&self, name: &str, set: &PermissionSetSpec, account: &str) -> Vec<Reached> {
        let Some(inline) = set.inline.as_ref().filter(|_| account != self.management) else {
            return Vec::new();
        };
        let levels = Lines::new(&self.shape, PolicyType::Scp).levels(account);
        levels.ok().and_then(|levels| denied_of(name, inline, levels)).unwrap_or_default()
    }
}
