//! The linter: what AWS would refuse in a policy document, and what probably does not do what is meant.
//!
//! A text goes in, findings with their places come out, in the order of the text. It never changes a
//! document, and says nothing where it cannot tell: statements are compared by the symbols of
//! [`crate::difference`], and what those leave open is left alone here.

mod absence;
mod action;
mod code;
mod condition_value;
mod form;
mod key;
mod logic;
mod size;

pub use code::{Code, Severity, page};

use crate::difference::DocumentLevel;
use crate::document::{self, Complaint, Document, Effect, Place, Places, Statement, StatementPlaces};
use glidepath_model::text::printable;

/// How many findings of one document are kept, and how many of them come with a nearest name: a huge
/// document must not cost a huge answer.
const MOST_FINDINGS: usize = 500;
const MOST_SUGGESTIONS: usize = 100;

/// What a document is used as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A service control policy.
    Scp,
    /// A resource control policy.
    Rcp,
    /// A policy of a user, group or role, a permissions boundary, a permission set.
    Identity,
    /// A policy on a resource, or a role's trust policy.
    Resource,
}

impl Kind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[Self::Scp, Self::Rcp, Self::Identity, Self::Resource];

    /// The word for it: `scp`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Scp => "scp",
            Self::Rcp => "rcp",
            Self::Identity => "identity",
            Self::Resource => "resource",
        }
    }

    /// The kind as it stands in messages.
    fn name(self) -> &'static str {
        match self {
            Self::Scp => "an SCP",
            Self::Rcp => "an RCP",
            Self::Identity => "an identity policy",
            Self::Resource => "a resource policy",
        }
    }
}

/// Something found in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub code: Code,
    /// Where it stands.
    pub place: Place,
    /// The statement it is about, from 0; none if it is about the whole document.
    pub statement: Option<usize>,
    /// What is wrong and why it matters, in one line.
    pub message: String,
    /// What to do next, in one line.
    pub help: String,
}

impl Finding {
    /// How much it matters.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// Everything that is found in a document, in the order of its text; the first 500 findings.
///
/// # Errors
/// The complaints of [`document::parse`], where the text is no policy document.
pub fn lint(text: &str, kind: Kind) -> Result<Vec<Finding>, Vec<Complaint>> {
    let (document, places) = document::parse_located(text)?;
    let mut linter =
        Linter { text, document: &document, places: &places, kind, findings: Vec::new(), suggestions: 0 };
    size::check(&mut linter);
    form::check(&mut linter);
    for (at, statement) in document.statements.iter().enumerate() {
        let Some(places) = places.statements.get(at) else { continue };
        let part = Part { at, statement, places };
        if linter.is_full() {
            break;
        }
        action::check(&mut linter, part);
        key::check(&mut linter, part);
        absence::check(&mut linter, part);
        condition_value::check(&mut linter, part);
    }
    logic::check(&mut linter);
    let mut findings = linter.findings;
    findings.sort_by(|one, other| {
        (one.place, one.code, &one.message).cmp(&(other.place, other.code, &other.message))
    });
    findings.dedup();
    Ok(findings)
}

/// What is found in the SCPs that are attached to one level, taken together.
#[must_use]
pub fn lint_level(level: &DocumentLevel) -> Option<Finding> {
    let mut statements = level.documents.iter().flat_map(|(_, document)| &document.statements);
    if statements.any(|statement| statement.effect == Effect::Allow) {
        return None;
    }
    let name = printable(&level.name);
    Some(Finding {
        code: Code::MissingAllow,
        place: Place::at("", 0),
        statement: None,
        message: format!("no SCP on `{name}` allows anything: all accounts below are denied everything"),
        help: "attach `FullAWSAccess` to it, or an SCP with an Allow".to_owned(),
    })
}

/// A statement with its number and its places.
#[derive(Clone, Copy)]
struct Part<'d> {
    at: usize,
    statement: &'d Statement,
    places: &'d StatementPlaces,
}

impl Part<'_> {
    /// Where an element stands, or the statement where it has no such element.
    fn element(&self, names: &[&str]) -> usize {
        let found = names.iter().find_map(|name| self.places.elements.get(*name));
        found.copied().unwrap_or(self.places.start)
    }
}

/// A document and what has been found in it.
struct Linter<'d> {
    text: &'d str,
    document: &'d Document,
    places: &'d Places,
    kind: Kind,
    findings: Vec<Finding>,
    /// How many nearest names were looked for.
    suggestions: usize,
}

impl<'d> Linter<'d> {
    fn find(
        &mut self,
        code: Code,
        (statement, offset): (Option<usize>, usize),
        message: impl AsRef<str>,
        help: impl AsRef<str>,
    ) {
        if !self.is_full() {
            self.findings.push(Finding {
                code,
                place: Place::at(self.text, offset),
                statement,
                message: printable(message.as_ref()).into_owned(),
                help: printable(help.as_ref()).into_owned(),
            });
        }
    }

    /// Whether enough has been found to stop looking.
    fn is_full(&self) -> bool {
        self.findings.len() >= MOST_FINDINGS
    }

    /// Looks for the name that may have been meant, while there is patience left.
    fn nearest<'n>(&mut self, name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
        self.suggestions += 1;
        if self.suggestions > MOST_SUGGESTIONS {
            return None;
        }
        crate::actions::nearest(name, known)
    }

    /// The statements with their places.
    fn parts(&self) -> Vec<Part<'d>> {
        let (document, places) = (self.document, self.places);
        let all = document.statements.iter().zip(&places.statements).enumerate();
        all.map(|(at, (statement, places))| Part { at, statement, places }).collect()
    }
}
