//! Conditions: what a template compares to decide which parts of it are wanted.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html>.

use super::{Expression, Referred};
use crate::fault::Path;

/// A test.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Condition {
    /// Two texts are the same.
    Equals(Box<(Expression, Expression)>),
    /// All hold.
    And(Vec<Condition>),
    /// One holds.
    Or(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// Another condition of the template.
    Named(String),
}

impl Condition {
    /// Its key in the long form.
    pub(crate) fn key(&self) -> &'static str {
        match self {
            Self::Equals(_) => "Fn::Equals",
            Self::And(_) => "Fn::And",
            Self::Or(_) => "Fn::Or",
            Self::Not(_) => "Fn::Not",
            Self::Named(_) => "Condition",
        }
    }

    /// Shows every reference in it, with the way to it.
    pub(crate) fn visit<'e>(&'e self, path: &Path<'_>, see: &mut dyn FnMut(&Path<'_>, Referred<'e>)) {
        let path = &path.key(self.key());
        match self {
            Self::Equals(sides) => {
                sides.0.visit(&path.item(0), see);
                sides.1.visit(&path.item(1), see);
            }
            Self::And(all) | Self::Or(all) => {
                for (at, condition) in all.iter().enumerate() {
                    condition.visit(&path.item(at), see);
                }
            }
            Self::Not(inner) => inner.visit(&path.item(0), see),
            Self::Named(name) => see(path, Referred::Condition(name)),
        }
    }
}
