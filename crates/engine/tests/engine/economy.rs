//! The call economy: the documented upper bound of calls for one look.

use crate::deployments::applied;
use crate::support::{DEPLOYED, Lab, large, options_for, zone};
use glidepath_model::organization::Snapshot;
use glidepath_sandbox::Sandbox;
use serde_json::json;

fn pages(items: usize, of: usize) -> usize {
    items.div_ceil(of)
}

/// The bound of the design, from what was found.
fn bound(snapshot: &Snapshot) -> usize {
    let (n, k) = (snapshot.accounts.len(), snapshot.units.len());
    let own: Vec<_> = snapshot.policies.values().filter(|policy| !policy.aws_managed).collect();
    let targets = |id| snapshot.attachments.get(id).map_or(0, |targets| targets.len());
    let per_policy: usize = own.iter().map(|policy| 1 + pages(targets(&policy.id), 20).max(1)).sum();
    let full_access: usize = snapshot
        .policies
        .values()
        .filter(|policy| policy.name == "FullAWSAccess")
        .map(|policy| pages(targets(&policy.id), 20))
        .sum();
    pages(n, 20) + (k + 1) + pages(n + k + own.len(), 100) + per_policy + full_access + 40
}

#[test]
fn a_look_at_deployments_stays_within_six_calls_a_stack_set() {
    let zone = zone(DEPLOYED);
    let lab = applied(&zone);
    lab.tape.wipe();
    let seen = lab.observe(&zone);
    let deployments = &seen.deployments;
    assert_eq!((deployments.stack_sets.len(), deployments.stacks.len(), seen.gaps.len()), (3, 1, 0));
    let of_sets: usize = deployments.stack_sets.values().map(|seen| 6 + seen.instances.len() / 100).sum();
    // One page of stack sets, and one of stacks in each of two Regions.
    let allowed = of_sets + deployments.stacks.len() + 3;
    let calls = lab.tape.calls();
    // Only CloudFormation speaks the query protocol in a look.
    let here = calls.iter().filter(|call| call.request.starts_with("Action=")).count();
    assert!(here <= allowed, "{here} calls of CloudFormation, {allowed} allowed");
    assert!(calls.len() <= bound(&seen) + of_sets + deployments.stacks.len(), "{} calls", calls.len());
}

#[test]
fn a_look_stays_within_the_documented_number_of_calls_with_and_without_the_tagging_api() {
    let (lab, zone) = (Lab::new(), zone(&large()));
    lab.apply(&zone).assert_complete();

    lab.tape.wipe();
    let in_bulk = lab.observe(&zone);
    assert_eq!((in_bulk.accounts.len(), in_bulk.units.len(), in_bulk.gaps.len()), (46, 12, 0));
    let calls = lab.tape.calls().len();
    assert!(calls <= bound(&in_bulk), "{calls} calls, {} allowed", bound(&in_bulk));

    lab.tape.deny("GetResources", "");
    lab.tape.wipe();
    let one_by_one = lab.observe(&zone);
    let more = in_bulk.units.len() + in_bulk.policies.values().filter(|policy| !policy.aws_managed).count();
    let calls = lab.tape.calls().len();
    assert!(calls <= bound(&in_bulk) + more, "{calls} calls, {} allowed", bound(&in_bulk) + more);
    assert_eq!(one_by_one.gaps, [], "the tagging API is only a shorter way");
    for (arn, tags) in &one_by_one.tags {
        assert_eq!(in_bulk.tags.get(arn), Some(tags), "{arn}");
    }
    lab.assert_settled(&zone);
}

/// A thousand accounts in ten units, twenty permission sets, thirty groups of others: the first has a set everywhere, the
/// others in one unit each.
fn many() -> String {
    let mut text = String::from("units:\n");
    for unit in 0..10 {
        let accounts: Vec<String> = (0..100).map(|account| format!("a{}: ", unit * 100 + account)).collect();
        text.push_str(&format!("  U{unit}: {{accounts: {{{}}}}}\n", accounts.join(", ")));
    }
    text.push_str("identity:\n  permissionSets:\n");
    (0..20).for_each(|set| text.push_str(&format!("    S{set}: {{managed: [ReadOnlyAccess]}}\n")));
    text.push_str("  assignments:\n    - {group: g0, permissionSet: S0, on: [/]}\n");
    for group in 1..30 {
        let (set, unit) = (group % 20, group % 10);
        text.push_str(&format!("    - {{group: g{group}, permissionSet: S{set}, on: [U{unit}]}}\n"));
    }
    text
}

#[test]
fn a_look_at_a_thousand_accounts_twenty_sets_and_thirty_groups_takes_the_calls_that_are_documented() {
    let zone = zone(&many());
    let lab = Lab::with(Sandbox::in_memory(options_for(&zone)));
    let call = |service: &str, operation: &str, request| {
        lab.sandbox.call_json_in("eu-west-1", "111122223333", service, operation, request).expect(operation)
    };
    let instance = call("sso-admin", "ListInstances", json!({}))["Instances"][0].clone();
    for group in 0..30 {
        let request =
            json!({"IdentityStoreId": instance["IdentityStoreId"], "DisplayName": format!("g{group}")});
        call("identitystore", "CreateGroup", request);
    }
    lab.apply(&zone).assert_complete();
    lab.tape.wipe();
    let plan = lab.plan(&zone);
    assert!(plan.is_empty() && plan.refusals.is_empty(), "{:?}", plan.changes.len());
    let of_center = [
        ("ListInstances", 1),
        ("ListPermissionSets", 1),
        ("DescribePermissionSet", 20),
        ("ListTagsForResource", 20),
        ("ListManagedPoliciesInPermissionSet", 20),
        ("ListCustomerManagedPolicyReferencesInPermissionSet", 20),
        ("GetInlinePolicyForPermissionSet", 20),
        ("GetPermissionsBoundaryForPermissionSet", 20),
        // Of S0 a thousand accounts have a role, of the others one or two hundred; none is behind.
        ("ListAccountsForProvisionedPermissionSet", (10 + 9 + 10) + 20),
        ("GetGroupId", 30),
        // The first group has a thousand assignments, each other one a hundred.
        ("ListAccountAssignmentsForPrincipal", 10 + 29),
        ("ListAccountAssignments", 0),
    ];
    let calls = lab.tape.calls();
    for (operation, pages) in of_center {
        // What has no boundary is answered by 404, so that answers of every status count.
        let seen = calls.iter().filter(|call| call.operation == operation).count();
        // Now and then AWS cuts a page short, and the sandbox does too: such a listing takes a page more.
        let most = if operation.starts_with("ListAccount") { pages + pages / 4 } else { pages };
        assert!((pages..=most).contains(&seen), "{seen} calls of {operation}, {pages} to {most} expected");
    }
    let total: usize = of_center.iter().map(|(_, calls)| calls).sum();
    assert_eq!(total, 240, "what docs/guide/identity.md tells");
}
