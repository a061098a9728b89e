//! The one selector language of every `on:` and `except:`.

use crate::escape::{escape, split_once, unescape};
use crate::unit_path::{UnitPath, UnitPathError};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Which part of the tree something is meant for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Selector {
    /// A unit and everything below it; the root (`/`) with its whole subtree of member accounts.
    Unit(UnitPath),
    /// One account by its name in the manifest. The only way to reach the management account.
    Account(String),
    /// Every account whose tags in the manifest hold this key and value.
    Tag {
        /// The tag key.
        key: String,
        /// The tag value.
        value: String,
    },
}

/// A text that is no selector.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SelectorError {
    /// `tag:` without a `key=value` behind it.
    #[error("`{0}` is not a tag selector: `tag:key=value` is wanted")]
    Tag(String),
    /// `account/` without a name behind it.
    #[error("`account/` names no account: `account/NAME` is wanted")]
    Account,
    /// Neither of the two and no unit path either.
    #[error(transparent)]
    Unit(#[from] UnitPathError),
}

impl Selector {
    /// Reads a unit path, `account/NAME`, `tag:key=value` or `/`.
    ///
    /// # Errors
    /// [`SelectorError`] says which of the forms was meant and what is missing.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        if let Some(rest) = text.strip_prefix("tag:") {
            return match split_once(rest, '=') {
                Some((key, value)) if !key.is_empty() => {
                    Ok(Self::Tag { key: unescape(key), value: unescape(value) })
                }
                _ => Err(SelectorError::Tag(crate::text::printable(text).into_owned())),
            };
        }
        if let Some(name) = text.strip_prefix("account/") {
            return if name.is_empty() {
                Err(SelectorError::Account)
            } else {
                Ok(Self::Account(unescape(name)))
            };
        }
        Ok(Self::Unit(UnitPath::parse(text)?))
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unit(path) => path.fmt(f),
            Self::Account(name) => write!(f, "account/{}", escape(name)),
            Self::Tag { key, value } => {
                write!(f, "tag:{}={}", escape(key).replace('=', "\\="), escape(value))
            }
        }
    }
}

impl TryFrom<String> for Selector {
    type Error = SelectorError;
    fn try_from(text: String) -> Result<Self, SelectorError> {
        Self::parse(&text)
    }
}

impl From<Selector> for String {
    fn from(selector: Selector) -> String {
        selector.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_selector() -> impl Strategy<Value = Selector> {
        let name = "[ -~é東]{1,12}";
        prop_oneof![
            proptest::collection::vec(name, 0..4)
                .prop_map(|names| Selector::Unit(UnitPath::from_names(names))),
            name.prop_map(Selector::Account),
            (name, "[ -~]{0,12}").prop_map(|(key, value)| Selector::Tag { key, value }),
            Just(Selector::Unit(UnitPath::from_names(vec!["account".into(), "x".into()]))),
        ]
    }

    proptest! {
        #[test]
        fn any_selector_comes_back_from_its_text(selector in any_selector()) {
            prop_assert_eq!(Selector::parse(&selector.to_string()).unwrap(), selector);
        }
    }

    #[test]
    fn a_selector_that_names_nothing_is_refused() {
        assert_eq!(Selector::parse("account/"), Err(SelectorError::Account));
        assert!(matches!(Selector::parse("tag:team"), Err(SelectorError::Tag(_))));
    }
}
