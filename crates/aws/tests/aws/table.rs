//! The operations table and the code name the same operations.

use crate::fake::{Answer, Log, options, permit, run};
use crate::{cloudformation, identity, regions, settings, singletons};
use glidepath_aws::organizations::{ChildKind, CreationFilter, NewAccount, PolicyText, Reader, Writer};
use glidepath_aws::{Aws, kms, tagging};
use glidepath_model::ids::{CreateRequestId, RootId};
use glidepath_model::operations::Operations;
use glidepath_model::{AccountId, NodeId, PolicyId, PolicyType, Tags, UnitId};
use serde_json::{Value, json};

/// An answer to every operation that the SDK and our parsers take.
fn answer(operation: &str) -> Value {
    let arn = "arn:aws:organizations::111122223333:x";
    let unit = json!({"Id": "ou-ab12-11112222", "Arn": arn, "Name": "Prod"});
    let summary =
        json!({"Id": "p-11112222", "Arn": arn, "Name": "x", "Type": "TAG_POLICY", "AwsManaged": false});
    let account =
        json!({"Id": "444455556666", "Arn": arn, "Name": "x", "Email": "x@example.com", "State": "ACTIVE"});
    let creation = json!({
        "Id": "car-11112222", "AccountName": "x", "State": "SUCCEEDED", "AccountId": "444455556666", "RequestedTimestamp": 1.5
    });
    let organization = json!({
        "Id": "o-a1b2c3d4e5", "Arn": arn, "FeatureSet": "ALL", "MasterAccountId": "111122223333",
        "MasterAccountEmail": "root@example.com"
    });
    let resource_policy =
        json!({"Content": "{}", "ResourcePolicySummary": {"Id": "rp-11112222", "Arn": arn}});
    let key = json!({
        "AWSAccountId": "111122223333", "KeyId": "k", "Arn": "arn:aws:kms:eu-west-1:111122223333:key/k",
        "KeyState": "Enabled",
    });
    match operation {
        "CreateKey" | "DescribeKey" => json!({"KeyMetadata": key}),
        "ReplicateKey" => json!({"ReplicaKeyMetadata": key}),
        "GetKeyPolicy" => json!({"Policy": "{}"}),
        "CreateOrganization" | "DescribeOrganization" => json!({"Organization": organization}),
        "CreateOrganizationalUnit" => json!({"OrganizationalUnit": unit}),
        "CreatePolicy" | "DescribePolicy" => json!({"Policy": {"PolicySummary": summary, "Content": "{}"}}),
        "CreateAccount" | "DescribeCreateAccountStatus" => json!({"CreateAccountStatus": creation}),
        "DescribeAccount" => json!({"Account": account}),
        "DescribeEffectivePolicy" => json!({"EffectivePolicy": {"PolicyContent": "{}"}}),
        "DescribeResourcePolicy" | "PutResourcePolicy" => json!({"ResourcePolicy": resource_policy}),
        "ListParents" => json!({"Parents": [{"Id": "r-ab12", "Type": "ROOT"}]}),
        "POST /listRegions" | "POST /enableRegion" => regions::answer(operation),
        other => match identity::answer(other) {
            Value::Object(empty) if empty.is_empty() => singletons::answer(other),
            known => known,
        },
    }
}

async fn read_everything(aws: &Aws) {
    let reader = Reader::new(aws.session());
    let (root, account) = (NodeId::parse("r-ab12").unwrap(), AccountId::parse("444455556666").unwrap());
    let policy = PolicyId::parse("p-11112222").unwrap();
    reader.describe_organization().await.unwrap().unwrap();
    reader.list_roots().await.unwrap();
    reader.list_accounts().await.unwrap();
    reader.list_accounts_for_parent(&root).await.unwrap();
    reader.list_units_for_parent(&root).await.unwrap();
    reader.list_children(&root, ChildKind::Units).await.unwrap();
    let found = reader.describe_account(&account).await.unwrap().unwrap();
    assert_eq!(found.parent, root);
    reader.list_create_account_status(CreationFilter::InProgress).await.unwrap();
    reader.describe_create_account_status(&CreateRequestId::parse("car-11112222").unwrap()).await.unwrap();
    reader.list_policies(PolicyType::Tag).await.unwrap();
    reader.describe_policy(&policy).await.unwrap().unwrap();
    reader.describe_effective_policy(PolicyType::Tag, &account).await.unwrap().unwrap();
    reader.list_targets_for_policy(&policy).await.unwrap();
    reader.list_policies_for_target(&root, PolicyType::Tag).await.unwrap();
    reader.list_tags("r-ab12").await.unwrap();
    reader.list_trusted_access().await.unwrap();
    reader.list_delegated_administrators().await.unwrap();
    reader.list_delegated_services(&account).await.unwrap();
    reader.describe_resource_policy().await.unwrap().unwrap();
    tagging::Reader::new(aws.session()).tags(&["organizations:account"]).await.unwrap();
    let keys = kms::Reader::new(aws.session(), "eu-west-1");
    keys.describe_key("k").await.unwrap().unwrap();
    keys.list_keys().await.unwrap();
    keys.key_policy("k").await.unwrap();
    keys.list_aliases("k").await.unwrap();
    keys.rotation("k").await.unwrap();
    keys.list_tags("k").await.unwrap();
    regions::read_everything(aws).await;
    cloudformation::read_everything(aws).await;
    identity::read_everything(aws).await;
    singletons::read_everything(aws).await;
    settings::read_everything(aws).await;
}

async fn write_everything(aws: &Aws) {
    let writer = Writer::new(aws.session(), permit()).unwrap();
    let (root, account) = (RootId::parse("r-ab12").unwrap(), AccountId::parse("444455556666").unwrap());
    let (at, unit) = (NodeId::Root(root.clone()), UnitId::parse("ou-ab12-11112222").unwrap());
    let (policy, service) = (PolicyId::parse("p-11112222").unwrap(), "guardduty.amazonaws.com");
    let tags = Tags::from([("team".into(), "shop".into())]);
    let text = PolicyText { name: "x", description: "", content: "{}" };
    writer.create_organization().await.unwrap();
    writer.enable_policy_type(&root, PolicyType::Tag).await.unwrap();
    writer.disable_policy_type(&root, PolicyType::Tag).await.unwrap();
    writer.create_unit(&at, "Prod", &tags).await.unwrap();
    writer.rename_unit(&unit, "Prod").await.unwrap();
    writer.delete_unit(&unit).await.unwrap();
    let slot = writer.account_slot().await.unwrap();
    let new = NewAccount { name: "x", email: "x@example.com", role: "Access", tags: &tags };
    writer.create_account(&slot, new).await.unwrap();
    writer.move_account(&account, &at, &NodeId::Unit(unit)).await.unwrap();
    let slot = writer.closing_slot().await.unwrap();
    writer.close_account(&slot, &account).await.unwrap();
    writer.create_policy(PolicyType::Tag, text, &tags).await.unwrap();
    writer.update_policy(&policy, text).await.unwrap();
    writer.attach_policy(&policy, &at).await.unwrap();
    writer.detach_policy(&policy, &at).await.unwrap();
    writer.delete_policy(&policy).await.unwrap();
    writer.tag("r-ab12", &tags).await.unwrap();
    writer.untag("r-ab12", &["team".to_owned()]).await.unwrap();
    writer.enable_trusted_access(service).await.unwrap();
    writer.disable_trusted_access(service).await.unwrap();
    writer.register_delegated_administrator(&account, service).await.unwrap();
    writer.deregister_delegated_administrator(&account, service).await.unwrap();
    writer.put_resource_policy("{}", &tags).await.unwrap();
    writer.delete_resource_policy().await.unwrap();
    let keys = kms::Writer::new(aws.session(), "eu-west-1", &permit()).unwrap();
    let new = kms::NewKey { description: "", policy: "{}", tags: &tags, extent: kms::Extent::Multi };
    keys.create_key(new).await.unwrap();
    keys.replicate_key("k", "us-east-1", new).await.unwrap();
    keys.update_description("k", "x").await.unwrap();
    keys.enable_key("k").await.unwrap();
    keys.create_alias("alias/x", "k").await.unwrap();
    keys.update_alias("alias/x", "k").await.unwrap();
    keys.put_key_policy("k", "{}").await.unwrap();
    keys.enable_rotation("k", 365).await.unwrap();
    keys.tag("k", &tags).await.unwrap();
    keys.untag("k", &["team".to_owned()]).await.unwrap();
    keys.schedule_deletion("k", 30).await.unwrap();
    keys.cancel_deletion("k").await.unwrap();
    regions::write_everything(aws).await;
    cloudformation::write_everything(aws).await;
    identity::write_everything(aws).await;
    singletons::write_everything(aws).await;
    settings::write_everything(aws).await;
}

#[test]
fn every_row_of_the_table_is_sent_by_some_method_and_the_other_way_round() {
    let options = options(&Log::default(), |operation, body, _| match (settings::answer(operation), body) {
        (Some(known), _) => Answer::Xml(200, known),
        // Of all others only CloudFormation speaks the query protocol here.
        (None, Value::String(_)) => Answer::Xml(200, cloudformation::answer(operation)),
        (None, _) => Answer::Json(answer(operation)),
    });
    let called = run(options, async |aws| {
        read_everything(&aws).await;
        write_everything(&aws).await;
        aws.calls()
    });
    assert!(called.values().all(|count| count.attempts == count.calls), "{called:?}");
    let called: Vec<&String> = called.keys().collect();
    let table = Operations::table().unwrap();
    let rows: Vec<&String> = table.rows.keys().filter(|name| !name.starts_with("sts:")).collect();
    assert_eq!(called, rows);
}
