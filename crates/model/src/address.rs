//! Addresses: the stable name of everything the manifest describes, in messages, plans and reports.
//!
//! An address never holds an AWS id, so that it can name what does not exist yet. Every address comes
//! back from its own text, whatever legal names it holds (see [`crate::escape`]).

use crate::account_settings::RootFeature;
use crate::escape::{escape, split_once, unescape};
use crate::policy_type::PolicyType;
use crate::principal::Principal;
use crate::unit_path::UnitPath;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A place in the tree that something is attached to or registered for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Target {
    /// A unit, or the root as its empty path.
    Unit(UnitPath),
    /// An account by its name in the manifest.
    Account(String),
}

impl Target {
    /// Reads a unit path, `/`, or `account/NAME`.
    ///
    /// # Errors
    /// [`AddressError`] when it is neither.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        match text.strip_prefix("account/") {
            Some("") => Err(AddressError::new(text)),
            Some(name) => Ok(Self::Account(unescape(name))),
            None => UnitPath::parse(text).map(Self::Unit).map_err(|_| AddressError::new(text)),
        }
    }

    /// The address of the thing that this target is.
    #[must_use]
    pub fn address(&self) -> Address {
        match self {
            Self::Unit(path) if path.is_root() => Address::Organization,
            Self::Unit(path) => Address::Unit(path.clone()),
            Self::Account(name) => Address::Account(name.clone()),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unit(path) => path.fmt(f),
            Self::Account(name) => write!(f, "account/{}", escape(name)),
        }
    }
}

impl TryFrom<String> for Target {
    type Error = AddressError;
    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::parse(&text)
    }
}

impl From<Target> for String {
    fn from(target: Target) -> String {
        target.to_string()
    }
}

/// The stable name of a thing.
///
/// The order of the variants is the order in which ties are broken wherever changes are listed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Address {
    /// `organization`: the organization itself, its feature set and its root's tags.
    Organization,
    /// `policy-type/scp`: whether a policy type is enabled at the root.
    PolicyType(PolicyType),
    /// `unit/Workloads/Prod`.
    Unit(UnitPath),
    /// `account/shop-prod`.
    Account(String),
    /// `trusted-access/guardduty.amazonaws.com`: a service principal.
    TrustedAccess(String),
    /// `delegated-administrator/guardduty.amazonaws.com@security`: service principal and account name.
    DelegatedAdministrator {
        /// The service principal.
        service: String,
        /// The account's name in the manifest.
        account: String,
    },
    /// `resource-policy`: the organization's delegation policy.
    ResourcePolicy,
    /// `policy/scp/restrict-regions`.
    Policy {
        /// The policy's type.
        ty: PolicyType,
        /// The policy's name, unique within its type.
        name: String,
    },
    /// `attachment/scp/restrict-regions@Workloads`, `…@account/shop-prod`, `…@/`.
    Attachment {
        /// The policy's type.
        ty: PolicyType,
        /// The policy's name.
        policy: String,
        /// What it is attached to.
        target: Target,
    },
    /// `stack-set/guardduty`: what is deployed, and how.
    StackSet(String),
    /// `stack-set-targets/guardduty`: where a stack set has stacks.
    StackSetTargets(String),
    /// `stack/org-trail@eu-west-1`: a stack of the management account, by name and Region.
    Stack {
        /// Its name.
        name: String,
        /// Its Region.
        region: String,
    },
    /// `key/log-archive`: a key of AWS KMS, in all its Regions.
    Key(String),
    /// `settings/shop-prod`: what the manifest sets for an account as a whole, in all its Regions.
    AccountSettings(String),
    /// `root-access/sessions`: a part of the organization's centralized root access.
    RootAccess(RootFeature),
    /// `group/platform`: a group of a managed directory, by its name.
    Group(String),
    /// `user/anna`: a user of a managed directory, by the user name.
    User(String),
    /// `membership/platform`: which users are in a group of a managed directory.
    Membership(String),
    /// `access-control-attributes`: which attributes of users reach policies as tags of the session.
    AccessControlAttributes,
    /// `permission-set/Admin`.
    PermissionSet(String),
    /// `assignments/Admin/group:platform`: the accounts in which a group or user has a permission set.
    Assignments {
        /// The permission set's name.
        permission_set: String,
        /// Who has it.
        principal: Principal,
    },
    /// `assignments/Admin/group:platform@shop-prod`: one account of such assignments. It is named in reports and
    /// in what is asked for, and never changed by itself.
    Assignment {
        /// The permission set's name.
        permission_set: String,
        /// Who has it.
        principal: Principal,
        /// The account's name in the manifest.
        account: String,
    },
}

/// A text that is no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an address: `unit/Workloads/Prod` or `policy/scp/NAME` are")]
pub struct AddressError {
    /// The text that was given, with control characters escaped.
    pub text: String,
}

impl AddressError {
    fn new(text: &str) -> Self {
        Self { text: crate::text::printable(text).into_owned() }
    }
}

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    /// [`AddressError`] when the kind is unknown or a part is missing.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let error = || AddressError::new(text);
        let (kind, rest) = split_once(text, '/').unwrap_or((text, ""));
        let name = |text: &str| if text.is_empty() { Err(error()) } else { Ok(unescape(text)) };
        let typed = |text: &str| -> Result<(PolicyType, String), AddressError> {
            let (ty, rest) = split_once(text, '/').ok_or_else(error)?;
            Ok((PolicyType::from_key(ty).map_err(|_| error())?, rest.to_owned()))
        };
        match kind {
            "organization" if rest.is_empty() && !text.ends_with('/') => Ok(Self::Organization),
            "resource-policy" if rest.is_empty() && !text.ends_with('/') => Ok(Self::ResourcePolicy),
            "policy-type" => PolicyType::from_key(rest).map(Self::PolicyType).map_err(|_| error()),
            "unit" => match UnitPath::parse(rest) {
                Ok(path) if !path.is_root() => Ok(Self::Unit(path)),
                _ => Err(error()),
            },
            "account" => name(rest).map(Self::Account),
            "trusted-access" => name(rest).map(Self::TrustedAccess),
            "delegated-administrator" => {
                let (service, account) = split_once(rest, '@').ok_or_else(error)?;
                Ok(Self::DelegatedAdministrator { service: name(service)?, account: name(account)? })
            }
            "policy" => {
                let (ty, rest) = typed(rest)?;
                Ok(Self::Policy { ty, name: name(&rest)? })
            }
            "attachment" => {
                let (ty, rest) = typed(rest)?;
                let (policy, target) = split_once(&rest, '@').ok_or_else(error)?;
                Ok(Self::Attachment { ty, policy: name(policy)?, target: Target::parse(target)? })
            }
            "stack-set" => name(rest).map(Self::StackSet),
            "stack-set-targets" => name(rest).map(Self::StackSetTargets),
            "stack" => {
                let (stack, region) = split_once(rest, '@').ok_or_else(error)?;
                Ok(Self::Stack { name: name(stack)?, region: name(region)? })
            }
            "key" => name(rest).map(Self::Key),
            "settings" => name(rest).map(Self::AccountSettings),
            "root-access" => RootFeature::from_word(rest).map(Self::RootAccess).ok_or_else(error),
            "group" => name(rest).map(Self::Group),
            "user" => name(rest).map(Self::User),
            "membership" => name(rest).map(Self::Membership),
            "access-control-attributes" if rest.is_empty() && !text.ends_with('/') => {
                Ok(Self::AccessControlAttributes)
            }
            "permission-set" => name(rest).map(Self::PermissionSet),
            "assignments" => {
                let (set, rest) = split_once(rest, '/').ok_or_else(error)?;
                let permission_set = name(set)?;
                let principal = |text: &str| Principal::parse(text).map_err(|_| error());
                match split_once(rest, '@') {
                    Some((who, account)) => Ok(Self::Assignment {
                        permission_set,
                        principal: principal(who)?,
                        account: name(account)?,
                    }),
                    None => Ok(Self::Assignments { permission_set, principal: principal(rest)? }),
                }
            }
            _ => Err(error()),
        }
    }

    /// The kind's word, the part before the first slash.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::PolicyType(_) => "policy-type",
            Self::Unit(_) => "unit",
            Self::Account(_) => "account",
            Self::TrustedAccess(_) => "trusted-access",
            Self::DelegatedAdministrator { .. } => "delegated-administrator",
            Self::ResourcePolicy => "resource-policy",
            Self::Policy { .. } => "policy",
            Self::Attachment { .. } => "attachment",
            Self::StackSet(_) => "stack-set",
            Self::StackSetTargets(_) => "stack-set-targets",
            Self::Stack { .. } => "stack",
            Self::Key(_) => "key",
            Self::AccountSettings(_) => "settings",
            Self::RootAccess(_) => "root-access",
            Self::Group(_) => "group",
            Self::User(_) => "user",
            Self::Membership(_) => "membership",
            Self::AccessControlAttributes => "access-control-attributes",
            Self::PermissionSet(_) => "permission-set",
            Self::Assignments { .. } | Self::Assignment { .. } => "assignments",
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind();
        match self {
            Self::Organization | Self::ResourcePolicy | Self::AccessControlAttributes => f.write_str(kind),
            Self::PolicyType(ty) => write!(f, "{kind}/{ty}"),
            Self::RootAccess(feature) => write!(f, "{kind}/{}", feature.word()),
            Self::Unit(path) => write!(f, "{kind}/{path}"),
            Self::Account(name)
            | Self::TrustedAccess(name)
            | Self::StackSet(name)
            | Self::StackSetTargets(name)
            | Self::Key(name)
            | Self::AccountSettings(name)
            | Self::Group(name)
            | Self::User(name)
            | Self::Membership(name)
            | Self::PermissionSet(name) => write!(f, "{kind}/{}", escape(name)),
            Self::Assignments { permission_set, principal } => {
                write!(f, "{kind}/{}/{principal}", escape(permission_set))
            }
            Self::Assignment { permission_set, principal, account } => {
                write!(f, "{kind}/{}/{principal}@{}", escape(permission_set), escape(account))
            }
            Self::Stack { name, region } => write!(f, "{kind}/{}@{}", escape(name), escape(region)),
            Self::DelegatedAdministrator { service, account } => {
                write!(f, "{kind}/{}@{}", escape(service), escape(account))
            }
            Self::Policy { ty, name } => write!(f, "{kind}/{ty}/{}", escape(name)),
            Self::Attachment { ty, policy, target } => write!(f, "{kind}/{ty}/{}@{target}", escape(policy)),
        }
    }
}

impl TryFrom<String> for Address {
    type Error = AddressError;
    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::parse(&text)
    }
}

impl From<Address> for String {
    fn from(address: Address) -> String {
        address.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_name() -> impl Strategy<Value = String> {
        "[ -~é東]{1,16}"
    }

    fn any_path(least: usize) -> impl Strategy<Value = UnitPath> {
        let names = proptest::collection::vec(prop_oneof![any_name(), Just("account".to_owned())], least..5);
        names.prop_map(UnitPath::from_names)
    }

    fn any_principal() -> impl Strategy<Value = Principal> {
        prop_oneof![any_name().prop_map(Principal::Group), any_name().prop_map(Principal::User)]
    }

    fn any_address() -> impl Strategy<Value = Address> {
        let ty = proptest::sample::select(PolicyType::ALL);
        let target = prop_oneof![any_path(0).prop_map(Target::Unit), any_name().prop_map(Target::Account)];
        prop_oneof![
            Just(Address::Organization),
            Just(Address::ResourcePolicy),
            ty.clone().prop_map(Address::PolicyType),
            any_path(1).prop_map(Address::Unit),
            any_name().prop_map(Address::Account),
            any_name().prop_map(Address::TrustedAccess),
            any_name().prop_map(Address::StackSet),
            any_name().prop_map(Address::StackSetTargets),
            (any_name(), any_name()).prop_map(|(name, region)| Address::Stack { name, region }),
            any_name().prop_map(Address::Key),
            any_name().prop_map(Address::AccountSettings),
            proptest::sample::select(&RootFeature::ALL).prop_map(Address::RootAccess),
            any_name().prop_map(Address::Group),
            any_name().prop_map(Address::User),
            any_name().prop_map(Address::Membership),
            Just(Address::AccessControlAttributes),
            any_name().prop_map(Address::PermissionSet),
            (any_name(), any_principal())
                .prop_map(|(permission_set, principal)| Address::Assignments { permission_set, principal }),
            (any_name(), any_principal(), any_name()).prop_map(|(permission_set, principal, account)| {
                Address::Assignment { permission_set, principal, account }
            }),
            (any_name(), any_name())
                .prop_map(|(service, account)| Address::DelegatedAdministrator { service, account }),
            (ty.clone(), any_name()).prop_map(|(ty, name)| Address::Policy { ty, name }),
            (ty, any_name(), target).prop_map(|(ty, policy, target)| Address::Attachment {
                ty,
                policy,
                target
            }),
        ]
    }

    proptest! {
        #[test]
        fn any_address_comes_back_from_its_text(address in any_address()) {
            let text = address.to_string();
            prop_assert_eq!(Address::parse(&text).unwrap(), address, "{}", text);
        }
    }

    #[test]
    fn the_forms_of_the_design_are_read() {
        for text in [
            "organization",
            "unit/Workloads/Prod",
            "account/shop-prod",
            "policy/scp/restrict-regions",
            "attachment/scp/restrict-regions@Workloads",
            "attachment/scp/restrict-regions@/",
            "attachment/tag/owners@account/shop-prod",
            "policy-type/ai-opt-out",
            "delegated-administrator/guardduty.amazonaws.com@security",
            "stack-set/guardduty",
            "stack-set-targets/guardduty",
            "stack/org-trail@eu-west-1",
            "key/log-archive",
            "settings/shop-prod",
            "root-access/sessions",
            "group/platform",
            "user/anna\\@example.com",
            "membership/platform",
            "access-control-attributes",
            "permission-set/Admin",
            "assignments/Admin/group:platform",
            "assignments/Admin/user:anna@shop-prod",
        ] {
            assert_eq!(Address::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn half_an_address_is_refused() {
        for text in [
            "",
            "unit/",
            "unit//",
            "policy/scp",
            "policy/iam/x",
            "attachment/scp/x",
            "organization/",
            "assignments/Admin",
            "assignments/Admin/platform",
            "assignments/Admin/group:platform@",
            "vpc/x",
            "root-access/x",
        ] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
    }
}
