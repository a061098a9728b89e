//! Attachments: ours if their policy is; AWS's own are switches.

use crate::support::{address, plan_of, replan, steps};
use glidepath_plan::GateName;
use glidepath_plan::change::KNOWN_AFTER_APPLY;

const DENY: &str = "policies: {p: {type: scp, document: {Statement: [{Effect: Deny, Action: [\"s3:*\"], Resource: \"*\"}]}, on: [A]}}";

#[test]
fn an_attachment_that_somebody_took_off_comes_back() {
    let body = format!("units: {{A: }}\n{DENY}");
    assert_eq!(steps(&replan(&body, "detach: [scp/p@A]", &body)), ["create attachment/scp/p@A"]);
}

#[test]
fn our_policy_on_a_foreign_target_is_taken_off() {
    let body = format!("units: {{A: }}\n{DENY}");
    let world = "units: {Legacy: {}}\nattach: [scp/p@Legacy]";
    assert_eq!(steps(&replan(&body, world, &body)), ["delete attachment/scp/p@Legacy"]);
}

#[test]
fn a_tag_selector_attaches_to_each_account_that_carries_the_tag() {
    let body = "units: {A: {accounts: {one: {tags: {team: web}}, two: }}}\n\
                policies: {p: {type: tag, document: {tags: {}}, on: [\"tag:team=web\"]}}";
    let plan = plan_of(body, "policyTypes: {tag: enabled}");
    let attached: Vec<String> = steps(&plan).into_iter().filter(|step| step.contains("attachment")).collect();
    assert_eq!(attached, ["create attachment/tag/p@account/one"]);
}

#[test]
fn full_access_that_comes_with_a_new_target_is_not_attached_again() {
    let body = "units: {A: }\npolicies: {FullAWSAccess: {type: scp, awsManaged: true, on: [A]}}";
    assert_eq!(steps(&plan_of(body, "{}")), ["create policy-type/scp", "create unit/A"]);
}

#[test]
fn full_access_that_is_stated_absent_goes_again_from_a_new_target() {
    let body = "units: {A: }\npolicies:\n  FullAWSAccess: {type: scp, awsManaged: true, absent: [A]}\n  \
                list: {type: scp, document: {Statement: [{Effect: Allow, Action: \"s3:*\", Resource: \"*\"}]}, on: [A]}";
    let plan = plan_of(body, "policyTypes: {scp: enabled}");
    let detach = plan.change(&address("attachment/scp/FullAWSAccess@A")).unwrap();
    assert_eq!(detach.action.physical(), Some(KNOWN_AFTER_APPLY));
    assert!(detach.waits_for.contains(&address("unit/A")));
    assert!(detach.waits_for.contains(&address("attachment/scp/list@A")));
    assert!(plan.gates.iter().any(|gate| gate.name == GateName::SwitchOff));
}

#[test]
fn the_last_attachment_of_a_deleted_unit_goes_with_it() {
    let before = "units: {A: }\npolicies:\n  FullAWSAccess: {type: scp, awsManaged: true, absent: [A]}\n  \
                  list: {type: scp, document: {Statement: [{Effect: Allow, Action: \"s3:*\", Resource: \"*\"}]}, on: [A]}";
    assert_eq!(
        steps(&replan(before, "{}", "units: {B: }")),
        ["delete unit/A", "create unit/B", "delete policy/scp/list"]
    );
}
