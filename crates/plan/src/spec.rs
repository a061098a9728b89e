//! The registry of kinds: what each kind of resource is described by.
//!
//! Adding a kind is a variant here, an arm in each exhaustive match below and in the engine's registry,
//! and two files of one name (`plan/src/kind/<kind>.rs`, `engine/src/kind/<kind>.rs`).

use crate::kind::{
    access_control_attributes::AccessControlAttributesSpec, account::AccountSpec,
    account_settings::AccountSettingsSpec, assignments::AssignmentsSpec, attachment::AttachmentSpec,
    delegated_administrator::DelegatedAdministratorSpec, group::GroupSpec, key::KeySpec,
    membership::MembershipSpec, organization::OrganizationSpec, permission_set::PermissionSetSpec,
    policy::PolicySpec, policy_type::PolicyTypeSpec, resource_policy::ResourcePolicySpec,
    root_access::RootAccessSpec, stack::StackSpec, stack_set::StackSetSpec,
    stack_set_targets::StackSetTargetsSpec, trusted_access::TrustedAccessSpec, unit::UnitSpec,
    user::UserSpec,
};
use crate::ownership::Ownership;
use glidepath_model::Address;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The description of one thing, by its kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Spec {
    /// The organization itself.
    Organization(OrganizationSpec),
    /// A policy type that is enabled.
    PolicyType(PolicyTypeSpec),
    /// A unit.
    Unit(UnitSpec),
    /// A member account.
    Account(AccountSpec),
    /// Trusted access of a service.
    TrustedAccess(TrustedAccessSpec),
    /// An account that administers a service.
    DelegatedAdministrator(DelegatedAdministratorSpec),
    /// The organization's delegation policy.
    ResourcePolicy(ResourcePolicySpec),
    /// A policy.
    Policy(PolicySpec),
    /// A policy attached to a target.
    Attachment(AttachmentSpec),
    /// A stack set.
    StackSet(StackSetSpec),
    /// Where a stack set has stacks.
    StackSetTargets(StackSetTargetsSpec),
    /// A stack of the management account.
    Stack(StackSpec),
    /// A key of AWS KMS.
    Key(KeySpec),
    /// What the manifest sets for an account as a whole.
    AccountSettings(AccountSettingsSpec),
    /// A part of centralized root access.
    RootAccess(RootAccessSpec),
    /// A group of a managed directory.
    Group(GroupSpec),
    /// A user of a managed directory.
    User(UserSpec),
    /// Who is in a group.
    Membership(MembershipSpec),
    /// Which attributes come to sessions.
    AccessControlAttributes(AccessControlAttributesSpec),
    /// A permission set.
    PermissionSet(PermissionSetSpec),
    /// Where a principal has a permission set.
    Assignments(AssignmentsSpec),
}

impl Spec {
    /// The addresses that must exist while this does.
    #[must_use]
    pub fn references(&self, address: &Address) -> Vec<Address> {
        match self {
            Self::Organization(_) | Self::Group(_) | Self::User(_) | Self::AccessControlAttributes(_) => {
                Vec::new()
            }
            Self::PolicyType(_) | Self::TrustedAccess(_) | Self::ResourcePolicy(_) => {
                vec![Address::Organization]
            }
            Self::Unit(_) => crate::kind::unit::references(address),
            Self::Account(spec) => crate::kind::account::references(spec),
            Self::DelegatedAdministrator(_) => crate::kind::delegated_administrator::references(address),
            Self::Policy(_) => crate::kind::policy::references(address),
            Self::Attachment(spec) => crate::kind::attachment::references(address, spec),
            Self::StackSet(spec) => crate::kind::stack_set::references(spec),
            Self::StackSetTargets(spec) => crate::kind::stack_set_targets::references(address, spec),
            Self::Stack(spec) => crate::kind::stack::references(spec),
            Self::AccountSettings(spec) => crate::kind::account_settings::references(address, spec),
            Self::RootAccess(_) => crate::kind::root_access::references(),
            Self::Key(spec) => crate::kind::key::references(spec),
            Self::Membership(spec) => crate::kind::membership::references(address, spec),
            Self::PermissionSet(spec) => crate::kind::permission_set::references(spec),
            Self::Assignments(spec) => crate::kind::assignments::references(address, spec),
        }
    }

    /// The description as JSON, without the kind's name around it: what fields are compared on.
    #[must_use]
    pub fn fields(&self) -> Value {
        match serde_json::to_value(self) {
            Ok(Value::Object(members)) => members.into_iter().next().map_or(Value::Null, |(_, value)| value),
            Ok(_) | Err(_) => Value::Null,
        }
    }
}

/// What the manifest wants at an address.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "nearly everything desired is present")]
pub enum Desired {
    /// It shall be there, like this.
    Present(Spec),
    /// It is stated that it shall not be there.
    Absent,
}

/// What AWS has at an address.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    /// AWS's id of it.
    pub physical: String,
    /// What it is.
    pub spec: Spec,
    /// Whose it is.
    pub ownership: Ownership,
    /// What becomes of it when it is ours and the manifest does not name it.
    pub leaving: Leaving,
}

/// What becomes of a thing of ours that the manifest no longer names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaving {
    /// It is deleted.
    Delete,
    /// Our mark is taken off, and it stays.
    Forget,
    /// It is an additive switch: nothing happens.
    Keep,
}
