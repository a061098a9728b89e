//! What is wrong with a template, and where.

use std::fmt;

/// One thing that is wrong.
///
/// Both parts may hold what a person wrote: a view shows them through `glidepath_model::text::printable`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{}{message}", if path.is_empty() { String::new() } else { format!("{path}: ") })]
pub struct Fault {
    /// Where: keys and places of lists with slashes between, `Resources/Trail/Properties/IsLogging`; empty for the
    /// whole template.
    pub path: String,
    /// What, in the words of CloudFormation where it has some.
    pub message: String,
}

impl Fault {
    pub(crate) fn new(path: impl fmt::Display, message: impl Into<String>) -> Self {
        Self { path: path.to_string(), message: message.into() }
    }
}

/// The way to a value, made into text only when something is wrong with it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Path<'p> {
    /// The whole template.
    Root,
    /// A member of a map.
    Key(&'p Path<'p>, &'p str),
    /// An item of a list, counted from 0.
    Item(&'p Path<'p>, usize),
}

impl<'p> Path<'p> {
    pub(crate) fn key(&'p self, key: &'p str) -> Self {
        Self::Key(self, key)
    }

    pub(crate) fn item(&'p self, at: usize) -> Self {
        Self::Item(self, at)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parent = match self {
            Self::Root => return Ok(()),
            Self::Key(parent, _) | Self::Item(parent, _) => parent,
        };
        parent.fmt(f)?;
        if !matches!(parent, Self::Root) {
            f.write_str("/")?;
        }
        match self {
            Self::Root => Ok(()),
            Self::Key(_, key) => f.write_str(key),
            Self::Item(_, at) => write!(f, "{at}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_keys_and_places_with_slashes_between() {
        let resources = Path::Root.key("Resources");
        let trail = resources.key("Trail");
        assert_eq!(trail.item(2).to_string(), "Resources/Trail/2");
        assert_eq!(Fault::new(Path::Root, "no").to_string(), "no");
        assert_eq!(Fault::new(trail, "no").to_string(), "Resources/Trail: no");
    }
}
