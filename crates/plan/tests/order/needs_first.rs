//! Rule (a).

use super::{scp, waits};
use crate::support::{plan_of, replan};

#[test]
fn an_attachment_waits_for_its_type_its_policy_and_its_target() {
    let plan = plan_of(&format!("units: {{A: }}\npolicies:\n{}", scp("p", "Deny", "s3:*", "A")), "{}");
    for earlier in ["policy-type/scp", "policy/scp/p", "unit/A"] {
        assert!(waits(&plan, "attachment/scp/p@A", earlier), "{earlier}");
    }
}

#[test]
fn an_account_waits_for_the_adoption_of_its_unit() {
    let plan = plan_of("units: {A: {accounts: {one: }}}", "units: {A: {}}");
    assert!(waits(&plan, "account/one", "unit/A"));
}

#[test]
fn an_attachment_does_not_wait_for_its_account_to_move_but_goes_before() {
    let body = |unit: &str, on: &str| {
        let (a, b) = if unit == "A" { ("one: ", "") } else { ("", "one: ") };
        format!(
            "units: {{A: {{accounts: {{{a}}}}}, B: {{accounts: {{{b}}}}}}}\npolicies:\n{}",
            scp("p", "Deny", "s3:*", on)
        )
    };
    let plan = replan(&body("A", "A"), "{}", &body("B", "account/one"));
    assert!(waits(&plan, "account/one", "attachment/scp/p@account/one"));
    assert!(!waits(&plan, "attachment/scp/p@account/one", "account/one"));
}
