//! Keys: found by their tags, or by their alias where these are gone; compared by what their policies say; forgotten,
//! retired, never deleted.

use crate::support::{made, plan, plan_of, replan, steps, world, zone};
use glidepath_plan::key_policy::KeyPolicy;
use glidepath_plan::{Action, GateName, Plan, Spec};
use serde_json::json;

const ACCOUNTS: &str = "units: {Security: {accounts: {log-archive: , security: }}}\n";
const KEY: &str =
    "log-archive, regions: [eu-west-1], encryptFor: [cloudtrail, config], decryptFor: [account/security]";

fn with(key: &str) -> String {
    format!("{ACCOUNTS}keys: {{logs: {{account: {key}}}}}")
}

/// The plan of one key for the world that it made and that was then changed.
fn again(world: &str) -> Plan {
    replan(
        &with(KEY),
        &format!("keys: [{{name: logs, account: log-archive, changed: true, {world}}}]"),
        &with(KEY),
    )
}

fn fields(plan: &Plan) -> Vec<String> {
    plan.changes.iter().flat_map(|change| change.action.fields()).map(|field| field.path.join(".")).collect()
}

fn refused(plan: &Plan) -> Vec<&str> {
    plan.refusals.iter().map(|refusal| refusal.code.as_str()).collect()
}

#[test]
fn a_key_waits_for_its_account_and_for_those_that_its_policy_names() {
    let plan = plan_of(&with(KEY), "{}");
    let key = plan.changes.iter().find(|change| change.address.to_string() == "key/logs").unwrap();
    let waits: Vec<String> = key.waits_for.iter().map(ToString::to_string).collect();
    assert_eq!(waits, ["account/log-archive", "account/security"]);
    let Some(Spec::Key(spec)) = key.action.after() else { panic!() };
    assert!(matches!(spec.document, KeyPolicy::AfterApply(_)), "the accounts have no ids yet");
}

#[test]
fn a_policy_is_in_the_plan_as_soon_as_the_ids_are_known() {
    let plan = plan(&zone(&with(KEY)), &made(ACCOUNTS));
    assert_eq!(steps(&plan), ["create key/logs"]);
    let Action::Create { after: Spec::Key(spec) } = &plan.changes[0].action else { panic!() };
    assert_eq!(spec.document.document().unwrap()["Statement"].as_array().unwrap().len(), 5);
}

#[test]
fn a_key_as_it_shall_be_is_left_alone_however_aws_writes_its_policy() {
    let snapshot = made(&with(KEY));
    let mut policy: serde_json::Value = serde_json::from_str(&snapshot.keys[0].policy).unwrap();
    policy["Statement"].as_array_mut().unwrap().reverse();
    for statement in policy["Statement"].as_array_mut().unwrap() {
        statement.as_object_mut().unwrap().remove("Sid");
    }
    let plan = again(&format!("policy: {policy}"));
    assert_eq!(steps(&plan), Vec::<String>::new());
}

#[test]
fn what_somebody_changed_is_changed_back() {
    let open = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*",
    }]});
    assert_eq!(fields(&again("rotation: 90")), ["rotation"]);
    assert_eq!(fields(&again("description: theirs")), ["description"]);
    assert_eq!(fields(&again("alias: alias/other")), ["alias"]);
    assert_eq!(fields(&again("state: Disabled")), ["standing"]);
    assert_eq!(fields(&again("state: PendingDeletion")), ["standing"]);
    assert!(fields(&again(&format!("policy: {open}"))).iter().all(|path| path.starts_with("document")));
}

#[test]
fn a_key_that_lost_its_tags_is_adopted_by_its_alias_and_anothers_is_refused() {
    let plan = again("mark: none");
    assert_eq!(steps(&plan), ["adopt key/logs"]);
    let plan = again("mark: globex");
    assert_eq!((steps(&plan), refused(&plan)), (Vec::new(), vec!["other-owner"]));
}

#[test]
fn a_key_that_left_the_manifest_is_forgotten() {
    let plan = replan(&with(KEY), "{}", ACCOUNTS);
    assert_eq!(steps(&plan), ["forget key/logs"]);
    assert_eq!(
        steps(&replan(
            &with(KEY),
            "keys: [{name: logs, account: log-archive, changed: true, mark: none}]",
            ACCOUNTS
        )),
        Vec::<String>::new()
    );
}

#[test]
fn retiring_a_key_is_gated_changes_nothing_else_and_is_done_once() {
    let retired = with("log-archive, regions: [eu-west-1], description: other, retire: {after: 30d}");
    let plan = replan(&with(KEY), "{}", &retired);
    assert_eq!(
        (steps(&plan), fields(&plan)),
        (vec!["update key/logs".to_owned()], vec!["standing".to_owned()])
    );
    assert_eq!(plan.gates.iter().map(|gate| gate.name).collect::<Vec<_>>(), [GateName::KeyRetire]);
    let waiting = "keys: [{name: logs, account: log-archive, changed: true, state: PendingDeletion}]";
    assert_eq!(steps(&replan(&with(KEY), waiting, &retired)), Vec::<String>::new());
    // It is gone.
    assert_eq!(steps(&replan(ACCOUNTS, "{}", &retired)), Vec::<String>::new());
}

#[test]
fn a_key_of_nobody_is_not_retired() {
    let retired = with("log-archive, regions: [eu-west-1], retire: {after: 30d}");
    let plan =
        replan(&with(KEY), "keys: [{name: logs, account: log-archive, changed: true, mark: none}]", &retired);
    assert_eq!((steps(&plan), refused(&plan)), (Vec::new(), vec!["key-not-ours"]));
}

const TWO: &str = "log-archive, regions: [eu-west-1, us-east-1]";

#[test]
fn related_keys_are_one_and_the_one_that_differs_shows() {
    assert_eq!(steps(&replan(&with(TWO), "{}", &with(TWO))), Vec::<String>::new());
    let replica =
        "keys: [{name: logs, account: log-archive, region: us-east-1, changed: true, description: theirs}]";
    assert_eq!(fields(&replan(&with(TWO), replica, &with(TWO))), ["description"]);
    let one = with("log-archive, regions: [eu-west-1]");
    assert_eq!(fields(&replan(&with(TWO), "{}", &one)), ["regions"]);
}

#[test]
fn what_aws_cannot_make_of_a_key_is_refused() {
    let one = with("log-archive, regions: [eu-west-1]");
    assert_eq!(refused(&replan(&one, "{}", &with(TWO))), ["key-single-region"]);
    let other = with("log-archive, regions: [us-east-1, eu-west-1]");
    assert_eq!(refused(&replan(&with(TWO), "{}", &other)), ["key-primary-region"]);
    let moved = with("security, regions: [eu-west-1]");
    assert_eq!(refused(&replan(&one, "{}", &moved)), ["key-elsewhere"]);
}

#[test]
fn of_two_keys_with_one_address_the_second_is_told_of() {
    let second = "keys: [{name: logs, account: security, mark: acme}]";
    let plan = replan(&with(KEY), second, &with(KEY));
    assert_eq!(steps(&plan), Vec::<String>::new());
    assert_eq!(plan.notices.len(), 1, "{:?}", plan.notices);
}

#[test]
fn a_key_that_was_not_read_is_not_made_again() {
    let gap = "gaps: [{prefix: key/logs, operation: \"sts:AssumeRole\", error: denied}]";
    let plan = plan_of(&with(KEY), gap);
    assert!(steps(&plan).iter().all(|step| !step.contains("key/")));
    assert_eq!(plan.withheld.len(), 1);
    let snapshot = world::World::parse(gap).upon(made(&with(KEY)));
    assert_eq!(steps(&plan_for(&snapshot)), Vec::<String>::new());
}

fn plan_for(snapshot: &glidepath_model::organization::Snapshot) -> Plan {
    plan(&zone(&with(KEY)), snapshot)
}

#[test]
fn a_key_whose_policy_locks_us_out_is_refused() {
    let locked = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/other"}, "Action": "kms:*", "Resource": "*",
    }]});
    assert_eq!(refused(&again(&format!("policy: {locked}"))), ["key-lock-out"]);
}
