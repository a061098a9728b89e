//! At no moment may a request be allowed that before and after both deny; unless the plan says so.

use super::any::any_wish;
use crate::support::model::Model;
use crate::support::requests::{REQUESTS, allowed};
use crate::support::{made, plan, shown, zone};
use glidepath_model::AccountId;
use glidepath_plan::Plan;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, max_global_rejects: 4096, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_allowed_for_a_moment_that_was_denied_and_will_be(before in any_wish(), after in any_wish()) {
        let zone = zone(&after.body());
        let world = made(&before.body());
        let plan = plan(&zone, &world);
        prop_assume!(plan.refusals.is_empty() && !tells_of_a_moment(&plan));
        let last = Model::apply(&world, &plan);
        // A new account is no account before: it has no request that was denied.
        let accounts: Vec<AccountId> = world.accounts.keys().cloned().collect();
        let may = |account: &AccountId| {
            let mut may = allowed(&world, account);
            may.extend(allowed(&last, account));
            may
        };
        let mut model = Model::new(world.clone(), &plan);
        for change in &plan.changes {
            model.step(change);
            for account in accounts.iter().filter(|account| account.as_str() != "111122223333") {
                let now = allowed(&model.snapshot, account);
                let may = may(account);
                let extra: Vec<_> = now.difference(&may).collect();
                prop_assert!(
                    extra.is_empty(),
                    "after {} account {account} may {extra:?}\n{}\n{}\n{}",
                    change.address, before.body(), after.body(), shown::plan(&plan)
                );
            }
        }
    }
}

fn tells_of_a_moment(plan: &Plan) -> bool {
    plan.notices.iter().any(|notice| notice.text.contains("something may be allowed"))
}

#[test]
fn the_requests_that_are_tried_are_not_all_alike() {
    let world = made(
        "units: {A: {accounts: {one: }}}\npolicies: {p: {type: scp, document: {Statement: [{Effect: Deny, Action: [\"s3:*\"], Resource: \"*\"}]}, on: [A]}}",
    );
    let account = world.accounts.values().find(|account| account.name == "one").unwrap();
    assert_eq!(allowed(&world, &account.id).len(), REQUESTS.len() - 2);
}
