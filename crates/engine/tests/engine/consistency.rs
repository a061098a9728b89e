//! Readers that see writes late.

use crate::support::{FULL, Lab, full_with, options, zone};
use glidepath_sandbox::{Consistency, Sandbox};

#[test]
fn a_run_outlasts_reads_that_lag_and_the_next_one_finds_nothing_to_do() {
    let mut options = options();
    options.consistency = Consistency::Eventual;
    for seed in [1, 2, 3] {
        options.world.seed = seed;
        let (lab, built) = (Lab::with(Sandbox::in_memory(options.clone())), zone(FULL));
        lab.apply(&built).assert_complete();
        lab.assert_settled(&built);
        let changed = full_with(&[("description: Members stay", "description: Members stay with us")]);
        lab.apply(&changed).assert_complete();
        lab.assert_settled(&changed);
    }
}
