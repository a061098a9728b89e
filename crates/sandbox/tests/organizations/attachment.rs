//! Attaching and detaching policies.

use super::{MANAGEMENT, World, text};
use serde_json::json;

const SCP: &str = "SERVICE_CONTROL_POLICY";
const RCP: &str = "RESOURCE_CONTROL_POLICY";
const LEAST: &str = "ConstraintViolationException MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED";
const MOST: &str = "ConstraintViolationException MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED";

#[test]
fn full_access_comes_to_every_target_old_and_new() {
    let world = World::new();
    let old = world.unit(&world.root(), "Old");
    world.enable(SCP);
    let new = world.unit(&world.root(), "New");
    let account = world.account("shop");
    for target in [world.root(), old, new, account, MANAGEMENT.to_owned()] {
        assert_eq!(world.attached(&target, SCP), ["FullAWSAccess"], "{target}");
    }
    let targets = world.list("ListTargetsForPolicy", json!({"PolicyId": "p-FullAWSAccess"}), "Targets");
    let mut kinds: Vec<String> = targets.iter().map(|target| text(&target["Type"])).collect();
    kinds.sort();
    assert_eq!(kinds, ["ACCOUNT", "ACCOUNT", "ORGANIZATIONAL_UNIT", "ORGANIZATIONAL_UNIT", "ROOT"]);
}

#[test]
fn the_last_scp_stays_and_its_replacement_goes_first() {
    let world = World::new();
    world.enable(SCP);
    let prod = world.unit(&world.root(), "Prod");
    let full = json!({"PolicyId": "p-FullAWSAccess", "TargetId": prod});
    assert_eq!(world.refused("DetachPolicy", full.clone()), LEAST);
    world.attach(&world.scp("deny"), &prod);
    world.ok("DetachPolicy", full.clone());
    assert_eq!(world.attached(&prod, SCP), ["deny"]);
    assert_eq!(world.refused("DetachPolicy", full), "PolicyNotAttachedException");
}

#[test]
fn the_full_access_rcp_is_never_detached() {
    let world = World::new();
    world.enable(RCP);
    let root = world.root();
    let deny = r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}}"#;
    for number in 0..4 {
        world.attach(&world.policy(RCP, &format!("rcp-{number}"), deny), &root);
    }
    let fifth = world.policy(RCP, "rcp-4", deny);
    assert_eq!(world.refused("AttachPolicy", json!({"PolicyId": fifth, "TargetId": root})), MOST);
    assert_eq!(
        world.refused("DetachPolicy", json!({"PolicyId": "p-RCPFullAWSAccess", "TargetId": root})),
        "InvalidInputException NON_DETACHABLE_POLICY"
    );
}

#[test]
fn ten_scps_fit_on_one_target() {
    let world = World::new();
    world.enable(SCP);
    let root = world.root();
    for number in 0..9 {
        world.attach(&world.scp(&format!("scp-{number}")), &root);
    }
    let request = json!({"PolicyId": world.scp("scp-9"), "TargetId": root});
    assert_eq!(world.refused("AttachPolicy", request), MOST);
}

#[test]
fn an_attachment_needs_an_enabled_type_a_policy_and_a_target() {
    let world = World::new();
    let (root, scp) = (world.root(), world.scp("deny"));
    let attaching = |policy: &str, target: &str| {
        world.refused("AttachPolicy", json!({"PolicyId": policy, "TargetId": target}))
    };
    assert_eq!(attaching(&scp, &root), "PolicyTypeNotEnabledException");
    world.enable(SCP);
    assert_eq!(attaching("p-12345678", &root), "PolicyNotFoundException");
    assert_eq!(attaching(&scp, "777788889999"), "TargetNotFoundException");
    assert_eq!(attaching(&scp, "ou-zzzz-11112222"), "TargetNotFoundException");
    world.attach(&scp, &root);
    assert_eq!(attaching(&scp, &root), "DuplicatePolicyAttachmentException");
    let detaching = |policy: &str, target: &str| {
        world.refused("DetachPolicy", json!({"PolicyId": policy, "TargetId": target}))
    };
    assert_eq!(detaching("p-12345678", &root), "PolicyNotFoundException");
    assert_eq!(detaching(&scp, "777788889999"), "TargetNotFoundException");
    let unknown = json!({"TargetId": "777788889999", "Filter": SCP});
    assert_eq!(world.refused("ListPoliciesForTarget", unknown), "TargetNotFoundException");
}

#[test]
fn a_deleted_unit_takes_its_attachments_along() {
    let world = World::new();
    world.enable(SCP);
    let prod = world.unit(&world.root(), "Prod");
    let scp = world.scp("deny");
    world.attach(&scp, &prod);
    world.ok("DeleteOrganizationalUnit", json!({"OrganizationalUnitId": prod}));
    world.ok("DeletePolicy", json!({"PolicyId": scp}));
}
