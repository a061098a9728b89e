//! Keys: made once, in the account and Regions they belong to; changed back, forgotten, retired.

use crate::support::{Lab, Lost, at, options_for, zone};
use glidepath_plan::{LandingZone, Verb};
use glidepath_sandbox::Sandbox;
use serde_json::{Value, json};

const ACCOUNTS: &str = "units: {Security: {accounts: {log-archive: , security: }}}\n";
const KEY: &str = "log-archive, regions: [eu-west-1], description: logs, encryptFor: [config], decryptFor: [account/security]";

fn with(key: &str) -> LandingZone {
    zone(&format!("{ACCOUNTS}keys: {{logs: {{account: {key}}}}}"))
}

/// Logs that are encrypted with a key that has to be made first.
pub(crate) const ENCRYPTED: &str = "  id: o-a1b2c3d4e5
units:
  Security: {accounts: {log-archive: }}
  Workloads: {accounts: {shop: }}
keys: {logs: {account: log-archive, regions: [eu-west-1], encryptFor: [cloudtrail, config]}}
logging: {archive: log-archive, sources: [organizationTrail, config], on: [Workloads], queries: false, key: logs}
";

/// The ids of accounts by their names.
fn account(lab: &Lab, zone: &LandingZone, name: &str) -> String {
    let snapshot = lab.observe(zone);
    snapshot.accounts.values().find(|account| account.name == name).unwrap().id.to_string()
}

/// Calls KMS as the administrator of the account that owns the key.
fn kms(lab: &Lab, account: &str, region: &str, operation: &str, request: Value) -> Value {
    lab.sandbox.call_json_in(region, account, "kms", operation, request).expect(operation)
}

fn keys(lab: &Lab, account: &str, region: &str) -> Vec<String> {
    let listed = kms(lab, account, region, "ListKeys", json!({}));
    let keys = listed["Keys"].as_array().unwrap().iter();
    keys.map(|key| key["KeyId"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_key_is_made_in_an_account_of_the_same_run_and_the_next_plan_is_empty() {
    let (lab, zone) = (Lab::new(), with(KEY));
    lab.apply(&zone).assert_complete();
    let account = account(&lab, &zone, "log-archive");
    let made = keys(&lab, &account, "eu-west-1");
    assert_eq!(made.len(), 1);
    let id = json!({"KeyId": "alias/logs"});
    let told = kms(&lab, &account, "eu-west-1", "DescribeKey", id)["KeyMetadata"].clone();
    assert_eq!([&told["KeyId"], &told["Description"]], [&json!(made[0]), &json!("logs")]);
    let rotation = kms(&lab, &account, "eu-west-1", "GetKeyRotationStatus", json!({"KeyId": made[0]}));
    assert_eq!(rotation["RotationPeriodInDays"], 365);
    let writes = ["CreateKey", "EnableKeyRotation", "CreateAlias", "PutKeyPolicy", "UpdateKeyDescription"];
    assert_eq!(writes.map(|operation| lab.tape.count(operation)), [1, 1, 1, 0, 0]);
    lab.assert_settled(&zone);
}

#[test]
fn an_answer_that_is_lost_makes_no_second_key() {
    for what in [Lost::Answer, Lost::Request] {
        let (lab, zone) = (Lab::new(), with(KEY));
        lab.apply(&self::zone(ACCOUNTS)).assert_complete();
        lab.tape.lose("CreateKey", what);
        lab.apply(&zone).assert_complete();
        let account = account(&lab, &zone, "log-archive");
        assert_eq!(keys(&lab, &account, "eu-west-1").len(), 1, "{what:?}");
        lab.assert_settled(&zone);
    }
}

#[test]
fn a_key_of_several_regions_is_made_in_each_with_one_id() {
    let (lab, zone) = (Lab::new(), with("log-archive, regions: [eu-west-1, us-east-1], encryptFor: [logs]"));
    lab.apply(&zone).assert_complete();
    let account = account(&lab, &zone, "log-archive");
    let made = keys(&lab, &account, "eu-west-1");
    assert!(made[0].starts_with("mrk-") && made.len() == 1);
    assert_eq!(keys(&lab, &account, "us-east-1"), made);
    let of = |region| kms(&lab, &account, region, "DescribeKey", json!({"KeyId": "alias/logs"}));
    assert_eq!(of("us-east-1")["KeyMetadata"]["KeyState"], "Enabled");
    assert_eq!(of("eu-west-1")["KeyMetadata"]["MultiRegionConfiguration"]["MultiRegionKeyType"], "PRIMARY");
    lab.assert_settled(&zone);
    // A Region that is left out again keeps its replica, which is ours no longer.
    let fewer = with("log-archive, regions: [eu-west-1], encryptFor: [logs]");
    lab.apply(&fewer).assert_complete();
    assert_eq!(keys(&lab, &account, "us-east-1"), made);
    lab.assert_settled(&fewer);
}

#[test]
fn what_somebody_changed_is_changed_back_in_every_region() {
    let (lab, zone) =
        (Lab::new(), with("log-archive, regions: [eu-west-1, us-east-1], decryptFor: [organization]"));
    lab.apply(&zone).assert_complete();
    let account = account(&lab, &zone, "log-archive");
    let id = keys(&lab, &account, "eu-west-1")[0].clone();
    let root = format!("arn:aws:iam::{account}:root");
    let open = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": root}, "Action": "kms:*", "Resource": "*"},
    ]});
    let here = |operation: &str, request: Value| kms(&lab, &account, "eu-west-1", operation, request);
    let there = |operation: &str, request: Value| kms(&lab, &account, "us-east-1", operation, request);
    there("PutKeyPolicy", json!({"KeyId": id, "Policy": open.to_string()}));
    there("DeleteAlias", json!({"AliasName": "alias/logs"}));
    here("UpdateKeyDescription", json!({"KeyId": id, "Description": "theirs"}));
    here("EnableKeyRotation", json!({"KeyId": id, "RotationPeriodInDays": 90}));
    here("TagResource", json!({"KeyId": id, "Tags": [{"TagKey": "theirs", "TagValue": ""}]}));
    here("DisableKey", json!({"KeyId": id}));
    let applied = lab.apply(&zone);
    applied.assert_complete();
    assert_eq!(applied.receipt.done[0].verb, Verb::Update);
    lab.assert_settled(&zone);
}

#[test]
fn a_key_that_lost_its_tags_is_adopted_by_its_alias() {
    let (lab, zone) = (Lab::new(), with(KEY));
    lab.apply(&zone).assert_complete();
    let account = account(&lab, &zone, "log-archive");
    let id = keys(&lab, &account, "eu-west-1")[0].clone();
    let keys_of_ours = json!(["glidepath:managed-by", "glidepath:address"]);
    kms(&lab, &account, "eu-west-1", "UntagResource", json!({"KeyId": id, "TagKeys": keys_of_ours}));
    let applied = lab.apply(&zone);
    applied.assert_complete();
    assert_eq!(applied.receipt.done[0].verb, Verb::Adopt);
    assert_eq!(keys(&lab, &account, "eu-west-1"), [id]);
    lab.assert_settled(&zone);
}

#[test]
fn a_key_that_left_the_manifest_is_forgotten_and_stays() {
    let lab = Lab::new();
    let both = "keys: {logs: {account: log-archive, regions: [eu-west-1]}, other: {account: log-archive, regions: [eu-west-1]}}";
    lab.apply(&zone(&format!("{ACCOUNTS}{both}"))).assert_complete();
    let one = with("log-archive, regions: [eu-west-1]");
    let applied = lab.apply(&one);
    applied.assert_complete();
    assert_eq!(applied.plan.change(&at("key/other")).unwrap().action.verb(), Verb::Forget);
    let account = account(&lab, &one, "log-archive");
    assert_eq!(keys(&lab, &account, "eu-west-1").len(), 2);
    lab.assert_settled(&one);
}

#[test]
fn a_key_is_retired_with_its_replicas_and_taken_back_while_it_waits() {
    let regions = "log-archive, regions: [eu-west-1, us-east-1]";
    let (lab, kept) = (Lab::new(), with(regions));
    lab.apply(&kept).assert_complete();
    let account = account(&lab, &kept, "log-archive");
    let state = |region: &str| {
        let id = json!({"KeyId": "alias/logs"});
        kms(&lab, &account, region, "DescribeKey", id)["KeyMetadata"]["KeyState"].clone()
    };
    let retired = with(&format!("{regions}, retire: {{after: 30d}}"));
    lab.apply(&retired).assert_complete();
    assert_eq!([state("eu-west-1"), state("us-east-1")], ["PendingReplicaDeletion", "PendingDeletion"]);
    lab.assert_settled(&retired);
    lab.apply(&kept).assert_complete();
    assert_eq!([state("eu-west-1"), state("us-east-1")], ["Enabled", "Enabled"]);
    lab.assert_settled(&kept);
    lab.apply(&retired).assert_complete();
    lab.advance(61 * 86_400);
    assert!(keys(&lab, &account, "eu-west-1").is_empty());
    lab.assert_settled(&retired);
}

#[test]
fn an_account_that_cannot_be_entered_leaves_a_gap_and_everything_else_goes_on() {
    let (lab, zone) = (Lab::new(), with(KEY));
    lab.apply(&zone).assert_complete();
    let more = self::zone(
        "units: {Security: {accounts: {log-archive: , security: }}, Sandbox: }\n\
         keys: {logs: {account: log-archive, regions: [eu-west-1], rotation: 90d}}",
    );
    lab.tape.deny("AssumeRole", "");
    let plan = lab.plan(&more);
    let changed: Vec<String> = plan.changes.iter().map(|change| change.address.to_string()).collect();
    assert_eq!(changed, ["unit/Sandbox"]);
    assert_eq!(plan.gaps[0].prefix, "key/logs");
    assert_eq!(plan.gaps[0].operation, "sts:AssumeRole");
    lab.tape.allow_all();
    for operation in
        ["DescribeKey", "GetKeyPolicy", "ListAliases", "ListResourceTags", "GetKeyRotationStatus"]
    {
        lab.tape.deny(operation, "");
        let plan = lab.plan(&zone);
        assert_eq!((plan.changes.len(), plan.gaps.len()), (0, 1), "{operation}");
        lab.tape.allow_all();
    }
}

#[test]
fn keys_are_read_only_where_the_manifest_names_them() {
    let (lab, zone) = (Lab::new(), with(KEY));
    lab.apply(&zone).assert_complete();
    lab.tape.wipe();
    lab.observe(&zone);
    let of = |operation: &str| lab.tape.count(operation);
    assert_eq!(
        ["AssumeRole", "DescribeKey", "GetKeyPolicy", "ListAliases", "ListKeys"].map(of),
        [1, 1, 1, 1, 0]
    );
    lab.tape.wipe();
    lab.observe(&self::zone(ACCOUNTS));
    assert_eq!(["AssumeRole", "DescribeKey"].map(of), [0, 0]);
}

#[test]
fn logs_are_encrypted_with_a_key_that_the_same_run_makes() {
    let zone = zone(ENCRYPTED);
    let lab = Lab::with(Sandbox::in_memory(options_for(&zone)));
    let plan = lab.plan(&zone);
    let waits = |address: &str| plan.change(&at(address)).unwrap().waits_for.contains(&at("key/logs"));
    assert!(waits("stack-set/log-archive") && waits("stack/cloudtrail-org-trail@eu-west-1"));
    lab.apply(&zone).assert_complete();
    lab.assert_settled(&zone);
    let arn = lab.physical(&zone, "key/logs");
    let trail = lab.cloudformation("DescribeStacks", json!({"StackName": "cloudtrail-org-trail"}));
    let [given] = trail["Stacks"][0]["Parameters"].as_array().unwrap().as_slice() else { panic!("{trail}") };
    assert_eq!(*given, json!({"ParameterKey": "KeyArn", "ParameterValue": arn}));
}
