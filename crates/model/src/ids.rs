//! Identifiers as AWS writes them, one type a noun, so that none is taken for another.
//!
//! The shapes come from the AWS Organizations API model (`botocore`, service `organizations`).

use serde::{Deserialize, Serialize};
use std::fmt;

/// A text that is not the identifier it was taken for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {noun}: {shape} is wanted")]
pub struct IdError {
    /// What was expected, with its article: `an account id`.
    pub noun: &'static str,
    /// The text that was given, with control characters escaped.
    pub text: String,
    /// The shape of a right one, in words.
    pub shape: &'static str,
}

/// Whether `text` is `prefix` followed by `min..=max` characters that `allowed` accepts.
fn shaped(text: &str, prefix: &str, min: usize, max: usize, allowed: fn(u8) -> bool) -> bool {
    text.strip_prefix(prefix)
        .is_some_and(|rest| (min..=max).contains(&rest.len()) && rest.bytes().all(allowed))
}

fn lower_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

fn policy_character(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident, $noun:literal, $shape:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Reads the identifier; anything that has not its shape is an error.
            ///
            /// # Errors
            /// [`IdError`] names the shape that is wanted.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                let check: fn(&str) -> bool = $check;
                if check(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(IdError { noun: $noun, text: crate::text::printable(text).into_owned(), shape: $shape })
                }
            }

            /// The identifier as AWS writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::parse(text)
            }
        }
    };
}

identifier!(
    /// An AWS account: twelve digits.
    AccountId,
    "an account id",
    "twelve digits",
    |text| shaped(text, "", 12, 12, |byte| byte.is_ascii_digit())
);
identifier!(
    /// An organization: `o-` and 10 to 32 lower-case letters or digits.
    OrganizationId,
    "an organization id",
    "`o-` and 10 to 32 lower-case letters or digits",
    |text| shaped(text, "o-", 10, 32, lower_alphanumeric)
);
identifier!(
    /// An organization's root: `r-` and 4 to 32 lower-case letters or digits.
    RootId,
    "a root id",
    "`r-` and 4 to 32 lower-case letters or digits",
    |text| shaped(text, "r-", 4, 32, lower_alphanumeric)
);
identifier!(
    /// An organizational unit: `ou-`, the root's letters, a hyphen and 8 to 32 letters or digits.
    UnitId,
    "a unit id",
    "`ou-`, 4 to 32 lower-case letters or digits, `-`, 8 to 32 more",
    |text| text.strip_prefix("ou-").and_then(|rest| rest.split_once('-')).is_some_and(|(root, own)| {
        shaped(root, "", 4, 32, lower_alphanumeric) && shaped(own, "", 8, 32, lower_alphanumeric)
    })
);
identifier!(
    /// An organization policy: `p-` and 8 to 128 letters, digits or underscores.
    PolicyId,
    "a policy id",
    "`p-` and 8 to 128 letters, digits or underscores",
    |text| shaped(text, "p-", 8, 128, policy_character)
);
identifier!(
    /// A request to create an account: `car-` and 8 to 32 lower-case letters or digits.
    CreateRequestId,
    "a create-account request id",
    "`car-` and 8 to 32 lower-case letters or digits",
    |text| shaped(text, "car-", 8, 32, lower_alphanumeric)
);

/// Anything in the tree that a policy can be attached to, by its AWS id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum NodeId {
    /// The organization's root.
    Root(RootId),
    /// A unit.
    Unit(UnitId),
    /// An account, the management account included.
    Account(AccountId),
}

impl NodeId {
    /// Reads a root, unit or account id; which it is follows from its shape.
    ///
    /// # Errors
    /// [`IdError`] when it is none of the three.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        if text.starts_with("r-") {
            RootId::parse(text).map(Self::Root)
        } else if text.starts_with("ou-") {
            UnitId::parse(text).map(Self::Unit)
        } else {
            AccountId::parse(text).map(Self::Account).map_err(|error| IdError {
                noun: "a root, unit or account id",
                shape: "`r-…`, `ou-…` or twelve digits",
                ..error
            })
        }
    }

    /// The id as AWS writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Root(id) => id.as_str(),
            Self::Unit(id) => id.as_str(),
            Self::Account(id) => id.as_str(),
        }
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for NodeId {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        Self::parse(&text)
    }
}

impl From<NodeId> for String {
    fn from(id: NodeId) -> String {
        id.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_noun_accepts_its_own_shape_and_no_other() {
        let samples =
            ["444455556666", "o-a1b2c3d4e5", "r-ab12", "ou-ab12-11112222", "p-FullAWSAccess", "car-12345678"];
        let accepted: Vec<Vec<bool>> = samples
            .iter()
            .map(|text| {
                vec![
                    AccountId::parse(text).is_ok(),
                    OrganizationId::parse(text).is_ok(),
                    RootId::parse(text).is_ok(),
                    UnitId::parse(text).is_ok(),
                    PolicyId::parse(text).is_ok(),
                    CreateRequestId::parse(text).is_ok(),
                ]
            })
            .collect();
        for (row, flags) in accepted.iter().enumerate() {
            assert!(flags.iter().enumerate().all(|(column, ok)| *ok == (row == column)), "{}", samples[row]);
        }
    }

    #[test]
    fn an_error_shows_control_characters_escaped() {
        let error = AccountId::parse("12\u{1b}[31m").unwrap_err();
        assert!(!error.to_string().contains('\u{1b}'), "{error}");
    }
}
