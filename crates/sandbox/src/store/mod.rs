//! A world in a directory: one readable JSON file per service, and a log of what changed since they were written.
//!
//! Each call that changes something appends one line to `log.jsonl` before its answer leaves; now and then, and on a
//! clean exit, the log is folded into the files. A process that dies loses nothing it answered: a last line without its
//! end is dropped, and repeating a log that was already folded changes nothing, since a line holds whole rows. The
//! computer dying may lose the last lines: nothing is forced to the disk.

mod files;
mod lock;
mod log;

use crate::options::SandboxOptions;
use crate::service::services;
use crate::world::{Change, TableInfo, World};
use glidepath_model::text::printable;
use lock::DirectoryLock;
use log::Log;
use std::path::{Path, PathBuf};

/// A log shorter than this, in bytes, is never folded while the process runs.
const SMALL_LOG: u64 = 4 << 20;

/// Why a directory's world cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it.
    #[error("the sandbox `{}` is in use by process {pid} (`{}`)\nhelp: wait for it to end, or give another directory", dir.display(), printable(command))]
    Held {
        /// The directory.
        dir: PathBuf,
        /// The process that holds it.
        pid: u32,
        /// Its command line.
        command: String,
    },
    /// A file holds something else than a world.
    #[error("`{}` is not a file of a sandbox this version can read: {what}\nhelp: `glidepath sandbox reset` starts anew", path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// A file could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A file of the world could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} `{}`", path.display())]
pub struct StoreError {
    /// What was tried.
    pub action: &'static str,
    /// The file.
    pub path: PathBuf,
    /// Why it failed.
    #[source]
    pub source: std::io::Error,
}

/// The tables of every service, and the world's own.
pub(crate) fn tables() -> Vec<TableInfo> {
    let mut tables = crate::world::own_tables();
    tables.extend(services().iter().flat_map(|service| (service.tables)()));
    tables
}

/// The directory a world is kept in, held by this process.
#[derive(Debug)]
pub(crate) struct Store {
    dir: PathBuf,
    log: Log,
    /// Bytes of the folded files: the log is folded when it has grown past twice as many.
    folded: u64,
    /// How often the world was opened, this time included.
    opened: u64,
    _lock: DirectoryLock,
}

impl Store {
    /// Takes the directory, and reads the world in it; none when it holds none.
    pub(crate) fn open(dir: &Path, options: &SandboxOptions) -> Result<(Self, Option<World>), OpenError> {
        std::fs::create_dir_all(dir).map_err(failed("create", dir))?;
        let lock = DirectoryLock::take(dir, &options.command)?;
        let tables = tables();
        let read = files::read(dir, &tables)?;
        let (log, lines) = Log::open(&dir.join("log.jsonl"), &tables)?;
        let (world, opened, folded) = match read {
            None => (None, 1, 0),
            Some(read) => {
                let mut world = read.world;
                for line in lines {
                    world.advance(line.now);
                    for row in line.rows {
                        world.replay(row.table, &row.key, row.row);
                    }
                }
                (Some(world), read.opened + 1, read.bytes)
            }
        };
        Ok((Self { dir: dir.to_owned(), log, folded, opened, _lock: lock }, world))
    }

    /// How often the world was opened, this time included.
    pub(crate) fn opened(&self) -> u64 {
        self.opened
    }

    /// Notes one call's changes.
    pub(crate) fn append(
        &mut self,
        world: &World,
        operation: &str,
        changes: &[Change],
    ) -> Result<(), StoreError> {
        self.log.append(world.now(), operation, changes)
    }

    /// Folds the log if it has become long.
    pub(crate) fn fold_long_log(&mut self, world: &World) -> Result<(), StoreError> {
        if self.log.bytes() > SMALL_LOG.max(self.folded * 2) { self.fold(world) } else { Ok(()) }
    }

    /// Writes every file anew and empties the log.
    pub(crate) fn fold(&mut self, world: &World) -> Result<(), StoreError> {
        self.folded = files::write(&self.dir, world, self.opened, &tables())?;
        self.log.empty()
    }

    /// Removes the world from a directory that nobody holds. Files that are not a world's stay.
    pub(crate) fn reset(dir: &Path, command: &str) -> Result<(), OpenError> {
        if !dir.exists() {
            return Ok(());
        }
        let _lock = DirectoryLock::take(dir, command)?;
        let mut names = files::names(&tables());
        names.push("log.jsonl".to_owned());
        for path in names.iter().map(|name| dir.join(name)).filter(|path| path.exists()) {
            std::fs::remove_file(&path).map_err(failed("remove", &path))?;
        }
        Ok(())
    }
}

/// Turns an IO error into one that says what was tried.
fn failed(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> StoreError {
    let path = path.to_owned();
    move |source| StoreError { action, path, source }
}
