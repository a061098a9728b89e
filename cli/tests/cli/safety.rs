//! What a run refuses.

use crate::desk::{Desk, SMALL, Served};

#[test]
fn credentials_of_another_organization_exit_4_before_any_other_call() {
    let desk = Desk::applied(SMALL);
    desk.write("lz/landing-zone.yaml", &SMALL.replace("o-a1b2c3d4e5", "o-zzzzzzzzzz"));
    for verb in ["plan", "apply", "drift"] {
        let ran = desk.run(&[verb, "lz", "--sandbox", "world", "--trace-api"]);
        ran.expect_code(4);
        let calls: Vec<&str> = ran.stderr.lines().filter(|line| line.contains(" #1 ")).collect();
        assert_eq!(calls.len(), 2, "{}", ran.transcript());
        assert!(calls[0].contains("sts:GetCallerIdentity") && calls[1].contains("DescribeOrganization"));
        assert!(ran.stderr.contains("manages organization o-a1b2c3d4e5"), "{}", ran.transcript());
    }
}

#[test]
fn credentials_of_another_account_exit_4_after_one_call() {
    let desk = Desk::applied(SMALL);
    let served = Served::start(&desk, &[]);
    let keys = [("AWS_ACCESS_KEY_ID", "AKIASANDBOX444455556666"), ("AWS_SECRET_ACCESS_KEY", "any")];
    let ran = desk.run_with(&keys, &["plan", "lz", "--endpoint", &served.url, "--trace-api"]);
    ran.expect_code(4);
    assert_eq!(ran.stderr.lines().filter(|line| line.contains(" #1 ")).count(), 1, "{}", ran.transcript());
}

#[test]
fn without_a_terminal_nothing_is_applied_unless_it_is_said() {
    let ran = Desk::with(SMALL).run(&["apply", "lz", "--sandbox", "world", "--allow-new-accounts", "3"]);
    ran.expect_code(4);
    assert!(ran.stderr.contains("--yes"), "{}", ran.transcript());
}

#[test]
fn everything_that_a_pipeline_has_to_consent_to_is_named_at_once() {
    let desk = Desk::with(&SMALL.replace("  id: o-a1b2c3d4e5\n", ""));
    let ran = desk.run(&["apply", "lz", "--sandbox", "world"]);
    ran.expect_code(4);
    let flags = "--create-organization=111122223333 --allow-new-accounts 3 --yes";
    assert!(ran.stderr.contains(flags), "{}", ran.transcript());
    let words: Vec<&str> =
        ["apply", "lz", "--sandbox", "world"].into_iter().chain(flags.split(' ')).collect();
    desk.run(&words).expect_code(0);
}

#[test]
fn an_organization_is_not_created_in_an_account_that_was_typed_wrong() {
    let desk = Desk::with(&SMALL.replace("  id: o-a1b2c3d4e5\n", ""));
    let typed = "--create-organization=444455556666";
    let ran = desk.run(&["apply", "lz", "--sandbox", "world", typed, "--allow-new-accounts", "3", "--yes"]);
    ran.expect_code(4);
    assert!(ran.stderr.contains("is not 111122223333"), "{}", ran.transcript());
}

#[test]
fn yes_never_opens_a_gate_for_removals_not_even_in_a_sandbox() {
    let desk = Desk::applied(SMALL);
    let (without_policies, _) = SMALL.split_once("policies:").unwrap();
    desk.write(
        "lz/landing-zone.yaml",
        &without_policies.replace("  regions", "  policyTypes: {scp: }\n  regions"),
    );
    let apply = ["apply", "lz", "--sandbox", "world", "--yes"];
    let ran = desk.run(&apply);
    ran.expect_code(4);
    insta::assert_snapshot!(ran.transcript());
}
