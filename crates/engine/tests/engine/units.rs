//! The first vertical slice: units only.

use crate::support::{Lab, UNITS, at, zone};
use glidepath_engine::{Convergence, NotConverged, SkipReason};
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
    lab.call(
        "UntagResource",
        json!({"ResourceId": id, "TagKeys": ["glidepath:managed-by", "glidepath:address"]}),
    );
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
    let renamed = zone(
        &UNITS.replace("      Dev:", "      Development: {was: Workloads/Dev}").replace("Billing: ", ""),
    );
    lab.apply(&renamed).assert_complete();
    let counts = ["UpdateOrganizationalUnit", "DeleteOrganizationalUnit", "CreateOrganizationalUnit"]
        .map(|operation| lab.tape.count(operation));
    assert_eq!(counts, [1, 1, 0]);
    lab.assert_settled(&renamed);
}

#[test]
fn what_appears_between_plan_and_apply_is_not_taken() {
    let (lab, zone) = (Lab::new(), zone(UNITS));
    let root = lab.plan(&zone).physical_ids[&at("organization")].clone();
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

#[test]
fn what_waits_for_a_failed_change_is_skipped_and_named() {
    let (lab, zone) = (Lab::new(), zone(UNITS));
    lab.tape.deny("CreateOrganizationalUnit", "\"Name\":\"Prod\"");
    let receipt = lab.apply(&zone).receipt;
    assert_eq!(receipt.failed[0].address, at("unit/Workloads/Prod"));
    let skipped: Vec<(String, SkipReason)> =
        receipt.skipped.iter().map(|one| (one.address.to_string(), one.because.clone())).collect();
    let because = SkipReason::WaitsFor { addresses: vec![at("unit/Workloads/Prod")] };
    let expected = ["unit/Workloads/Prod/Billing", "unit/Workloads/Prod/Shop"];
    assert_eq!(skipped, expected.map(|address| (address.to_owned(), because.clone())));
    assert_eq!(receipt.done.len(), 4);
}

#[test]
fn the_closing_read_names_what_does_not_show() {
    let (lab, zone) = (Lab::new(), zone(UNITS));
    let sandbox = lab.sandbox.clone();
    let undone = std::sync::Once::new();
    lab.tape.before_each(move |operation, body, calls| {
        // The first look after the last unit was made.
        if operation == "ListTagsForResource" && calls > 20 {
            undone.call_once(|| {
                let id: serde_json::Value = serde_json::from_str(body).unwrap();
                let keys = json!({"ResourceId": id["ResourceId"], "TagKeys": ["glidepath:managed-by"]});
                sandbox.call_json("111122223333", "organizations", "UntagResource", keys).unwrap();
            });
        }
    });
    let receipt = lab.apply(&zone).receipt;
    assert!(!receipt.is_complete());
    let [left] = receipt.not_converged.as_slice() else { panic!("{:#?}", receipt.not_converged) };
    assert_eq!((&left.state, left.differs.as_str()), (&Convergence::Late, "it does not carry our mark"));
}

#[test]
fn the_closing_read_says_what_it_could_not_check() {
    let (lab, zone) = (Lab::new(), zone(UNITS));
    let tape = lab.tape.clone();
    lab.tape.before_each(move |operation, _, _| {
        if operation == "CreateOrganizationalUnit" {
            tape.deny("ListTagsForResource", "");
        }
    });
    let receipt = lab.apply(&zone).receipt;
    assert_eq!((receipt.done.len(), receipt.not_converged.len()), (7, 7));
    let unchecked = |left: &NotConverged| matches!(&left.state, Convergence::NotChecked(gap) if gap.operation == "organizations:ListTagsForResource");
    assert!(receipt.not_converged.iter().all(unchecked), "{:#?}", receipt.not_converged);
}

#[test]
fn the_journal_holds_an_intent_before_each_outcome() {
    let folder = tempfile::tempdir().unwrap();
    let mut lab = Lab::new();
    lab.apply.journal = Some(folder.path().to_owned());
    lab.apply.run_id = "run-a".to_owned();
    lab.apply(&zone(UNITS)).assert_complete();
    let text = std::fs::read_to_string(folder.path().join("run-a.jsonl")).unwrap();
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines[0]["run"]["formatVersion"] == 1 && lines[0]["run"]["changes"] == 7, "{}", lines[0]);
    assert_eq!(lines.last().unwrap()["end"]["done"], 7);
    for (number, line) in lines.iter().enumerate() {
        if let Some(address) = line["done"]["address"].as_str() {
            let intent = lines[..number].iter().any(|line| line["intent"]["address"] == address);
            assert!(intent, "{address}");
        }
    }
}
