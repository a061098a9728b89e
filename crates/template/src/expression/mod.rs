//! Values with functions in them, parsed once.
//!
//! What holds no function stays plain JSON, so that resolving it is copying it. References are walked here and
//! nowhere else: order, checks and the limits on where a function may stand all see the same ones.

mod condition;
mod expand;
mod function;
mod parse;
mod sub;

pub(crate) use condition::Condition;
pub(crate) use expand::expand;
pub(crate) use function::{Function, Referred};
pub(crate) use parse::{
    LANGUAGE_EXTENSIONS, Language, Parsing, function_key, not_here, parse, parse_condition,
};
pub(crate) use sub::{Piece, Variable};

use crate::fault::Path;
use serde_json::Value;

/// A value that a template writes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expression {
    /// Nothing in it has to be resolved.
    Literal(Value),
    /// A list with a function somewhere in it.
    List(Vec<Expression>),
    /// A map with a function somewhere in it, keys in the order written.
    Map(Vec<(String, Expression)>),
    /// A function.
    Function(Box<Function>),
}

impl Expression {
    /// The text that it is, if it is one without functions.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Literal(value) => value.as_str(),
            Self::List(_) | Self::Map(_) | Self::Function(_) => None,
        }
    }

    /// Shows every reference in it, with the way to it.
    pub(crate) fn visit<'e>(&'e self, path: &Path<'_>, see: &mut dyn FnMut(&Path<'_>, Referred<'e>)) {
        match self {
            Self::Literal(_) => {}
            Self::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    item.visit(&path.item(at), see);
                }
            }
            Self::Map(members) => {
                for (key, member) in members {
                    member.visit(&path.key(key), see);
                }
            }
            Self::Function(function) => function.visit(path, see),
        }
    }
}
