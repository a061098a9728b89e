//! Attributes for access control: one thing for the instance, left alone where nothing is said of it.

use crate::support::{plan_of, replan, steps};
use glidepath_plan::GateName;

const ONE: &str = "identity: {attributes: {CostCenter: \"${path:enterprise.costCenter}\"}}\n";

#[test]
fn attributes_are_enabled_and_changed() {
    assert_eq!(steps(&plan_of(ONE, "")), ["create access-control-attributes"]);
    let plan = replan(ONE, "", &ONE.replace("costCenter}", "department}"));
    assert_eq!(steps(&plan), ["update access-control-attributes"]);
}

#[test]
fn attributes_that_leave_the_manifest_stay_and_an_empty_map_turns_them_off() {
    assert_eq!(steps(&replan(ONE, "", "identity: {permissionSets: }\n")), Vec::<String>::new());
    let off = replan(ONE, "", "identity: {attributes: {}}\n");
    assert_eq!(steps(&off), ["delete access-control-attributes"]);
    assert_eq!(off.gates.iter().map(|gate| gate.name).collect::<Vec<_>>(), [GateName::SwitchOff]);
}
