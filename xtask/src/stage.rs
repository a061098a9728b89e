//! A stage of the test command: something that is run, timed and counted.
//!
//! A stage passes when its program exits 0. What it counts is read from lines that the program itself
//! prints; a stage that counts nothing claims nothing.

use anyhow::{Context as _, Result, bail};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

/// How many single tests a stage ran.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Those that passed.
    pub(crate) passed: u64,
    /// Those that failed.
    pub(crate) failed: u64,
}

impl Tally {
    /// Adds another stage's numbers.
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// A stage of the test command.
pub(crate) struct Stage {
    /// Its name, for `cargo xtask test NAME`.
    pub(crate) name: &'static str,
    /// What it shows, in a few words.
    pub(crate) about: &'static str,
    /// What of the program it needs or makes.
    pub(crate) program: Program,
    /// Runs it in the workspace's root.
    pub(crate) run: fn(&Path) -> Result<Tally>,
}

/// What a stage has to do with the program that is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Program {
    /// Nothing.
    Unused,
    /// It builds the program on its way.
    Made,
    /// It runs the program, which must be there.
    Needed,
}

/// Runs a program to its end, shows what it prints, and counts the tests it reports.
///
/// # Errors
/// When it cannot be started or does not exit 0.
pub(crate) fn run(command: &mut Command) -> Result<Tally> {
    let shown = shown(command);
    let mut child =
        command.stdout(Stdio::piped()).spawn().with_context(|| format!("cannot run `{shown}`"))?;
    let mut tally = Tally::default();
    if let Some(stdout) = child.stdout.take() {
        let mut screen = std::io::stdout().lock();
        for line in BufReader::new(stdout).lines() {
            let line = line.with_context(|| format!("cannot read what `{shown}` prints"))?;
            tally.add(counted(&line).unwrap_or_default());
            writeln!(screen, "{line}").context("cannot write to stdout")?;
        }
    }
    let status = child.wait().with_context(|| format!("cannot wait for `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` failed ({status})");
    }
    if tally.failed > 0 {
        bail!("`{shown}` exits 0 but reports {} failed tests", tally.failed);
    }
    Ok(tally)
}

/// A cargo of the same toolchain, in the workspace's root.
pub(crate) fn cargo(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root);
    command
}

/// Takes away everything by which a program could reach a real AWS account, or find another sandbox.
pub(crate) fn offline(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars() {
        if name.starts_with("AWS_") || name.starts_with("GLIDEPATH_") {
            command.env_remove(name);
        }
    }
    command.env("AWS_EC2_METADATA_DISABLED", "true").env("NO_COLOR", "1")
}

/// The command as one types it.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let arguments = command.get_args().map(|argument| argument.to_string_lossy().into_owned());
    std::iter::once(name).chain(arguments).collect::<Vec<_>>().join(" ")
}

/// What a line says of tests: cargo's `test result: ok. 3 passed; 0 failed; …`, or a judge's `3 passed, 0 failed`.
fn counted(line: &str) -> Option<Tally> {
    let numbers = match line.strip_prefix("test result: ") {
        Some(result) => result.split_once(". ")?.1,
        None => line,
    };
    let (passed, rest) = numbers.split_once(" passed")?;
    let (failed, _) = rest.strip_prefix([',', ';'])?.trim_start().split_once(" failed")?;
    Some(Tally { passed: passed.parse().ok()?, failed: failed.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_and_a_judges_numbers_are_counted() {
        let cargo =
            "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(counted(cargo), Some(Tally { passed: 12, failed: 0 }));
        assert_eq!(counted("244 passed, 1 failed"), Some(Tally { passed: 244, failed: 1 }));
    }

    #[test]
    fn talk_is_not_counted() {
        assert_eq!(counted("3 passed the door"), None);
        assert_eq!(counted("running 3 tests"), None);
    }
}
