//! What the linter found, a line each with what to do about it below: `file:line:column: warning[…]: …`.

use crate::view::style::{BAD, DIM, TALK, WARN, count, paint, shown};
use glidepath_iam::document::{Complaint, Place};
use glidepath_iam::lint::{Code, Finding, Severity};

/// A file with what was found in it.
pub(crate) struct Linted {
    /// As it was named.
    pub(crate) file: String,
    /// Findings, or why it is no policy document.
    pub(crate) outcome: Result<Vec<Finding>, Vec<Complaint>>,
}

/// The name that complaints about the form of a document have among the findings.
pub(crate) const NOT_A_POLICY: &str = "not-a-policy";

/// A finding or complaint, as every form shows it.
pub(crate) struct Row<'l> {
    pub(crate) place: Place,
    pub(crate) severity: Severity,
    pub(crate) code: &'static str,
    pub(crate) statement: Option<usize>,
    pub(crate) message: &'l str,
    pub(crate) help: Option<&'l str>,
}

impl Linted {
    /// Everything there is to say about the file, in the order of its text.
    pub(crate) fn rows(&self) -> Vec<Row<'_>> {
        match &self.outcome {
            Ok(findings) => findings.iter().map(finding).collect(),
            Err(complaints) => complaints.iter().map(complaint).collect(),
        }
    }

    /// The severity of the gravest thing found; none if nothing was.
    pub(crate) fn gravest(&self) -> Option<Severity> {
        self.rows().iter().map(|row| row.severity).min()
    }
}

fn finding(found: &Finding) -> Row<'_> {
    Row {
        place: found.place,
        severity: found.severity(),
        code: Code::name(found.code),
        statement: found.statement,
        message: &found.message,
        help: Some(&found.help),
    }
}

fn complaint(complaint: &Complaint) -> Row<'_> {
    Row {
        place: complaint.place,
        severity: Severity::Error,
        code: NOT_A_POLICY,
        statement: None,
        message: &complaint.message,
        help: None,
    }
}

/// Every finding of every file.
pub(crate) fn page(all: &[Linted]) -> String {
    let mut text = String::new();
    for linted in all {
        for row in linted.rows() {
            let style = match row.severity {
                Severity::Error => BAD,
                Severity::Warning => WARN,
                Severity::Note => TALK,
            };
            let word = paint(style, format!("{}[{}]", row.severity.word(), row.code));
            let file = shown(&linted.file);
            text.push_str(&format!("{file}:{}: {word}: {}\n", row.place, shown(&row.message)));
            if let Some(help) = row.help {
                text.push_str(&format!("  {}\n", paint(DIM, format!("help: {}", shown(&help)))));
            }
        }
    }
    text
}

/// How much was found.
pub(crate) fn sum(all: &[Linted]) -> String {
    let severities: Vec<Severity> =
        all.iter().flat_map(|linted| linted.rows().into_iter().map(|row| row.severity)).collect();
    let found = |severity: Severity| {
        let number = severities.iter().filter(|other| **other == severity).count();
        (number > 0).then(|| count(number, severity.word()))
    };
    let found: Vec<String> =
        [Severity::Error, Severity::Warning, Severity::Note].into_iter().filter_map(found).collect();
    let found = if found.is_empty() { "nothing to say".to_owned() } else { found.join(", ") };
    format!("{}: {found}\n", count(all.len(), "document"))
}
