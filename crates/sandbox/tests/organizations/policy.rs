//! Policies: making, changing, deleting and listing them.

use super::{DENY, World, text};
use serde_json::{Value, json};

const SCP: &str = "SERVICE_CONTROL_POLICY";

fn creation(ty: &str, name: &str, content: &str) -> Value {
    json!({"Type": ty, "Name": name, "Description": "", "Content": content})
}

#[test]
fn a_policy_is_kept_as_it_was_sent() {
    let world = World::new();
    let content = format!(" {DENY}\n");
    let id = world.policy(SCP, "deny", &content);
    let policy = &world.ok("DescribePolicy", json!({"PolicyId": id}))["Policy"];
    assert_eq!(policy["Content"], content);
    assert_eq!(policy["PolicySummary"]["AwsManaged"], false);
    assert!(text(&policy["PolicySummary"]["Arn"]).ends_with(&format!("/service_control_policy/{id}")));
}

#[test]
fn a_name_is_unique_within_its_type() {
    let world = World::new();
    let first = world.scp("one");
    let second = world.scp("two");
    assert_eq!(world.refused("CreatePolicy", creation(SCP, "one", DENY)), "DuplicatePolicyException");
    world.policy("TAG_POLICY", "one", r#"{"tags":{"a":{"tag_key":{"@@assign":"A"}}}}"#);
    let rename = json!({"PolicyId": second, "Name": "one"});
    assert_eq!(world.refused("UpdatePolicy", rename), "DuplicatePolicyException");
    world.ok(
        "UpdatePolicy",
        json!({"PolicyId": first, "Name": "one", "Description": "same name is no clash"}),
    );
}

#[test]
fn size_is_counted_in_characters_with_all_white_space() {
    let world = World::new();
    let padded = |length: usize| format!("{DENY}{}", " ".repeat(length - DENY.len()));
    world.policy(SCP, "fits", &padded(10_240));
    let too_large = "ConstraintViolationException POLICY_CONTENT_LIMIT_EXCEEDED";
    assert_eq!(world.refused("CreatePolicy", creation(SCP, "large", &padded(10_241))), too_large);
    let id = world.scp("grows");
    assert_eq!(world.refused("UpdatePolicy", json!({"PolicyId": id, "Content": padded(10_241)})), too_large);
}

#[test]
fn an_update_changes_what_it_names_and_nothing_else() {
    let world = World::new();
    let id = world.scp("deny");
    let other = DENY.replace("iam", "ec2");
    world.ok("UpdatePolicy", json!({"PolicyId": id, "Content": other}));
    let updated = world.ok("UpdatePolicy", json!({"PolicyId": id, "Description": "why"}));
    assert_eq!(updated["Policy"]["Content"], other);
    assert_eq!(updated["Policy"]["PolicySummary"]["Name"], "deny");
    assert_eq!(updated["Policy"]["PolicySummary"]["Description"], "why");
    let malformed = json!({"PolicyId": id, "Content": "{}"});
    assert_eq!(world.refused("UpdatePolicy", malformed), "MalformedPolicyDocumentException");
}

#[test]
fn awss_own_policies_are_listed_and_cannot_be_changed() {
    let world = World::new();
    let listed = world.list("ListPolicies", json!({"Filter": SCP}), "Policies");
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["Arn"], "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess");
    let immutable = "InvalidInputException IMMUTABLE_POLICY";
    let full = json!({"PolicyId": "p-FullAWSAccess"});
    assert_eq!(world.refused("UpdatePolicy", full.clone()), immutable);
    assert_eq!(world.refused("DeletePolicy", full), immutable);
}

#[test]
fn an_attached_policy_is_not_deleted() {
    let world = World::new();
    world.enable(SCP);
    let id = world.scp("deny");
    world.attach(&id, &world.root());
    assert_eq!(world.refused("DeletePolicy", json!({"PolicyId": id})), "PolicyInUseException");
    world.ok("DetachPolicy", json!({"PolicyId": id, "TargetId": world.root()}));
    world.ok("DeletePolicy", json!({"PolicyId": id}));
    let unknown = json!({"PolicyId": id});
    for operation in ["DescribePolicy", "DeletePolicy", "UpdatePolicy", "ListTargetsForPolicy"] {
        assert_eq!(world.refused(operation, unknown.clone()), "PolicyNotFoundException", "{operation}");
    }
    assert_ne!(world.scp("deny"), id);
}

#[test]
fn a_thousand_tag_policies_are_the_most() {
    let world = World::new();
    let content = r#"{"tags":{"a":{"tag_key":{"@@assign":"A"}}}}"#;
    for number in 0..1_000 {
        world.policy("TAG_POLICY", &format!("tag-{number}"), content);
    }
    assert_eq!(
        world.refused("CreatePolicy", creation("TAG_POLICY", "one more", content)),
        "ConstraintViolationException POLICY_NUMBER_LIMIT_EXCEEDED"
    );
}
