//! Assignments, and what comes of them in the account.

use super::{World, assignment};
use serde_json::json;

#[test]
fn the_first_assignment_brings_the_set_to_the_account_and_the_last_one_takes_it_away() {
    let world = World::new();
    let (account, group, other) = (world.account("one"), world.group("platform"), world.group("audit"));
    let set = world.set("Reader");
    world.assign(&set, &account, &group);
    world.assign(&set, &account, &other);
    assert_eq!(world.accounts(&set), [account.as_str()]);
    world.unassign(&set, &account, &group);
    assert_eq!(world.accounts(&set), [account.as_str()]);
    world.unassign(&set, &account, &other);
    assert!(world.accounts(&set).is_empty());
    world.admin("DeletePermissionSet", json!({"PermissionSetArn": set}));
}

#[test]
fn an_assignment_is_not_there_before_its_request_has_ended() {
    let world = World::new();
    let (account, group, set) = (world.account("one"), world.group("platform"), world.set("Reader"));
    let request = world.submit(&set, &account, &group);
    assert_eq!(world.stands(&request).0, "IN_PROGRESS");
    let listed =
        world.admin("ListAccountAssignments", json!({"PermissionSetArn": set, "AccountId": account}));
    assert_eq!(listed["AccountAssignments"], json!([]));
    assert_eq!(
        world.admin_refused("CreateAccountAssignment", assignment(&set, &account, &group)),
        "ConflictException"
    );
    assert_eq!(
        world.admin_refused("DeletePermissionSet", json!({"PermissionSetArn": set})),
        "ConflictException"
    );
}

#[test]
fn a_set_whose_policy_the_account_lacks_cannot_be_assigned_until_a_stack_makes_it() {
    let world = World::new();
    let (account, group, set) = (world.account("one"), world.group("platform"), world.set("Deployer"));
    let reference = json!({"Name": "deploy", "Path": "/team/"});
    world.admin(
        "AttachCustomerManagedPolicyReferenceToPermissionSet",
        json!({"PermissionSetArn": set, "CustomerManagedPolicyReference": reference}),
    );
    let request = world.submit(&set, &account, &group);
    world.wait(60);
    let (status, reason) = world.stands(&request);
    assert_eq!(status, "FAILED");
    assert!(reason.contains(&format!("arn:aws:iam::{account}:policy/team/deploy")), "{reason}");
    assert!(world.accounts(&set).is_empty());

    let policy = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]});
    let properties = json!({"ManagedPolicyName": "deploy", "Path": "/team/", "PolicyDocument": policy});
    let template =
        json!({"Resources": {"Deploy": {"Type": "AWS::IAM::ManagedPolicy", "Properties": properties}}});
    let stack = json!({"StackName": "policies", "TemplateBody": template.to_string(),
        "Capabilities": ["CAPABILITY_NAMED_IAM"]});
    world.attempt(&account, "cloudformation", "CreateStack", stack).unwrap();
    world.wait(600);
    world.assign(&set, &account, &group);
}

#[test]
fn an_account_that_is_closed_takes_no_assignment() {
    let world = World::new();
    let (account, group, set) = (world.account("one"), world.group("platform"), world.set("Reader"));
    world.call("organizations", "CloseAccount", json!({"AccountId": account}));
    world.wait(600);
    let request = world.submit(&set, &account, &group);
    world.wait(60);
    let (status, reason) = world.stands(&request);
    assert_eq!((status.as_str(), reason.contains("suspended")), ("FAILED", true), "{reason}");
}

#[test]
fn assignments_need_trusted_access() {
    let world = World::new();
    let (account, group, set) = (world.account("one"), world.group("platform"), world.set("Reader"));
    world.call("organizations", "DisableAWSServiceAccess", json!({"ServicePrincipal": super::TRUSTED}));
    let refused = world.admin_refused("CreateAccountAssignment", assignment(&set, &account, &group));
    assert_eq!(refused, "AccessDeniedException");
    // The management account is reached without it.
    world.assign(&set, super::MANAGEMENT, &group);
}
