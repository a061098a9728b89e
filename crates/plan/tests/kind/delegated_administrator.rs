//! Delegated administrators: additive switches that need trusted access.

use crate::support::{plan_of, replan, steps};

const CONFIG: &str =
    "units: {A: {accounts: {audit: }}}\ndelegatedAdministrators: {config.amazonaws.com: [audit]}";

#[test]
fn an_administrator_waits_for_trusted_access_and_its_account() {
    assert_eq!(
        steps(&plan_of(CONFIG, "{}")),
        [
            "create unit/A",
            "create account/audit",
            "create trusted-access/config.amazonaws.com",
            "create delegated-administrator/config.amazonaws.com@audit",
        ]
    );
}

#[test]
fn an_administrator_that_the_manifest_leaves_out_stays() {
    let plan = replan(CONFIG, "{}", "units: {A: {accounts: {audit: }}}");
    assert_eq!(steps(&plan), Vec::<String>::new());
}

#[test]
fn a_service_that_names_its_administrator_itself_is_told_of() {
    let plan = plan_of(&CONFIG.replace("config.amazonaws.com", "guardduty.amazonaws.com"), "{}");
    assert!(plan.refusals.is_empty());
    assert!(
        plan.notices.iter().any(|notice| notice.text.contains("guardduty:EnableOrganizationAdminAccount"))
    );
}
