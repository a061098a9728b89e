//! The whole slice: a bit of every kind.

use crate::support::{FULL, Lab, example, full_with, options_for, zone};
use glidepath_plan::Verb;
use glidepath_sandbox::Sandbox;

#[test]
fn every_kind_is_built_and_the_next_plan_is_empty() {
    let (lab, zone) = (Lab::new(), zone(FULL));
    lab.apply(&zone).assert_complete();
    lab.assert_settled(&zone);
    assert_eq!(lab.tape.count("CreateAccount"), 4);
    assert_eq!(lab.tape.count("MoveAccount"), 4);
}

#[test]
fn changes_of_every_kind_are_made_in_place() {
    let lab = Lab::new();
    lab.apply(&zone(FULL)).assert_complete();
    lab.tape.wipe();
    let changed = full_with(&[
        ("      Dev: {accounts: {shop-dev: }}", "      Dev: {tags: {stage: dev}}"),
        ("cost-center: \"42\"}}", "cost-center: \"43\"}}, shop-dev: "),
        ("description: Members stay", "description: Members stay with us"),
        ("on: [Security, Workloads]", "on: [Security]"),
        ("\"organizations:DescribeOrganization\"", "\"organizations:List*\""),
    ]);
    let applied = lab.apply(&changed);
    applied.assert_complete();
    let verbs: Vec<(String, Verb)> =
        applied.receipt.done.iter().map(|done| (done.address.to_string(), done.verb)).collect();
    let expected = [
        ("unit/Workloads/Dev", Verb::Update),
        ("account/shop-dev", Verb::Update),
        ("account/shop-prod", Verb::Update),
        ("resource-policy", Verb::Update),
        ("policy/scp/stay", Verb::Update),
        ("attachment/scp/stay@Workloads", Verb::Delete),
    ];
    assert_eq!(verbs, expected.map(|(address, verb)| (address.to_owned(), verb)));
    lab.assert_settled(&changed);
}

#[test]
fn what_leaves_the_manifest_is_removed_forgotten_or_kept_by_its_kind() {
    let lab = Lab::new();
    lab.apply(&zone(FULL)).assert_complete();
    let nothing = zone("");
    lab.apply(&nothing).assert_complete();
    lab.assert_settled(&nothing);
    let counts = [
        ("CloseAccount", 0),
        ("DisableAWSServiceAccess", 0),
        ("DeregisterDelegatedAdministrator", 0),
        ("DisablePolicyType", 0),
        ("DeleteResourcePolicy", 1),
        ("DetachPolicy", 4),
    ];
    for (operation, expected) in counts {
        assert_eq!(lab.tape.count(operation), expected, "{operation}");
    }
}

#[test]
fn the_examples_are_built_and_their_next_plans_are_empty() {
    for name in ["quickstart", "enterprise"] {
        let zone = example(name);
        let lab = Lab::with(Sandbox::in_memory(options_for(&zone)));
        lab.apply(&zone).assert_complete();
        lab.assert_settled(&zone);
    }
}

#[test]
fn full_access_is_taken_off_a_unit_that_is_made_in_the_same_run() {
    let zone = crate::support::zone(
        "units: {New: }\npolicies:\n  list:\n    type: scp\n    on: [New]\n    document: {Version: \"2012-10-17\", \
         Statement: [{Effect: Allow, Action: [\"s3:*\", \"iam:*\"], Resource: \"*\"}]}\n  \
         FullAWSAccess: {type: scp, awsManaged: true, absent: [New]}\n",
    );
    let lab = Lab::new();
    lab.apply(&zone).assert_complete();
    assert_eq!(lab.tape.count("DetachPolicy"), 1);
    lab.assert_settled(&zone);
}
