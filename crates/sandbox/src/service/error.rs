//! An answer that is an error: a code of the operation's shape data or one that every operation can give.

use serde_json::{Map, Value};
use std::fmt;

/// An error a service answers with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceError {
    /// AWS's code: the error shape's name, `DuplicatePolicyException`.
    pub code: &'static str,
    /// The message, in AWS's manner.
    pub message: String,
    /// Further members of the error shape, `Reason` for one.
    pub members: Map<String, Value>,
}

impl ServiceError {
    /// An error of a code.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), members: Map::new() }
    }

    /// With a `Reason`, which must be one of the error shape's.
    #[must_use]
    pub fn reason(mut self, reason: &'static str) -> Self {
        self.members.insert("Reason".to_owned(), Value::from(reason));
        self
    }

    /// The `Reason`, if it has one.
    #[must_use]
    pub fn reason_text(&self) -> Option<&str> {
        self.members.get("Reason").and_then(Value::as_str)
    }

    /// A mistake of the sandbox itself, answered with status 500.
    #[must_use]
    pub fn internal(error: &dyn fmt::Display) -> Self {
        Self::new("InternalFailure", format!("the sandbox made a mistake: {error}"))
    }
}
