//! Rule (c): stacks come after the accounts they are for.

use super::waits;
use crate::support::{plan_of, replan};

const DEPLOYED: &str = "blueprints: [{use: ssm-session-manager, on: [A]}]\n";
const TARGETS: &str = "stack-set-targets/ssm-session-manager";

#[test]
fn new_targets_wait_for_the_accounts_that_arrive_below_them_and_for_no_others() {
    let units = "units: {A: {units: {Deep: {accounts: {shop: }}}}, B: {accounts: {till: }}}\n";
    let plan = plan_of(&format!("{units}{DEPLOYED}"), "{}");
    assert!(waits(&plan, TARGETS, "account/shop"));
    assert!(!waits(&plan, TARGETS, "account/till"));
}

#[test]
fn an_account_that_only_changes_its_tags_does_not_arrive() {
    let before = "units: {A: {accounts: {shop: }}}\n";
    let after = format!("units: {{A: {{accounts: {{shop: {{tags: {{a: b}}}}}}}}}}\n{DEPLOYED}");
    let plan = replan(before, "{}", &after);
    assert!(!waits(&plan, TARGETS, "account/shop"));
}
