//! One apply at a time.

use crate::support::{Lab, UNITS, large, zone};
use glidepath_engine::{Event, Events, LockError, SkipReason};
use glidepath_sandbox::Sandbox;
use serde_json::json;
use std::sync::{Arc, Mutex};

const DOCUMENT: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Sid":"N","Effect":"Deny","Action":"s3:*","Resource":"*"}]}"#;

/// Puts a lock of somebody else there, so many seconds old.
fn lock_of_another(lab: &Lab, age: u32) {
    let heartbeat = lab.sandbox.now();
    let description =
        json!({"run": "run-x", "owner": "bob", "host": "ci-7", "heartbeat": heartbeat.to_string()})
            .to_string();
    lab.call(
        "CreatePolicy",
        json!({"Name": "glidepath-lock", "Type": "SERVICE_CONTROL_POLICY", "Description": description, "Content": DOCUMENT}),
    );
    lab.advance(age);
}

fn error_of(lab: &Lab) -> glidepath_engine::EngineError {
    let error = lab.try_apply(&zone(UNITS)).unwrap_err();
    assert!(error.is_refusal(), "{error}");
    error
}

#[test]
fn a_live_lock_is_refused_and_its_owner_and_age_are_told() {
    let lab = Lab::new();
    lock_of_another(&lab, 90);
    let error = error_of(&lab);
    let text = error.to_string();
    assert!(text.contains("`bob`") && text.contains("`ci-7`") && text.contains("90 seconds"), "{text}");
    assert_eq!(lab.tape.count("CreateOrganizationalUnit"), 0);
}

#[test]
fn a_stale_lock_is_taken_over_with_a_notice_and_freed_at_the_end() {
    let lab = Lab::new();
    lock_of_another(&lab, 301);
    let heard = Arc::new(Mutex::new(Vec::new()));
    let sink = heard.clone();
    let events = Events::to(move |event| sink.lock().unwrap().push(event));
    let zone = zone(UNITS);
    lab.run(async |aws| lab.apply_on(aws, &zone, &events).await).unwrap().assert_complete();
    let heard = heard.lock().unwrap();
    let taken =
        heard.iter().any(|event| matches!(event, Event::LockTakenOver { from, .. } if from.owner == "bob"));
    assert!(taken && heard.contains(&Event::Unlocked), "{heard:#?}");
    assert_eq!(policies(&lab), ["FullAWSAccess"]);
}

fn policies(lab: &Lab) -> Vec<String> {
    let listed = lab.call("ListPolicies", json!({"Filter": "SERVICE_CONTROL_POLICY"}));
    listed["Policies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|policy| policy["Name"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_name_that_is_taken_by_something_else_is_refused() {
    let lab = Lab::new();
    lab.call(
        "CreatePolicy",
        json!({"Name": "glidepath-lock", "Type": "SERVICE_CONTROL_POLICY", "Description": "mine", "Content": DOCUMENT}),
    );
    let error = error_of(&lab);
    assert!(error.to_string().contains("not a lock of Glidepath"), "{error}");
}

#[test]
fn of_two_applies_at_once_one_is_refused_and_the_lock_is_freed() {
    let (lab, zone) = (Lab::new(), zone(UNITS));
    let (one, other) = lab.run(async |aws| {
        let events = Events::silent();
        futures::join!(lab.apply_on(aws, &zone, &events), lab.apply_on(aws, &zone, &events))
    });
    let (done, refused) = match (one, other) {
        (Ok(done), Err(refused)) | (Err(refused), Ok(done)) => (done, refused),
        (one, other) => panic!("{one:?} {other:?}"),
    };
    done.assert_complete();
    assert!(matches!(refused, glidepath_engine::EngineError::Lock(LockError::Held { .. })), "{refused}");
    assert_eq!(lab.tape.count("CreateOrganizationalUnit"), 7);
    assert_eq!(policies(&lab), ["FullAWSAccess"]);
}

#[test]
fn the_lock_is_no_part_of_a_plan_and_is_freed_after_a_failure() {
    let (lab, zone) = (Lab::new(), zone(UNITS));
    lab.tape.deny("CreateOrganizationalUnit", "Security");
    let applied = lab.apply(&zone);
    assert_eq!((applied.receipt.failed.len(), applied.receipt.done.len()), (1, 6));
    assert_eq!(policies(&lab), ["FullAWSAccess"]);
    lock_of_another(&lab, 1);
    let plan = lab.plan(&zone);
    assert!(plan.changes.iter().all(|change| !change.address.to_string().contains("glidepath-lock")));
    assert_eq!((plan.unmanaged.len(), plan.foreign.get("policy")), (0, None));
}

#[test]
fn a_run_whose_lock_was_taken_over_starts_nothing_new() {
    let (lab, zone) = (Lab::new(), zone(&large()));
    let sandbox = lab.sandbox.clone();
    let taken = std::sync::Once::new();
    lab.tape.before_each(move |operation, _, _| {
        if operation == "CreateAccount" {
            taken.call_once(|| write_name_over(&sandbox));
        }
    });
    let receipt = lab.apply(&zone).receipt;
    assert!(receipt.failed.is_empty(), "{:#?}", receipt.failed);
    assert!(!receipt.skipped.is_empty());
    assert!(receipt.skipped.iter().all(|skipped| skipped.because == SkipReason::LockLost));
    let made = lab.tape.count("CreateAccount");
    assert!((1..45).contains(&made), "{made} accounts were begun");
    assert!(policies(&lab).contains(&"glidepath-lock".to_owned()), "the other run's lock stays");
}

/// What another run does that takes the lock over.
fn write_name_over(sandbox: &Sandbox) {
    let call = |operation: &str, request| {
        sandbox.call_json("111122223333", "organizations", operation, request).unwrap()
    };
    let listed = call("ListPolicies", json!({"Filter": "SERVICE_CONTROL_POLICY"}));
    let listed = listed["Policies"].as_array().unwrap();
    let lock = listed.iter().find(|policy| policy["Name"] == "glidepath-lock").unwrap();
    let holder = json!({"run": "run-x", "owner": "bob", "host": "ci-7", "heartbeat": "2027-01-04T23:00:00Z"});
    call("UpdatePolicy", json!({"PolicyId": lock["Id"], "Description": holder.to_string()}));
}

#[test]
fn a_lock_that_moves_while_it_is_watched_is_alive_whatever_the_clocks_say() {
    let lab = Lab::new();
    lock_of_another(&lab, 600);
    let sandbox = lab.sandbox.clone();
    let seen = std::sync::atomic::AtomicU32::new(0);
    lab.tape.before_each(move |operation, _, _| {
        // The second look at the lock, after it was watched.
        if operation == "DescribePolicy" && seen.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 1 {
            write_name_over(&sandbox);
        }
    });
    let error = error_of(&lab);
    assert!(error.to_string().contains("`bob`"), "{error}");
    assert_eq!(lab.tape.count("CreateOrganizationalUnit"), 0);
}
