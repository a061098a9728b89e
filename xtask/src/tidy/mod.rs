//! The conventions that no compiler checks, each a pure function from files to findings.
//!
//! They run by `cargo xtask tidy`, and as tests of this package, so that `cargo test` is enough. Adding a
//! convention is a file here and a row in [`RULES`].

mod arrows;
mod dependencies;
mod kinds;
mod pages;
mod sources;
mod words;

use crate::workspace::{self, TextFile};
use anyhow::{Result, bail};
use std::fmt;
use std::path::Path;

/// One place where a convention is broken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// The file, relative to the workspace's root.
    pub(crate) path: String,
    /// The line, counted from 1; 0 when the file as a whole is meant.
    pub(crate) line: usize,
    /// What is wrong and what is wanted.
    pub(crate) message: String,
}

impl Finding {
    fn at(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into() }
    }

    fn on(path: &str, message: impl Into<String>) -> Self {
        Self::at(path, 0, message)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.message),
            line => write!(f, "{}:{line}: {}", self.path, self.message),
        }
    }
}

/// The files that rules look at.
pub(crate) struct Tree {
    /// The workspace's root, for the rule that asks cargo.
    pub(crate) root: std::path::PathBuf,
    /// Every path that is checked in.
    pub(crate) paths: Vec<String>,
    /// Every text that is checked in and that a person writes.
    pub(crate) texts: Vec<TextFile>,
}

impl Tree {
    fn read(root: &Path) -> Result<Self> {
        Ok(Self {
            root: root.to_path_buf(),
            paths: workspace::paths(root)?,
            texts: workspace::texts(root, &["rs", "md", "py", "toml", "yaml", "sh"])?,
        })
    }

    /// The texts with this extension.
    fn of<'a>(&'a self, extension: &'a str) -> impl Iterator<Item = &'a TextFile> {
        self.texts.iter().filter(move |file| file.extension() == extension)
    }
}

type Rule = fn(&Tree) -> Result<Vec<Finding>>;

/// Every convention, by the name it has in messages.
const RULES: &[(&str, Rule)] = &[
    ("arrows", arrows::check),
    ("dependencies", dependencies::check),
    ("kinds", kinds::check),
    ("pages", pages::check),
    ("sources", sources::check),
    ("words", words::check),
];

/// Checks every convention and lists what breaks one.
///
/// # Errors
/// When anything does, or the workspace cannot be read.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<()> {
    if let Some(unknown) = arguments.first() {
        bail!("`tidy` takes no argument, and was given `{unknown}`");
    }
    let tree = Tree::read(root)?;
    let mut broken = 0;
    for (name, rule) in RULES {
        for finding in rule(&tree)? {
            eprintln!("{name}: {finding}");
            broken += 1;
        }
    }
    if broken > 0 {
        bail!("{broken} places break a convention");
    }
    println!("{} conventions hold over {} files", RULES.len(), tree.paths.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(name: &str) {
        let tree = Tree::read(&workspace::root()).unwrap();
        let (_, rule) = RULES.iter().find(|(known, _)| *known == name).unwrap();
        let findings: Vec<String> = rule(&tree).unwrap().iter().map(Finding::to_string).collect();
        assert!(findings.is_empty(), "{}", findings.join("\n"));
    }

    #[test]
    fn crates_depend_only_along_the_arrows_of_the_design() {
        holds("arrows");
    }

    #[test]
    fn every_dependency_version_stands_once() {
        holds("dependencies");
    }

    #[test]
    fn every_kind_of_resource_has_its_files() {
        holds("kinds");
    }

    #[test]
    fn pages_are_short_and_their_links_lead_somewhere() {
        holds("pages");
    }

    #[test]
    fn sources_are_short_and_say_what_they_are() {
        holds("sources");
    }

    #[test]
    fn only_the_words_of_the_glossary_are_used() {
        holds("words");
    }
}
