//! The commands of README and guide, run as they stand, and what the pages show of their output compared.
//!
//! Only fenced blocks of the language `console` are run, those of a page in one folder that holds a copy of
//! `examples/`. A line that begins with `$ ` is a command; what follows is what it prints, where `…` stands for
//! anything, as a whole line for any number of lines. A command that ends with `&` goes on until `kill %1`. A
//! block `console needs PROGRAM` is left out, and that is said, where there is no such program. `cargo run` is
//! not run: the program has been built before.

use crate::page;
use crate::stage::{self, Tally};
use anyhow::{Context as _, Result, bail};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A command of the README with what it shows of its output.
#[derive(Debug, PartialEq, Eq)]
struct Example {
    line: usize,
    command: String,
    shown: Vec<String>,
    /// The program without which the block is left out.
    needs: Option<String>,
}

/// Runs every command of the README and of the guide, each page in a folder of its own.
///
/// # Errors
/// The first command whose output is not as shown.
pub(crate) fn run(root: &Path) -> Result<Tally> {
    let mut pages = vec!["README.md".to_owned()];
    let mut guide = Vec::new();
    let folder = root.join("docs/guide");
    for entry in std::fs::read_dir(&folder).with_context(|| format!("cannot list `{}`", folder.display()))? {
        guide.push(format!("docs/guide/{}", entry?.file_name().to_string_lossy()));
    }
    guide.sort();
    pages.extend(guide);
    let mut tally = Tally::default();
    for name in &pages {
        let passed = run_page(root, name)?;
        if passed > 0 {
            println!("{passed} commands of {name} print what it shows");
        } else if name == "README.md" {
            bail!("README.md has no block of the language `console`");
        }
        tally.passed += passed;
    }
    Ok(tally)
}

/// Runs the commands of one page and tells how many there are.
fn run_page(root: &Path, name: &str) -> Result<u64> {
    let text = std::fs::read_to_string(root.join(name)).with_context(|| format!("cannot read `{name}`"))?;
    let examples = examples(&text);
    if examples.is_empty() {
        return Ok(0);
    }
    let folder = scratch(root)?;
    let mut passed = 0;
    let mut running: Option<Child> = None;
    for example in examples {
        if let Some(program) = example.needs.as_ref().filter(|program| !is_there(program)) {
            println!("{name}:{}: not run, there is no `{program}` here", example.line);
            continue;
        }
        let mut shell = shell(root, &folder, &example.command)?;
        let printed = if example.command.trim_end().ends_with('&') {
            let mut child = shell.stdout(Stdio::piped()).spawn().context("cannot run `sh`")?;
            let line = first_line(&mut child)?;
            running = Some(child);
            line
        } else if example.command == "kill %1" {
            end(running.take())?;
            String::new()
        } else {
            let output = shell.output().with_context(|| format!("cannot run `{}`", example.command))?;
            String::from_utf8_lossy(&output.stdout).into_owned()
        };
        let real: Vec<&str> = printed.lines().collect();
        if let Err(missing) = compare(&example.shown, &real) {
            end(running.take())?;
            bail!(
                "{name}:{}: `{}` does not print `{missing}`; it prints\n{printed}",
                example.line,
                example.command
            );
        }
        passed += 1;
    }
    end(running.take())?;
    Ok(passed)
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
    for block in page::blocks(text) {
        let (language, info) = block.language.split_once(' ').unwrap_or((block.language, ""));
        if language != "console" {
            continue;
        }
        let needs = info.strip_prefix("needs ").map(str::to_owned);
        for (offset, line) in block.lines.iter().enumerate() {
            let at = block.line + offset + 1;
            let continued = found.last().is_some_and(|example| {
                example.line >= block.line && example.shown.is_empty() && example.command.ends_with('\\')
            });
            match (line.strip_prefix("$ "), found.last_mut()) {
                (Some(command), _) => {
                    let (command, needs) = (command.to_owned(), needs.clone());
                    found.push(Example { line: at, command, shown: Vec::new(), needs });
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

/// A shell that runs a command in the scratch folder, with the program that was built on its path, and prints
/// stdout and stderr in one.
fn shell(root: &Path, folder: &Path, command: &str) -> Result<Command> {
    let built = root.join("target").join("debug");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let paths = std::iter::once(built).chain(std::env::split_paths(&path));
    let command = command.replacen("cargo run -p glidepath --", "glidepath", 1);
    // What goes on in the background is the shell itself, so that it can be ended.
    let command = match command.trim_end().strip_suffix('&') {
        Some(command) => format!("exec {command} 2>/dev/null"),
        None => format!("exec 2>&1\n{command}"),
    };
    let mut shell = Command::new("sh");
    shell
        .arg("-c")
        .arg(command)
        .current_dir(folder)
        .env("PATH", std::env::join_paths(paths).context("`PATH` cannot be extended")?);
    stage::offline(&mut shell);
    Ok(shell)
}

fn first_line(child: &mut Child) -> Result<String> {
    let mut line = String::new();
    if let Some(stdout) = child.stdout.take() {
        BufReader::new(stdout).read_line(&mut line).context("cannot read what goes on in the background")?;
    }
    Ok(line)
}

/// Ends what goes on in the background, as Ctrl-C would.
fn end(running: Option<Child>) -> Result<()> {
    let Some(mut child) = running else { return Ok(()) };
    let asked = Command::new("kill").arg(child.id().to_string()).status().context("cannot run `kill`")?;
    if !asked.success() {
        bail!("what goes on in the background has ended by itself");
    }
    child.wait().context("cannot wait for what goes on in the background")?;
    Ok(())
}

/// Whether a program is on the path.
fn is_there(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
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
        let one =
            Example { line: 5, command: "one \\\n  two".into(), shown: vec!["out".into()], needs: None };
        assert_eq!(found[0], one);
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
