//! Where a unit stands in the tree: the names from the top down. The empty path is the root.

use crate::escape::{escape, split, unescape};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The path of a unit, `Workloads/Prod`; the root is the empty path, written `/`.
///
/// A `/` inside a name is escaped by a backslash, and so is the first letter of a top unit named
/// `account` that has a unit below it, since `account/…` names an account wherever targets are written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UnitPath(Vec<String>);

/// A text that is no unit path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a unit path: names separated by single slashes are wanted, as in `Workloads/Prod`")]
pub struct UnitPathError(pub String);

impl UnitPath {
    /// The root's path.
    #[must_use]
    pub fn root() -> Self {
        Self(Vec::new())
    }

    /// Reads `Workloads/Prod`, or `/` for the root.
    ///
    /// # Errors
    /// [`UnitPathError`] when a name is empty.
    pub fn parse(text: &str) -> Result<Self, UnitPathError> {
        if text == "/" {
            return Ok(Self::root());
        }
        let names: Vec<String> = split(text, '/').into_iter().map(unescape).collect();
        if names.iter().any(String::is_empty) {
            return Err(UnitPathError(crate::text::printable(text).into_owned()));
        }
        Ok(Self(names))
    }

    /// A path from its names, from the top down.
    #[must_use]
    pub fn from_names(names: Vec<String>) -> Self {
        Self(names)
    }

    /// The names from the top down; none for the root.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// Whether this is the root.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The unit's own name; none for the root.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.0.last().map(String::as_str)
    }

    /// The path one level up; none for the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.0.split_last().map(|(_, above)| Self(above.to_vec()))
    }

    /// The path of the child of that name.
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        let mut names = self.0.clone();
        names.push(name.to_owned());
        Self(names)
    }

    /// How many levels below the root: 0 for the root itself.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.0.len()
    }

    /// Whether this is `above` or lies anywhere below it.
    #[must_use]
    pub fn is_within(&self, above: &Self) -> bool {
        self.0.starts_with(&above.0)
    }

    /// Every path from the root down to this one, both included.
    pub fn ancestry(&self) -> impl Iterator<Item = Self> + '_ {
        (0..=self.0.len()).filter_map(|depth| self.0.get(..depth).map(|names| Self(names.to_vec())))
    }
}

impl fmt::Display for UnitPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("/");
        }
        if self.0.len() > 1 && self.0.first().is_some_and(|name| name == "account") {
            f.write_str("\\")?;
        }
        for (at, name) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("/")?;
            }
            f.write_str(&escape(name))?;
        }
        Ok(())
    }
}

impl TryFrom<String> for UnitPath {
    type Error = UnitPathError;
    fn try_from(text: String) -> Result<Self, UnitPathError> {
        Self::parse(&text)
    }
}

impl From<UnitPath> for String {
    fn from(path: UnitPath) -> String {
        path.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_a_slash_and_lies_above_everything() {
        let prod = UnitPath::parse("Workloads/Prod").unwrap();
        assert_eq!(UnitPath::root().to_string(), "/");
        assert!(prod.is_within(&UnitPath::root()));
        assert!(!prod.is_within(&UnitPath::parse("Work").unwrap()));
        let above: Vec<String> = prod.ancestry().map(|path| path.to_string()).collect();
        assert_eq!(above, ["/", "Workloads", "Workloads/Prod"]);
    }

    #[test]
    fn an_empty_name_is_refused() {
        assert!(UnitPath::parse("a//b").is_err());
        assert!(UnitPath::parse("").is_err());
    }
}
