//! IAM Identity Center of the pure model: what it would have after a change, without time.

use super::model::Model;
use super::world::MANAGEMENT;
use glidepath_model::identity_center::{Assignment, Group, Instance, PermissionSet, PrincipalId, User};
use glidepath_model::{AccountId, Address, Principal};
use glidepath_plan::Spec;
use glidepath_plan::kind::permission_set::PermissionSetSpec;
use std::collections::BTreeSet;

/// The instance of every organization of these tests.
pub(crate) fn instance() -> Instance {
    Instance {
        arn: "arn:aws:sso:::instance/ssoins-0123456789abcdef".to_owned(),
        identity_store: "d-0123456789".to_owned(),
        owner: Some(AccountId::parse(MANAGEMENT).unwrap()),
    }
}

fn arn(name: &str) -> String {
    format!("arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-{name}")
}

/// The id of a group or user that an identity provider sent.
pub(crate) fn principal_id(principal: &Principal) -> PrincipalId {
    match principal {
        Principal::Group(name) => PrincipalId::Group(format!("g-{name}")),
        Principal::User(name) => PrincipalId::User(format!("u-{name}")),
    }
}

impl Model {
    /// Makes or changes something of IAM Identity Center.
    pub(super) fn center(&mut self, address: &Address, after: &Spec) {
        match (address, after) {
            (Address::Group(name), Spec::Group(spec)) => {
                let id = format!("g-{name}");
                let members =
                    self.snapshot.identity_center.groups.get(name).and_then(|group| group.members.clone());
                let group = Group {
                    id: id.clone(),
                    name: name.clone(),
                    description: spec.description.clone(),
                    members: Some(members.unwrap_or_default()),
                };
                self.snapshot.identity_center.groups.insert(name.clone(), group);
                let known = (Principal::Group(name.clone()), PrincipalId::Group(id.clone()));
                self.snapshot.identity_center.principals.extend([known]);
                self.learn(address, id);
            }
            (Address::User(name), Spec::User(spec)) => {
                let id = format!("u-{name}");
                let user = User {
                    id: id.clone(),
                    name: name.clone(),
                    display: spec.display.clone(),
                    given: spec.given.clone(),
                    family: spec.family.clone(),
                    email: spec.email.clone(),
                };
                self.snapshot.identity_center.users.insert(name.clone(), user);
                let known = (Principal::User(name.clone()), PrincipalId::User(id.clone()));
                self.snapshot.identity_center.principals.extend([known]);
                self.learn(address, id);
            }
            (Address::Membership(name), Spec::Membership(spec)) => {
                let users = &self.snapshot.identity_center.users;
                let ids: BTreeSet<String> = spec.members.iter().map(|user| users[user].id.clone()).collect();
                let group = self.snapshot.identity_center.groups.get_mut(name);
                group.unwrap_or_else(|| panic!("{address} before its group")).members = Some(ids);
            }
            (Address::AccessControlAttributes, Spec::AccessControlAttributes(spec)) => {
                self.snapshot.identity_center.attributes = Some(spec.attributes.clone());
            }
            (Address::PermissionSet(name), Spec::PermissionSet(spec)) => self.permission_set(name, spec),
            (Address::Assignments { permission_set, principal }, Spec::Assignments(spec)) => {
                self.assign(permission_set, principal, &spec.members);
            }
            other => panic!("{other:?}"),
        }
    }

    fn permission_set(&mut self, name: &str, spec: &PermissionSetSpec) {
        let arn = arn(name);
        let center = &mut self.snapshot.identity_center;
        let accounts = center.permission_sets.get(&arn).map(|set| set.accounts.clone()).unwrap_or_default();
        let set = PermissionSet {
            arn: arn.clone(),
            name: name.to_owned(),
            description: spec.description.clone(),
            session: spec.session,
            relay_state: spec.relay_state.clone(),
            managed: spec.managed.clone(),
            customer: spec.customer_managed.clone(),
            inline: spec.inline.as_ref().map(ToString::to_string),
            boundary: spec.boundary.clone(),
            tags: spec.tags.clone(),
            accounts,
            stale: BTreeSet::new(),
        };
        center.permission_sets.insert(arn.clone(), set);
        self.learn(&Address::PermissionSet(name.to_owned()), arn);
    }

    /// Gives a principal a permission set in these accounts and in no others.
    fn assign(&mut self, set: &str, principal: &Principal, members: &BTreeSet<String>) {
        let arn = arn(set);
        let accounts: BTreeSet<AccountId> = members.iter().map(|name| self.account_of(name)).collect();
        let center = &mut self.snapshot.identity_center;
        assert!(center.permission_sets.contains_key(&arn), "{set} is assigned before it is there");
        let who =
            center.principals.entry(principal.clone()).or_insert_with(|| principal_id(principal)).clone();
        center
            .assignments
            .retain(|assignment| assignment.permission_set != arn || assignment.principal != who);
        center.assignments.extend(accounts.into_iter().map(|account| Assignment {
            permission_set: arn.clone(),
            principal: who.clone(),
            account,
        }));
        let all = center.assignments.iter().filter(|one| one.permission_set == arn);
        let all: BTreeSet<AccountId> = all.map(|one| one.account.clone()).collect();
        let whole: Vec<_> = all.iter().map(|account| (arn.clone(), account.clone())).collect();
        center.whole.extend(whole);
        center.permission_sets.get_mut(&arn).unwrap().accounts = all;
    }

    /// Takes something of IAM Identity Center away.
    pub(super) fn leave(&mut self, address: &Address) {
        match address {
            Address::Assignments { permission_set, principal } => {
                self.assign(permission_set, principal, &BTreeSet::new());
            }
            Address::PermissionSet(name) => {
                let set = self.snapshot.identity_center.permission_sets.remove(&arn(name)).unwrap();
                assert!(set.accounts.is_empty(), "{address} is still assigned");
            }
            Address::Group(name) => {
                let group = self.snapshot.identity_center.groups.remove(name).unwrap();
                let of_group = |one: &&Assignment| one.principal.id() == group.id;
                assert_eq!(
                    self.snapshot.identity_center.assignments.iter().find(of_group),
                    None,
                    "{address}"
                );
                self.snapshot.identity_center.principals.remove(&Principal::Group(name.clone()));
            }
            Address::User(name) => {
                self.snapshot.identity_center.users.remove(name).unwrap();
                self.snapshot.identity_center.principals.remove(&Principal::User(name.clone()));
            }
            Address::AccessControlAttributes => self.snapshot.identity_center.attributes = None,
            other => panic!("{other} is never deleted"),
        }
    }
}
