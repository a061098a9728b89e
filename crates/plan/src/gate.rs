//! Gates: dangers of a plan that somebody has to consent to by name, and the consent that opens them.

use crate::plan::Plan;
use glidepath_model::Address;
use glidepath_model::text::printable;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// A danger that somebody has to consent to by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Gate {
    /// The gate.
    pub name: GateName,
    /// What it is about.
    pub addresses: Vec<Address>,
    /// What would happen.
    pub summary: String,
    /// Who would be locked out; only the lock-out gate has one, and only this name opens it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
}

/// The gates there are; each is opened by `--allow NAME`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GateName {
    /// New accounts: opened by `--allow-new-accounts N`.
    NewAccounts,
    /// Closing accounts: opened by `--allow-close`.
    Close,
    /// Creating the organization: opened by `--create-organization`.
    CreateOrganization,
    /// Many policies deleted.
    PolicyDelete,
    /// Many policies detached.
    PolicyDetach,
    /// Many units deleted.
    UnitDelete,
    /// Many accounts forgotten.
    AccountForget,
    /// Many stacks or stack sets deleted.
    StackDelete,
    /// Anything removed at the root.
    RootRemoval,
    /// A switch turned off.
    SwitchOff,
    /// Many accounts moved.
    AccountMove,
    /// The last Allow at or above an account removed.
    LastAllow,
    /// Buckets come to be locked in a way that nobody can undo.
    ComplianceLock,
    /// Somebody who has to be able to repair the organization no longer could: opened by
    /// `--allow-lock-out PRINCIPAL`.
    LockOut,
    /// A key retired.
    KeyRetire,
    /// Much access taken away.
    AccessRevoke,
    /// What an account has once in a Region deleted, so that a stack can make it.
    SingletonReplace,
    /// A default VPC taken away.
    DefaultVpcDelete,
}

impl GateName {
    /// Every gate, in the order in which they are listed.
    pub const ALL: [Self; 18] = [
        Self::NewAccounts,
        Self::Close,
        Self::CreateOrganization,
        Self::PolicyDelete,
        Self::PolicyDetach,
        Self::UnitDelete,
        Self::AccountForget,
        Self::StackDelete,
        Self::RootRemoval,
        Self::SwitchOff,
        Self::AccountMove,
        Self::LastAllow,
        Self::ComplianceLock,
        Self::LockOut,
        Self::KeyRetire,
        Self::AccessRevoke,
        Self::SingletonReplace,
        Self::DefaultVpcDelete,
    ];

    /// The word for it in `--allow`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NewAccounts => "new-accounts",
            Self::Close => "close",
            Self::CreateOrganization => "create-organization",
            Self::PolicyDelete => "policy-delete",
            Self::PolicyDetach => "policy-detach",
            Self::UnitDelete => "unit-delete",
            Self::AccountForget => "account-forget",
            Self::StackDelete => "stack-delete",
            Self::RootRemoval => "root-removal",
            Self::SwitchOff => "switch-off",
            Self::AccountMove => "account-move",
            Self::LastAllow => "last-allow",
            Self::ComplianceLock => "compliance-lock",
            Self::LockOut => "lock-out",
            Self::KeyRetire => "key-retire",
            Self::AccessRevoke => "access-revoke",
            Self::SingletonReplace => "singleton-replace",
            Self::DefaultVpcDelete => "default-vpc-delete",
        }
    }

    /// The flag that opens it.
    #[must_use]
    pub fn flag(self) -> String {
        match self {
            Self::NewAccounts => "--allow-new-accounts N".into(),
            Self::Close => "--allow-close".into(),
            Self::CreateOrganization => "--create-organization".into(),
            Self::LockOut => "--allow-lock-out PRINCIPAL".into(),
            Self::PolicyDelete
            | Self::PolicyDetach
            | Self::UnitDelete
            | Self::AccountForget
            | Self::StackDelete
            | Self::RootRemoval
            | Self::SwitchOff
            | Self::AccountMove
            | Self::LastAllow
            | Self::ComplianceLock
            | Self::KeyRetire
            | Self::AccessRevoke
            | Self::SingletonReplace
            | Self::DefaultVpcDelete => format!("--allow {}", self.word()),
        }
    }

    /// Whether what it guards is left out where nobody consents, and everything else is done all the same: the last of
    /// several stages, before which the others are safe to stop at.
    #[must_use]
    pub fn holds_back(self) -> bool {
        matches!(self, Self::Close)
    }

    /// Whether it guards against making too much rather than against taking away.
    #[must_use]
    pub fn is_creation(self) -> bool {
        matches!(self, Self::NewAccounts | Self::CreateOrganization)
    }
}

impl fmt::Display for GateName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A word that names no gate which `--allow` opens.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not a gate that `--allow` opens: {} are", named_gates())]
pub struct GateNameError {
    /// The word that was given, with control characters escaped.
    pub word: String,
}

fn named_gates() -> String {
    let words =
        GateName::ALL.into_iter().filter(|gate| gate.flag().starts_with("--allow ")).map(GateName::word);
    words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

impl FromStr for GateName {
    type Err = GateNameError;
    fn from_str(text: &str) -> Result<Self, GateNameError> {
        let found = Self::ALL.into_iter().find(|gate| gate.word() == text);
        found
            .filter(|gate| gate.flag().starts_with("--allow "))
            .ok_or_else(|| GateNameError { word: printable(text).into_owned() })
    }
}

/// What was consented to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Allowances {
    /// How many accounts may be created.
    pub new_accounts: NewAccounts,
    /// Gates opened by name.
    pub gates: BTreeSet<GateName>,
    /// Principals that may be locked out.
    pub locked_out: BTreeSet<String>,
}

/// How many accounts may be created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewAccounts {
    /// At most so many.
    AtMost(u32),
    /// As many as the plan says: somebody has seen it and agreed.
    Any,
}

impl Default for NewAccounts {
    fn default() -> Self {
        Self::AtMost(0)
    }
}

impl Allowances {
    /// Whether these open a gate.
    #[must_use]
    pub fn open(&self, gate: &Gate) -> bool {
        match gate.name {
            GateName::NewAccounts => match self.new_accounts {
                NewAccounts::Any => true,
                NewAccounts::AtMost(most) => {
                    usize::try_from(most).is_ok_and(|most| gate.addresses.len() <= most)
                }
            },
            GateName::LockOut => gate.principal.as_ref().is_some_and(|name| self.locked_out.contains(name)),
            name => self.gates.contains(&name),
        }
    }
}

impl Plan {
    /// The gates that these allowances leave closed: none may be left for the plan to be applied.
    #[must_use]
    pub fn closed_gates(&self, allowances: &Allowances) -> Vec<&Gate> {
        self.gates.iter().filter(|gate| !allowances.open(gate)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(name: GateName, count: usize) -> Gate {
        let addresses = (0..count).map(|at| Address::Account(format!("a{at}"))).collect();
        Gate { name, addresses, summary: String::new(), principal: None }
    }

    #[test]
    fn new_accounts_are_counted_against_the_number_that_was_allowed() {
        let two = Allowances { new_accounts: NewAccounts::AtMost(2), ..Allowances::default() };
        assert!(two.open(&gate(GateName::NewAccounts, 2)));
        assert!(!two.open(&gate(GateName::NewAccounts, 3)));
        assert!(!Allowances::default().open(&gate(GateName::NewAccounts, 1)));
    }

    #[test]
    fn a_name_opens_its_own_gate_and_no_other() {
        let gates = BTreeSet::from([GateName::PolicyDetach]);
        let allowances = Allowances { gates, ..Allowances::default() };
        let open: Vec<GateName> =
            GateName::ALL.into_iter().filter(|name| allowances.open(&gate(*name, 1))).collect();
        assert_eq!(open, [GateName::PolicyDetach]);
    }

    #[test]
    fn a_lock_out_is_opened_by_the_principals_own_name_alone() {
        let gate =
            Gate { principal: Some("arn:aws:iam::111122223333:role/a".into()), ..gate(GateName::LockOut, 1) };
        let by_name = Allowances { gates: BTreeSet::from([GateName::LockOut]), ..Allowances::default() };
        assert!(!by_name.open(&gate));
        let locked_out = BTreeSet::from(["arn:aws:iam::111122223333:role/a".to_owned()]);
        assert!(Allowances { locked_out, ..Allowances::default() }.open(&gate));
    }

    #[test]
    fn gates_with_a_flag_of_their_own_are_not_opened_by_name() {
        assert_eq!("policy-detach".parse(), Ok(GateName::PolicyDetach));
        assert!("close".parse::<GateName>().is_err());
        assert!("everything".parse::<GateName>().unwrap_err().to_string().contains("`switch-off`"));
    }
}
