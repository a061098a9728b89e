//! Trusted access: an additive switch.

use crate::support::{plan_of, steps};

#[test]
fn access_that_the_manifest_leaves_out_stays_and_access_stated_absent_goes() {
    let world = "units: {A: {mark: acme}}\ntrustedAccess: [config.amazonaws.com, guardduty.amazonaws.com]";
    let body = "units: {A: }\ntrustedAccess: {config.amazonaws.com: {absent: true}}";
    assert_eq!(steps(&plan_of(body, world)), ["delete trusted-access/config.amazonaws.com"]);
}

#[test]
fn access_stays_refused_to_go_while_an_account_administers_the_service() {
    let world = "units: {A: {mark: acme}}\naccounts: {audit: {unit: A, mark: acme}}\n\
                 trustedAccess: [config.amazonaws.com]\nadministrators: {config.amazonaws.com: [audit]}";
    let body = |more: &str| {
        format!(
            "units: {{A: {{accounts: {{audit: }}}}}}\ntrustedAccess: {{config.amazonaws.com: {{absent: true}}}}\n{more}"
        )
    };
    assert_eq!(plan_of(&body(""), world).refusals[0].code, "administrator-left");
    let plan = plan_of(&body("delegatedAdministrators: {config.amazonaws.com: {absent: [audit]}}"), world);
    assert!(plan.refusals.is_empty());
    assert_eq!(
        steps(&plan),
        [
            "delete delegated-administrator/config.amazonaws.com@audit",
            "delete trusted-access/config.amazonaws.com",
        ]
    );
}
