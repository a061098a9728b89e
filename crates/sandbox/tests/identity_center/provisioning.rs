//! What changes in a permission set reaches accounts when it is provisioned.

use super::World;
use serde_json::{Value, json};

fn provision(world: &World, request: Value) -> Value {
    let made = world.admin("ProvisionPermissionSet", request);
    world.wait(60);
    let id = &made["PermissionSetProvisioningStatus"]["RequestId"];
    let told = world
        .admin("DescribePermissionSetProvisioningStatus", json!({"ProvisionPermissionSetRequestId": id}));
    told["PermissionSetProvisioningStatus"].clone()
}

fn all(set: &str) -> Value {
    json!({"PermissionSetArn": set, "TargetType": "ALL_PROVISIONED_ACCOUNTS"})
}

#[test]
fn every_kind_of_change_makes_accounts_stale_and_provisioning_brings_it_there() {
    let world = World::new();
    let (account, group, set) = (world.account("one"), world.group("platform"), world.set("Reader"));
    world.assign(&set, &account, &group);
    let managed = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    let inline =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;
    let boundary = json!({"ManagedPolicyArn": managed});
    for (operation, member, value) in [
        ("UpdatePermissionSet", "SessionDuration", json!("PT4H")),
        ("UpdatePermissionSet", "Description", json!("reads")),
        ("AttachManagedPolicyToPermissionSet", "ManagedPolicyArn", json!(managed)),
        ("PutInlinePolicyToPermissionSet", "InlinePolicy", json!(inline)),
        ("PutPermissionsBoundaryToPermissionSet", "PermissionsBoundary", boundary),
    ] {
        assert!(world.stale(&set).is_empty(), "before {operation}");
        world.admin(operation, json!({"PermissionSetArn": set, member: value}));
        assert_eq!(world.stale(&set), [account.as_str()], "{operation}");
        assert_eq!(provision(&world, all(&set))["Status"], "SUCCEEDED");
    }
    assert!(world.stale(&set).is_empty());
}

#[test]
fn a_new_assignment_leaves_an_older_content_where_it_is() {
    let world = World::new();
    let (account, group, set) = (world.account("one"), world.group("platform"), world.set("Reader"));
    world.assign(&set, &account, &group);
    world.admin("UpdatePermissionSet", json!({"PermissionSetArn": set, "SessionDuration": "PT4H"}));
    world.assign(&set, &account, &world.group("audit"));
    assert_eq!(world.stale(&set), [account.as_str()]);
}

#[test]
fn one_account_that_fails_makes_the_request_fail_and_the_others_have_it() {
    let world = World::new();
    let (one, two) = (world.account("one"), world.account("two"));
    let (group, set) = (world.group("platform"), world.set("Reader"));
    world.assign(&set, &one, &group);
    world.assign(&set, &two, &group);
    world.admin("UpdatePermissionSet", json!({"PermissionSetArn": set, "SessionDuration": "PT4H"}));
    world.call("organizations", "CloseAccount", json!({"AccountId": one}));
    world.wait(600);
    let status = provision(&world, all(&set));
    assert_eq!(status["Status"], "FAILED", "{status}");
    assert!(status["FailureReason"].as_str().unwrap().contains(&one), "{status}");
    assert_eq!(world.stale(&set), [one.as_str()]);
}

#[test]
fn three_permission_sets_are_provisioned_at_once_and_no_fourth() {
    let world = World::new();
    let sets: Vec<String> = (0..4).map(|number| world.set(&format!("set{number}"))).collect();
    for set in sets.iter().take(3) {
        world.admin("ProvisionPermissionSet", all(set));
    }
    assert_eq!(world.admin_refused("ProvisionPermissionSet", all(&sets[3])), "ThrottlingException");
    world.wait(60);
    world.admin("ProvisionPermissionSet", all(&sets[3]));
}
