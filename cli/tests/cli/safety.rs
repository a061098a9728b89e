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
fn yes_never_opens_a_gate_for_removals_not_even_in_a_sandbox() {
    let desk = Desk::applied(SMALL);
    let from = SMALL.find("policies:").unwrap();
    desk.write(
        "lz/landing-zone.yaml",
        &SMALL[..from].replace("  regions", "  policyTypes: {scp: }\n  regions"),
    );
    let apply = ["apply", "lz", "--sandbox", "world", "--yes"];
    let ran = desk.run(&apply);
    ran.expect_code(4);
    insta::assert_snapshot!(ran.transcript());
}
