//! Enabling and disabling policy types.

use super::{World, text};
use serde_json::{Value, json};

const SCP: &str = "SERVICE_CONTROL_POLICY";

fn switch(world: &World, ty: &str) -> Value {
    json!({"RootId": world.root(), "PolicyType": ty})
}

fn statuses(world: &World) -> Vec<(String, String)> {
    let root = world.list("ListRoots", json!({}), "Roots").remove(0);
    let types = root["PolicyTypes"].as_array().unwrap().clone();
    types.iter().map(|ty| (text(&ty["Type"]), text(&ty["Status"]))).collect()
}

fn only(ty: &str, status: &str) -> Vec<(String, String)> {
    vec![(ty.to_owned(), status.to_owned())]
}

#[test]
fn a_type_is_pending_before_it_is_enabled() {
    let world = World::new();
    let answer = world.ok("EnablePolicyType", switch(&world, SCP));
    assert_eq!(answer["Root"]["PolicyTypes"], json!([{"Type": SCP, "Status": "PENDING_ENABLE"}]));
    assert_eq!(statuses(&world), only(SCP, "PENDING_ENABLE"));
    assert_eq!(world.refused("EnablePolicyType", switch(&world, SCP)), "PolicyTypeAlreadyEnabledException");
    assert_eq!(world.refused("DisablePolicyType", switch(&world, SCP)), "PolicyChangesInProgressException");
    let attach = json!({"PolicyId": world.scp("deny"), "TargetId": world.root()});
    assert_eq!(world.refused("AttachPolicy", attach.clone()), "PolicyTypeNotEnabledException");
    world.wait(60);
    assert_eq!(statuses(&world), only(SCP, "ENABLED"));
    world.ok("AttachPolicy", attach);
}

#[test]
fn disabling_detaches_everything_and_enabling_again_brings_back_full_access_only() {
    let world = World::new();
    world.enable(SCP);
    let scp = world.scp("deny");
    let pair = json!({"PolicyId": scp, "TargetId": world.root()});
    world.attach(&scp, &world.root());
    world.ok("DisablePolicyType", switch(&world, SCP));
    let busy = "PolicyChangesInProgressException";
    assert_eq!(statuses(&world), only(SCP, "PENDING_DISABLE"));
    assert_eq!(world.refused("AttachPolicy", pair.clone()), busy);
    assert_eq!(world.refused("DetachPolicy", pair), busy);
    assert_eq!(world.refused("UpdatePolicy", json!({"PolicyId": scp, "Name": "x"})), busy);
    assert_eq!(world.refused("EnablePolicyType", switch(&world, SCP)), busy);
    world.wait(60);
    assert_eq!(statuses(&world), []);
    assert!(world.attached(&world.root(), SCP).is_empty());
    world.enable(SCP);
    assert_eq!(world.attached(&world.root(), SCP), ["FullAWSAccess"]);
}

#[test]
fn what_is_disabled_is_not_disabled_again_and_a_strange_root_is_not_found() {
    let world = World::new();
    assert_eq!(world.refused("DisablePolicyType", switch(&world, SCP)), "PolicyTypeNotEnabledException");
    let strange = json!({"RootId": "r-zzzz", "PolicyType": SCP});
    assert_eq!(world.refused("EnablePolicyType", strange.clone()), "RootNotFoundException");
    assert_eq!(world.refused("DisablePolicyType", strange), "RootNotFoundException");
}

#[test]
fn a_type_of_a_service_wants_its_trusted_access_and_then_holds_it() {
    let world = World::new();
    let (hub, ty) = (json!({"ServicePrincipal": "securityhub.amazonaws.com"}), "SECURITYHUB_POLICY");
    assert_eq!(
        world.refused("EnablePolicyType", switch(&world, ty)),
        "ConstraintViolationException SERVICE_ACCESS_NOT_ENABLED"
    );
    world.ok("EnableAWSServiceAccess", hub.clone());
    world.enable(ty);
    assert_eq!(
        world.refused("DisableAWSServiceAccess", hub.clone()),
        "ConstraintViolationException POLICY_TYPE_ENABLED_FOR_THIS_SERVICE"
    );
    world.ok("DisablePolicyType", switch(&world, ty));
    world.wait(60);
    world.ok("DisableAWSServiceAccess", hub);
}

#[test]
fn every_type_can_be_enabled() {
    let world = World::new();
    for service in ["securityhub", "inspector2", "guardduty", "network-security-director"] {
        world.ok("EnableAWSServiceAccess", json!({"ServicePrincipal": format!("{service}.amazonaws.com")}));
    }
    for ty in glidepath_model::PolicyType::ALL {
        world.enable(ty.api_name());
    }
    assert_eq!(statuses(&world).len(), glidepath_model::PolicyType::ALL.len());
}
