//! A policy document as it was written: every element, list or not, in its own type.
//!
//! One value and a list of one are the same here, as they are to AWS. Source of the grammar:
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>.

mod elements;
mod operator;
mod places;
mod print;
mod read;

pub use operator::{Comparison, Operator, Quantifier};
pub use places::{ConditionPlaces, Places, StatementPlaces};
pub use print::{minified, pretty};
pub use read::{Complaint, Place, parse, parse_located};

/// A policy document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The language version; none if the document does not say, which means the older one.
    pub version: Option<Version>,
    /// The document's own id.
    pub id: Option<String>,
    /// Its statements.
    pub statements: Vec<Statement>,
}

impl Document {
    /// Whether `${…}` means a variable here rather than those very characters.
    #[must_use]
    pub fn has_variables(&self) -> bool {
        self.version == Some(Version::V2012)
    }
}

/// A version of the policy language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// `2008-10-17`: without variables.
    V2008,
    /// `2012-10-17`.
    V2012,
}

impl Version {
    /// The version as it is written.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::V2008 => "2008-10-17",
            Self::V2012 => "2012-10-17",
        }
    }
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its own name.
    pub sid: Option<String>,
    /// What it does where it matches.
    pub effect: Effect,
    /// Whom it is about; none where the kind of policy has no such element.
    pub principals: Option<Scope<Principal>>,
    /// What it is about: action patterns.
    pub actions: Scope<String>,
    /// On what: resource patterns; none where the kind of policy has no such element.
    pub resources: Option<Scope<String>>,
    /// Under which conditions; all must hold.
    pub conditions: Vec<Condition>,
}

/// What a statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// It allows.
    Allow,
    /// It denies, whatever else allows.
    Deny,
}

/// A list of patterns, or everything but a list of patterns (`NotAction` and the like).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope<T> {
    /// What one of these matches.
    Only(Vec<T>),
    /// What none of these matches.
    AllBut(Vec<T>),
}

impl<T> Scope<T> {
    /// The patterns, whichever way they count.
    #[must_use]
    pub fn patterns(&self) -> &[T] {
        match self {
            Self::Only(patterns) | Self::AllBut(patterns) => patterns,
        }
    }

    /// Whether the patterns are excluded rather than included.
    #[must_use]
    pub fn is_negated(&self) -> bool {
        matches!(self, Self::AllBut(_))
    }
}

/// A principal of a resource-based policy or RCP.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Principal {
    /// `"*"`: everyone.
    Anyone,
    /// `{"AWS": …}`: an account id, an ARN or `*`.
    Aws(String),
    /// `{"Service": …}`: a service principal.
    Service(String),
    /// `{"Federated": …}`: an identity provider.
    Federated(String),
    /// `{"CanonicalUser": …}`: an S3 canonical user id.
    CanonicalUser(String),
}

/// One key under one operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// How it is compared.
    pub operator: Operator,
    /// The context key, as written; keys compare without regard to case.
    pub key: String,
    /// The values; one that matches is enough.
    pub values: Vec<String>,
}
