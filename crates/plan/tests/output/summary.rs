//! A plan counted: kinds, dangers, calls.

use crate::support::replan;
use glidepath_plan::{Danger, Summary, Verb};

#[test]
fn a_plan_is_counted_by_kind_and_danger_and_costs_calls() {
    let before =
        "units: {A: {accounts: {one: }}, B: }\npolicies: {p: {type: tag, document: {tags: {}}, on: [A]}}";
    let plan = replan(before, "{}", "units: {A: {tags: {x: y}}, B: {accounts: {one: }}, C: }");
    let summary = Summary::of(&plan);
    assert_eq!(summary.kinds["unit"][&Verb::Create], 1);
    assert_eq!(summary.kinds["policy"][&Verb::Delete], 1);
    let danger = |danger: Danger| summary.dangers.get(&danger).copied().unwrap_or(0);
    assert_eq!((danger(Danger::None), danger(Danger::Caution), danger(Danger::Dangerous)), (2, 1, 2));
    let calls: Vec<String> =
        summary.estimate.by_operation.iter().map(|(name, count)| format!("{name} {count}")).collect();
    assert_eq!(
        calls,
        [
            "organizations:CreateOrganizationalUnit 1",
            "organizations:DeletePolicy 1",
            "organizations:DetachPolicy 1",
            "organizations:ListOrganizationalUnitsForParent 1",
            "organizations:ListTagsForResource 2",
            "organizations:MoveAccount 1",
            "organizations:TagResource 1",
        ]
    );
    assert_eq!(summary.estimate.calls, 8);
}
