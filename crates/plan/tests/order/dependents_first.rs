//! Rule (b).

use super::{scp, waits};
use crate::support::replan;

#[test]
fn a_policy_waits_for_its_detachment_and_a_unit_for_what_leaves_it() {
    let before = format!(
        "units: {{A: {{accounts: {{one: }}, units: {{X: }}}}, B: }}\npolicies:\n{}",
        scp("p", "Deny", "s3:*", "A")
    );
    let plan = replan(&before, "{}", "units: {B: {accounts: {one: }}}");
    assert!(waits(&plan, "policy/scp/p", "attachment/scp/p@A"));
    for earlier in ["account/one", "unit/A/X", "attachment/scp/p@A"] {
        assert!(waits(&plan, "unit/A", earlier), "{earlier}");
    }
}

#[test]
fn a_unit_that_is_forgotten_waits_too() {
    let plan = replan("units: {A: {accounts: {one: , two: }}, B: }", "{}", "units: {B: {accounts: {one: }}}");
    assert!(waits(&plan, "unit/A", "account/one"));
    assert!(waits(&plan, "unit/A", "account/two"));
}
