//! Permission sets: what is wanted, what a change newly allows, and accounts that are behind.

use crate::support::{made, plan, plan_of, replan, steps, zone};
use glidepath_model::AccountId;
use glidepath_plan::{Desired, Plan, Spec};

const UNITS: &str = "units: {Workloads: {accounts: {shop: , till: }}}\n";

fn body(sets: &str) -> String {
    format!(
        "{UNITS}identity:\n  permissionSets: {{{sets}}}\n  assignments: [{{group: platform, permissionSet: Deployer, on: [Workloads]}}]\n"
    )
}

fn deployer(actions: &str) -> String {
    format!(
        "Deployer: {{session: 4h, inline: {{Version: \"2012-10-17\", Statement: [{{Effect: Allow, Action: [{actions}], Resource: \"*\"}}]}}}}"
    )
}

fn notes(plan: &Plan, address: &str) -> Vec<String> {
    let found = plan.changes.iter().find(|change| change.address.to_string() == address);
    found.unwrap_or_else(|| panic!("{address} in {:?}", steps(plan))).notes.clone()
}

#[test]
fn a_set_is_made_with_its_mark_before_anybody_has_it() {
    let plan = plan_of(&body(&deployer("\"s3:PutObject\"")), "");
    assert_eq!(
        steps(&plan),
        [
            "create unit/Workloads",
            "create account/shop",
            "create account/till",
            "create permission-set/Deployer",
            "create assignments/Deployer/group:platform",
        ]
    );
    let Some(Spec::PermissionSet(spec)) = plan.changes[3].action.after() else { panic!() };
    assert_eq!(spec.session, 14_400);
    assert_eq!(spec.tags["glidepath:managed-by"], "acme");
    assert_eq!(spec.tags["glidepath:address"], "permission-set/Deployer");
}

#[test]
fn a_changed_set_says_what_it_newly_allows_and_no_longer_allows() {
    let plan = replan(
        &body(&deployer("\"s3:PutObject\", \"s3:GetObject\"")),
        "",
        &body(&deployer("\"s3:PutObject\", \"iam:PassRole\"")),
    );
    assert_eq!(steps(&plan), ["update permission-set/Deployer"]);
    assert_eq!(
        notes(&plan, "permission-set/Deployer"),
        [
            "newly allows iam:PassRole on any resource",
            "no longer allows s3:GetObject on any resource",
            "AWS is told to bring it to 2 accounts",
        ]
    );
}

#[test]
fn what_only_aws_knows_of_a_policy_is_said_not_to_be_compared() {
    let before = body("Deployer: {managed: [ReadOnlyAccess]}");
    let plan = replan(&before, "", &body("Deployer: {managed: [job-function/ViewOnlyAccess]}"));
    let told = notes(&plan, "permission-set/Deployer");
    assert_eq!(
        told[0],
        "not compared, since only AWS and the accounts know what they say: `ReadOnlyAccess`, `job-function/ViewOnlyAccess`"
    );
}

#[test]
fn a_guardrail_that_denies_what_a_set_grants_is_told_of() {
    let guarded = body(&deployer("\"s3:PutObject\", \"s3:DeleteBucket\""))
        + "policies: {keep: {type: scp, on: [Workloads], document: {Statement: [{Effect: Deny, Action: \"s3:DeleteBucket\", Resource: \"*\"}]}}}\n";
    let told = notes(&plan_of(&guarded, ""), "permission-set/Deployer");
    let denied: Vec<&String> = told.iter().filter(|note| note.contains("guardrail")).collect();
    assert_eq!(
        denied,
        [
            "in `shop`, `till` a guardrail denies a part of what it grants: s3:DeleteBucket on any resource (policy `keep` on `Workloads`)"
        ]
    );
}

#[test]
fn an_account_whose_role_is_behind_is_a_difference() {
    let all = body(&deployer("\"s3:PutObject\""));
    let mut snapshot = made(&all);
    let account: AccountId =
        snapshot.accounts.values().find(|account| account.name == "till").unwrap().id.clone();
    snapshot.identity_center.permission_sets.values_mut().next().unwrap().stale.insert(account);
    let plan = plan(&zone(&all), &snapshot);
    assert_eq!(steps(&plan), ["update permission-set/Deployer"]);
    assert_eq!(plan.changes[0].action.fields()[0].path, ["notProvisioned"]);
}

#[test]
fn the_same_document_in_other_white_space_is_no_difference() {
    let all = body(&deployer("\"s3:PutObject\""));
    let mut snapshot = made(&all);
    let set = snapshot.identity_center.permission_sets.values_mut().next().unwrap();
    set.inline = set.inline.take().map(|text| text.replace("\":", "\" : "));
    assert_eq!(steps(&plan(&zone(&all), &snapshot)), Vec::<String>::new());
}

#[test]
fn a_set_without_a_mark_is_adopted_and_one_of_another_organization_is_refused() {
    let all = body(&deployer("\"s3:PutObject\""));
    for (mark, wanted) in [(None, vec!["adopt permission-set/Deployer"]), (Some("globex"), vec![])] {
        let mut snapshot = made(&all);
        let set = snapshot.identity_center.permission_sets.values_mut().next().unwrap();
        set.tags.clear();
        set.tags.extend(mark.map(|owner| ("glidepath:managed-by".to_owned(), owner.to_owned())));
        let plan = plan(&zone(&all), &snapshot);
        assert_eq!(steps(&plan), wanted, "{mark:?}");
        assert_eq!(plan.refusals.iter().any(|refusal| refusal.code == "other-owner"), mark.is_some());
    }
}

#[test]
fn a_set_that_leaves_goes_after_its_assignments() {
    let before = body(&deployer("\"s3:PutObject\""));
    let plan = replan(&before, "", &format!("{UNITS}identity: {{permissionSets: }}\n"));
    assert_eq!(
        steps(&plan),
        ["delete assignments/Deployer/group:platform", "delete permission-set/Deployer"]
    );
}

#[test]
fn what_makes_a_policy_of_accounts_comes_before_who_needs_it() {
    let zone = zone(&format!(
        "{UNITS}identity:\n  permissionSets: {{Deployer: {{customerManaged: [{{name: deployer, path: /platform/}}]}}}}\n"
    ));
    let Desired::Present(Spec::PermissionSet(spec)) =
        &zone.desired[&crate::support::address("permission-set/Deployer")]
    else {
        panic!()
    };
    assert!(spec.after.is_empty(), "nothing that is deployed makes it");
}

#[test]
fn a_new_name_is_another_set_and_nobody_is_without_access_in_between() {
    let before = body(&deployer("\"s3:PutObject\""));
    let after = before
        .replace("Deployer: {", "Shipper: {was: Deployer, ")
        .replace("permissionSet: Deployer", "permissionSet: Shipper");
    let plan = replan(&before, "", &after);
    assert_eq!(
        steps(&plan),
        [
            "create permission-set/Shipper",
            "create assignments/Shipper/group:platform",
            "delete assignments/Deployer/group:platform",
            "delete permission-set/Deployer",
        ]
    );
    assert_eq!(
        notes(&plan, "permission-set/Shipper")[0],
        "AWS cannot rename `Deployer`: this one takes its place, assignments are made anew, and the old one goes last"
    );
    assert_eq!(
        notes(&plan, "permission-set/Deployer"),
        ["`Shipper` takes its place, and nobody is without access in between"]
    );
    assert_eq!(plan.gates, [], "nobody loses access");
}
