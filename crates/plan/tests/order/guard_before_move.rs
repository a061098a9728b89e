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
