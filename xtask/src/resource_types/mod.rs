//! `cargo xtask resource-types [--cfnlint PATH]`: CloudFormation's resource types, as cfn-lint carries their schemas,
//! cut down to what templates are checked by, and written to `crates/template/data/resource-types.txt`.
//!
//! PATH is the directory of an installed `cfnlint` package; without it the one in `.venv` is taken. Only facts are
//! kept (names, types, bounds, words, patterns), no prose. The schemas are the ones of us-east-1, where every type is.

mod attributes;
mod reduce;
mod schema;
mod selection;

use attributes::Attributes;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The file that is written.
const WRITTEN: &str = "crates/template/data/resource-types.txt";

/// The licence that the package must still have.
const LICENCE: &str = "MIT-0";

/// Why no resource types were written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ResourceTypesError {
    /// An argument that is not understood.
    #[error(
        "`{0}` is not an argument of `resource-types`\nhelp: `cargo xtask resource-types [--cfnlint PATH]`"
    )]
    Argument(String),
    /// There is no cfn-lint where it was looked for.
    #[error("no cfnlint package in `{}`\nhelp: `cargo xtask test` makes `.venv`; or give `--cfnlint PATH`", .0.display())]
    NoCfnLint(PathBuf),
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
    #[error("`{place}` has no {what}")]
    Lacks {
        /// The file or resource type.
        place: String,
        /// What is missing.
        what: String,
    },
}

/// Writes the resource types; returns the file written.
///
/// `root` is the workspace's directory.
///
/// # Errors
/// [`ResourceTypesError`] says what could not be read or written.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<PathBuf, ResourceTypesError> {
    let package = match arguments {
        [] => installed(&root.join(".venv"))?,
        [flag, path] if flag == "--cfnlint" => PathBuf::from(path),
        [other, ..] => return Err(ResourceTypesError::Argument(other.clone())),
    };
    let schemas = package.join("data/schemas");
    let index = read(&schemas.join("providers/us-east-1.json"))?;
    let index = index.as_object().ok_or_else(|| lacks("us-east-1.json", "resource types"))?;
    if let Some(missing) = selection::named().find(|name| !index.contains_key(name)) {
        return Err(lacks("us-east-1.json", &format!("`{missing}`")));
    }
    let attributes = Attributes::read(&text_of(&package.join("schema/_getatts.py"))?)?;
    let mut selected: Vec<(&String, &Value)> =
        index.iter().filter(|(name, _)| selection::is_selected(name)).collect();
    selected.sort_by_key(|(name, _)| *name);
    let mut written = head(&package, &schemas)?;
    for (name, hash) in selected {
        let hash = hash.as_str().ok_or_else(|| lacks(name, "schema"))?;
        let schema = read(&schemas.join("resources").join(format!("{hash}.json")))?;
        written.push_str(&reduce::reduce(name, &schema, &attributes)?);
    }
    let path = root.join(WRITTEN);
    std::fs::write(&path, written)
        .map_err(|source| ResourceTypesError::File { path: path.clone(), source })?;
    Ok(path)
}

fn lacks(place: &str, what: &str) -> ResourceTypesError {
    ResourceTypesError::Lacks { place: place.to_owned(), what: what.to_owned() }
}

/// The cfnlint package of a virtual environment.
fn installed(venv: &Path) -> Result<PathBuf, ResourceTypesError> {
    let lib = venv.join("lib");
    let pythons = std::fs::read_dir(&lib).map_err(|_| ResourceTypesError::NoCfnLint(lib.clone()))?;
    let mut found: Vec<PathBuf> = pythons
        .flatten()
        .map(|python| python.path().join("site-packages/cfnlint"))
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    found.pop().ok_or(ResourceTypesError::NoCfnLint(lib))
}

fn text_of(path: &Path) -> Result<String, ResourceTypesError> {
    std::fs::read_to_string(path).map_err(|source| ResourceTypesError::File { path: path.to_owned(), source })
}

fn read(path: &Path) -> Result<Value, ResourceTypesError> {
    serde_json::from_str(&text_of(path)?)
        .map_err(|source| ResourceTypesError::Json { path: path.to_owned(), source })
}

/// The head of the file: where its facts come from, and what its lines are.
fn head(package: &Path, schemas: &Path) -> Result<String, ResourceTypesError> {
    let version = text_of(&package.join("version.py"))?;
    let version = version.lines().find_map(|line| line.strip_prefix("__version__ = "));
    let version = version.map(|version| version.trim_matches(['\'', '"']));
    let version = version.ok_or_else(|| lacks("version.py", "version"))?;
    let about = text_of(&package.with_file_name(format!("cfn_lint-{version}.dist-info")).join("METADATA"))?;
    if !about.lines().any(|line| line == format!("License-Expression: {LICENCE}")) {
        return Err(lacks("METADATA", &format!("licence `{LICENCE}` any more")));
    }
    let date = read(&schemas.join("version.json"))?;
    let date = date.get("schema_date").and_then(Value::as_str).and_then(|date| date.split('T').next());
    let date = date.ok_or_else(|| lacks("version.json", "schema_date"))?;
    Ok(format!(
        "# CloudFormation's resource types; read by crates/template/src/resource_type.\n\
         # Written by `cargo xtask resource-types`, not edited by hand.\n\
         # source: cfn-lint {version} (PyPI), the schemas of us-east-1\n\
         # licence: {LICENCE}\n\
         # date: {date}\n\
         #\n\
         # `=Type` begins a type, `:Name` a map that it holds; `Name shape` is a property, the lines with `@` are facts\n\
         # of the type: identifier, createOnly, readOnly, writeOnly (ways of properties), attributes (of Fn::GetAtt)\n\
         # and tags (the property); and facts of the map they stand in: required, open (other members may stand in\n\
         # it), one and some (of several groups exactly or at least one), not (the first bars the others) and with\n\
         # (the first asks for the others).\n\
         # A shape is letters: s text, i whole number, n number, b flag, o any map, a any list, * anything; `#Name`\n\
         # for a map of the type; `[shape` for a list and `{{shape` for a map of them. Behind it follow the bounds of\n\
         # its length or size, `1..64`; the words it may be, `=a|b`, or in any case, `^=a|b`; and to the end of the\n\
         # line the pattern that has to be found in it, `~pattern`.\n"
    ))
}
