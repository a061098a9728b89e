//! The first vertical slice: units only.

use crate::support::{Lab, UNITS, at, zone};
use glidepath_plan::Verb;
use serde_json::json;

#[test]
fn units_are_built_and_the_next_plan_is_empty() {
    let (lab, zone) = (Lab::new(), zone(UNITS));
    let applied = lab.apply(&zone);
    applied.assert_complete();
    assert_eq!(applied.receipt.done.len(), 7);
    assert_eq!(lab.tape.count("CreateOrganizationalUnit"), 7);
    lab.assert_settled(&zone);
}

#[test]
fn a_unit_that_lost_its_mark_is_adopted_and_not_made_again() {
    let (lab, zone) = (Lab::new(), zone(UNITS));
    let applied = lab.apply(&zone);
    let dev = applied.receipt.done.iter().find(|done| done.address == at("unit/Workloads/Dev")).unwrap();
    let id = dev.physical.clone().unwrap();
    lab.call("UntagResource", json!({"ResourceId": id, "TagKeys": ["glidepath:managed-by", "glidepath:address"]}));
    let adopted = lab.apply(&zone);
    adopted.assert_complete();
    let verbs: Vec<Verb> = adopted.receipt.done.iter().map(|done| done.verb).collect();
    assert_eq!(verbs, [Verb::Adopt]);
    assert_eq!(adopted.receipt.done[0].physical, Some(id));
    lab.assert_settled(&zone);
}

#[test]
fn a_unit_is_renamed_in_place_and_one_that_leaves_the_manifest_is_deleted() {
    let lab = Lab::new();
    lab.apply(&zone(UNITS)).assert_complete();
    lab.tape.wipe();
    let renamed = zone(&UNITS.replace("      Dev:", "      Development: {was: Workloads/Dev}").replace("Billing: ", ""));
    lab.apply(&renamed).assert_complete();
    let counts = ["UpdateOrganizationalUnit", "DeleteOrganizationalUnit", "CreateOrganizationalUnit"]
        .map(|operation| lab.tape.count(operation));
    assert_eq!(counts, [1, 1, 0]);
    lab.assert_settled(&renamed);
}

#[test]
fn what_appears_between_plan_and_apply_is_not_taken() {
    let (lab, zone) = (Lab::new(), zone(UNITS));
    let root = lab.call("ListRoots", json!({}))["Roots"][0]["Id"].clone();
    let sandbox = lab.sandbox.clone();
    let made = std::sync::Once::new();
    lab.tape.before_each(move |operation, _, _| {
        if operation == "CreatePolicy" {
            made.call_once(|| {
                let unit = json!({"ParentId": root, "Name": "Security"});
                sandbox.call_json("111122223333", "organizations", "CreateOrganizationalUnit", unit).unwrap();
            });
        }
    });
    let receipt = lab.apply(&zone).receipt;
    assert_eq!(receipt.failed.len(), 1);
    assert_eq!(receipt.failed[0].address, at("unit/Security"));
    assert!(receipt.failed[0].error.contains("does not carry our mark"), "{}", receipt.failed[0].error);
    assert_eq!(receipt.done.len(), 6, "independent branches go on");
}

#[test]
fn a_mark_that_is_gone_forbids_the_delete() {
    let lab = Lab::new();
    let applied = lab.apply(&zone(UNITS));
    let dev = applied.receipt.done.iter().find(|done| done.address == at("unit/Workloads/Dev")).unwrap();
    let id = dev.physical.clone().unwrap();
    let sandbox = lab.sandbox.clone();
    lab.tape.before_each(move |operation, _, _| {
        if operation == "CreatePolicy" {
            let keys = json!({"ResourceId": id, "TagKeys": ["glidepath:managed-by"]});
            sandbox.call_json("111122223333", "organizations", "UntagResource", keys).unwrap();
        }
    });
    let receipt = lab.apply(&zone(&UNITS.replace("      Dev:", ""))).receipt;
    assert_eq!(receipt.failed.len(), 1);
    assert!(receipt.failed[0].error.contains("not deleted"), "{}", receipt.failed[0].error);
    assert_eq!(lab.tape.count("DeleteOrganizationalUnit"), 0);
}
