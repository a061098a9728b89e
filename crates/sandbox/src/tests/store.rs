//! A world in a directory: reopened, torn, held, folded.

use super::{account, options, time};
use crate::service::sts::{Role, add_role};
use crate::{OpenError, Sandbox};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;

fn add(sandbox: &Sandbox, name: &str) {
    sandbox.change(|world| add_role(world, Role::new(account("777788889999"), "/", name, BTreeSet::new())));
}

fn open(dir: &Path) -> Sandbox {
    Sandbox::open(dir, options()).unwrap()
}

fn log(dir: &Path) -> String {
    std::fs::read_to_string(dir.join("log.jsonl")).unwrap()
}

#[test]
fn a_world_is_the_same_after_a_clean_exit_and_after_none() {
    let dir = tempfile::tempdir().unwrap();
    let sandbox = open(dir.path());
    sandbox.advance(time("2026-11-24T06:00:00Z")).unwrap();
    add(&sandbox, "One");
    let wanted = sandbox.canonical_dump();
    assert_eq!(log(dir.path()).lines().count(), 1);
    drop(sandbox);
    let reopened = open(dir.path());
    assert_eq!((reopened.canonical_dump(), reopened.now()), (wanted.clone(), time("2026-11-24T06:00:00Z")));
    reopened.close().unwrap();
    assert_eq!(log(dir.path()), "");
    assert!(std::fs::read_to_string(dir.path().join("sts.json")).unwrap().contains("777788889999/One"));
    assert_eq!(open(dir.path()).canonical_dump(), wanted);
}

#[test]
fn a_line_that_was_not_finished_is_dropped_and_the_next_one_follows_the_whole_ones() {
    let dir = tempfile::tempdir().unwrap();
    let sandbox = open(dir.path());
    add(&sandbox, "One");
    let wanted = sandbox.canonical_dump();
    let whole = log(dir.path());
    add(&sandbox, "Two");
    let line = log(dir.path());
    drop(sandbox);
    for end in (whole.len()..line.len() - 1).step_by(7) {
        std::fs::write(dir.path().join("log.jsonl"), &line.as_bytes()[..end]).unwrap();
        let torn = open(dir.path());
        assert_eq!(torn.canonical_dump(), wanted, "cut at {end}");
        drop(torn);
    }
}

#[test]
fn a_log_that_was_already_folded_may_be_repeated() {
    let dir = tempfile::tempdir().unwrap();
    let sandbox = open(dir.path());
    add(&sandbox, "One");
    let stale = log(dir.path());
    let wanted = sandbox.canonical_dump();
    sandbox.close().unwrap();
    std::fs::write(dir.path().join("log.jsonl"), stale).unwrap();
    assert_eq!(open(dir.path()).canonical_dump(), wanted);
}

#[test]
fn a_broken_line_in_the_middle_or_a_foreign_file_is_named() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()));
    let mut file = std::fs::OpenOptions::new().append(true).open(dir.path().join("log.jsonl")).unwrap();
    file.write_all(b"{\"now\": 1}\n").unwrap();
    let error = Sandbox::open(dir.path(), options()).unwrap_err();
    assert!(error.to_string().contains("log.jsonl") && error.to_string().contains("line 1"), "{error}");
    Sandbox::reset(dir.path(), "test").unwrap();
    std::fs::write(dir.path().join("world.json"), "{}").unwrap();
    assert!(matches!(Sandbox::open(dir.path(), options()), Err(OpenError::Broken { .. })));
}

#[test]
fn a_second_holder_is_told_who_holds_the_directory() {
    let dir = tempfile::tempdir().unwrap();
    let mut first = options();
    first.command = "glidepath apply".to_owned();
    let _held = Sandbox::open(dir.path(), first).unwrap();
    match Sandbox::open(dir.path(), options()).unwrap_err() {
        OpenError::Held { pid, command, .. } => {
            assert_eq!((pid, command.as_str()), (std::process::id(), "glidepath apply"));
        }
        other => panic!("{other}"),
    }
}

#[test]
fn a_reset_leaves_a_new_world_and_foreign_files() {
    let dir = tempfile::tempdir().unwrap();
    let fresh = open(dir.path()).canonical_dump();
    let sandbox = open(dir.path());
    add(&sandbox, "One");
    sandbox.close().unwrap();
    std::fs::write(dir.path().join("notes.txt"), "mine").unwrap();
    Sandbox::reset(dir.path(), "test").unwrap();
    assert!(dir.path().join("notes.txt").exists());
    let sandbox = open(dir.path());
    assert_eq!(sandbox.canonical_dump(), fresh);
    add(&sandbox, "Two");
    sandbox.restart().unwrap();
    assert_eq!(sandbox.canonical_dump(), fresh);
    drop(sandbox);
    assert_eq!(open(dir.path()).canonical_dump(), fresh);
}
