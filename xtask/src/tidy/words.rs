//! One word a thing. The glossary says which, and which words are not used for it; this reads its tables
//! and looks for the latter everywhere else.

use super::{Finding, Tree};
use crate::workspace::TextFile;
use anyhow::{Context as _, Result};

/// The page whose tables name the words. Its last column lists, in backticks, what not to say instead.
const GLOSSARY: &str = "docs/glossary.md";

/// Every use of a word that the glossary replaces.
pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let glossary =
        tree.texts.iter().find(|file| file.path == GLOSSARY).context("`docs/glossary.md` is missing")?;
    let banned = replaced(&glossary.text);
    anyhow::ensure!(!banned.is_empty(), "no table of `{GLOSSARY}` says what not to say");
    let ours = tree.texts.iter().filter(|file| file.path != GLOSSARY && file.extension() != "toml");
    Ok(ours.flat_map(|file| uses(file, &banned)).collect())
}

/// A word not to be used, and the one that is meant.
#[derive(Debug, PartialEq, Eq)]
struct Replaced {
    /// In lower case.
    banned: String,
    meant: String,
}

fn replaced(glossary: &str) -> Vec<Replaced> {
    let rows = glossary.lines().filter(|line| line.starts_with('|'));
    rows.flat_map(|row| {
        let cells: Vec<&str> = row.trim().trim_matches('|').split('|').map(str::trim).collect();
        let meant = cells.first().map_or(String::new(), |cell| cell.trim_matches('*').to_owned());
        let banned = cells.last().copied().unwrap_or_default();
        let quoted = banned.split('`').skip(1).step_by(2).map(str::to_lowercase);
        quoted.map(|banned| Replaced { banned, meant: meant.clone() }).collect::<Vec<_>>()
    })
    .collect()
}

fn uses(file: &TextFile, banned: &[Replaced]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in file.lines() {
        let lower = line.to_lowercase();
        for word in banned {
            if has_word(&lower, &word.banned) {
                let message = format!("`{}` is `{}` here (see {GLOSSARY})", word.banned, word.meant);
                findings.push(Finding::at(&file.path, number, message));
            }
        }
    }
    findings
}

/// Whether `word` stands in `line` as a word of its own, or in the plural.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, found)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let behind = line.get(at + found.len()..).unwrap_or_default();
        let behind = behind.strip_prefix('s').unwrap_or(behind).chars().next();
        !before.is_some_and(char::is_alphanumeric) && !behind.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLOSSARY_PAGE: &str = "| word | meaning | not |\n|---|---|---|\n| **unit** | a branch | `folder`, `sub-unit` |\n| plan | what is to do | |\n";

    #[test]
    fn the_last_column_of_the_glossary_is_what_is_banned() {
        let found: Vec<String> = replaced(GLOSSARY_PAGE).into_iter().map(|word| word.banned).collect();
        assert_eq!(found, ["folder", "sub-unit"]);
    }

    #[test]
    fn a_replaced_word_is_found_alone_and_in_the_plural_only() {
        let file = TextFile { path: "a.md".into(), text: "two Folders\na foldera thing\n".into() };
        let found: Vec<String> =
            uses(&file, &replaced(GLOSSARY_PAGE)).iter().map(Finding::to_string).collect();
        assert_eq!(found, ["a.md:1: `folder` is `unit` here (see docs/glossary.md)"]);
    }
}
