//! The manifest's own folder: the only place this crate reads from.
//!
//! Nothing outside it is ever opened, whatever `..` or symbolic links say; only regular files are, and
//! no more of them than [`Bounds`] allow.

use crate::code::{self, Code};
use crate::yaml::Bounds;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FolderError {
    #[error("`{0}` cannot be found")]
    Missing(String),
    #[error("`{0}` lies outside the manifest's folder")]
    Outside(String),
    #[error("`{0}` is not a regular file")]
    NotRegular(String),
    #[error("`{name}` cannot be read: {source}")]
    Unreadable { name: String, source: io::Error },
    #[error("`{name}` is larger than {bound} bytes")]
    TooLarge { name: String, bound: u64 },
    #[error("the files of the manifest hold more than {bound} bytes in all, with `{name}`")]
    TooMuch { name: String, bound: u64 },
    #[error("`{0}` is not text in UTF-8")]
    NotText(String),
    #[error("`{0}` holds no `*.yaml` or `*.yml` file")]
    Empty(String),
    #[error("`{0}` cannot be read: this manifest has no folder")]
    NoFolder(String),
}

impl FolderError {
    /// The code for a fault of the manifest itself.
    pub(crate) fn code(&self) -> Code {
        match self {
            Self::TooLarge { .. } | Self::TooMuch { .. } => code::TOO_LARGE,
            Self::NotText(_) => code::NOT_TEXT,
            Self::Outside(_) => code::FILE_OUTSIDE,
            Self::Missing(_) | Self::NotRegular(_) | Self::Unreadable { .. } | Self::Empty(_) => {
                code::UNREADABLE
            }
            Self::NoFolder(_) => code::FILE_UNREADABLE,
        }
    }

    /// What to do about a fault of the manifest itself.
    pub(crate) fn help(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } | Self::TooMuch { .. } => {
                "take out what is not meant to be in the manifest, or split it"
            }
            Self::NotText(_) => "save it as UTF-8",
            _ => "name a manifest: a YAML file, or a folder of `*.yaml` files",
        }
    }

    /// The code for a fault of a document that a `file:` refers to.
    pub(crate) fn reference_code(&self) -> Code {
        match self {
            Self::Missing(_) | Self::NotRegular(_) | Self::Unreadable { .. } => code::FILE_UNREADABLE,
            _ => self.code(),
        }
    }
}

/// A folder, or none for a manifest that is only a text.
pub(crate) struct Folder {
    root: Option<PathBuf>,
    bounds: Bounds,
    used_bytes: u64,
}

/// What a user's path leads to.
pub(crate) struct Opened {
    pub(crate) folder: Folder,
    /// The manifest's own files within the folder, by name.
    pub(crate) files: Vec<PathBuf>,
    /// The folder as the user wrote it.
    pub(crate) shown: PathBuf,
}

impl Folder {
    /// The folder of a manifest that is only a text: it holds no file.
    pub(crate) fn none(bounds: Bounds) -> Self {
        Self { root: None, bounds, used_bytes: 0 }
    }

    /// Opens what the user named: a file, or a folder of files.
    pub(crate) fn open(path: &Path, bounds: Bounds) -> Result<Opened, FolderError> {
        let name = path.display().to_string();
        let fault = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => FolderError::Missing(name.clone()),
            _ => FolderError::Unreadable { name: name.clone(), source },
        };
        let metadata = std::fs::metadata(path).map_err(fault)?;
        let (folder, files) = if metadata.is_dir() {
            let mut files = Vec::new();
            for entry in std::fs::read_dir(path).map_err(fault)? {
                let file = PathBuf::from(entry.map_err(fault)?.file_name());
                let yaml = file.extension().is_some_and(|end| end == "yaml" || end == "yml");
                if yaml && !file.to_string_lossy().starts_with('.') {
                    files.push(file);
                }
            }
            files.sort();
            (path, files)
        } else {
            let file = path.file_name().ok_or_else(|| FolderError::NotRegular(name.clone()))?;
            (path.parent().unwrap_or(Path::new("")), vec![PathBuf::from(file)])
        };
        if files.is_empty() {
            return Err(FolderError::Empty(name));
        }
        let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let root = here.canonicalize().map_err(fault)?;
        let shown = folder.to_path_buf();
        Ok(Opened { folder: Self { root: Some(root), bounds, used_bytes: 0 }, files, shown })
    }

    /// Reads a file by its path within the folder.
    pub(crate) fn read(&mut self, relative: &Path) -> Result<String, FolderError> {
        let name = relative.display().to_string();
        let Some(root) = &self.root else { return Err(FolderError::NoFolder(name)) };
        if !relative
            .components()
            .all(|part| matches!(part, Component::Normal(_) | Component::CurDir | Component::ParentDir))
        {
            return Err(FolderError::Outside(name));
        }
        if climbs_out(relative) {
            return Err(FolderError::Outside(name));
        }
        let unreadable = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => FolderError::Missing(name.clone()),
            _ => FolderError::Unreadable { name: name.clone(), source },
        };
        let path = root.join(relative).canonicalize().map_err(unreadable)?;
        if !path.starts_with(root) {
            return Err(FolderError::Outside(name));
        }
        if !std::fs::metadata(&path).map_err(unreadable)?.is_file() {
            return Err(FolderError::NotRegular(name));
        }
        let mut bytes = Vec::new();
        let bound = self.bounds.file_bytes;
        let file = File::open(&path).map_err(unreadable)?;
        let count = file.take(bound.saturating_add(1)).read_to_end(&mut bytes).map_err(unreadable)?;
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        if count > bound {
            return Err(FolderError::TooLarge { name, bound });
        }
        self.used_bytes = self.used_bytes.saturating_add(count);
        if self.used_bytes > self.bounds.total_bytes {
            return Err(FolderError::TooMuch { name, bound: self.bounds.total_bytes });
        }
        String::from_utf8(bytes).map_err(|_| FolderError::NotText(name))
    }
}

/// Whether a path leaves its folder by its text alone, links not followed.
fn climbs_out(relative: &Path) -> bool {
    let mut depth = 0_usize;
    for part in relative.components() {
        match part {
            Component::Normal(_) => depth += 1,
            Component::ParentDir => match depth.checked_sub(1) {
                Some(above) => depth = above,
                None => return true,
            },
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_may_go_up_only_as_far_as_it_went_down() {
        assert!(!climbs_out(Path::new("policies/../shared.json")));
        assert!(climbs_out(Path::new("policies/../../shared.json")));
    }
}
