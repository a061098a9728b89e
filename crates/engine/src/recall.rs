//! What a deep look has asked so far, on disk, so that one that is cut off is gone on with by the next: whoever has a
//! permission set is asked once for each pair of set and account, which takes AWS's rates a quarter of an hour for
//! twenty sets in a thousand accounts.
//!
//! INVARIANT (no change by hearsay): answers are used for an hour at most, only by a look that changes nothing, and not
//! after one that may have changed something, which forgets them all. A look that comes to its end forgets them, too.

use glidepath_model::identity_center::PrincipalId;
use glidepath_model::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long an answer is used.
const FRESH: Duration = Duration::from_secs(60 * 60);
/// The file's name in the folder for the state of an organization.
const NAME: &str = "asked.jsonl";

/// An answer: who has a permission set in an account.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Line {
    at: Timestamp,
    permission_set: String,
    account: AccountId,
    who: Vec<PrincipalId>,
}

/// The answers of a look that was cut off, and those of this one.
#[derive(Debug)]
pub(crate) struct Recall {
    known: BTreeMap<(String, AccountId), Vec<PrincipalId>>,
    file: Option<(PathBuf, Mutex<File>)>,
}

impl Recall {
    /// Remembers nothing.
    pub(crate) fn nothing() -> Self {
        Self { known: BTreeMap::new(), file: None }
    }

    /// What a look within the hour has left in a folder. A file that cannot be read or written remembers nothing: the
    /// look takes longer, and is no less right.
    pub(crate) fn of(folder: Option<&Path>, now: Timestamp) -> Self {
        let Some(folder) = folder else { return Self::nothing() };
        let path = folder.join(NAME);
        let known = read(&path, now);
        if known.is_empty() {
            forget(folder);
        }
        let opened = std::fs::create_dir_all(folder)
            .and_then(|()| OpenOptions::new().create(true).append(true).open(&path));
        Self { known, file: opened.ok().map(|file| (path, Mutex::new(file))) }
    }

    /// Who has a permission set in an account, where that was asked.
    pub(crate) fn answer(&self, set: &str, account: &AccountId) -> Option<Vec<PrincipalId>> {
        self.known.get(&(set.to_owned(), account.clone())).cloned()
    }

    /// Writes an answer down.
    pub(crate) fn keep(&self, at: Timestamp, set: &str, account: &AccountId, who: &[PrincipalId]) {
        let Some((_, file)) = &self.file else { return };
        let line = Line { at, permission_set: set.to_owned(), account: account.clone(), who: who.to_vec() };
        if let Ok(text) = serde_json::to_string(&line) {
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            // What is not written is asked again.
            drop(file.write_all(format!("{text}\n").as_bytes()));
        }
    }

    /// Forgets everything: the look has come to its end.
    pub(crate) fn done(self) {
        if let Some((path, file)) = self.file {
            drop(file);
            drop(std::fs::remove_file(path));
        }
    }
}

/// Forgets what looks have asked: something may be about to change.
pub fn forget(folder: &Path) {
    match std::fs::remove_file(folder.join(NAME)) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            // It can be emptied where it cannot be taken away.
            drop(File::create(folder.join(NAME)));
        }
        Ok(()) | Err(_) => {}
    }
}

fn read(path: &Path, now: Timestamp) -> BTreeMap<(String, AccountId), Vec<PrincipalId>> {
    let Ok(file) = File::open(path) else { return BTreeMap::new() };
    let lines = BufReader::new(file).lines().map_while(Result::ok);
    // The last line of a look that was cut off may be half a line.
    let lines = lines.filter_map(|line| serde_json::from_str::<Line>(&line).ok());
    let fresh = |line: &Line| {
        let age = Duration::try_from(now.duration_since(line.at));
        age.is_ok_and(|age| age <= FRESH)
    };
    lines.filter(fresh).map(|line| ((line.permission_set, line.account), line.who)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn what_was_asked_within_the_hour_is_known_and_half_a_line_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let (shop, till) =
            (AccountId::parse("444455556666").unwrap(), AccountId::parse("777788889999").unwrap());
        let who = vec![PrincipalId::Group("g-1".to_owned())];
        let first = Recall::of(Some(folder.path()), at(0));
        first.keep(at(0), "ps-1", &shop, &who);
        first.keep(at(1_800), "ps-1", &till, &[]);
        drop(first);
        let file = folder.path().join(NAME);
        let mut text = std::fs::read_to_string(&file).unwrap();
        text.push_str("{\"at\":");
        std::fs::write(&file, text).unwrap();
        let second = Recall::of(Some(folder.path()), at(3_000));
        assert_eq!(second.answer("ps-1", &shop), Some(who));
        assert_eq!(second.answer("ps-1", &till), Some(Vec::new()));
        assert_eq!(second.answer("ps-2", &shop), None);
        let later = Recall::of(Some(folder.path()), at(3_700));
        assert_eq!((later.answer("ps-1", &shop), later.answer("ps-1", &till).is_some()), (None, true));
        later.done();
        assert!(!file.exists());
    }

    #[test]
    fn a_folder_that_cannot_be_made_remembers_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let taken = folder.path().join("file");
        std::fs::write(&taken, "x").unwrap();
        let recall = Recall::of(Some(&taken), at(0));
        recall.keep(at(0), "ps-1", &AccountId::parse("444455556666").unwrap(), &[]);
        recall.done();
        assert_eq!(std::fs::read_to_string(taken).unwrap(), "x");
    }
}
