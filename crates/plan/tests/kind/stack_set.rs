//! Stack sets: made with their mark, updated by their template, adopted, deleted after their stacks.

use crate::support::{made, plan, replan, steps, zone};

const BODY: &str = r#"
units: {Security: {accounts: {log-archive: , security: }}, Workloads: {accounts: {shop: }}}
blueprints: [{use: ssm-session-manager, on: [Workloads]}]
"#;

#[test]
fn a_stack_set_waits_for_access_and_its_stacks_wait_for_it() {
    let plan = plan(&zone(BODY), &crate::support::world::empty());
    let found: Vec<String> = steps(&plan).into_iter().filter(|step| step.contains("stack")).collect();
    assert_eq!(
        found,
        [
            "create trusted-access/member.org.stacksets.cloudformation.amazonaws.com",
            "create stack-set/ssm-session-manager",
            "create stack-set-targets/ssm-session-manager",
        ]
    );
}

#[test]
fn another_template_updates_the_set_and_leaves_its_targets() {
    let changed = BODY.replace("on: [Workloads]", "on: [Workloads], with: {idle_minutes: 5}");
    let plan = replan(BODY, "", &changed);
    assert_eq!(steps(&plan), ["update stack-set/ssm-session-manager"], "{plan:#?}");
}

#[test]
fn a_set_that_leaves_the_manifest_goes_after_its_stacks() {
    let body = BODY.replace("[{use: ssm-session-manager, on: [Workloads]}]", "[]");
    assert_eq!(
        steps(&replan(BODY, "", &body)),
        ["delete stack-set-targets/ssm-session-manager", "delete stack-set/ssm-session-manager"]
    );
}

#[test]
fn a_set_of_another_owner_is_counted_and_never_changed() {
    let mut snapshot = made(BODY);
    let seen = snapshot.deployments.stack_sets.values_mut().next().unwrap();
    seen.set.tags.clear();
    let body = BODY.replace("[{use: ssm-session-manager, on: [Workloads]}]", "[]");
    let plan = plan(&zone(&body), &snapshot);
    assert_eq!(steps(&plan), Vec::<String>::new());
    assert_eq!(plan.foreign.get("stack-set"), Some(&1));
}

#[test]
fn a_wanted_set_without_a_mark_is_adopted_with_its_targets() {
    let mut snapshot = made(BODY);
    snapshot.deployments.stack_sets.values_mut().next().unwrap().set.tags.clear();
    assert_eq!(steps(&plan(&zone(BODY), &snapshot)), ["adopt stack-set/ssm-session-manager"]);
}
