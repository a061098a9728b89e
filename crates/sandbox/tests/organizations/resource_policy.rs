//! The organization's resource policy: what it may say, and what it grants.

use super::{DENIED, DENY, MANAGEMENT, World, text};
use serde_json::{Value, json};

fn grant(account: &str, actions: &Value, condition: &Value) -> String {
    let mut statement = json!({
        "Effect": "Allow",
        "Principal": {"AWS": format!("arn:aws:iam::{account}:root")},
        "Action": actions,
        "Resource": "*",
    });
    if !condition.is_null() {
        statement["Condition"] = condition.clone();
    }
    json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
}

fn put(world: &World, content: &str) -> Value {
    world.ok("PutResourcePolicy", json!({"Content": content}))
}

#[test]
fn it_is_put_replaced_described_and_deleted() {
    let world = World::new();
    let shop = world.account("shop");
    let missing = "ResourcePolicyNotFoundException";
    assert_eq!(world.refused("DescribeResourcePolicy", json!({})), missing);
    assert_eq!(world.refused("DeleteResourcePolicy", json!({})), missing);
    let first = put(&world, &grant(&shop, &json!("organizations:List*"), &Value::Null));
    let content = grant(&shop, &json!("organizations:Describe*"), &Value::Null);
    let second = put(&world, &content);
    let id = &first["ResourcePolicy"]["ResourcePolicySummary"]["Id"];
    assert_eq!(id, &second["ResourcePolicy"]["ResourcePolicySummary"]["Id"]);
    let described = world.ok("DescribeResourcePolicy", json!({}));
    assert_eq!(described["ResourcePolicy"]["Content"], content);
    let tags = json!({"ResourceId": id, "Tags": [{"Key": "a", "Value": "1"}]});
    world.ok("TagResource", tags);
    world.ok("DeleteResourcePolicy", json!({}));
    assert_eq!(world.refused("DescribeResourcePolicy", json!({})), missing);
}

#[test]
fn a_grant_lets_a_member_do_what_it_names_for_the_types_it_names() {
    let world = World::new();
    let shop = world.account("shop");
    let tag_policy = r#"{"tags":{"a":{"tag_key":{"@@assign":"A"}}}}"#;
    let creating = |ty: &str, content: &str| {
        let request = json!({"Type": ty, "Name": "n", "Description": "", "Content": content});
        world.try_as(&shop, "CreatePolicy", request)
    };
    assert_eq!(creating("TAG_POLICY", tag_policy), Err(DENIED.to_owned()));
    let types = json!({"StringEquals": {"organizations:PolicyType": ["TAG_POLICY"]}});
    let actions =
        json!(["organizations:CreatePolicy", "organizations:AttachPolicy", "organizations:ListPolicies"]);
    put(&world, &grant(&shop, &actions, &types));
    let made = creating("TAG_POLICY", tag_policy).unwrap();
    assert_eq!(creating("SERVICE_CONTROL_POLICY", DENY), Err(DENIED.to_owned()));
    let id = text(&made["Policy"]["PolicySummary"]["Id"]);
    world.enable("TAG_POLICY");
    world.try_as(&shop, "AttachPolicy", json!({"PolicyId": id, "TargetId": shop})).unwrap();
    let detach = json!({"PolicyId": id, "TargetId": shop});
    assert_eq!(world.refused_as(&shop, "DetachPolicy", detach), DENIED);
    assert_eq!(world.refused_as(&shop, "DeletePolicy", json!({"PolicyId": id})), DENIED);
}

#[test]
fn a_grant_on_some_resources_reaches_no_other() {
    let world = World::new();
    let shop = world.account("shop");
    let prod = world.unit(&world.root(), "Prod");
    let organization = text(&world.ok("DescribeOrganization", json!({}))["Organization"]["Id"]);
    let document = json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": shop},
        "Action": ["organizations:TagResource", "organizations:UntagResource"],
        "Resource": format!("arn:aws:organizations::{MANAGEMENT}:ou/{organization}/*"),
    }});
    put(&world, &document.to_string());
    let tags = json!([{"Key": "a", "Value": "1"}]);
    world.try_as(&shop, "TagResource", json!({"ResourceId": prod, "Tags": tags})).unwrap();
    assert_eq!(world.refused_as(&shop, "TagResource", json!({"ResourceId": shop, "Tags": tags})), DENIED);
}

#[test]
fn a_denial_wins_over_a_grant() {
    let world = World::new();
    let shop = world.account("shop");
    let statement = |effect: &str, action: &str| json!({"Effect": effect, "Principal": {"AWS": shop}, "Action": action, "Resource": "*"});
    let both = json!({"Version": "2012-10-17", "Statement": [
        statement("Allow", "organizations:List*"),
        statement("Deny", "organizations:ListRoots"),
    ]});
    put(&world, &both.to_string());
    assert!(world.try_as(&shop, "ListAccounts", json!({})).is_ok());
    assert_eq!(world.refused_as(&shop, "ListRoots", json!({})), DENIED);
}

#[test]
fn a_document_that_delegates_too_much_is_refused_with_its_reason() {
    let world = World::new();
    let shop = world.account("shop");
    let list = json!("organizations:List*");
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut document: Value = serde_json::from_str(&grant(&shop, &list, &Value::Null)).unwrap();
        change(&mut document["Statement"][0]);
        let request = json!({"Content": document.to_string()});
        world.refused("PutResourcePolicy", request).replace("InvalidInputException ", "")
    };
    let json_fault = "INVALID_RESOURCE_POLICY_JSON";
    assert_eq!(changed(&|one| one["Effect"] = json!("Maybe")), json_fault);
    assert_eq!(changed(&|one| one["Condition"] = json!({"Bool": {"a": "b"}})), json_fault);
    assert_eq!(changed(&|one| one["Principal"] = json!("*")), "INVALID_PRINCIPAL");
    assert_eq!(changed(&|one| one["Principal"] = json!({"AWS": "777788889999"})), "INVALID_PRINCIPAL");
    let action = "UNSUPPORTED_ACTION_IN_RESOURCE_POLICY";
    assert_eq!(changed(&|one| one["Action"] = json!("organizations:CloseAccount")), action);
    assert_eq!(changed(&|one| one["Action"] = json!("s3:*")), action);
    assert_eq!(changed(&|one| one["Action"] = json!("organizations:*")), action);
    assert_eq!(changed(&|one| one["NotAction"] = json!("s3:*")), action);
    let resource = "UNSUPPORTED_RESOURCE_IN_RESOURCE_POLICY";
    assert_eq!(changed(&|one| one["Resource"] = json!("arn:aws:s3:::a")), resource);
    assert_eq!(changed(&|one| one["NotResource"] = json!("*")), resource);
    assert_eq!(
        changed(&|one| one["Condition"] = json!({"StringEquals": {"organizations:PolicyType": "NO_POLICY"}})),
        "UNSUPPORTED_POLICY_TYPE_IN_RESOURCE_POLICY"
    );
    let not_json = world.refused("PutResourcePolicy", json!({"Content": "nonsense"}));
    assert_eq!(not_json, format!("InvalidInputException {json_fault}"));
}
