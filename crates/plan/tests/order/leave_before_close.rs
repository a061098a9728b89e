//! An account leaves everything before it is closed.

use super::{scp, waits};
use crate::support::replan;

#[test]
fn closing_waits_for_deregistration_and_detachment() {
    let body = |account: &str, on: &str, admin: &str| {
        format!(
            "units: {{A: {{accounts: {{one: {account}}}}}}}\npolicies:\n{}delegatedAdministrators: {{config.amazonaws.com: {admin}}}",
            scp("p", "Deny", "s3:*", on)
        )
    };
    let plan =
        replan(&body("", "account/one", "[one]"), "{}", &body("{close: true}", "A", "{absent: [one]}"));
    assert!(waits(&plan, "account/one", "delegated-administrator/config.amazonaws.com@one"));
    assert!(waits(&plan, "account/one", "attachment/scp/p@account/one"));
}

#[test]
fn closing_waits_until_the_account_is_frozen_and_access_is_taken_away() {
    let body = |shop: &str| {
        format!(
            "units: {{W: {{accounts: {{shop: {shop}, till: }}}}}}\nidentity:\n  permissionSets: {{Admin: {{managed: [AdministratorAccess]}}, Responder: {{managed: [SecurityAudit], responder: true}}}}\n  assignments: [{{group: platform, permissionSet: Admin, on: [W]}}, {{group: security, permissionSet: Responder, on: [W]}}]\n"
        )
    };
    let plan = replan(&body(""), "", &body("{close: true}"));
    assert!(waits(&plan, "account/shop", "attachment/scp/glidepath-quarantine@account/shop"));
    assert!(waits(&plan, "account/shop", "assignments/Admin/group:platform"));
    let responders = crate::support::address("assignments/Responder/group:security");
    assert!(plan.change(&responders).is_none(), "they keep their access until it is closed");
}
