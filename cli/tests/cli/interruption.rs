//! Runs that are killed, and runs that meet.

use crate::desk::{Desk, SMALL, Served};
use std::process::Stdio;
use std::time::Duration;

const KEYS: [(&str, &str); 2] =
    [("AWS_ACCESS_KEY_ID", "AKIASANDBOX111122223333"), ("AWS_SECRET_ACCESS_KEY", "any")];

/// Waits until a run's journal holds so many lines.
fn await_journal(desk: &Desk, lines: usize) {
    let folder = desk.path(".local/state/glidepath/acme");
    for _ in 0..600 {
        let written: usize = std::fs::read_dir(&folder)
            .into_iter()
            .flatten()
            .filter_map(|entry| std::fs::read_to_string(entry.ok()?.path()).ok())
            .map(|text| text.lines().count())
            .sum();
        if written >= lines {
            return;
        }
        pause();
    }
    panic!("the run did not come that far");
}

#[expect(clippy::disallowed_methods, reason = "another process is waited for, and it lives by real time")]
fn pause() {
    std::thread::sleep(Duration::from_millis(50));
}

#[test]
fn an_apply_that_is_killed_is_finished_by_the_next_and_nothing_is_doubled() {
    let desk = Desk::with(SMALL);
    let served = Served::start(&desk, &["--sandbox-speed", "20", "--rates", "off"]);
    let apply =
        ["apply", "lz", "--endpoint", &served.url, "--rates", "off", "--yes", "--allow-new-accounts", "3"];
    let mut killed =
        desk.command(&apply).envs(KEYS).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    await_journal(&desk, 6);
    killed.kill().unwrap();
    killed.wait().unwrap();
    desk.run_with(&KEYS, &apply).expect_code(0);
    let plan = ["plan", "lz", "--endpoint", &served.url, "--detailed-exitcode"];
    desk.run_with(&KEYS, &plan).expect_code(0);
    drop(served);
    let accounts = desk.list("ListAccounts", "Accounts", serde_json::json!({}));
    assert_eq!(accounts.len(), 4, "{accounts:?}");
}

#[test]
fn of_two_applies_at_once_one_is_refused_with_owner_and_age() {
    let desk = Desk::with(SMALL);
    let served = Served::start(&desk, &[]);
    let apply = ["apply", "lz", "--endpoint", &served.url, "--yes", "--allow-new-accounts", "3"];
    let mut first =
        desk.command(&apply).envs(KEYS).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    await_journal(&desk, 3);
    let second = desk.run_with(&KEYS, &apply);
    second.expect_code(4);
    assert!(second.stderr.contains("`ada` on `bench`"), "{}", second.transcript());
    assert!(second.stderr.contains("seconds ago"), "{}", second.transcript());
    first.kill().unwrap();
    first.wait().unwrap();
}
