//! `--target`.

use crate::support::world::empty;
use crate::support::{address, options, steps, zone};
use glidepath_plan::{PlanOptions, plan};

const BODY: &str = "units: {A: {units: {X: {accounts: {one: }}}}, B: }";

#[test]
fn a_target_brings_what_it_waits_for_and_the_rest_is_counted() {
    let options = PlanOptions { targets: vec![address("unit/A/X")], ..options() };
    let plan = plan(&zone(BODY), &empty(), &options);
    assert_eq!(steps(&plan), ["create unit/A", "create unit/A/X"]);
    assert_eq!(plan.notices[0].text, "2 more changes are left out, since only some addresses were asked for");
    assert!(plan.gates.is_empty(), "the account is not created");
}

#[test]
fn a_target_that_changes_nothing_is_told_of() {
    let options = PlanOptions { targets: vec![address("unit/Nowhere")], ..options() };
    let plan = plan(&zone(BODY), &empty(), &options);
    assert_eq!(steps(&plan), Vec::<String>::new());
    assert_eq!(plan.notices[0].text, "`unit/Nowhere` was asked for, and nothing changes there");
}
