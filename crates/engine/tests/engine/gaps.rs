//! What cannot be read is unknown, and never absent.

use crate::deployments::applied;
use crate::support::{DEPLOYED, FULL, Lab, full_with, with, zone};

#[test]
fn a_denied_listing_withholds_what_depends_on_it_and_nothing_else() {
    let (lab, zone) = (Lab::new(), zone(FULL));
    lab.tape.deny("ListPolicies", "TAG_POLICY");
    let plan = lab.plan(&zone);
    let withheld: Vec<String> = plan.withheld.iter().map(|withheld| withheld.address.to_string()).collect();
    assert_eq!(withheld, ["policy/tag/owners", "attachment/tag/owners@Workloads/Prod"]);
    assert!(plan.gaps.iter().all(|gap| gap.operation == "organizations:ListPolicies"), "{:?}", plan.gaps);
    let applied = lab.apply(&zone);
    applied.assert_complete();
    assert_eq!(lab.tape.count("CreatePolicy"), 3, "two policies and the lock");
    lab.tape.allow_all();
    lab.apply(&zone).assert_complete();
    lab.assert_settled(&zone);
}

#[test]
fn nothing_is_deleted_while_its_owner_is_unknown() {
    let lab = Lab::new();
    lab.apply(&zone(FULL)).assert_complete();
    lab.tape.deny("GetResources", "");
    lab.tape.deny("ListTagsForResource", "");
    let plan = lab.plan(&zone(""));
    assert_eq!(plan.changes, [], "{:#?}", plan.changes);
    assert!(!plan.gaps.is_empty());
}

#[test]
fn nothing_changes_where_the_organization_cannot_be_read() {
    let lab = Lab::new();
    lab.apply(&zone(FULL)).assert_complete();
    for operation in ["DescribeOrganization", "ListRoots"] {
        lab.tape.deny(operation, "");
        let plan = lab.plan(&zone(""));
        assert_eq!(plan.changes, []);
        assert!(plan.gaps.iter().any(|gap| gap.prefix.is_empty()), "{:?}", plan.gaps);
        lab.tape.allow_all();
    }
}

#[test]
fn accounts_in_units_that_cannot_be_listed_are_not_moved() {
    let (lab, zone) = (Lab::new(), zone(FULL));
    let applied = lab.apply(&zone);
    let workloads = applied.receipt.done.iter().find(|done| done.address.to_string() == "unit/Workloads");
    let id = workloads.unwrap().physical.clone().unwrap();
    lab.tape.deny("ListOrganizationalUnitsForParent", &id);
    let plan = lab.plan(&zone);
    assert_eq!(plan.changes, [], "{:#?}", plan.changes);
    let prefixes: Vec<&str> = plan.gaps.iter().map(|gap| gap.prefix.as_str()).collect();
    assert_eq!(prefixes, ["account/shop-dev", "account/shop-prod", "unit/Workloads/"]);
}

#[test]
fn each_denied_read_leaves_a_gap_and_never_a_change() {
    let lab = Lab::new();
    let built = zone(FULL);
    lab.apply(&built).assert_complete();
    let smaller = full_with(&[("    on: [Workloads/Prod]", "    on: [Workloads/Dev]")]);
    let all = lab.plan(&smaller).changes.len();
    assert_eq!(all, 2, "one attachment moves");
    for operation in [
        "ListAccounts",
        "ListOrganizationalUnitsForParent",
        "ListPolicies",
        "DescribePolicy",
        "ListTargetsForPolicy",
        "ListAWSServiceAccessForOrganization",
        "ListDelegatedAdministrators",
        "ListDelegatedServicesForAccount",
        "DescribeResourcePolicy",
    ] {
        lab.tape.deny(operation, "");
        let unchanged = lab.plan(&built);
        assert_eq!(unchanged.changes, [], "{operation}: {:#?}", unchanged.changes);
        assert!(!unchanged.gaps.is_empty(), "{operation} leaves a gap");
        assert!(lab.plan(&smaller).changes.len() <= all, "{operation}");
        lab.tape.allow_all();
    }
}

#[test]
fn stack_sets_that_cannot_be_listed_are_not_absent() {
    let built = zone(DEPLOYED);
    let lab = applied(&built);
    let gone = DEPLOYED.split("blueprints:").next().unwrap();
    for operation in [
        "ListStackSets",
        "DescribeStackSet",
        "ListStackSetOperations",
        "ListStackSetAutoDeploymentTargets",
        "ListStackInstances",
    ] {
        lab.tape.deny(operation, "");
        let plan = lab.plan(&built);
        assert_eq!(plan.changes, [], "{operation}: {:#?}", plan.changes);
        assert!(!plan.gaps.is_empty(), "{operation} leaves a gap");
        let removed = lab.plan(&zone(gone));
        let sets = removed.changes.iter().filter(|change| change.address.kind() != "stack");
        assert_eq!(
            sets.count(),
            if operation == "ListStackSetAutoDeploymentTargets" { 2 } else { 0 },
            "{operation}: {:#?}",
            removed.changes
        );
        lab.tape.allow_all();
    }
}

#[test]
fn one_stack_set_that_cannot_be_read_withholds_its_own_changes_only() {
    let lab = applied(&zone(DEPLOYED));
    let after = zone(&with(
        DEPLOYED,
        &[
            ("on: [Security, Workloads]", "on: [Security, Workloads], with: {frequency: DAILY}"),
            ("{use: log-archive}", "{use: log-archive, with: {access_log_days: 500}}"),
        ],
    ));
    lab.tape.deny("DescribeStackSet", "config-recorder");
    let plan = lab.plan(&after);
    let withheld: Vec<String> = plan.withheld.iter().map(|held| held.address.to_string()).collect();
    assert_eq!(withheld, ["stack-set/config-recorder", "stack-set-targets/config-recorder"]);
    let changed: Vec<String> = plan.changes.iter().map(|change| change.address.to_string()).collect();
    assert_eq!(changed, ["stack-set/log-archive"]);
}

#[test]
fn stacks_of_a_region_that_cannot_be_read_are_not_absent_and_the_region_is_not_checked() {
    let built = zone(DEPLOYED);
    let lab = applied(&built);
    lab.tape.deny("DescribeStacks", "");
    let plan = lab.plan(&built);
    assert_eq!(plan.changes, []);
    let prefixes: Vec<&str> = plan.gaps.iter().map(|gap| gap.prefix.as_str()).collect();
    assert_eq!(prefixes, ["stack/*@eu-west-1", "stack/*@us-east-1", "stack/ssm-session-manager@eu-west-1"]);
    lab.tape.allow_all();
    lab.tape.deny("GetTemplate", "");
    let plan = lab.plan(&built);
    assert_eq!((plan.changes.len(), plan.gaps.len()), (0, 1));
}
