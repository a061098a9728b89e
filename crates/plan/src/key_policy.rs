//! The policy of a key: made of who administers, encrypts and decrypts; whole as soon as the ids it names are known;
//! and compared by what it says.
//!
//! A policy that names accounts which an apply is still to create cannot be written down in a plan. It stays what it
//! is made of ([`KeyAccess`]) until they are known: there are no texts with holes.

mod access;
mod lock_out;
mod same;

pub use access::{Administrator, KeyAccess, KnownIds, Owner, Reader};
pub use lock_out::can_be_repaired;
pub use same::says_the_same;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The policy of a key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub enum KeyPolicy {
    /// This document.
    Known(Box<Value>),
    /// What these make of it, when the ids are known.
    AfterApply(Box<KeyAccess>),
}

/// The member under which a policy that is not known yet stands in a plan.
const AFTER_APPLY: &str = "knownAfterApply";

impl From<KeyPolicy> for Value {
    fn from(policy: KeyPolicy) -> Self {
        match policy {
            KeyPolicy::Known(document) => *document,
            KeyPolicy::AfterApply(access) => json!({ AFTER_APPLY: access }),
        }
    }
}

impl TryFrom<Value> for KeyPolicy {
    type Error = serde_json::Error;

    fn try_from(mut value: Value) -> Result<Self, serde_json::Error> {
        match value.as_object_mut().and_then(|members| members.remove(AFTER_APPLY)) {
            Some(access) => serde_json::from_value(access).map(Self::AfterApply),
            None => Ok(Self::Known(Box::new(value))),
        }
    }
}

impl KeyPolicy {
    /// The policy with the ids that are known by now.
    #[must_use]
    pub fn resolved(&self, known: &KnownIds) -> Self {
        match self {
            Self::Known(_) => self.clone(),
            Self::AfterApply(access) => match access.document(known) {
                Ok(document) => Self::Known(Box::new(document)),
                Err(_) => self.clone(),
            },
        }
    }

    /// The document, where it is known.
    #[must_use]
    pub fn document(&self) -> Option<&Value> {
        match self {
            Self::Known(document) => Some(document.as_ref()),
            Self::AfterApply(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_comes_back_from_a_plan_known_or_not() {
        let access = KeyAccess {
            account: "log-archive".to_owned(),
            regions: vec!["eu-west-1".to_owned()],
            admins: Vec::new(),
            encrypt_for: vec!["logs".to_owned()],
            decrypt_for: vec![Reader::Account("security".to_owned())],
        };
        for policy in
            [KeyPolicy::AfterApply(Box::new(access)), KeyPolicy::Known(Box::new(json!({"Statement": []})))]
        {
            let value = serde_json::to_value(&policy).unwrap();
            assert_eq!(serde_json::from_value::<KeyPolicy>(value).unwrap(), policy);
        }
    }
}
