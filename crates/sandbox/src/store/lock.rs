//! One process holds a directory: an operating system's lock on the file `lock`, which names its holder.
//!
//! The lock goes with the process, however it ends.

use super::{OpenError, failed};
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;
use std::time::Duration;

/// How often a held lock is tried again, and how long apart: two seconds in all, enough for a command that ends.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(100);

/// Who holds a directory.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Holder {
    pid: u32,
    command: String,
}

/// The lock on a directory; dropping it lets go.
#[derive(Debug)]
pub(super) struct DirectoryLock {
    _file: File,
}

impl DirectoryLock {
    /// Takes the lock, waiting briefly for another process to let go of it.
    pub(super) fn take(dir: &Path, command: &str) -> Result<Self, OpenError> {
        let path = dir.join("lock");
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = opened.map_err(failed("open", &path))?;
        let mut tries = 0;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if tries < TRIES => {
                    tries += 1;
                    pause();
                }
                Err(TryLockError::WouldBlock) => {
                    let mut text = String::new();
                    // Where it cannot be read the holder stays unnamed; the lock is held all the same.
                    let _ = file.read_to_string(&mut text);
                    let holder: Holder = serde_json::from_str(&text).unwrap_or_default();
                    return Err(OpenError::Held {
                        dir: dir.to_owned(),
                        pid: holder.pid,
                        command: holder.command,
                    });
                }
                Err(TryLockError::Error(source)) => return Err(failed("lock", &path)(source).into()),
            }
        }
        let holder = Holder { pid: std::process::id(), command: command.to_owned() };
        let text = serde_json::to_string(&holder).unwrap_or_default();
        let written =
            file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(text.as_bytes()));
        written.map_err(failed("write", &path))?;
        Ok(Self { _file: file })
    }
}

#[expect(clippy::disallowed_methods, reason = "it waits for another process, which knows no simulated time")]
fn pause() {
    std::thread::sleep(PAUSE);
}
