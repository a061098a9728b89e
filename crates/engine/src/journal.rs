//! The journal: what a run was about to do and what came of it, one line of JSON each, on disk before the
//! next step.
//!
//! It is for people, and it proves that a run on this machine is dead: its file is locked for as long as
//! the run lives, and the system lets go of that lock however the run ends.
//!
//! INVARIANT (the journal decides nothing): no plan and no step of an apply reads what a journal says. A
//! journal that cannot be written ends no run.

use crate::error::EngineError;
use crate::event::{Event, Events};
use glidepath_model::{Address, Digest, Timestamp};
use glidepath_plan::Verb;
use serde::Serialize;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The version of a line's form.
const FORMAT_VERSION: u32 = 1;

/// One line.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Entry<'a> {
    /// The run begins.
    Run { format_version: u32, run: &'a str, owner: &'a str, plan: &'a Digest, changes: usize },
    /// A change is about to be made.
    Intent { address: &'a Address, verb: Verb },
    /// It was made.
    Done { address: &'a Address, verb: Verb, physical: Option<&'a str> },
    /// It failed.
    Failed { address: &'a Address, verb: Verb, error: &'a str },
    /// A part of a change is about to be asked for: one account of assignments.
    Request { address: &'a Address, verb: Verb },
    /// AWS has decided on it.
    Settled { address: &'a Address, verb: Verb, error: Option<&'a str> },
    /// The run ended in order.
    End { done: usize, failed: usize, skipped: usize },
}

#[derive(Serialize)]
struct Line<'a> {
    at: Timestamp,
    #[serde(flatten)]
    entry: &'a Entry<'a>,
}

/// The folder in which runs of this machine keep their journals.
#[derive(Debug, Clone)]
pub(crate) struct Journals(PathBuf);

impl Journals {
    /// Uses a folder, and makes it if need be.
    pub(crate) fn at(folder: &Path) -> Result<Self, EngineError> {
        let failed = |source| EngineError::File { path: folder.to_owned(), source };
        std::fs::create_dir_all(folder).map_err(failed)?;
        Ok(Self(folder.to_owned()))
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }

    /// The file of a run; none for an id that could lead out of the folder.
    fn file(&self, run: &str) -> Option<PathBuf> {
        let plain = !run.is_empty() && run.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        plain.then(|| self.0.join(format!("{run}.jsonl")))
    }

    /// Whether that run was on this machine and is no more: its journal is here and nobody holds it.
    pub(crate) fn prove_dead(&self, run: &str) -> bool {
        let opened = self.file(run).and_then(|path| File::open(path).ok());
        // Closing the file at the end of this line lets go of it again.
        opened.is_some_and(|file| file.try_lock().is_ok())
    }

    /// Begins the journal of a run. Where that fails the run goes on without one.
    pub(crate) fn begin(&self, run: &str, events: &Events) -> Journal {
        let opened =
            self.file(run).ok_or_else(|| "the run's id is no file name".to_owned()).and_then(|path| {
                let file = OpenOptions::new()
                    .create(true)
                    .append(true)
                    .open(path)
                    .map_err(|error| error.to_string())?;
                file.try_lock().map_err(|error| error.to_string())?;
                Ok(file)
            });
        match opened {
            Ok(file) => Journal { file: Mutex::new(Some(file)), events: events.clone() },
            Err(cause) => {
                events.send(Event::JournalFailed { cause });
                Journal::none(events)
            }
        }
    }
}

/// The journal of one run; dropping it says that the run is over.
#[derive(Debug)]
pub(crate) struct Journal {
    file: Mutex<Option<File>>,
    events: Events,
}

impl Journal {
    /// No journal at all.
    pub(crate) fn none(events: &Events) -> Self {
        Self { file: Mutex::new(None), events: events.clone() }
    }

    /// The first line of a run.
    pub(crate) fn run<'a>(run: &'a str, owner: &'a str, plan: &'a Digest, changes: usize) -> Entry<'a> {
        Entry::Run { format_version: FORMAT_VERSION, run, owner, plan, changes }
    }

    /// Writes a line and waits until it is on disk.
    ///
    /// It blocks: a line is short, and the next step must not begin before it is safe.
    pub(crate) fn write(&self, at: Timestamp, entry: &Entry<'_>) {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(open) = file.as_mut() else { return };
        let written =
            serde_json::to_vec(&Line { at, entry }).map_err(std::io::Error::other).and_then(|mut line| {
                line.push(b'\n');
                open.write_all(&line)?;
                open.sync_data()
            });
        if let Err(error) = written {
            *file = None;
            self.events.send(Event::JournalFailed { cause: error.to_string() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_proven_dead_only_when_its_journal_lies_here_and_nobody_holds_it() {
        let folder = tempfile::tempdir().unwrap();
        let journals = Journals::at(folder.path()).unwrap();
        let journal = journals.begin("run-1", &Events::silent());
        assert!(!journals.prove_dead("run-1"), "it lives");
        assert!(!journals.prove_dead("run-2"), "it may live elsewhere");
        assert!(!journals.prove_dead("../run-1"), "this is no id");
        drop(journal);
        assert!(journals.prove_dead("run-1"));
    }
}
