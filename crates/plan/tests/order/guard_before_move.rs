//! An account arrives where everything is in place.

use super::{scp, waits};
use crate::support::{plan_of, replan};

#[test]
fn a_move_waits_for_what_is_attached_ahead_and_what_is_detached_behind_waits_for_it() {
    let before = format!(
        "units: {{A: {{accounts: {{one: }}}}, B: }}\npolicies:\n{}  t: {{type: tag, document: {{tags: {{}}}}, on: [A]}}\n",
        scp("p", "Deny", "s3:*", "A")
    );
    let after = format!(
        "units: {{A: , B: {{accounts: {{one: }}}}}}\npolicies:\n{}  t: {{type: tag, document: {{tags: {{}}}}, on: [B]}}\n",
        scp("p", "Deny", "s3:*", "B")
    );
    let plan = replan(&before, "{}", &after);
    for policy in ["scp/p", "tag/t"] {
        assert!(waits(&plan, "account/one", &format!("attachment/{policy}@B")));
        assert!(waits(&plan, &format!("attachment/{policy}@A"), "account/one"));
    }
}

#[test]
fn a_new_account_arrives_in_a_guarded_unit() {
    let plan = plan_of(
        &format!(
            "units: {{A: {{accounts: {{one: }}}}}}\npolicies:\n{}",
            scp("p", "Deny", "s3:*", "A, account/one")
        ),
        "{}",
    );
    assert!(waits(&plan, "account/one", "attachment/scp/p@A"));
    assert!(waits(&plan, "attachment/scp/p@account/one", "account/one"));
}

#[test]
fn an_account_that_leaves_the_root_arrives_guarded_by_every_type_of_policy() {
    let policies = |on: &str| {
        format!(
            "policies:\n{}  r: {{type: rcp, document: {{Version: \"2012-10-17\", Statement: [{{Effect: Deny, Principal: \"*\", Action: [\"s3:*\"], Resource: \"*\"}}]}}, on: [{on}]}}\n  e: {{type: ec2, document: {{ec2_attributes: {{}}}}, on: [{on}]}}\n",
            scp("p", "Deny", "s3:*", on)
        )
    };
    let before = "units: {/: {accounts: {one: }}, A: {accounts: {two: }}}";
    let after = format!("units: {{A: {{accounts: {{one: , two: }}}}}}\n{}", policies("A"));
    let plan = replan(before, "{}", &after);
    for policy in ["scp/p", "rcp/r", "ec2/e"] {
        assert!(waits(&plan, "account/one", &format!("attachment/{policy}@A")), "{policy}");
    }
}

#[test]
fn what_a_policy_of_the_destination_is_to_say_it_says_before_an_account_arrives() {
    let body = |from: &str, to: &str, mode: &str| {
        format!(
            "units: {{A: {{accounts: {{{from}}}}}, B: {{accounts: {{{to}}}}}}}\npolicies:\n  e: {{type: ec2, document: {{ec2_attributes: {{serial_console_access: {{status: {{\"@@assign\": {mode}}}}}}}}}, on: [B]}}\n"
        )
    };
    let plan = replan(&body("one: ", "two: ", "enabled"), "{}", &body("", "two: , one: ", "disabled"));
    assert!(waits(&plan, "account/one", "policy/ec2/e"));
}
