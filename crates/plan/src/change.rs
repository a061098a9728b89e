//! A change: what has to happen to one address, with the values before and after.
//!
//! An action carries its data, so that an update without a reason or a create with a "before" cannot be
//! written down.

use crate::spec::Spec;
use glidepath_model::Address;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

/// What has to happen to one address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Change {
    /// What it happens to.
    pub address: Address,
    /// What happens.
    pub action: Action,
    /// Addresses whose changes must be done first.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub waits_for: BTreeSet<Address>,
    /// What a reader has to know beside the values, one sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Change {
    /// A change that waits for nothing yet.
    #[must_use]
    pub fn new(address: Address, action: Action) -> Self {
        Self { address, action, waits_for: BTreeSet::new(), notes: Vec::new() }
    }
}

/// Stands for AWS's id of a thing that does not exist yet: an attachment of AWS's own that will come with
/// a new target and has to go again.
pub const KNOWN_AFTER_APPLY: &str = "known after apply";

/// What happens to an address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Action {
    /// It is not there and shall be.
    Create {
        /// What it shall be.
        after: Spec,
    },
    /// It is ours and differs.
    Update {
        /// AWS's id of it.
        physical: String,
        /// What it is.
        before: Spec,
        /// What it shall be.
        after: Spec,
        /// Where they differ; never empty.
        fields: Vec<FieldChange>,
    },
    /// It is ours, or stated as absent, and goes.
    Delete {
        /// AWS's id of it.
        physical: String,
        /// What it is.
        before: Spec,
    },
    /// It is there, carries no mark of any owner, and becomes ours.
    Adopt {
        /// AWS's id of it.
        physical: String,
        /// What it is.
        before: Spec,
        /// What it shall be.
        after: Spec,
        /// Where they differ, the mark of ownership included.
        fields: Vec<FieldChange>,
    },
    /// It left the manifest but is never deleted: only our mark is taken off.
    Forget {
        /// AWS's id of it.
        physical: String,
        /// What it is.
        before: Spec,
    },
}

/// The word for an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Verb {
    /// It is made.
    Create,
    /// It is changed in place.
    Update,
    /// It becomes ours.
    Adopt,
    /// It goes.
    Delete,
    /// It stays, unmarked.
    Forget,
}

impl Verb {
    /// The word, in lower case.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Adopt => "adopt",
            Self::Delete => "delete",
            Self::Forget => "forget",
        }
    }
}

impl Action {
    /// The word for it.
    #[must_use]
    pub fn verb(&self) -> Verb {
        match self {
            Self::Create { .. } => Verb::Create,
            Self::Update { .. } => Verb::Update,
            Self::Adopt { .. } => Verb::Adopt,
            Self::Delete { .. } => Verb::Delete,
            Self::Forget { .. } => Verb::Forget,
        }
    }

    /// What it is before the change, where it is there.
    #[must_use]
    pub fn before(&self) -> Option<&Spec> {
        match self {
            Self::Create { .. } => None,
            Self::Update { before, .. }
            | Self::Adopt { before, .. }
            | Self::Delete { before, .. }
            | Self::Forget { before, .. } => Some(before),
        }
    }

    /// What it is after the change, where it is still described.
    #[must_use]
    pub fn after(&self) -> Option<&Spec> {
        match self {
            Self::Create { after } | Self::Update { after, .. } | Self::Adopt { after, .. } => Some(after),
            Self::Delete { .. } | Self::Forget { .. } => None,
        }
    }

    /// AWS's id of it, where it is there.
    #[must_use]
    pub fn physical(&self) -> Option<&str> {
        match self {
            Self::Create { .. } => None,
            Self::Update { physical, .. }
            | Self::Adopt { physical, .. }
            | Self::Delete { physical, .. }
            | Self::Forget { physical, .. } => Some(physical),
        }
    }

    /// The fields that differ; none for creations and removals.
    #[must_use]
    pub fn fields(&self) -> &[FieldChange] {
        match self {
            Self::Update { fields, .. } | Self::Adopt { fields, .. } => fields,
            Self::Create { .. } | Self::Delete { .. } | Self::Forget { .. } => &[],
        }
    }
}

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldChange {
    /// The way to it: keys and list positions.
    pub path: Vec<String>,
    /// What it is; none where it is not there.
    pub before: Option<Value>,
    /// What it shall be; none where it goes.
    pub after: Option<Value>,
}

/// Every place where two values differ, in the order of their paths. Objects are compared by key; a
/// list is one value, shown whole.
#[must_use]
pub fn differences(before: &Value, after: &Value) -> Vec<FieldChange> {
    let mut found = Vec::new();
    compare(&mut Vec::new(), Some(before), Some(after), &mut found);
    found
}

fn compare(
    path: &mut Vec<String>,
    before: Option<&Value>,
    after: Option<&Value>,
    found: &mut Vec<FieldChange>,
) {
    if let (Some(Value::Object(old)), Some(Value::Object(new))) = (before, after) {
        let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        for key in keys {
            path.push(key.clone());
            compare(path, old.get(key), new.get(key), found);
            path.pop();
        }
    } else if before != after {
        found.push(FieldChange { path: path.clone(), before: before.cloned(), after: after.cloned() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nested_objects_are_compared_key_by_key_and_lists_whole() {
        let found = differences(
            &json!({"a": {"x": 1, "y": [1, 2]}, "b": true}),
            &json!({"a": {"x": 1, "y": [2]}, "c": 0}),
        );
        let shown: Vec<String> = found.iter().map(|field| field.path.join(".")).collect();
        assert_eq!(shown, ["a.y", "b", "c"]);
    }
}
