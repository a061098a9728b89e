//! Rules on every Rust source: not long, opens by saying what it is, hides nothing from the tests, and has
//! the name of a noun of the domain.

use super::{Finding, Tree};
use crate::workspace::TextFile;
use anyhow::Result;

/// The most lines that a source may have. A file that grows towards it holds two concepts.
const LINES_AT_MOST: usize = 600;

/// File names that say nothing of what is in the file.
const EMPTY_NAMES: &[&str] =
    &["utils", "util", "helpers", "helper", "common", "misc", "imp", "manager", "handler"];

/// Every source that breaks one of the rules.
pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    Ok(tree.of("rs").flat_map(check_file).collect())
}

fn check_file(file: &TextFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    let length = file.text.lines().count();
    if length > LINES_AT_MOST {
        let message = format!("{length} lines, at most {LINES_AT_MOST}: split it by concept");
        findings.push(Finding::on(&file.path, message));
    }
    let opening = file.text.lines().find(|line| !line.trim().is_empty());
    if !opening.is_some_and(|line| line.starts_with("//!")) {
        let message = "opens without `//!`: say what it is, what it never does, where its data comes from";
        findings.push(Finding::at(&file.path, 1, message));
    }
    let name = file.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
    if EMPTY_NAMES.contains(&name) {
        let message = format!("`{name}` says nothing of what is in it: name it by a noun of the domain");
        findings.push(Finding::on(&file.path, message));
    }
    for (number, line) in file.lines() {
        for shortcut in shortcuts() {
            if line.contains(&shortcut) && !line.trim_start().starts_with("//") {
                findings.push(Finding::at(&file.path, number, format!("`{shortcut}` has no place here")));
            }
        }
    }
    findings
}

/// What is refused anywhere. Put together here, so that this file does not find itself.
fn shortcuts() -> [String; 4] {
    ["#[ig|nore", "to|do!(", "unimple|mented!(", "#[al|low("].map(|text| text.replace('|', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(path: &str, text: &str) -> Vec<String> {
        let file = TextFile { path: path.to_owned(), text: text.to_owned() };
        check_file(&file).iter().map(Finding::to_string).collect()
    }

    #[test]
    fn a_good_source_is_left_in_peace() {
        assert!(messages("crates/plan/src/order.rs", "//! The order of changes.\n").is_empty());
    }

    #[test]
    fn a_long_source_without_an_opening_is_found() {
        let found = messages("crates/plan/src/order.rs", &"use std::fmt;\n".repeat(601));
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("601 lines"));
    }

    #[test]
    fn a_switched_off_test_and_an_empty_name_are_found() {
        let text = format!("//! Things.\n    {}]\n", shortcuts()[0]);
        let found = messages("cli/src/utils.rs", &text);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[1].starts_with("cli/src/utils.rs:2:"));
    }
}
