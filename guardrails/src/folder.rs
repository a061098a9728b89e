//! Reading a user's own folder of guardrails: the only IO of this crate.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// The most bytes of one file.
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

/// The `.yaml` files of a folder, each by name and text, in order; sub-folders are not entered.
///
/// # Errors
/// [`FolderError`] names the first folder or file that cannot be read, or is larger than one mebibyte.
pub fn read_folder(folder: &Path) -> Result<Vec<(String, String)>, FolderError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |cause| FolderError { path, cause }
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed(folder))? {
        let path = entry.map_err(failed(folder))?.path();
        if path.extension().is_none_or(|end| end != "yaml") || !path.is_file() {
            continue;
        }
        let size = fs::metadata(&path).map_err(failed(&path))?.len();
        if size > BYTES_AT_MOST {
            return Err(failed(&path)(io::Error::new(io::ErrorKind::FileTooLarge, "larger than 1 MiB")));
        }
        files.push((path.display().to_string(), fs::read_to_string(&path).map_err(failed(&path))?));
    }
    files.sort();
    Ok(files)
}
