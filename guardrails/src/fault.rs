//! What is wrong with a file of a catalogue, and where.

use glidepath_model::text::printable;
use std::fmt;

/// A place in a file, as people count: from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A complaint about a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{place}: {message}")]
pub struct Fault {
    /// The file, as it was named to the reader.
    pub file: String,
    /// Where in it.
    pub place: Place,
    /// What is wrong, and what is wanted.
    pub message: String,
}

impl Fault {
    /// A complaint; whatever a terminal would act on is taken out of it.
    #[must_use]
    pub fn new(file: &str, place: Place, message: impl AsRef<str>) -> Self {
        Self { file: printable(file).into_owned(), place, message: printable(message.as_ref()).into_owned() }
    }
}

/// The one of these names that is nearest to a mistyped one, if any is near.
#[must_use]
pub fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let scored = known.into_iter().map(|other| (strsim::jaro_winkler(name, other), other));
    let best = scored.max_by(|one, other| one.0.total_cmp(&other.0));
    best.filter(|(score, _)| *score > 0.8).map(|(_, other)| other)
}
