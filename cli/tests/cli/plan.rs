//! `plan`.

use crate::desk::{Desk, SMALL};

const TODAY: [&str; 2] = ["--today", "2026-11-24"];

#[test]
fn a_first_plan_is_summed_up_and_shown_as_a_tree() {
    let desk = Desk::with(SMALL);
    let ran = desk.run(&[&["plan", "lz", "--sandbox", "world"], &TODAY[..]].concat());
    ran.expect_code(0);
    insta::assert_snapshot!(ran.transcript());
}

#[test]
fn equal_inputs_give_equal_bytes() {
    let plan = || {
        let desk = Desk::with(SMALL);
        desk.run(&[&["plan", "lz", "--sandbox", "world", "-o", "p.json"], &TODAY[..]].concat())
            .expect_code(0);
        (
            desk.run(&[&["plan", "lz", "--sandbox", "world", "--json"], &TODAY[..]].concat()).stdout,
            desk.read("p.json"),
        )
    };
    let (stdout, file) = plan();
    assert_eq!((stdout.clone(), file.clone()), plan());
    assert_eq!(stdout, file, "`--json` prints what `-o` writes");
}

#[test]
fn changes_exit_2_only_when_asked() {
    let desk = Desk::with(SMALL);
    desk.run(&["plan", "lz", "--sandbox", "world"]).expect_code(0);
    desk.run(&["plan", "lz", "--sandbox", "world", "--detailed-exitcode"]).expect_code(2);
}

#[test]
fn nothing_to_do_is_one_line_and_exits_0() {
    let desk = Desk::applied(SMALL);
    let ran = desk.run(&["plan", "lz", "--sandbox", "world", "--detailed-exitcode"]);
    ran.expect_code(0);
    insta::assert_snapshot!(ran.transcript());
}

#[test]
fn what_differs_is_shown_field_by_field_and_documents_by_their_structure() {
    let desk = Desk::applied(SMALL);
    let changed = SMALL
        .replace(r#"cost-center: "42""#, r#"cost-center: "43""#)
        .replace("Nobody leaves", "Nobody leaves us")
        .replace(
            r#""organizations:LeaveOrganization""#,
            r#"["account:CloseAccount", "organizations:LeaveOrganization"]"#,
        )
        .replace("on: [Workloads, Sandbox]", "on: [Workloads, Security]");
    desk.write("lz/landing-zone.yaml", &changed);
    let ran = desk.run(&["plan", "lz", "--sandbox", "world"]);
    ran.expect_code(0);
    insta::assert_snapshot!(ran.transcript());
}

#[test]
fn a_target_keeps_what_it_waits_for_and_leaves_the_rest() {
    let ran = Desk::with(SMALL).run(&["plan", "lz", "--sandbox", "world", "--target", "unit/Workloads/Prod"]);
    ran.expect_code(0);
    insta::assert_snapshot!(ran.transcript());
}

#[test]
fn everything_of_what_is_created_is_shown_on_demand() {
    let ran = Desk::with(SMALL).run(&["plan", "lz", "--sandbox", "world", "--full"]);
    ran.expect_code(0);
    assert!(ran.stdout.contains("\"Sid\": \"DenyLeaving\""), "{}", ran.transcript());
}

#[test]
fn a_terminal_sequence_in_a_manifest_never_reaches_the_terminal() {
    let desk = Desk::with(
        &SMALL
            .replace("Nobody leaves", r"Nobody \e[2Jleaves")
            .replace("description: Nobody \\e[2Jleaves", "description: \"Nobody \\e[2Jleaves\""),
    );
    for arguments in
        [["validate", "lz", "--format", "human"].as_slice(), &["plan", "lz", "--sandbox", "w", "--full"]]
    {
        let ran = desk.run(arguments);
        assert!(!ran.stdout.contains('\u{1b}') && !ran.stderr.contains('\u{1b}'), "{}", ran.transcript());
    }
}
