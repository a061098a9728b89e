//! `init`.

use crate::desk::Desk;

#[test]
fn the_starter_manifest_validates_and_plans() {
    let desk = Desk::empty();
    let ran = desk.run(&["init", "lz", "--name", "acme", "--home", "eu-west-1"]);
    ran.expect_code(0);
    insta::assert_snapshot!(ran.transcript());
    desk.run(&["validate", "lz"]).expect_code(0);
    desk.run(&["plan", "lz", "--sandbox", "world"]).expect_code(0);
}

#[test]
fn a_file_that_is_there_is_never_overwritten() {
    let desk = Desk::with("mine: true\n");
    let ran = desk.run(&["init", "lz"]);
    ran.expect_code(3);
    insta::assert_snapshot!(ran.transcript());
    assert_eq!(desk.read("lz/landing-zone.yaml"), "mine: true\n");
}

#[test]
fn an_answer_that_cannot_be_is_refused_before_anything_is_written() {
    let desk = Desk::empty();
    desk.run(&["init", "lz", "--home", "mars-north-1"]).expect_code(3);
    desk.run(&["init", "lz", "--management-id", "12"]).expect_code(3);
    assert!(!desk.path("lz").exists());
}
