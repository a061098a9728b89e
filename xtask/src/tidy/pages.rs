//! Rules on pages: the first two stay short, every link leads somewhere, no machine's own paths.

use super::{Finding, Tree};
use crate::page;
use crate::workspace::TextFile;
use anyhow::Result;
use std::collections::BTreeMap;

/// Pages that everyone reads first, and the most lines each may have.
const SHORT: &[(&str, usize)] = &[("README.md", 150), ("ARCHITECTURE.md", 150)];

/// Every page that is too long or has a dead link, and every text that names a path of one machine.
pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (path, most) in SHORT {
        match tree.texts.iter().find(|file| file.path == *path) {
            None => findings.push(Finding::on(path, "is missing")),
            Some(file) => {
                let length = file.text.lines().count();
                if length > *most {
                    findings.push(Finding::on(path, format!("{length} lines, at most {most}")));
                }
            }
        }
    }
    findings.extend(dead_links(&tree.texts, &tree.paths));
    findings.extend(tree.texts.iter().flat_map(machine_paths));
    Ok(findings)
}

fn dead_links(texts: &[TextFile], paths: &[String]) -> Vec<Finding> {
    let pages: BTreeMap<&str, &TextFile> =
        texts.iter().filter(|file| file.extension() == "md").map(|file| (file.path.as_str(), file)).collect();
    let mut findings = Vec::new();
    for file in pages.values() {
        for link in page::links(&file.text) {
            let outside =
                ["https://", "http://", "mailto:"].iter().any(|scheme| link.target.starts_with(scheme));
            if outside {
                continue;
            }
            let (target, anchor) = link.target.split_once('#').unwrap_or((link.target, ""));
            let path = if target.is_empty() { file.path.clone() } else { beside(&file.path, target) };
            let folder = format!("{}/", path.trim_end_matches('/'));
            let there = paths.contains(&path) || paths.iter().any(|known| known.starts_with(&folder));
            let headed = anchor.is_empty()
                || pages
                    .get(path.as_str())
                    .is_some_and(|page| page::anchors(&page.text).iter().any(|known| known == anchor));
            if !there {
                findings.push(Finding::at(&file.path, link.line, format!("`{}` leads nowhere", link.target)));
            } else if !headed {
                let message = format!("`{path}` has no heading for `#{anchor}`");
                findings.push(Finding::at(&file.path, link.line, message));
            }
        }
    }
    findings
}

/// The path that a link of `page` names, with `.` and `..` worked out.
fn beside(page: &str, target: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

fn machine_paths(file: &TextFile) -> Vec<Finding> {
    let found = file.lines().filter_map(|(number, line)| {
        let path = machine_directories().into_iter().find(|directory| names_directory(line, directory))?;
        Some(Finding::at(&file.path, number, format!("`{path}` is a path of one machine")))
    });
    found.collect()
}

/// Whether the directory stands in the line as the beginning of a path.
fn names_directory(line: &str, directory: &str) -> bool {
    line.match_indices(directory).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        before.is_none_or(|character| !character.is_alphanumeric() && !"./-_*}:".contains(character))
    })
}

/// Directories that a checked-in text has no reason to name. Put together here, so that this file does
/// not find itself.
fn machine_directories() -> [String; 4] {
    ["home", "Users", "root", "work"].map(|name| format!("/{name}/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> TextFile {
        TextFile { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_link_to_a_page_that_is_not_there_is_found() {
        let texts = [file("docs/a.md", "[b](../README.md) [c](c.md)"), file("README.md", "# x\n")];
        let paths: Vec<String> = texts.iter().map(|file| file.path.clone()).collect();
        let found: Vec<String> = dead_links(&texts, &paths).iter().map(Finding::to_string).collect();
        assert_eq!(found, ["docs/a.md:1: `c.md` leads nowhere"]);
    }

    #[test]
    fn a_link_to_a_heading_that_is_not_there_is_found() {
        let texts = [file("a.md", "# One thing\n[b](#one-thing) [c](#two)")];
        let found: Vec<String> =
            dead_links(&texts, &["a.md".to_owned()]).iter().map(Finding::to_string).collect();
        assert_eq!(found, ["a.md:2: `a.md` has no heading for `#two`"]);
    }

    #[test]
    fn a_path_of_one_machine_is_found_and_an_address_is_not() {
        let home = machine_directories()[0].clone();
        assert_eq!(machine_paths(&file("a.md", &format!("see {home}anna/x"))).len(), 1);
        assert!(machine_paths(&file("a.md", &format!("https://example.com{home}anna/x"))).is_empty());
    }
}
