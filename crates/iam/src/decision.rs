//! The answer to a request: what was decided, and by which statement of which policy at which level.

use crate::document::Effect;
use std::collections::BTreeSet;
use std::fmt;

/// A layer of policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// Service control policies of the principal's account.
    Scp,
    /// Resource control policies of the resource's account.
    Rcp,
    /// The policy on the resource itself.
    Resource,
    /// Policies of the principal.
    Identity,
    /// The principal's permissions boundary.
    Boundary,
    /// Policies given when the session was made.
    Session,
}

impl Layer {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Scp => "scp",
            Self::Rcp => "rcp",
            Self::Resource => "resource",
            Self::Identity => "identity",
            Self::Boundary => "boundary",
            Self::Session => "session",
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It may be done.
    Allowed,
    /// A statement denies it.
    ExplicitlyDenied,
    /// No statement of some layer allows it.
    ImplicitlyDenied,
    /// It depends on keys that nobody knows.
    Maybe,
}

impl Outcome {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Allowed => "Allowed",
            Self::ExplicitlyDenied => "ExplicitlyDenied",
            Self::ImplicitlyDenied => "ImplicitlyDenied",
            Self::Maybe => "Maybe",
        }
    }
}

/// The answer to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What was decided.
    pub outcome: Outcome,
    /// The layers that deny, in the way the outcome says.
    pub denied_by: Vec<Layer>,
    /// What decided: the denying statement, the level without an Allow, or the statement that allows.
    pub by: Option<Source>,
    /// For `Maybe`: the keys that decide, in lower case.
    pub undecided_keys: BTreeSet<String>,
    /// What every level of every layer said, from the root down.
    pub verdicts: Vec<Verdict>,
}

/// Where a decision was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The layer.
    pub layer: Layer,
    /// The level, for layers that have several.
    pub level: Option<String>,
    /// The policy; none where the absence of any Allow decided.
    pub policy: Option<String>,
    /// The statement's name, if it has one.
    pub sid: Option<String>,
    /// The statement's place in its policy, from 0.
    pub statement: Option<usize>,
}

/// What one level of one layer said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What was said.
    pub outcome: Outcome,
    /// Where, and which statement said it.
    pub source: Source,
    /// The effect of that statement, if one said it.
    pub effect: Option<Effect>,
}
