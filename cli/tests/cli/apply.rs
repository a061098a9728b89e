//! `apply`.

use crate::desk::{Desk, SMALL};

#[test]
fn an_apply_makes_everything_and_leaves_nothing_to_plan() {
    let desk = Desk::with(SMALL);
    let ran = desk.run(&["apply", "lz", "--sandbox", "world", "--yes"]);
    ran.expect_code(0);
    insta::assert_snapshot!(ran.transcript());
    desk.run(&["plan", "lz", "--sandbox", "world", "--detailed-exitcode"]).expect_code(0);
    desk.run(&["drift", "lz", "--sandbox", "world"]).expect_code(0);
}

#[test]
fn an_organization_that_is_not_there_is_created_first() {
    let desk = Desk::with(&SMALL.replace("  id: o-a1b2c3d4e5\n", ""));
    desk.run(&["apply", "lz", "--sandbox", "world", "--yes"]).expect_code(0);
    desk.run(&["plan", "lz", "--sandbox", "world", "--detailed-exitcode"]).expect_code(0);
}

#[test]
fn an_apply_with_nothing_to_do_says_so() {
    let desk = Desk::applied(SMALL);
    let ran = desk.run(&["apply", "lz", "--sandbox", "world"]);
    ran.expect_code(0);
    insta::assert_snapshot!(ran.transcript());
}

#[test]
fn a_receipt_as_json_is_the_only_thing_on_stdout() {
    let desk = Desk::with(SMALL);
    let ran = desk.run(&["apply", "lz", "--sandbox", "world", "--yes", "--json"]);
    ran.expect_code(0);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["format_version"], 1);
    assert_eq!(json["complete"], true);
}

#[test]
fn a_reviewed_plan_is_applied_as_long_as_it_holds() {
    let desk = Desk::with(SMALL);
    desk.run(&["plan", "lz", "--sandbox", "world", "-o", "plan.json"]).expect_code(0);
    desk.run(&["apply", "lz", "--sandbox", "world", "--plan", "plan.json", "--yes"]).expect_code(0);
    let again = desk.run(&["apply", "lz", "--sandbox", "world", "--plan", "plan.json", "--yes"]);
    again.expect_code(4);
    assert!(again.stderr.contains("no longer the one in the file"), "{}", again.transcript());
}

#[test]
fn a_plan_that_changed_since_its_review_shows_how() {
    let desk = Desk::applied(SMALL);
    desk.write("lz/landing-zone.yaml", &SMALL.replace("Nobody leaves", "Nobody leaves us"));
    desk.run(&["plan", "lz", "--sandbox", "world", "-o", "plan.json"]).expect_code(0);
    desk.write("lz/landing-zone.yaml", &SMALL.replace("Nobody leaves", "Somebody leaves"));
    let ran = desk.run(&["apply", "lz", "--sandbox", "world", "--plan", "plan.json", "--yes"]);
    ran.expect_code(4);
    insta::assert_snapshot!(ran.transcript());
}

#[test]
fn something_that_is_no_plan_is_invalid_input() {
    let desk = Desk::with(SMALL);
    desk.write("plan.json", "{\"format_version\": 99}");
    desk.run(&["apply", "lz", "--sandbox", "world", "--plan", "plan.json", "--yes"]).expect_code(3);
    desk.run(&["apply", "lz", "--sandbox", "world", "--plan", "none.json", "--yes"]).expect_code(3);
}

#[test]
fn faults_on_the_way_are_overcome_or_the_next_run_goes_on() {
    let desk = Desk::with(SMALL);
    let faults = "seed=11,throttle=0.1,error=0.05,reset-before=0.1,reset-after=0.1";
    let apply = || desk.run(&["apply", "lz", "--sandbox", "world", "--yes", "--faults", faults]);
    let last = (0..3).map(|_| apply()).find(|ran| ran.code == Some(0));
    assert!(last.is_some(), "{}", apply().transcript());
    desk.run(&["plan", "lz", "--sandbox", "world", "--detailed-exitcode"]).expect_code(0);
}
