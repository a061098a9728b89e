//! Apply then plan is empty; the order of inputs does not matter; foreign things never change; nothing
//! changes under a gap.

use super::any::any_wish;
use crate::support::model::Model;
use crate::support::world::World;
use crate::support::{made, plan, shown, zone};
use glidepath_model::organization::{Gap, Snapshot};
use glidepath_plan::file;
use proptest::prelude::*;

/// Things of other owners, some in units that may be ours.
const FOREIGN: &str = r#"
policyTypes: {scp: enabled, tag: enabled}
units: {Legacy: {}, Legacy/X: {mark: globex}}
accounts: {stranger: {unit: Legacy}, lost: {}}
policies: {scp/theirs: {document: {Statement: []}}, tag/other: {mark: globex, document: {}}}
attach: [scp/theirs@Legacy, scp/theirs@account/lost, tag/other@Legacy/X]
trustedAccess: [guardduty.amazonaws.com]
"#;

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_global_rejects: 4096, ..ProptestConfig::default() })]

    #[test]
    fn applying_a_plan_leaves_nothing_to_do(before in any_wish(), after in any_wish()) {
        let zone = zone(&after.body());
        let world = made(&before.body());
        let first = plan(&zone, &world);
        prop_assume!(first.refusals.is_empty());
        let second = plan(&zone, &Model::apply(&world, &first));
        prop_assert!(second.changes.is_empty(), "{}\nthen\n{}", shown::plan(&first), shown::plan(&second));
    }

    #[test]
    fn a_plan_does_not_depend_on_the_order_of_its_inputs(before in any_wish(), after in any_wish(), by in 0usize..5) {
        let zone = zone(&after.body());
        let world = made(&before.body());
        let mut turned = world.clone();
        let gap = |prefix: &str| Gap { prefix: prefix.into(), operation: "organizations:X".into(), error: "denied".into() };
        let gaps = [gap("unit/A"), gap("account/one"), gap("policy/scp/p"), gap("attachment/scp/q@")];
        let mut world = world;
        world.gaps = gaps.to_vec();
        turned.gaps = gaps.to_vec();
        turned.gaps.rotate_left(by % gaps.len());
        turned.create_requests.reverse();
        prop_assert_eq!(file::write(&plan(&zone, &world)), file::write(&plan(&zone, &turned)));
    }

    #[test]
    fn foreign_things_never_change(before in any_wish(), after in any_wish()) {
        let world = World::parse(FOREIGN).upon(made(&before.body()));
        let first = plan(&zone(&after.body()), &world);
        prop_assume!(first.refusals.is_empty());
        let done = Model::apply(&world, &first);
        prop_assert_eq!(foreign(&world, &world), foreign(&world, &done));
    }

    #[test]
    fn nothing_changes_under_a_gap(before in any_wish(), after in any_wish(), at in 0usize..6) {
        let prefix = ["unit/", "account/", "policy/scp/", "attachment/scp/", "", "unit/A"][at];
        let zone = zone(&after.body());
        let mut world = made(&before.body());
        world.gaps.push(Gap { prefix: prefix.into(), operation: "organizations:X".into(), error: "denied".into() });
        let plan = plan(&zone, &world);
        for change in &plan.changes {
            prop_assert!(!change.address.to_string().starts_with(prefix), "{}", change.address);
            let specs = change.action.before().into_iter().chain(change.action.after());
            for reference in specs.flat_map(|spec| spec.references(&change.address)) {
                prop_assert!(!reference.to_string().starts_with(prefix), "{} refers to {reference}", change.address);
            }
        }
        // What is left can still be done: nothing in it needs what was held back.
        if plan.refusals.is_empty() {
            Model::apply(&world, &plan);
        }
    }
}

/// Everything that carried no mark of ours before, as text.
fn foreign(before: &Snapshot, world: &Snapshot) -> String {
    let ours = |arn: &str| {
        before
            .tags
            .get(arn)
            .and_then(|tags| tags.get("glidepath:managed-by"))
            .is_some_and(|owner| owner == "acme")
    };
    let units: Vec<_> =
        world.units.values().filter(|unit| before.units.contains_key(&unit.id) && !ours(&unit.arn)).collect();
    let accounts: Vec<_> = world
        .accounts
        .values()
        .filter(|account| before.accounts.contains_key(&account.id) && !ours(&account.arn))
        .collect();
    let policies: Vec<_> = world
        .policies
        .values()
        .filter(|policy| {
            before.policies.contains_key(&policy.id) && !ours(&policy.arn) && !policy.aws_managed
        })
        .map(|policy| (policy, world.attachments.get(&policy.id), world.contents.get(&policy.id)))
        .collect();
    format!(
        "{units:#?}{accounts:#?}{policies:#?}{:?}",
        world.trusted_access.contains("guardduty.amazonaws.com")
    )
}
