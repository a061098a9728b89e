//! Declarative policies: reading one document, and merging those on the way from the root to an account
//! into the account's effective policy.
//!
//! [`check`] judges a single document as `CreatePolicy` does; [`effective`] merges. Both are pure. The
//! rules are AWS's, from
//! <https://docs.aws.amazon.com/organizations/latest/userguide/policy-operators.html> and
//! <https://docs.aws.amazon.com/organizations/latest/userguide/inheritance-examples.html>; where those
//! pages are silent the strictest reading is taken and said so at the line that takes it.

mod document;
mod operator;
mod state;

use document::Node;
use glidepath_model::PolicyType;
use serde_json::Value;
use state::State;

/// Why a document is not a declarative policy, or why documents do not merge.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// The type inherits by authorization, or AWS does not document how its policies merge.
    #[error("policies of type `{0}` have no documented merge")]
    NotImplemented(PolicyType),
    /// A document, or a part of it, that must be a JSON object is something else.
    #[error("`{0}` must be a JSON object")]
    NotAnObject(String),
    /// A value stands where an operator belongs.
    #[error("`{0}` holds a bare value; write it as `{{\"@@assign\": …}}`")]
    BareValue(String),
    /// The outermost key is not the one of the type.
    #[error("the outermost key is `{found}`; a policy of type `{ty}` starts with `{wanted}`")]
    OutermostKey {
        /// The policy type.
        ty: PolicyType,
        /// The key that was found.
        found: String,
        /// The key that belongs there.
        wanted: &'static str,
    },
    /// The document has no outermost key.
    #[error("the document is empty; a policy of type `{ty}` starts with `{wanted}`")]
    Empty {
        /// The policy type.
        ty: PolicyType,
        /// The key that belongs there.
        wanted: &'static str,
    },
    /// A key starts with `@@` and is no operator, or not one that the type knows.
    #[error("`{path}` uses `{operator}`, which is not an operator of this policy type")]
    Operator {
        /// Where.
        path: String,
        /// The operator.
        operator: String,
    },
    /// An operator's value has the wrong form.
    #[error("`{operator}` at `{path}` wants {wanted}")]
    Operand {
        /// Where.
        path: String,
        /// The operator.
        operator: &'static str,
        /// What it wants, in words.
        wanted: &'static str,
    },
    /// Operators that set a value stand beside further keys.
    #[error("`{0}` sets a value and has further keys; it can only do one of them")]
    ValueAndKeys(String),
    /// Two keys of one object differ only in upper and lower case.
    #[error("`{path}` names `{key}` twice; keys of declarative policies do not differ by case")]
    Twice {
        /// Where.
        path: String,
        /// The key, in lower case.
        key: String,
    },
    /// Values are appended to or removed from a setting that is not a list.
    #[error("`{0}` is not a list; values can be appended or removed only where an array was assigned")]
    NotAList(String),
}

/// The key every policy of a declarative type starts with; none for the authorization policies.
///
/// Sources: the syntax page of each type, such as
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ec2_syntax.html>.
#[must_use]
pub fn outermost_key(ty: PolicyType) -> Option<&'static str> {
    match ty {
        PolicyType::Scp | PolicyType::Rcp => None,
        PolicyType::Ec2 => Some("ec2_attributes"),
        PolicyType::Tag => Some("tags"),
        PolicyType::Backup => Some("plans"),
        PolicyType::AiOptOut => Some("services"),
        PolicyType::Chat => Some("chatbot"),
        PolicyType::SecurityHub => Some("securityhub"),
        PolicyType::Inspector => Some("inspector"),
        PolicyType::GuardDuty => Some("guardduty"),
        PolicyType::Bedrock => Some("bedrock"),
        PolicyType::S3 => Some("s3_attributes"),
        PolicyType::UpgradeRollout => Some("upgrade_rollout"),
        PolicyType::NetworkSecurityDirector => Some("network_security_director"),
    }
}

/// Whether [`effective`] can merge policies of this type.
#[must_use]
pub fn is_documented(ty: PolicyType) -> bool {
    matches!(ty, PolicyType::Tag | PolicyType::Backup | PolicyType::AiOptOut | PolicyType::Ec2)
}

/// Judges one document: the outermost key, operators and the form of their values.
///
/// What lies below the outermost key is not compared with the type's own vocabulary.
///
/// # Errors
/// [`MergeError`] names the first fault; for an SCP or RCP it is [`MergeError::NotImplemented`].
pub fn check(ty: PolicyType, document: &Value) -> Result<(), MergeError> {
    read(ty, document).map(|_| ())
}

/// The effective policy of an account: `levels` are the root, the units on the way down and the account,
/// each with its documents in the order in which they were attached.
///
/// Keys of the result are sorted; settings that ended up empty are left out, so that levels without
/// documents give `{}`.
///
/// # Errors
/// [`MergeError`]: a document is malformed, or values are appended to a setting that is no list.
pub fn effective(ty: PolicyType, levels: &[Vec<Value>]) -> Result<Value, MergeError> {
    if !is_documented(ty) {
        return Err(MergeError::NotImplemented(ty));
    }
    let mut state = State::default();
    for documents in levels {
        let nodes = documents.iter().map(|document| read(ty, document)).collect::<Result<Vec<Node>, _>>()?;
        state.merge(&nodes.iter().collect::<Vec<_>>(), "")?;
    }
    Ok(state.render(ty))
}

fn read(ty: PolicyType, document: &Value) -> Result<Node, MergeError> {
    let Some(wanted) = outermost_key(ty) else {
        return Err(MergeError::NotImplemented(ty));
    };
    let node = Node::read(ty, document)?;
    if let Some(stray) = node.keys().find(|key| *key != wanted) {
        let found = glidepath_model::text::printable(stray).into_owned();
        return Err(MergeError::OutermostKey { ty, found, wanted });
    }
    if node.keys().next().is_none() {
        return Err(MergeError::Empty { ty, wanted });
    }
    Ok(node)
}
