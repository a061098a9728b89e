//! The README's commands, run as they stand, and what it shows of their output compared.
//!
//! Only fenced blocks of the language `console` are run, all in one scratch folder that holds a copy of
//! `examples/`, each block in one shell. A line of the block that begins with `$ ` is a command; what
//! follows is what it prints, where `…` stands for anything, as a whole line for any number of lines.

use crate::stage::{self, Tally};
use crate::{page, suite};
use anyhow::{Context as _, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A command of the README with what it shows of its output.
#[derive(Debug, PartialEq, Eq)]
struct Example {
    line: usize,
    command: String,
    shown: Vec<String>,
}

/// Runs every command of the README.
///
/// # Errors
/// The first command whose output is not as shown.
pub(crate) fn run(root: &Path) -> Result<Tally> {
    suite::build(root)?;
    let text = std::fs::read_to_string(root.join("README.md")).context("cannot read `README.md`")?;
    let folder = scratch(root)?;
    let mut tally = Tally::default();
    for example in examples(&text) {
        let printed = printed(root, &folder, &example.command)?;
        let real: Vec<&str> = printed.lines().collect();
        if let Err(missing) = compare(&example.shown, &real) {
            bail!(
                "README.md:{}: `{}` does not print `{missing}`; it prints\n{printed}",
                example.line,
                example.command
            );
        }
        tally.passed += 1;
    }
    if tally.passed == 0 {
        bail!("README.md has no block of the language `console`");
    }
    println!("{} commands of the README print what it shows", tally.passed);
    Ok(tally)
}

/// A folder with nothing in it but the examples.
fn scratch(root: &Path) -> Result<PathBuf> {
    let folder = root.join("target").join("readme");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("cannot clear `{}`", folder.display()))?;
    }
    copy(&root.join("examples"), &folder.join("examples"))?;
    Ok(folder)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to).with_context(|| format!("cannot make `{}`", to.display()))?;
    for entry in std::fs::read_dir(from).with_context(|| format!("cannot list `{}`", from.display()))? {
        let entry = entry.context("cannot list a folder of the examples")?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), &target)
                .with_context(|| format!("cannot copy `{}`", entry.path().display()))?;
        }
    }
    Ok(())
}

fn examples(text: &str) -> Vec<Example> {
    let mut found: Vec<Example> = Vec::new();
    for block in page::blocks(text).into_iter().filter(|block| block.language == "console") {
        for (offset, line) in block.lines.iter().enumerate() {
            let at = block.line + offset + 1;
            let continued = found.last().is_some_and(|example| {
                example.line >= block.line && example.shown.is_empty() && example.command.ends_with('\\')
            });
            match (line.strip_prefix("$ "), found.last_mut()) {
                (Some(command), _) => {
                    found.push(Example { line: at, command: command.to_owned(), shown: Vec::new() });
                }
                (None, Some(example)) if continued => {
                    example.command.push('\n');
                    example.command.push_str(line);
                }
                (None, Some(example)) if !line.trim().is_empty() => example.shown.push((*line).to_owned()),
                (None, _) => {}
            }
        }
    }
    found
}

/// What a command prints on stdout and stderr, in the order it prints it.
fn printed(root: &Path, folder: &Path, command: &str) -> Result<String> {
    let built = root.join("target").join("debug");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let paths = std::iter::once(built).chain(std::env::split_paths(&path));
    let mut shell = Command::new("sh");
    shell
        .arg("-c")
        .arg(format!("exec 2>&1\n{command}"))
        .current_dir(folder)
        .env("PATH", std::env::join_paths(paths).context("`PATH` cannot be extended")?);
    let output = stage::offline(&mut shell).output().with_context(|| format!("cannot run `{command}`"))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether the shown lines are printed, in order; the first one that is not, if not.
fn compare<'a>(shown: &'a [String], real: &[&str]) -> Result<(), &'a str> {
    let mut rest = real.iter().filter(|line| !line.trim().is_empty());
    let mut anything_before = true;
    for line in shown {
        if line.trim() == "…" {
            anything_before = true;
            continue;
        }
        let found = if anything_before {
            rest.any(|real| matches(line.trim_end(), real.trim_end()))
        } else {
            rest.next().is_some_and(|real| matches(line.trim_end(), real.trim_end()))
        };
        if !found {
            return Err(line);
        }
        anything_before = false;
    }
    Ok(())
}

/// Whether a line is as shown; `…` within it stands for anything.
fn matches(shown: &str, real: &str) -> bool {
    let mut parts = shown.split('…');
    let Some(mut rest) = parts.next().and_then(|first| real.strip_prefix(first)) else { return false };
    let mut last = None;
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
        last = Some(part);
    }
    match last {
        None => rest.is_empty(),
        Some(part) => part.is_empty() || rest.is_empty() || real.ends_with(part),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_and_their_output_are_told_apart() {
        let text = "```sh\n$ not run\n```\n```console\n$ one \\\n  two\nout\n\n$ three\n```\n";
        let found = examples(text);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0], Example { line: 5, command: "one \\\n  two".into(), shown: vec!["out".into()] });
        assert_eq!(found[1].command, "three");
    }

    #[test]
    fn an_ellipsis_stands_for_anything() {
        assert!(matches("apply … in … s", "apply 22 in 3.4 s"));
        assert!(!matches("apply … in … s", "apply 22 in 3.4 m"));
        assert!(matches("a …", "a b"));
        assert!(!matches("a", "a b"));
    }

    #[test]
    fn a_line_that_is_not_printed_is_named() {
        let shown: Vec<String> = ["a", "…", "c"].map(str::to_owned).to_vec();
        assert_eq!(compare(&shown, &["x", "a", "b", "c", "d"]), Ok(()));
        assert_eq!(compare(&shown, &["a", "b"]), Err("c"));
    }

    #[test]
    fn lines_shown_together_are_printed_together() {
        let shown: Vec<String> = ["a", "c"].map(str::to_owned).to_vec();
        assert_eq!(compare(&shown, &["a", "b", "c"]), Err("c"));
    }
}
