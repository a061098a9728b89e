//! Expectations about a landing zone, and their files. What they are asked of is not this crate's business.

use crate::check::{self, Places};
use crate::conform::conform;
use crate::diagnostic::{Diagnostic, Report};
use crate::folder::{Folder, Opened};
use crate::manifest::Manifest;
use crate::section::expectation;
use crate::shape::Shape;
use crate::source::Sources;
use crate::span::{Span, Spanned};
use crate::yaml::{self, Bounds, Used};
use glidepath_model::Selector;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// One expectation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// The sentence.
    pub says: Spanned<String>,
    /// What the answer must be.
    pub wants: Expected,
    /// The accounts in which it is checked; none for that of the principal.
    pub on: Vec<Spanned<Selector>>,
    /// Who asks, as it is written.
    pub principal: Spanned<String>,
    /// For what.
    pub actions: Vec<String>,
    /// On what, placeholders included.
    pub resources: Vec<String>,
    /// The account that owns the resources.
    pub resource_account: Option<Spanned<String>>,
    /// Condition keys; one without values is absent.
    pub context: BTreeMap<String, Vec<String>>,
}

/// What an answer must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Expected {
    /// It may be done.
    Allowed,
    /// It may not.
    Denied,
}

impl Expected {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
        }
    }
}

/// What came of reading files of expectations.
#[derive(Debug)]
pub struct LoadedExpectations {
    /// Every expectation that is whole, in the order of the files; none of them counts if there is an error
    /// among the diagnostics.
    pub expectations: Vec<Expectation>,
    /// The texts that places and diagnostics point into.
    pub sources: Sources,
    /// What is wrong or worth knowing.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads files of expectations, or folders of them, about a manifest.
#[must_use]
pub fn load_expectations(paths: &[PathBuf], manifest: &Manifest) -> LoadedExpectations {
    let bounds = Bounds::default();
    let mut report = Report::new();
    let (mut sources, mut used) = (Sources::default(), Used::default());
    let (mut expectations, mut named, mut owners) = (Vec::new(), Vec::new(), Vec::new());
    for path in paths {
        let Opened { mut folder, files, shown } = match Folder::open(path, bounds) {
            Ok(opened) => opened,
            Err(error) => {
                report.add(Diagnostic::new(error.code(), error.to_string()).help(HELP));
                continue;
            }
        };
        for file in files {
            let text = match folder.read(&file) {
                Ok(text) => text,
                Err(error) => {
                    report.add(Diagnostic::new(error.code(), error.to_string()).help(HELP));
                    continue;
                }
            };
            let id = sources.add(&shown.join(&file).display().to_string(), text.clone());
            match yaml::read(id, &text, &bounds, &mut used, &mut report) {
                Ok(root) => {
                    let top = Span { end: root.span.start, ..root.span };
                    conform(&root, &Shape::Section(&expectation::FILE), "file", top, &mut report);
                    let draft = expectation::read(&root, &mut report);
                    expectations.extend(draft.whole);
                    named.extend(draft.named);
                    owners.extend(draft.owners);
                }
                Err(fault) => report.add(*fault),
            }
        }
    }
    let places = Places::of(manifest);
    for selector in named {
        if let Some(diagnostic) = check::unknown(&places, &selector, &mut report) {
            report.add(diagnostic);
        }
    }
    for owner in owners {
        let complaint = check::unknown_account(&places, &owner.value, owner.span, |name| name, &mut report);
        if let Some(diagnostic) = complaint {
            report.add(diagnostic);
        }
    }
    LoadedExpectations { expectations, sources, diagnostics: report.finish(bounds.complaints) }
}

const HELP: &str =
    "name a file of expectations, or a folder of such files; docs/reference/expectations.md has the form";
