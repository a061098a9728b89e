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
