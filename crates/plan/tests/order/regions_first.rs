//! Regions come before what is deployed in them, the management account first.

use super::waits;
use crate::support::{HEAD, plan, whole_zone, world};
use glidepath_plan::Plan;
use std::collections::BTreeMap;

fn planned(body: &str) -> Plan {
    let text = format!("{}{body}", HEAD.replace("regions: [eu-west-1]", "regions: [eu-west-1, eu-south-1]"));
    let mut snapshot = world::World::parse("{}").snapshot();
    snapshot.opt_ins.insert("111122223333".parse().unwrap(), BTreeMap::new());
    plan(&whole_zone(&text), &snapshot)
}

#[test]
fn accounts_wait_for_the_management_account_and_stacks_for_both() {
    let plan = planned(
        "units: {W: {accounts: {shop: }}}\nblueprints: [{use: ssm-session-manager, on: [W, account/acme-root], regions: [eu-west-1, eu-south-1]}]",
    );
    assert!(waits(&plan, "account/shop", "account/acme-root"));
    let targets = "stack-set-targets/ssm-session-manager";
    assert!(waits(&plan, targets, "account/acme-root") && waits(&plan, targets, "account/shop"));
    assert!(waits(&plan, "stack/ssm-session-manager@eu-south-1", "account/acme-root"));
    assert!(!waits(&plan, "stack/ssm-session-manager@eu-west-1", "account/acme-root"));
}

#[test]
fn stacks_elsewhere_wait_for_no_region() {
    let plan = planned(
        "units: {W: {accounts: {shop: }}}\nblueprints: [{use: ssm-session-manager, on: [account/acme-root], regions: [eu-west-1]}]",
    );
    assert!(!waits(&plan, "stack/ssm-session-manager@eu-west-1", "account/acme-root"));
}
