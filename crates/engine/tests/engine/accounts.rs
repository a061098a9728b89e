//! Accounts: joined, adopted, closed, and those that AWS took out of use.

use crate::support::{FULL, Lab, Lost, full_with, zone};
use glidepath_plan::Verb;
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
