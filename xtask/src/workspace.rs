//! The workspace as files: where it is, and every text that is checked in, by path relative to it.
//!
//! What is checked in is asked of git, so that build output and local environments are never looked at;
//! files not added yet count, so that a convention is broken before the commit and not after it.

use anyhow::{Context as _, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A text file of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TextFile {
    /// Its path from the workspace's root, with `/` between the parts.
    pub(crate) path: String,
    /// What is in it.
    pub(crate) text: String,
}

impl TextFile {
    /// The part of the name behind the last dot; empty if there is none.
    pub(crate) fn extension(&self) -> &str {
        self.path.rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    /// Every line with its number, counted from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }
}

/// The directory that holds the workspace's `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_path_buf()
}

/// Every path that git knows or would add, sorted, relative to the root.
pub(crate) fn paths(root: &Path) -> Result<Vec<String>> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .context("cannot run `git ls-files`")?;
    if !output.status.success() {
        bail!("`git ls-files` failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let listed = String::from_utf8(output.stdout).context("a path of the workspace is not UTF-8")?;
    let mut paths: Vec<String> = listed
        .split('\0')
        .filter(|path| !path.is_empty() && root.join(path).is_file())
        .map(str::to_owned)
        .collect();
    paths.sort();
    paths.dedup();
    Ok(paths)
}

/// Every file with one of these extensions.
pub(crate) fn texts(root: &Path, extensions: &[&str]) -> Result<Vec<TextFile>> {
    let mut files = Vec::new();
    for path in paths(root)? {
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
        if extensions.contains(&extension) {
            // Some fixtures are broken text on purpose.
            let bytes = std::fs::read(root.join(&path)).with_context(|| format!("cannot read `{path}`"))?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            files.push(TextFile { path, text });
        }
    }
    Ok(files)
}
