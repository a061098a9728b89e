//! A former administrator goes before the next one comes.

use super::waits;
use crate::support::replan;

#[test]
fn the_next_administrator_waits_for_the_former_one_of_the_same_service_only() {
    let units = "units: {A: {accounts: {one: , two: }}}\n";
    let before = format!(
        "{units}delegatedAdministrators: {{config.amazonaws.com: [one], backup.amazonaws.com: [one]}}"
    );
    let after = format!(
        "{units}delegatedAdministrators: {{config.amazonaws.com: {{accounts: [two], absent: [one]}}, sso.amazonaws.com: [two]}}"
    );
    let plan = replan(&before, "{}", &after);
    let former = "delegated-administrator/config.amazonaws.com@one";
    assert!(waits(&plan, "delegated-administrator/config.amazonaws.com@two", former));
    assert!(!waits(&plan, "delegated-administrator/sso.amazonaws.com@two", former));
}
