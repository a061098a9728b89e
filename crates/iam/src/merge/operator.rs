//! The operators that set values, and which of them children may still use.

use std::collections::BTreeSet;

/// The key that restricts what child policies may do at a node.
pub(super) const CHILD_CONTROL: &str = "@@operators_allowed_for_child_policies";

/// An operator that sets a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Operator {
    /// Replaces what was inherited.
    Assign,
    /// Adds to an inherited list.
    Append,
    /// Takes away from an inherited list.
    Remove,
}

impl Operator {
    pub(super) const ALL: [Self; 3] = [Self::Assign, Self::Append, Self::Remove];

    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Assign => "@@assign",
            Self::Append => "@@append",
            Self::Remove => "@@remove",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operator| operator.key() == text)
    }
}

/// The operators that a lower level may use at one node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Allowed(BTreeSet<Operator>);

impl Default for Allowed {
    fn default() -> Self {
        Self(Operator::ALL.into_iter().collect())
    }
}

impl Allowed {
    pub(super) fn only(operators: BTreeSet<Operator>) -> Self {
        Self(operators)
    }

    pub(super) fn permits(&self, operator: Operator) -> bool {
        self.0.contains(&operator)
    }

    /// Whether a child may add keys here: `@@none` forbids it. The pages give no rule for a shorter list;
    /// their backup sample opens a node to new plans with `@@append` alone, the AI samples with `@@assign`.
    pub(super) fn permits_keys(&self) -> bool {
        !self.0.is_empty()
    }

    // INVARIANT (restrictions only grow): what a parent took away, no child gives back.
    pub(super) fn restrict(&mut self, other: &Self) {
        self.0.retain(|operator| other.0.contains(operator));
    }
}
