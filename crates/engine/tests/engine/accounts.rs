//! Accounts: joined, adopted, closed, and those that AWS took out of use.

use crate::support::{FULL, Lab, Lost, full_with, options_for, planned, zone};
use glidepath_engine::{Depth, Events, Scope, apply, approve, observe};
use glidepath_plan::plan::Allowances;
use glidepath_plan::{LandingZone, Verb};
use glidepath_sandbox::Sandbox;
use serde_json::json;

const SMALL: &str = "units: {Dev: {accounts: {shop-dev: }}}";

fn request_account(lab: &Lab, name: &str, email: &str) {
    lab.call("CreateAccount", json!({"AccountName": name, "Email": email}));
}

#[test]
fn a_creation_that_is_already_running_is_joined() {
    let (lab, zone) = (Lab::new(), zone(SMALL));
    request_account(&lab, "shop-dev", "aws+shop-dev@example.com");
    lab.apply(&zone).assert_complete();
    assert_eq!(lab.tape.count("CreateAccount"), 0, "it was under way");
    assert!(lab.tape.count("DescribeCreateAccountStatus") > 1, "it was waited for");
    lab.assert_settled(&zone);
}

#[test]
fn a_creation_that_ran_when_the_plan_was_made_and_ended_before_the_change_is_joined_too() {
    let (lab, zone) = (Lab::new(), zone(FULL));
    request_account(&lab, "shop-dev", "aws+shop-dev@example.com");
    lab.apply(&zone).assert_complete();
    assert_eq!(lab.tape.count("CreateAccount"), 3);
    lab.assert_settled(&zone);
}

#[test]
fn a_running_creation_with_another_e_mail_address_fails_clearly() {
    let (lab, zone) = (Lab::new(), zone(SMALL));
    request_account(&lab, "shop-dev", "somebody@example.com");
    let receipt = lab.apply(&zone).receipt;
    assert_eq!(receipt.failed.len(), 1);
    let error = &receipt.failed[0].error;
    assert!(error.contains("somebody@example.com") && error.contains("aws+shop-dev@example.com"), "{error}");
    assert_eq!(lab.tape.count("CreateAccount"), 0);
}

#[test]
fn an_account_that_appears_during_the_run_without_our_mark_is_not_taken() {
    let (lab, zone) = (Lab::new(), zone(FULL));
    let sandbox = lab.sandbox.clone();
    let made = std::sync::Once::new();
    lab.tape.before_each(move |operation, _, _| {
        if operation == "EnablePolicyType" {
            made.call_once(|| {
                let other = json!({"AccountName": "other", "Email": "aws+shop-prod@example.com"});
                sandbox.call_json("111122223333", "organizations", "CreateAccount", other).unwrap();
                // It is there before ours is begun.
                let later = sandbox.now() + std::time::Duration::from_secs(30);
                sandbox.advance(later).unwrap();
            });
        }
    });
    let receipt = lab.apply(&zone).receipt;
    assert_eq!(receipt.failed.len(), 1, "{:#?}", receipt.failed);
    assert_eq!(receipt.failed[0].address.to_string(), "account/shop-prod");
    assert!(receipt.failed[0].error.contains("does not carry our mark"), "{}", receipt.failed[0].error);
}

#[test]
fn an_account_is_closed_only_when_it_is_stated_and_the_next_plan_is_empty() {
    let lab = Lab::new();
    lab.apply(&zone(FULL)).assert_complete();
    let closing = full_with(&[
        ("shop-dev: }}", "shop-dev: {close: true}}}"),
        ("    on: [account/shop-dev]", "    on: [Workloads/Dev]"),
    ]);
    let applied = lab.apply(&closing);
    applied.assert_complete();
    assert!(applied.receipt.done.iter().any(|done| done.address.to_string() == "account/shop-dev"));
    assert_eq!(lab.tape.count("CloseAccount"), 1);
    lab.assert_settled(&closing);
}

/// An account that leaves, with somebody who has access to it and somebody who responds.
fn leaving(shop: &str) -> LandingZone {
    zone(&format!(
        "units: {{Dev: {{accounts: {{shop-dev: {shop}, lab: }}}}}}\nidentity:\n  directory: managed\n  groups: {{platform: {{}}, security: {{}}}}\n  permissionSets: {{Admin: {{managed: [AdministratorAccess]}}, Responder: {{managed: [SecurityAudit], responder: true}}}}\n  assignments: [{{group: platform, permissionSet: Admin, on: [Dev]}}, {{group: security, permissionSet: Responder, on: [Dev]}}]\n"
    ))
}

#[test]
fn without_consent_an_account_that_leaves_is_frozen_and_its_closing_waits() {
    let (before, after) = (leaving(""), leaving("{close: true}"));
    let lab = Lab::with(Sandbox::in_memory(options_for(&before)));
    lab.apply(&before).assert_complete();
    let receipt = lab.run(async |aws| {
        let plan = planned(
            &after,
            &observe(aws, &after, &Scope::Everything(Depth::Shallow), &Events::silent()).await.unwrap(),
        );
        let approved = approve(plan, &Allowances::default()).unwrap();
        let held: Vec<String> = approved.held().iter().map(|held| held.address.to_string()).collect();
        assert_eq!(held, ["account/shop-dev"]);
        apply(aws, &after, &approved, &lab.options(), &Events::silent()).await.unwrap()
    });
    assert!(receipt.is_complete(), "{receipt:#?}");
    assert_eq!((lab.tape.count("CloseAccount"), receipt.held[0].flag.as_str()), (0, "--allow-close"));
    let plan = lab.plan(&after);
    let left: Vec<String> = plan.changes.iter().map(|change| change.address.to_string()).collect();
    assert_eq!(left, ["account/shop-dev"], "everything before the closing is done");
    lab.apply(&after).assert_complete();
    assert_eq!(lab.tape.count("CloseAccount"), 1);
    lab.assert_settled(&after);
}

#[test]
fn accounts_are_closed_three_at_a_time() {
    let body = |close: &str| {
        let names: Vec<String> = (0..7).map(|at| format!("a{at}: {{{close}}}")).collect();
        zone(&format!("units: {{Dev: {{accounts: {{{}}}}}}}", names.join(", ")))
    };
    let lab = Lab::new();
    lab.apply(&body("")).assert_complete();
    lab.apply(&body("close: true")).assert_complete();
    let refused =
        lab.tape.calls().into_iter().filter(|call| call.operation == "CloseAccount" && call.status != 200);
    assert_eq!((refused.count(), lab.tape.count("CloseAccount")), (0, 7));
}

#[test]
fn a_suspended_account_drops_out_and_the_rest_goes_on() {
    let lab = Lab::new();
    let applied = lab.apply(&zone(FULL));
    let id = applied.receipt.done.iter().find(|done| done.address.to_string() == "account/shop-dev");
    lab.call("CloseAccount", json!({"AccountId": id.unwrap().physical}));
    lab.advance(3600);
    let changed = full_with(&[("description: Members stay", "description: Members stay with us")]);
    let plan = lab.plan(&changed);
    assert!(plan.notices.iter().any(|notice| notice.text.contains("shop-dev")), "{:?}", plan.notices);
    lab.apply(&changed).assert_complete();
    lab.assert_settled(&changed);
}

#[test]
fn an_account_that_left_the_manifest_keeps_running_without_our_mark() {
    let lab = Lab::new();
    lab.apply(&zone(FULL)).assert_complete();
    let prod = "Prod: {accounts: {shop-prod: {tags: {cost-center: \"42\"}}}}";
    let smaller = full_with(&[(prod, "Prod: ")]);
    let applied = lab.apply(&smaller);
    applied.assert_complete();
    assert_eq!(applied.receipt.done.len(), 1);
    assert_eq!(applied.receipt.done[0].verb, Verb::Forget);
    lab.assert_settled(&smaller);
}

#[test]
fn a_creation_whose_answer_was_lost_is_found_and_not_asked_for_again() {
    let (lab, zone) = (Lab::new(), zone(SMALL));
    lab.tape.lose("CreateAccount", Lost::Answer);
    lab.apply(&zone).assert_complete();
    assert_eq!(lab.tape.count("CreateAccount"), 1);
    lab.assert_settled(&zone);
}

#[test]
fn a_creation_that_never_reached_aws_is_asked_for_again() {
    let (lab, zone) = (Lab::new(), zone(SMALL));
    lab.tape.lose("CreateAccount", Lost::Request);
    lab.apply(&zone).assert_complete();
    assert_eq!(lab.tape.count("CreateAccount"), 1);
    lab.assert_settled(&zone);
}

#[test]
fn where_aws_does_not_tell_the_places_of_accounts_they_are_listed_by_parent() {
    let (lab, zone) = (Lab::new(), zone(FULL));
    lab.tape.edit_answers(|operation, answer| {
        if operation != "ListAccounts" {
            return answer;
        }
        let mut answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        for account in answer["Accounts"].as_array_mut().unwrap() {
            account.as_object_mut().unwrap().remove("Paths");
        }
        answer.to_string()
    });
    lab.apply(&zone).assert_complete();
    lab.assert_settled(&zone);
    assert_eq!(lab.observe(&zone).accounts.len(), 5);
    lab.tape.deny("ListAccountsForParent", "");
    let plan = lab.plan(&zone);
    assert_eq!((plan.changes.len(), plan.gaps.len()), (0, 1), "{:#?}", plan.changes);
}

/// A budget for every account, and another one for one of them.
fn budgeted(notify: &str, own: &str) -> LandingZone {
    zone(&format!(
        "  budget: {{monthly: 200, notify: [{notify}]}}\nunits: {{Dev: {{accounts: {{shop-dev: {{{own}}}, lab: , old: {{budget: {{absent: true}}}}}}}}}}"
    ))
}

#[test]
fn every_account_gets_its_budget_in_the_run_that_makes_it_and_is_told_by_its_id() {
    let before = budgeted("finance@example.com", "budget: {monthly: 500, at: [50]}");
    let lab = Lab::new();
    lab.apply(&before).assert_complete();
    lab.assert_settled(&before);
    let told = |lab: &Lab| {
        let stack = json!({"StackName": "account-budgets"});
        let all = lab.cloudformation_of("111122223333", "us-east-1", "DescribeStacks", stack);
        all["Stacks"][0]["Parameters"].as_array().unwrap().clone()
    };
    let mut ids: Vec<String> =
        told(&lab).iter().map(|one| one["ParameterValue"].as_str().unwrap().to_owned()).collect();
    ids.sort();
    let mut wanted = ["account/lab", "account/shop-dev"].map(|account| lab.physical(&before, account));
    wanted.sort();
    assert_eq!(ids, wanted);
    // Whom it tells is part of what a budget is.
    let after = budgeted("finance@example.com, ops@example.com", "budget: {monthly: 900, at: [50]}");
    let plan = lab.plan(&after);
    let change = plan.changes.first().unwrap();
    assert!(
        change.notes.iter().any(|note| note.contains("making it anew: those of `lab`")),
        "{:?}",
        change.notes
    );
    lab.apply(&after).assert_complete();
    lab.assert_settled(&after);
    // What has no budget any more leaves the stack.
    let fewer = budgeted("finance@example.com, ops@example.com", "budget: {absent: true}");
    lab.apply(&fewer).assert_complete();
    lab.assert_settled(&fewer);
    assert_eq!(told(&lab).len(), 1);
}
