//! What somebody changes behind our back is found, named and put right.

use crate::support::{FULL, Lab, zone};
use glidepath_plan::Verb;
use serde_json::json;

fn physical(lab: &Lab, address: &str) -> String {
    let plan = lab.plan(&zone(FULL));
    plan.physical_ids.iter().find(|(at, _)| at.to_string() == address).unwrap().1.clone()
}

#[test]
fn a_detached_policy_is_attached_again() {
    let (lab, zone) = (Lab::new(), zone(FULL));
    lab.apply(&zone).assert_complete();
    let request =
        json!({"PolicyId": physical(&lab, "policy/scp/stay"), "TargetId": physical(&lab, "unit/Security")});
    lab.call("DetachPolicy", request);
    let applied = lab.apply(&zone);
    applied.assert_complete();
    let [done] = applied.receipt.done.as_slice() else { panic!("{:?}", applied.receipt.done) };
    assert_eq!(
        (done.address.to_string().as_str(), done.verb),
        ("attachment/scp/stay@Security", Verb::Create)
    );
    lab.assert_settled(&zone);
}

#[test]
fn an_account_that_somebody_moved_is_moved_back() {
    let (lab, zone) = (Lab::new(), zone(FULL));
    lab.apply(&zone).assert_complete();
    let ids =
        ["account/shop-prod", "unit/Workloads/Prod", "unit/Security"].map(|address| physical(&lab, address));
    lab.call(
        "MoveAccount",
        json!({"AccountId": ids[0], "SourceParentId": ids[1], "DestinationParentId": ids[2]}),
    );
    let applied = lab.apply(&zone);
    applied.assert_complete();
    assert_eq!(applied.receipt.done.len(), 1);
    lab.assert_settled(&zone);
}

#[test]
fn a_document_that_somebody_edited_is_written_again() {
    let (lab, zone) = (Lab::new(), zone(FULL));
    lab.apply(&zone).assert_complete();
    let content = r#"{"Version":"2012-10-17","Statement":[{"Sid":"N","Effect":"Deny","Action":"s3:*","Resource":"*"}]}"#;
    lab.call("UpdatePolicy", json!({"PolicyId": physical(&lab, "policy/scp/stay"), "Content": content}));
    let applied = lab.apply(&zone);
    applied.assert_complete();
    assert_eq!(applied.receipt.done.len(), 1);
    lab.assert_settled(&zone);
}

#[test]
fn foreign_things_are_counted_and_never_changed() {
    let (lab, zone) = (Lab::new(), zone(FULL));
    lab.apply(&zone).assert_complete();
    let root = physical(&lab, "organization");
    lab.call("CreateOrganizationalUnit", json!({"ParentId": root, "Name": "Legacy"}));
    let inside = lab.call(
        "CreateOrganizationalUnit",
        json!({"ParentId": physical(&lab, "unit/Workloads"), "Name": "Shadow"}),
    );
    assert!(inside["OrganizationalUnit"]["Id"].is_string());
    let plan = lab.plan(&zone);
    assert_eq!(plan.changes, []);
    assert_eq!(plan.foreign.get("unit"), Some(&1));
    let unmanaged: Vec<String> = plan.unmanaged.iter().map(|thing| thing.address.to_string()).collect();
    assert_eq!(unmanaged, ["unit/Workloads/Shadow"]);
}
