//! Nobody is without access in between.

use super::waits;
use crate::support::replan;

fn body(set: &str, on: &str) -> String {
    format!(
        "units: {{W: {{accounts: {{shop: , till: }}}}}}\nidentity:\n  permissionSets: {{Admin: {{managed: [AdministratorAccess]}}, Reader: {{managed: [ReadOnlyAccess]}}}}\n  assignments: [{{group: platform, permissionSet: {set}, on: [{on}]}}]\n"
    )
}

#[test]
fn what_takes_access_waits_for_what_gives_the_same_principal_access_to_the_same_account() {
    let plan = replan(&body("Admin", "W"), "", &body("Reader", "account/shop"));
    assert!(waits(&plan, "assignments/Admin/group:platform", "assignments/Reader/group:platform"));
}

#[test]
fn access_to_another_account_is_not_waited_for() {
    let plan = replan(&body("Admin", "account/till"), "", &body("Reader", "account/shop"));
    assert!(!waits(&plan, "assignments/Admin/group:platform", "assignments/Reader/group:platform"));
}
