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

#[test]
fn a_unit_with_a_foreign_account_is_forgotten_and_an_empty_one_below_it_goes() {
    let plan = replan(NESTED, "accounts: {stranger: {unit: Workloads}}", "units: {Other: }");
    assert_eq!(
        steps(&plan),
        [
            "create unit/Other",
            "delete unit/Workloads/Prod",
            "delete unit/Workloads/Stage",
            "forget unit/Workloads",
        ]
    );
}

#[test]
fn a_unit_that_foreign_names_is_left_alone_and_keeps_the_one_above_it() {
    let plan = replan(NESTED, "{}", "units: {Other: }\nforeign: [unit/Workloads/Prod]");
    assert_eq!(steps(&plan), ["create unit/Other", "delete unit/Workloads/Stage", "forget unit/Workloads"]);
}

#[test]
fn tags_of_aws_on_a_unit_are_no_difference() {
    let world = "units: {Workloads: {mark: acme, tags: {\"aws:x\": y}}}";
    assert_eq!(steps(&replan(NESTED, world, NESTED)), Vec::<String>::new());
}

#[test]
fn another_organizations_unit_is_refused_and_not_changed() {
    let plan = replan(NESTED, "units: {Workloads/Prod: {mark: globex}}", NESTED);
    assert_eq!((steps(&plan), plan.refusals[0].code.as_str()), (Vec::new(), "other-owner"));
}
