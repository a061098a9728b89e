//! Policy types: enabled where policies of them are attached; switched off only when stated.

use crate::support::world::World;
use crate::support::{HEAD, made, plan, plan_of, steps, whole_zone};
use glidepath_plan::GateName;

const TAG: &str = "units: {A: }\npolicies: {p: {type: tag, document: {tags: {}}, on: [A]}}";

fn head(types: &str) -> String {
    HEAD.trim_end().to_owned() + &format!("\n  policyTypes: {{{types}}}\n")
}

#[test]
fn a_type_is_disabled_only_when_it_is_stated_absent_and_after_its_policies_are_gone() {
    let zone = whole_zone(&format!("{}units: {{A: }}", head("tag: {absent: true}")));
    let plan = plan(&zone, &made(TAG));
    assert_eq!(steps(&plan), ["delete attachment/tag/p@A", "delete policy/tag/p", "delete policy-type/tag"]);
    assert!(plan.gates.iter().any(|gate| gate.name == GateName::SwitchOff));
}

#[test]
fn disabling_a_type_tells_how_many_policies_aws_detaches() {
    let zone = whole_zone(&format!("{}units: {{A: }}", head("tag: {absent: true}")));
    let world =
        World::parse("policies: {tag/theirs: {document: {}}}\nattach: [tag/theirs@/]").upon(made(TAG));
    let plan = plan(&zone, &world);
    let disable = plan.changes.last().unwrap();
    assert_eq!(disable.notes, ["AWS detaches every policy of the type, whoever owns it: 2 now"]);
}

#[test]
fn a_type_that_aws_is_enabling_counts_as_there_and_one_it_is_disabling_as_gone() {
    let steps = |status: &str| {
        steps(&plan_of(TAG, &format!("policyTypes: {{tag: {status}}}\nunits: {{A: {{mark: acme}}}}")))
    };
    assert!(!steps("pendingEnable").contains(&"create policy-type/tag".to_owned()));
    assert!(steps("pendingDisable").contains(&"create policy-type/tag".to_owned()));
}

#[test]
fn a_type_that_needs_a_service_is_refused_without_it() {
    let body = "units: {A: }\npolicies: {p: {type: security-hub, document: {securityhub: {}}, on: [A]}}";
    assert_eq!(plan_of(body, "{}").refusals[0].code, "policy-type-needs-service");
    assert!(plan_of(body, "trustedAccess: [securityhub.amazonaws.com]").refusals.is_empty());
}
