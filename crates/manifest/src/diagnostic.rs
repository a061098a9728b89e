//! What is wrong with a manifest, where, and what to do: data for the renderers in [`crate::render`].
//!
//! Every text that enters a diagnostic is made printable here, so that no renderer can let a control
//! sequence of a user's file through to a terminal.

use crate::code::{self, Code};
use crate::span::Span;
use glidepath_model::text::printable;
use serde::Serialize;

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The manifest cannot be used.
    Error,
    /// The manifest can be used, but probably does not say what is meant.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// One complaint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its stable code, `GP0107`; [`crate::explain`] tells more.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub summary: String,
    /// The places it is about; the first is where the complaint stands.
    pub labels: Vec<Label>,
    /// What to do next, in one line.
    pub help: Option<String>,
    /// A change that would mend it.
    pub patch: Option<Patch>,
}

/// A place and what is to be said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// A few words beside it; may be empty.
    pub text: String,
}

/// A replacement for a stretch of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// What to replace.
    pub span: Span,
    /// What to put there, as YAML.
    pub replacement: String,
}

impl Diagnostic {
    /// A complaint without a place yet.
    #[must_use]
    pub fn new(code: Code, summary: impl AsRef<str>) -> Self {
        Self {
            code: code.id,
            severity: code.severity,
            summary: printable(summary.as_ref()).into_owned(),
            labels: Vec::new(),
            help: None,
            patch: None,
        }
    }

    /// Adds a place; the first one added is where the complaint stands.
    #[must_use]
    pub fn at(mut self, span: Span, text: impl AsRef<str>) -> Self {
        self.labels.push(Label { span, text: printable(text.as_ref()).into_owned() });
        self
    }

    /// Says what to do next.
    #[must_use]
    pub fn help(mut self, text: impl AsRef<str>) -> Self {
        self.help = Some(printable(text.as_ref()).into_owned());
        self
    }

    /// Offers a replacement.
    #[must_use]
    pub fn patch(mut self, span: Span, replacement: impl AsRef<str>) -> Self {
        self.patch = Some(Patch { span, replacement: printable(replacement.as_ref()).into_owned() });
        self
    }

    /// Offers the nearest of the names, if one is near.
    #[must_use]
    pub fn nearest(self, span: Span, found: Option<String>) -> Self {
        match found {
            Some(name) => self.help(format!("did you mean `{name}`?")).patch(span, yaml_text(&name)),
            None => self,
        }
    }

    /// The complaint as the reason to stop.
    pub(crate) fn refuse<T>(self) -> Result<T, Refusal> {
        Err(Box::new(self))
    }

    /// The order in which complaints are shown: by place, then by code and text.
    #[must_use]
    pub fn order(&self) -> (Option<Span>, &'static str, &str) {
        (self.labels.first().map(|label| label.span), self.code, &self.summary)
    }
}

/// A complaint that ends the reading of a file; boxed, since results that hold it are passed a lot.
pub(crate) type Refusal = Box<Diagnostic>;

/// A text as YAML: plain where that is safe, else in quotes.
fn yaml_text(text: &str) -> String {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"_./@+-".contains(&byte);
    if text.starts_with(|first: char| first.is_ascii_alphabetic()) && text.bytes().all(safe) {
        return text.to_owned();
    }
    serde_json::Value::String(text.to_owned()).to_string()
}

/// Complaints as they are gathered, with a bound on the work spent on finding similar names.
#[derive(Debug)]
pub(crate) struct Report {
    diagnostics: Vec<Diagnostic>,
    /// Complaints that were dropped, since [`KEPT`] were there.
    dropped: usize,
    has_errors: bool,
    comparisons_left: usize,
}

/// Complaints that are kept for sorting; a file of millions of mistakes must not fill the memory.
const KEPT: usize = 20_000;

/// Names compared in one run at most: a manifest of thousands of misspelt names must not take minutes.
const COMPARISONS: usize = 200_000;

impl Report {
    pub(crate) fn new() -> Self {
        Self { diagnostics: Vec::new(), dropped: 0, has_errors: false, comparisons_left: COMPARISONS }
    }

    /// Takes a complaint.
    pub(crate) fn add(&mut self, diagnostic: Diagnostic) {
        self.has_errors |= diagnostic.severity == Severity::Error;
        if self.diagnostics.len() < KEPT {
            self.diagnostics.push(diagnostic);
        } else {
            self.dropped += 1;
        }
    }

    /// The candidate most like `name`, if any is like it.
    pub(crate) fn nearest<T: AsRef<str>>(
        &mut self,
        name: &str,
        candidates: impl Iterator<Item = T>,
    ) -> Option<String> {
        let wanted: String = name.chars().take(128).collect::<String>().to_lowercase();
        let longest = (wanted.chars().count() / 3).max(1);
        let mut best: Option<(usize, String)> = None;
        for candidate in candidates {
            if self.comparisons_left == 0 {
                return None;
            }
            self.comparisons_left -= 1;
            let text = candidate.as_ref();
            if text.len().abs_diff(wanted.len()) > longest * 4 {
                continue;
            }
            let distance = strsim::damerau_levenshtein(&wanted, &text.to_lowercase());
            if distance <= longest && best.as_ref().is_none_or(|(least, _)| distance < *least) {
                best = Some((distance, text.to_owned()));
            }
        }
        best.map(|(_, text)| text)
    }

    /// The first `most` complaints in the order in which they are shown, and the count of the others:
    /// a file of a million mistakes must not make a million frames.
    pub(crate) fn finish(self, most: usize) -> Vec<Diagnostic> {
        let dropped = self.dropped;
        let mut all = self.sorted();
        let others = all.len().saturating_sub(most) + dropped;
        if others == 0 {
            return all;
        }
        all.truncate(most);
        let summary = format!("{others} more complaints are not shown");
        all.push(Diagnostic::new(code::MORE, summary).help("mend the first ones and look again"));
        all
    }

    /// Whether there is an error among the complaints.
    pub(crate) fn has_errors(&self) -> bool {
        self.has_errors
    }

    fn sorted(mut self) -> Vec<Diagnostic> {
        self.diagnostics.sort_by(|one, two| one.order().cmp(&two.order()));
        self.diagnostics.dedup();
        self.diagnostics
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_far_from_all_is_near_to_none() {
        let mut report = Report::new();
        let names = ["Workloads", "Sandbox"];
        assert_eq!(report.nearest("workload", names.iter()), Some("Workloads".to_owned()));
        assert_eq!(report.nearest("Finance", names.iter()), None);
    }
}
