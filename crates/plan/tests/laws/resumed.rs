//! A plan that stopped anywhere is finished by the next one: the same world in the end.

use super::any::any_wish;
use crate::support::model::Model;
use crate::support::{made, plan, shown, zone};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_global_rejects: 4096, ..ProptestConfig::default() })]

    #[test]
    fn from_every_point_of_an_apply_the_next_one_ends_in_the_same_world(before in any_wish(), after in any_wish()) {
        let zone = zone(&after.body());
        let world = made(&before.body());
        let first = plan(&zone, &world);
        prop_assume!(first.refusals.is_empty());
        let whole = Model::apply(&world, &first);
        let mut model = Model::new(world.clone(), &first);
        for change in &first.changes {
            model.step(change);
            let rest = plan(&zone, &model.snapshot);
            prop_assert!(rest.refusals.is_empty(), "after {}: {:?}", change.address, rest.refusals);
            let end = Model::apply(&model.snapshot, &rest);
            prop_assert_eq!(&end, &whole, "after {}\n{}\n{}", &change.address, shown::plan(&first), shown::plan(&rest));
        }
    }
}
