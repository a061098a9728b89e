//! An account is frozen before access to it is taken away.

use super::waits;
use crate::support::{address, replan};

fn body(quarantine: &str) -> String {
    format!(
        "units: {{W: {{accounts: {{shop: {quarantine}, till: }}}}}}\nidentity:\n  permissionSets: {{Admin: {{managed: [AdministratorAccess]}}, Responder: {{managed: [SecurityAudit], responder: true}}}}\n  assignments: [{{group: platform, permissionSet: Admin, on: [W]}}, {{group: security, permissionSet: Responder, on: [W]}}]\n"
    )
}

#[test]
fn access_is_taken_after_the_quarantine_is_attached_and_responders_keep_theirs() {
    let plan = replan(&body(""), "", &body("{quarantine: true}"));
    let attached = "attachment/scp/glidepath-quarantine@account/shop";
    assert!(waits(&plan, "assignments/Admin/group:platform", attached));
    let responders = address("assignments/Responder/group:security");
    assert!(plan.change(&responders).is_none());
}

#[test]
fn where_nothing_is_frozen_nothing_waits() {
    let plan = replan(&body("{quarantine: true}"), "", &body(""));
    assert!(!waits(
        &plan,
        "assignments/Admin/group:platform",
        "attachment/scp/glidepath-quarantine@account/shop"
    ));
}
