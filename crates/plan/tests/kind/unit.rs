//! Units: found by path, renamed in place, deleted only when empty.

use crate::support::{plan_of, replan, steps};

const NESTED: &str = "units: {Workloads: {units: {Prod: , Stage: }}}";

#[test]
fn a_unit_waits_for_the_unit_above_it() {
    assert_eq!(
        steps(&plan_of(NESTED, "{}")),
        ["create unit/Workloads", "create unit/Workloads/Prod", "create unit/Workloads/Stage"]
    );
}

#[test]
fn a_unit_that_left_the_manifest_goes_after_those_below_it() {
    assert_eq!(
        steps(&replan(NESTED, "{}", "units: {Other: }")),
        [
            "create unit/Other",
            "delete unit/Workloads/Prod",
            "delete unit/Workloads/Stage",
            "delete unit/Workloads",
        ]
    );
}
