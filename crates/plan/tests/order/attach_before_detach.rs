//! No moment is unguarded.

use super::{scp, waits};
use crate::support::{made, plan, replan, zone};

fn body(policies: &[String]) -> String {
    format!("units: {{A: {{accounts: {{one: }}, units: {{X: }}}}, B: }}\npolicies:\n{}", policies.concat())
}

#[test]
fn a_policy_that_moves_along_a_line_is_attached_before_it_is_detached() {
    let on = |on: &str| body(&[scp("p", "Deny", "s3:*", on)]);
    assert!(waits(&replan(&on("A"), "{}", &on("/")), "attachment/scp/p@A", "attachment/scp/p@/"));
    let plan = replan(&on("/"), "{}", &on("A, B"));
    assert!(waits(&plan, "attachment/scp/p@/", "attachment/scp/p@A"));
    assert!(waits(&plan, "attachment/scp/p@/", "attachment/scp/p@B"));
}

#[test]
fn a_statement_that_moves_to_another_policy_is_there_before_it_is_gone() {
    let before = body(&[scp("p", "Deny", "s3:*", "A"), scp("q", "Deny", "ec2:*", "A/X")]);
    let after = body(&[scp("p", "Deny", "sqs:*", "A"), scp("q", "Deny", "s3:*", "A/X")]);
    assert!(waits(&replan(&before, "{}", &after), "policy/scp/p", "policy/scp/q"));
}

#[test]
fn two_policies_that_swap_statements_leave_a_moment_that_is_told() {
    let before = body(&[scp("p", "Deny", "s3:*", "A"), scp("q", "Deny", "ec2:*", "A")]);
    let after = body(&[scp("p", "Deny", "ec2:*", "A"), scp("q", "Deny", "s3:*", "A")]);
    let plan = replan(&before, "{}", &after);
    assert!(plan.notices.iter().any(|notice| notice.text.contains("an open moment")), "{:?}", plan.notices);
}

#[test]
fn policies_about_different_services_do_not_wait_for_each_other() {
    let before = body(&[scp("p", "Deny", "s3:*", "A"), scp("q", "Deny", "ec2:*", "A")]);
    let after = body(&[scp("p", "Deny", "sqs:*", "A"), scp("q", "Deny", "sns:*", "A")]);
    let plan = replan(&before, "{}", &after);
    assert!(plan.changes.iter().all(|change| change.waits_for.is_empty()));
    assert!(!plan.changes.iter().flat_map(|change| &change.notes).any(|note| note.contains("moment")));
}

#[test]
fn what_allows_is_there_before_what_allowed_is_gone() {
    let list = |name: &str| {
        body(&[
            scp(name, "Allow", "s3:*", "A"),
            "  FullAWSAccess: {type: scp, awsManaged: true, absent: [A]}\n".into(),
        ])
    };
    let plan = plan(&zone(&list("new")), &made(&list("old")));
    assert!(waits(&plan, "attachment/scp/old@A", "attachment/scp/new@A"));
}
