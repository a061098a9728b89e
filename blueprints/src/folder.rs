//! Reading a user's own blueprints: the only IO of this crate.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// The most bytes of one file: what CloudFormation takes from S3.
const BYTES_AT_MOST: u64 = 1 << 20;

/// Why a folder cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("`{}` cannot be read", .path.display())]
pub struct FolderError {
    /// The folder or file.
    pub path: PathBuf,
    /// What the system says.
    #[source]
    pub cause: io::Error,
}

/// The texts of one blueprint of a user's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A folder in the form of the catalogue.
    Folder {
        /// Where it is.
        folder: String,
        /// `blueprint.yaml`.
        blueprint: String,
        /// `template.yaml.hbs`.
        template: String,
        /// The files of `examples/`, by name and text.
        examples: Vec<(String, String)>,
    },
    /// A plain CloudFormation file.
    Plain {
        /// Where it is.
        file: String,
        /// The template.
        text: String,
    },
}

/// What a folder holds: every sub-folder with a `blueprint.yaml`, and every `.yaml`, `.yml` or `.json` file as a
/// plain template; or, of a folder that itself has a `blueprint.yaml` or of a file, that one.
///
/// # Errors
/// [`FolderError`] names the first folder or file that cannot be read, or is larger than one mebibyte.
pub fn read_folder(path: &Path) -> Result<Vec<Source>, FolderError> {
    if path.is_file() {
        return Ok(vec![plain(path)?]);
    }
    if path.join("blueprint.yaml").is_file() {
        return Ok(vec![folder(path)?]);
    }
    let mut sources = Vec::new();
    for entry in entries(path)? {
        let end = entry.extension().and_then(|end| end.to_str()).unwrap_or_default();
        if entry.join("blueprint.yaml").is_file() {
            sources.push(folder(&entry)?);
        } else if entry.is_file() && ["yaml", "yml", "json"].contains(&end) {
            sources.push(plain(&entry)?);
        }
    }
    Ok(sources)
}

fn folder(path: &Path) -> Result<Source, FolderError> {
    let mut examples = Vec::new();
    let beside = path.join("examples");
    if beside.is_dir() {
        for entry in entries(&beside)? {
            if entry.extension().is_some_and(|end| end == "yaml") {
                let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
                examples.push((name, text(&entry)?));
            }
        }
    }
    Ok(Source::Folder {
        folder: path.display().to_string(),
        blueprint: text(&path.join("blueprint.yaml"))?,
        template: text(&path.join("template.yaml.hbs"))?,
        examples,
    })
}

fn plain(path: &Path) -> Result<Source, FolderError> {
    Ok(Source::Plain { file: path.display().to_string(), text: text(path)? })
}

/// The entries of a folder, in order.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, FolderError> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed(folder))? {
        all.push(entry.map_err(failed(folder))?.path());
    }
    all.sort();
    Ok(all)
}

fn text(path: &Path) -> Result<String, FolderError> {
    let size = fs::metadata(path).map_err(failed(path))?.len();
    if size > BYTES_AT_MOST {
        return Err(failed(path)(io::Error::new(io::ErrorKind::FileTooLarge, "larger than 1 MiB")));
    }
    fs::read_to_string(path).map_err(failed(path))
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> FolderError + use<> {
    let path = path.to_owned();
    move |cause| FolderError { path, cause }
}
