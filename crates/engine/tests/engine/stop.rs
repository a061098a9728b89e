//! Ctrl-C: what is in flight goes on to its end, nothing new is started, and running again goes on.

use crate::support::{FULL, Lab, zone};
use glidepath_engine::{SkipReason, Stop};

#[test]
fn a_stopped_run_finishes_what_is_in_flight_and_names_what_it_did_not_start() {
    let mut lab = Lab::new();
    let stop = Stop::new();
    lab.apply.stop = stop.clone();
    let asked = stop.clone();
    lab.tape.before_each(move |operation, _, _| {
        if operation == "CreateAccount" {
            asked.ask();
        }
    });
    let zone = zone(FULL);
    let applied = lab.apply(&zone);
    let receipt = &applied.receipt;
    assert!(receipt.stopped && !receipt.is_complete());
    assert!(receipt.failed.is_empty(), "{:#?}", receipt.failed);
    let accounts = receipt.done.iter().filter(|done| done.address.kind() == "account").count();
    assert_eq!(accounts, lab.tape.count("CreateAccount"), "accounts that were begun are there");
    assert!(receipt.skipped.iter().all(|skipped| skipped.because == SkipReason::Stopped));
    assert_eq!(receipt.done.len() + receipt.skipped.len(), applied.plan.changes.len());

    lab.apply.stop = Stop::new();
    lab.apply(&zone).assert_complete();
    assert_eq!(lab.tape.count("CreateAccount"), 4);
    lab.assert_settled(&zone);
}

#[test]
fn a_run_that_was_stopped_before_it_began_changes_nothing() {
    let mut lab = Lab::new();
    lab.apply.stop.ask();
    let applied = lab.apply(&zone(FULL));
    assert_eq!((applied.receipt.done.len(), lab.tape.count("CreateOrganizationalUnit")), (0, 0));
    lab.apply.stop = Stop::new();
}
