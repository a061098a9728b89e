//! `cargo xtask shapes [--botocore PATH]`: AWS's API models, as botocore carries them, cut down to what the sandbox
//! needs to read requests and check answers, and written to `crates/sandbox/data/<service>.json`.
//!
//! PATH is the directory of an installed `botocore` package; without it the one in `.venv` is taken. Only facts are
//! kept (names, types, bounds, patterns, error codes), no prose.

mod reduce;
mod selection;

use serde_json::Value;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The services and the operations taken of each.
///
/// All of Organizations is taken, invitations and responsibility transfers too: the sandbox refuses them as AWS does.
const SERVICES: [Wanted; 17] = [
    Wanted {
        service: "accessanalyzer",
        version: "2019-11-01",
        operations: Operations::Only(&["ListAnalyzers"]),
    },
    Wanted { service: "account", version: "2021-02-01", operations: Operations::Only(selection::ACCOUNT) },
    Wanted {
        service: "cloudformation",
        version: "2010-05-15",
        operations: Operations::Only(selection::CLOUDFORMATION),
    },
    Wanted { service: "config", version: "2014-11-12", operations: Operations::Only(selection::CONFIG) },
    Wanted { service: "ec2", version: "2016-11-15", operations: Operations::Only(selection::EC2) },
    Wanted {
        service: "guardduty",
        version: "2017-11-28",
        operations: Operations::Only(&["GetDetector", "ListDetectors"]),
    },
    Wanted { service: "iam", version: "2010-05-08", operations: Operations::Only(selection::IAM) },
    Wanted {
        service: "identitystore",
        version: "2020-06-15",
        operations: Operations::Only(selection::IDENTITYSTORE),
    },
    Wanted { service: "kms", version: "2014-11-01", operations: Operations::Only(selection::KMS) },
    Wanted { service: "organizations", version: "2016-11-28", operations: Operations::All },
    Wanted {
        service: "resourcegroupstaggingapi",
        version: "2017-01-26",
        operations: Operations::Only(&["GetResources"]),
    },
    Wanted {
        service: "s3control",
        version: "2018-08-20",
        operations: Operations::Only(&[
            "DeletePublicAccessBlock",
            "GetPublicAccessBlock",
            "PutPublicAccessBlock",
        ]),
    },
    Wanted { service: "securityhub", version: "2018-10-26", operations: Operations::Only(&["DescribeHub"]) },
    Wanted {
        service: "ssm",
        version: "2014-11-06",
        operations: Operations::Only(&["DeleteDocument", "GetDocument"]),
    },
    Wanted { service: "sso", version: "2019-06-10", operations: Operations::All },
    Wanted {
        service: "sso-admin",
        version: "2020-07-20",
        operations: Operations::Only(selection::SSO_ADMIN),
    },
    Wanted {
        service: "sts",
        version: "2011-06-15",
        operations: Operations::Only(&["AssumeRole", "GetCallerIdentity"]),
    },
];

/// A service to write shape data for.
struct Wanted {
    service: &'static str,
    version: &'static str,
    operations: Operations,
}

/// Which operations of a service.
enum Operations {
    All,
    Only(&'static [&'static str]),
}

/// Why no shape data was written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ShapesError {
    /// An argument that is not understood.
    #[error("`{0}` is not an argument of `shapes`\nhelp: `cargo xtask shapes [--botocore PATH]`")]
    Argument(String),
    /// There is no botocore where it was looked for.
    #[error("no botocore package in `{}`\nhelp: `cargo xtask test` makes `.venv`; or give `--botocore PATH`", .0.display())]
    NoBotocore(PathBuf),
    /// A file could not be read, unpacked or written.
    #[error("cannot process `{}`", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        #[source]
        source: std::io::Error,
    },
    /// A model is not JSON.
    #[error("`{}` is not JSON", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        #[source]
        source: serde_json::Error,
    },
    /// A model lacks something.
    #[error("the model of `{service}` has no {what}")]
    Lacks {
        /// The service.
        service: String,
        /// What is missing.
        what: String,
    },
}

/// Writes the shape data of every service; returns the files written.
///
/// `root` is the workspace's directory.
///
/// # Errors
/// [`ShapesError`] says what could not be read or written.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<Vec<PathBuf>, ShapesError> {
    let botocore = match arguments {
        [] => installed(&root.join(".venv"))?,
        [flag, path] if flag == "--botocore" => PathBuf::from(path),
        [other, ..] => return Err(ShapesError::Argument(other.clone())),
    };
    let version = botocore_version(&botocore)?;
    let date = installed_on(&botocore)?;
    let mut written = Vec::new();
    for wanted in &SERVICES {
        let model = read_model(&botocore, wanted)?;
        let names = match wanted.operations {
            Operations::All => None,
            Operations::Only(names) => Some(names),
        };
        let data = reduce::reduce(wanted.service, &model, names, &format!("botocore {version}"), &date)?;
        let path = root.join("crates/sandbox/data").join(format!("{}.json", wanted.service));
        std::fs::write(&path, lines(&data))
            .map_err(|source| ShapesError::File { path: path.clone(), source })?;
        written.push(path);
    }
    Ok(written)
}

/// The botocore package of a virtual environment.
fn installed(venv: &Path) -> Result<PathBuf, ShapesError> {
    let lib = venv.join("lib");
    let pythons = std::fs::read_dir(&lib).map_err(|_| ShapesError::NoBotocore(lib.clone()))?;
    let mut found: Vec<PathBuf> = pythons
        .flatten()
        .map(|python| python.path().join("site-packages/botocore"))
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    found.pop().ok_or(ShapesError::NoBotocore(lib))
}

fn botocore_version(botocore: &Path) -> Result<String, ShapesError> {
    let path = botocore.join("__init__.py");
    let text = std::fs::read_to_string(&path).map_err(|_| ShapesError::NoBotocore(botocore.to_owned()))?;
    let version = text.lines().find_map(|line| line.strip_prefix("__version__ = "));
    let version = version.map(|version| version.trim_matches(['\'', '"']).to_owned());
    version.ok_or_else(|| ShapesError::Lacks { service: "botocore".to_owned(), what: "version".to_owned() })
}

/// The day the package was installed, in UTC: how old the facts may be.
fn installed_on(botocore: &Path) -> Result<String, ShapesError> {
    let path = botocore.join("__init__.py");
    let modified = std::fs::metadata(&path).and_then(|metadata| metadata.modified());
    let modified = modified.map_err(|source| ShapesError::File { path: path.clone(), source })?;
    let time = jiff::Timestamp::try_from(modified)
        .map_err(|error| ShapesError::File { path, source: std::io::Error::other(error) })?;
    Ok(time.strftime("%F").to_string())
}

/// The model is stored gzipped; `gzip` unpacks it, which spares a dependency.
fn read_model(botocore: &Path, wanted: &Wanted) -> Result<Value, ShapesError> {
    let path = botocore.join("data").join(wanted.service).join(wanted.version).join("service-2.json.gz");
    let failed = |source| ShapesError::File { path: path.clone(), source };
    let output = Command::new("gzip").arg("-dc").arg(&path).output().map_err(failed)?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(failed(std::io::Error::other(message)));
    }
    serde_json::from_slice(&output.stdout).map_err(|source| ShapesError::Json { path, source })
}

/// JSON with one operation or shape a line, so that an update of botocore is a readable diff.
fn lines(data: &Value) -> String {
    let mut text = String::from("{");
    for (at, (key, value)) in data.as_object().into_iter().flatten().enumerate() {
        let comma = if at > 0 { "," } else { "" };
        // Writing to a String cannot fail.
        let _ = write!(text, "{comma}\n{}: ", Value::from(key.as_str()));
        match value {
            Value::Object(entries) => {
                text.push('{');
                for (at, (name, entry)) in entries.iter().enumerate() {
                    let comma = if at > 0 { "," } else { "" };
                    let _ = write!(text, "{comma}\n  {}: {entry}", Value::from(name.as_str()));
                }
                text.push_str("\n}");
            }
            scalar => {
                let _ = write!(text, "{scalar}");
            }
        }
    }
    text.push_str("\n}\n");
    text
}
