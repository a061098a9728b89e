//! A guardrail's own cases: what must be denied, what must still be allowed, what a document must become.

use crate::argument::Argument;
use crate::fault::Place;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// A case.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// What it shows, as a sentence.
    pub says: String,
    /// Where it stands in the file.
    pub place: Place,
    /// Arguments other than the defaults.
    pub arguments: BTreeMap<String, Argument>,
    /// What is expected.
    pub expectation: Expectation,
}

/// What a case expects.
#[derive(Debug, Clone, PartialEq)]
pub enum Expectation {
    /// These requests are denied, each of them by this guardrail.
    Denied(RequestCase),
    /// These requests are allowed.
    Allowed(RequestCase),
    /// The effective policy of an account where these documents are attached below the guardrail's.
    Effective {
        /// Documents of lower levels, from the upper to the lower one.
        below: Vec<Json>,
        /// What the account then has.
        effective: Json,
    },
    /// The guardrail's document itself.
    Document(Json),
    /// The inputs of all its Config rules or controls: AWS's name to value, by identifier.
    Inputs(BTreeMap<String, BTreeMap<String, Json>>),
    /// A template that its Guard rules let pass.
    Passes(Json),
    /// A template that its Guard rules stop.
    Fails(Json),
}

impl Expectation {
    /// Whether the case is about something the guardrail takes away rather than leaves.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Denied(_) => "denied",
            Self::Allowed(_) => "allowed",
            Self::Effective { .. } => "effective",
            Self::Document(_) => "document",
            Self::Inputs(_) => "inputs",
            Self::Passes(_) => "passes",
            Self::Fails(_) => "fails",
        }
    }
}

/// Requests that a case asks: every action on every resource.
///
/// In principal, resources and context, `{partition}` and `{account}` stand for the partition and the
/// account in which the case is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestCase {
    /// Who asks: a member of the cast or an ARN.
    pub principal: String,
    /// For what.
    pub actions: Vec<String>,
    /// On what.
    pub resources: Vec<String>,
    /// The account that owns the resources, if it is not `{account}`.
    pub resource_account: Option<String>,
    /// Context keys; none means that the key is absent, whatever the cast says.
    pub context: BTreeMap<String, Option<Vec<String>>>,
}
