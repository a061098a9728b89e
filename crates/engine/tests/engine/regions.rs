//! Regions that accounts have to enable: enabled where they are missing, waited for, never taken away; and how far new
//! accounts come.

use crate::support::{Lab, options_for, zone, zone_in};
use glidepath_engine::{Convergence, Receipt, Stage, StageState};
use glidepath_plan::LandingZone;
use glidepath_sandbox::Sandbox;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const OPTED: &str = "regions: [eu-west-1, eu-south-1]";
const TREE: &str = r#"  id: o-a1b2c3d4e5
units:
  Workloads: {accounts: {shop: , lab: {regions: [af-south-1]}}}
"#;
const DEPLOYED: &str = r#"  id: o-a1b2c3d4e5
units:
  Workloads: {accounts: {shop: }}
blueprints:
  - {use: ssm-session-manager, on: [Workloads], regions: [eu-west-1, eu-south-1]}
"#;

fn opted(body: &str) -> LandingZone {
    zone_in(OPTED, body)
}

fn lab_for(zone: &LandingZone) -> Lab {
    Lab::with(Sandbox::in_memory(options_for(zone)))
}

/// How a Region stands in an account, as account management tells it.
fn status(lab: &Lab, zone: &LandingZone, account: &str, region: &str) -> String {
    let id = lab.physical(zone, &format!("account/{account}"));
    let mut request = json!({"RegionName": region});
    if account != "acme-root" {
        request["AccountId"] = id.into();
    }
    let told = lab.sandbox.call_json("111122223333", "account", "GetRegionOptStatus", request).unwrap();
    told["RegionOptStatus"].as_str().unwrap().to_owned()
}

fn stages(receipt: &Receipt, account: &str) -> Vec<(Stage, bool)> {
    let found = receipt.new_accounts.iter().find(|one| one.account.to_string() == account).unwrap();
    found.stages.iter().map(|report| (report.stage, report.state == StageState::Done)).collect()
}

#[test]
fn a_governed_opt_in_region_is_enabled_in_the_management_account_first_and_in_every_new_account_before_it_moves()
 {
    let zone = opted(TREE);
    let lab = lab_for(&zone);
    let applied = lab.apply(&zone);
    applied.assert_complete();
    let order: Vec<(String, String)> = lab
        .tape
        .calls()
        .into_iter()
        .filter(|call| ["EnableRegion", "MoveAccount"].contains(&call.operation.as_str()))
        .map(|call| (call.operation, call.request))
        .collect();
    assert!(order[0].0 == "EnableRegion" && !order[0].1.contains("AccountId"), "{order:?}");
    let moved = order.iter().position(|(operation, _)| operation == "MoveAccount").unwrap();
    assert!(moved >= 3, "{order:?}");
    assert_eq!(lab.tape.count("EnableRegion"), 4);
    for (account, region) in
        [("acme-root", "eu-south-1"), ("shop", "eu-south-1"), ("lab", "eu-south-1"), ("lab", "af-south-1")]
    {
        assert_eq!(status(&lab, &zone, account, region), "ENABLED", "{account} {region}");
    }
    assert_eq!(status(&lab, &zone, "shop", "af-south-1"), "DISABLED");
    let all = [Stage::Created, Stage::RegionsEnabled, Stage::Moved, Stage::Entered];
    assert_eq!(stages(&applied.receipt, "account/lab"), all.map(|stage| (stage, true)));
    lab.assert_settled(&zone);
}

#[test]
fn a_landing_zone_without_opt_in_regions_asks_nobody_for_theirs() {
    let zone = zone(TREE.replace(": {regions: [af-south-1]}", ": ").as_str());
    let lab = lab_for(&zone);
    lab.apply(&zone).assert_complete();
    lab.assert_settled(&zone);
    let asked = lab.tape.calls().into_iter().filter(|call| call.operation == "ListRegions");
    assert_eq!(asked.count(), 0);
    assert!(!lab.observe(&zone).trusted_access.contains("account.amazonaws.com"));
}

#[test]
fn accounts_that_are_there_are_opted_in_where_they_are_and_what_they_enabled_themselves_stays() {
    let before = zone(TREE.replace(": {regions: [af-south-1]}", ": ").as_str());
    let lab = lab_for(&before);
    lab.apply(&before).assert_complete();
    let shop = lab.physical(&before, "account/shop");
    lab.sandbox.call_json(&shop, "account", "EnableRegion", json!({"RegionName": "me-south-1"})).unwrap();
    let after = opted(TREE);
    let plan = lab.plan(&after);
    let shown = plan.change(&crate::support::at("account/shop")).unwrap();
    assert!(shown.notes.iter().any(|note| note.contains("is not known before")), "{:?}", shown.notes);
    lab.tape.wipe();
    lab.apply(&after).assert_complete();
    assert_eq!((lab.tape.count("MoveAccount"), lab.tape.count("EnableRegion")), (0, 4));
    assert_eq!(status(&lab, &after, "shop", "me-south-1"), "ENABLED");
    lab.assert_settled(&after);
    // Leaving it out again takes nothing away.
    lab.tape.wipe();
    let plan = lab.plan(&before);
    assert_eq!(plan.changes, []);
    assert_eq!(status(&lab, &after, "shop", "eu-south-1"), "ENABLED");
}

#[test]
fn what_one_account_has_enabled_by_itself_is_not_asked_for_again() {
    let zone = opted(TREE);
    let lab = lab_for(&zone);
    lab.apply(&zone).assert_complete();
    let shop = lab.physical(&zone, "account/shop");
    lab.sandbox.call_json(&shop, "account", "DisableRegion", json!({"RegionName": "eu-south-1"})).unwrap();
    lab.advance(3_600);
    lab.tape.wipe();
    let applied = lab.apply(&zone);
    applied.assert_complete();
    assert_eq!((applied.plan.changes.len(), lab.tape.count("EnableRegion")), (1, 1));
}

/// Answers that every Region is still being enabled, as long as the flag says.
fn never_enabled(lab: &Lab, stuck: &Arc<AtomicUsize>) {
    let stuck = stuck.clone();
    lab.tape.edit_answers(move |operation, answer| {
        let held = operation == "ListRegions" && stuck.load(Ordering::Relaxed) > 0;
        if held { answer.replace("\"ENABLED\"", "\"ENABLING\"") } else { answer }
    });
}

#[test]
fn a_new_account_whose_regions_take_too_long_stays_at_the_root_and_the_next_run_goes_on() {
    let zone = opted(DEPLOYED);
    let lab = lab_for(&zone);
    let stuck = Arc::new(AtomicUsize::new(1));
    never_enabled(&lab, &stuck);
    let receipt = lab.apply(&zone).receipt;
    let failed = &receipt.failed[0];
    assert_eq!(failed.address.to_string(), "account/shop");
    assert!(
        failed.error.contains("`eu-south-1`") && failed.error.contains("at the root"),
        "{}",
        failed.error
    );
    assert_eq!(
        stages(&receipt, "account/shop"),
        [
            (Stage::Created, true),
            (Stage::RegionsEnabled, false),
            (Stage::Moved, false),
            (Stage::Entered, false),
            (
                Stage::Baselines,
                receipt.done.iter().any(|done| done.address.to_string().starts_with("stack-set-t"))
            ),
        ]
    );
    // The management account, which is in use, is no failure: AWS goes on with it.
    let management =
        receipt.not_converged.iter().find(|left| left.address.to_string() == "account/acme-root");
    assert_eq!(management.unwrap().state, Convergence::Converging);
    stuck.store(0, Ordering::Relaxed);
    let asked = lab.tape.count("EnableRegion");
    lab.apply(&zone).assert_complete();
    assert_eq!(lab.tape.count("EnableRegion"), asked, "nothing is asked for twice");
    lab.assert_settled(&zone);
}

#[test]
fn regions_that_cannot_be_read_are_a_gap_that_holds_nothing_else_back() {
    let zone = opted(TREE);
    let lab = lab_for(&zone);
    lab.apply(&zone).assert_complete();
    lab.tape.deny("ListRegions", "AccountId");
    let frozen = opted(&TREE.replace("shop: ,", "shop: {quarantine: true},"));
    let plan = lab.plan(&frozen);
    assert_eq!(plan.gaps.len(), 1, "{:?}", plan.gaps);
    assert!(plan.gaps[0].error.starts_with("in 2 accounts"), "{}", plan.gaps[0].error);
    assert_eq!(plan.withheld, []);
    assert!(plan.changes.iter().any(|change| change.address.to_string().contains("quarantine@account")));
}

#[test]
fn stacks_in_a_region_come_after_it_is_enabled() {
    let zone = opted(DEPLOYED);
    let lab = lab_for(&zone);
    let applied = lab.apply(&zone);
    applied.assert_complete();
    assert_eq!(lab.instances("ssm-session-manager").len(), 2);
    assert_eq!(
        stages(&applied.receipt, "account/shop").last(),
        Some(&(Stage::Baselines, true)),
        "{:?}",
        applied.receipt.new_accounts
    );
    lab.assert_settled(&zone);
}

#[test]
fn a_new_account_is_ready_only_when_its_role_can_be_entered() {
    let zone = opted(TREE);
    let lab = lab_for(&zone);
    lab.tape.deny("AssumeRole", "");
    let receipt = lab.apply(&zone).receipt;
    assert_eq!(receipt.failed.len(), 2, "{:?}", receipt.failed);
    assert!(
        receipt.failed[0].error.contains("could not be entered within 5 minutes"),
        "{:?}",
        receipt.failed
    );
    let told = stages(&receipt, "account/shop");
    assert_eq!(told.last(), Some(&(Stage::Entered, false)));
    assert_eq!(told.iter().filter(|(_, done)| *done).count(), 3);
}

#[test]
fn the_role_of_a_new_account_may_take_a_while_to_show() {
    let zone = opted(TREE);
    let lab = lab_for(&zone);
    let (tape, tries) = (lab.tape.clone(), Arc::new(AtomicUsize::new(0)));
    lab.tape.deny("AssumeRole", "");
    lab.tape.before_each(move |operation, _, _| {
        if operation == "AssumeRole" && tries.fetch_add(1, Ordering::Relaxed) == 5 {
            tape.allow_all();
        }
    });
    lab.apply(&zone).assert_complete();
    lab.assert_settled(&zone);
}
