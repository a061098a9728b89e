//! Pages that are made from what the program says of itself: `docs/reference/cli.md`, from the help text
//! of every verb. A page that no longer matches fails the test command.

use crate::{stage, suite};
use anyhow::{Context as _, Result, bail};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

/// The page of verbs and options.
const PAGE: &str = "docs/reference/cli.md";

/// The heading of the options that every verb takes.
const SHARED: &str = "Where AWS is:";

/// Writes the page; with `--check`, only compares it.
///
/// # Errors
/// When the program cannot be built or run, or the page is stale.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<()> {
    suite::build(root)?;
    match arguments {
        [] => {
            std::fs::write(root.join(PAGE), page(root)?).with_context(|| format!("cannot write `{PAGE}`"))?;
            println!("{PAGE}");
            Ok(())
        }
        [only] if only == "--check" => check(root),
        [unknown, ..] => bail!("`docs` takes `--check` or nothing, and was given `{unknown}`"),
    }
}

/// Fails when the page differs from what it would be made now.
///
/// # Errors
/// When it is stale, or the program cannot be run.
pub(crate) fn check(root: &Path) -> Result<()> {
    let written = std::fs::read_to_string(root.join(PAGE)).unwrap_or_default();
    if written != page(root)? {
        bail!("`{PAGE}` is stale: write it anew by `cargo xtask docs`");
    }
    Ok(())
}

fn page(root: &Path) -> Result<String> {
    let mut text = String::from(
        "# Verbs and options\n\nMade by `cargo xtask docs` from the help texts; not edited by hand. What stands under \
         *Where AWS is* can be given to every verb, and is shown once. Exit codes have \
         [a page of their own](exit-codes.md).\n",
    );
    let mut open: Vec<Vec<String>> = vec![Vec::new()];
    while let Some(verb) = open.pop() {
        let help = help(root, &verb)?;
        for name in commands(&help).into_iter().rev() {
            let mut deeper = verb.clone();
            deeper.push(name);
            open.push(deeper);
        }
        let title = std::iter::once("glidepath").chain(verb.iter().map(String::as_str));
        let title = title.collect::<Vec<_>>().join(" ");
        let shown = if verb.is_empty() { trimmed(&help) } else { trimmed(&without_section(&help, SHARED)) };
        write!(text, "\n## {title}\n\n```text\n{shown}\n```\n").context("cannot write text")?;
    }
    Ok(text)
}

/// The help text, as wide as it is for everyone.
fn help(root: &Path, verb: &[String]) -> Result<String> {
    let mut command = Command::new(root.join("target").join("debug").join("glidepath"));
    command.args(verb).arg("--help").env("COLUMNS", "110").current_dir(root);
    let output = stage::offline(&mut command).output().context("cannot run the program that was built")?;
    if !output.status.success() {
        bail!("`glidepath {} --help` failed ({})", verb.join(" "), output.status);
    }
    String::from_utf8(output.stdout).context("a help text is not UTF-8")
}

/// The help text without spaces at the ends of lines, which some editors take away.
fn trimmed(help: &str) -> String {
    help.trim_end().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// The help text without one section: its heading and the indented or empty lines below it.
fn without_section(help: &str, heading: &str) -> String {
    let mut inside = false;
    let kept = help.lines().filter(|line| {
        if *line == heading {
            inside = true;
        } else if !line.is_empty() && !line.starts_with(' ') {
            inside = false;
        }
        !inside
    });
    kept.collect::<Vec<_>>().join("\n")
}

/// The commands that a help text lists; `help` itself is not one of them.
fn commands(help: &str) -> Vec<String> {
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let rows = listed.take_while(|line| line.starts_with("  "));
    let names =
        rows.filter(|line| !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_found_and_their_wrapped_lines_are_not() {
        let help = "Usage: x\n\nCommands:\n  plan   Shows what\n         would change\n  apply  Does it\n  help   Prints\n\nOptions:\n  -q\n";
        assert_eq!(commands(help), ["plan", "apply"]);
    }

    #[test]
    fn a_section_goes_with_its_options_and_the_next_one_stays() {
        let help = "Options:\n  -q\n\nWhere:\n  --x\n\n      [default: on]\n\nConsent:\n  --yes\n";
        assert_eq!(without_section(help, "Where:"), "Options:\n  -q\n\nConsent:\n  --yes");
    }
}
