//! The lock that serves before an organization exists: a file on this machine, held for as long as the
//! process lives. It cannot see runs on other machines; of two organizations that they ask for, AWS makes
//! only one.

use crate::error::EngineError;
use crate::lock::{Holder, LockError};
use glidepath_model::text::printable;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::path::Path;

/// The file's name in the journals' folder.
const FILE: &str = "organization.lock";

/// The local lock, held until it is dropped.
#[derive(Debug)]
pub(crate) struct LocalLock {
    _file: File,
}

impl LocalLock {
    /// Takes the lock.
    pub(crate) fn take(folder: &Path, holder: &Holder) -> Result<Self, EngineError> {
        let path = folder.join(FILE);
        let failed = |source| EngineError::File { path: path.clone(), source };
        let open = || OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let mut file = open().map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let text = std::fs::read_to_string(&path).unwrap_or_default();
                return Err(LockError::HeldHere { holder: printable(&text).into_owned() }.into());
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let told = file.set_len(0).and_then(|()| file.write_all(holder.description().as_bytes()));
        told.map_err(failed)?;
        Ok(Self { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_run_is_refused_and_told_who_holds_it() {
        let folder = tempfile::tempdir().unwrap();
        let now = "2027-01-01T00:00:00Z".parse().unwrap();
        let first = LocalLock::take(folder.path(), &Holder::new("run-1", "ada", "build", now)).unwrap();
        let refused = LocalLock::take(folder.path(), &Holder::new("run-2", "bob", "build", now)).unwrap_err();
        assert!(refused.is_refusal() && refused.to_string().contains("run-1"), "{refused}");
        drop(first);
        LocalLock::take(folder.path(), &Holder::new("run-2", "bob", "build", now)).unwrap();
    }
}
