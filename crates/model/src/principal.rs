//! Who signs in by IAM Identity Center: a group or a user, by the name that people know it by.

use crate::escape::{escape, split_once, unescape};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A group or a user of the identity store, by name: as text `group:platform` or `user:anna`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Principal {
    /// A group, by its display name.
    Group(String),
    /// A user, by the user name.
    User(String),
}

/// A text that names neither a group nor a user.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is neither a group nor a user: `group:NAME` or `user:NAME` is wanted")]
pub struct PrincipalError {
    /// The text that was given, with control characters escaped.
    pub text: String,
}

impl Principal {
    /// Reads `group:NAME` or `user:NAME`.
    ///
    /// # Errors
    /// [`PrincipalError`] when it is neither, or the name is empty.
    pub fn parse(text: &str) -> Result<Self, PrincipalError> {
        match split_once(text, ':') {
            Some(("group", name)) if !name.is_empty() => Ok(Self::Group(unescape(name))),
            Some(("user", name)) if !name.is_empty() => Ok(Self::User(unescape(name))),
            Some(_) | None => Err(PrincipalError { text: crate::text::printable(text).into_owned() }),
        }
    }

    /// The name alone.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Group(name) | Self::User(name) => name,
        }
    }

    /// What it is: `group` or `user`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Group(_) => "group",
            Self::User(_) => "user",
        }
    }
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.word(), escape(self.name()))
    }
}

impl TryFrom<String> for Principal {
    type Error = PrincipalError;
    fn try_from(text: String) -> Result<Self, PrincipalError> {
        Self::parse(&text)
    }
}

impl From<Principal> for String {
    fn from(principal: Principal) -> String {
        principal.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_principal_comes_back_from_its_text(name in "[ -~é東]{1,16}", group in any::<bool>()) {
            let principal = if group { Principal::Group(name) } else { Principal::User(name) };
            prop_assert_eq!(Principal::parse(&principal.to_string()).unwrap(), principal);
        }
    }

    #[test]
    fn half_a_principal_is_refused() {
        for text in ["", "group", "group:", "role:admin", "user:"] {
            assert!(Principal::parse(text).is_err(), "{text}");
        }
    }
}
