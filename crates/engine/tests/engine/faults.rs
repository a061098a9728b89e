//! Calls that are throttled, fail or lose their connection.

use crate::identity::IDENTITY;
use crate::settings::SETTINGS;
use crate::support::{FULL, Lab, SMALL, options, options_for, zone};
use glidepath_plan::LandingZone;
use glidepath_sandbox::Sandbox;

#[test]
fn with_a_third_of_all_calls_going_wrong_at_most_three_runs_converge_and_nothing_is_made_twice() {
    assert_three_runs_are_enough(&zone(FULL));
}

#[test]
fn with_a_third_of_all_calls_going_wrong_deployments_come_about_once_in_at_most_three_runs() {
    assert_three_runs_are_enough(&zone(SMALL));
}

#[test]
fn with_a_third_of_all_calls_going_wrong_everybody_has_their_access_in_at_most_three_runs() {
    assert_three_runs_are_enough(&zone(IDENTITY));
}

#[test]
fn with_a_third_of_all_calls_going_wrong_accounts_have_their_settings_in_at_most_three_runs() {
    assert_three_runs_are_enough(&zone(SETTINGS));
}

fn assert_three_runs_are_enough(zone: &LandingZone) {
    let calm = Lab::with(Sandbox::in_memory(options_for(zone)));
    calm.apply(zone).assert_complete();
    calm.advance(3_600);
    let expected = without_counts(&calm);
    for seed in [1, 2, 3, 4] {
        let mut options = options_for(zone);
        let faults = format!("seed={seed},throttle=0.15,reset-before=0.08,reset-after=0.07");
        options.faults = Some(faults.parse().unwrap());
        let lab = Lab::with(Sandbox::in_memory(options));
        let mut runs = 0;
        loop {
            runs += 1;
            assert!(runs <= 3, "seed {seed}");
            if lab
                .try_apply(zone)
                .is_ok_and(|applied| applied.receipt.is_complete() && applied.plan.gaps.is_empty())
            {
                break;
            }
            lab.advance(301);
        }
        lab.advance(3_600);
        assert_eq!(without_counts(&lab), expected, "seed {seed}");
        // Requests with a token may come twice and are one.
        assert_eq!(accounts_made(&lab), accounts_made(&calm), "seed {seed}");
    }
}

#[test]
fn with_every_second_write_throttled_one_run_is_enough() {
    let zone = zone(FULL);
    let mut options = options();
    options.faults = Some("seed=5,throttle=0.4,concurrent=0.1".parse().unwrap());
    let lab = Lab::with(Sandbox::in_memory(options));
    lab.apply(&zone).assert_complete();
    lab.assert_settled(&zone);
}

#[test]
fn at_the_published_rates_hardly_anything_is_throttled() {
    let mut options = options();
    options.rates = glidepath_sandbox::Rates::Published;
    let mut lab = Lab::with(Sandbox::in_memory(options));
    lab.rates = glidepath_aws::Rates::Published;
    let zone = zone(FULL);
    lab.apply(&zone).assert_complete();
    lab.assert_settled(&zone);
    let calls = lab.tape.calls();
    let throttled = calls.iter().filter(|call| call.answer.contains("TooManyRequestsException")).count();
    assert!(throttled * 20 < calls.len(), "{throttled} of {}", calls.len());
}

#[test]
fn at_the_published_rates_identity_center_hardly_throttles() {
    let zone = zone(IDENTITY);
    let mut options = options_for(&zone);
    options.rates = glidepath_sandbox::Rates::Published;
    let mut lab = Lab::with(Sandbox::in_memory(options));
    lab.rates = glidepath_aws::Rates::Published;
    lab.apply(&zone).assert_complete();
    lab.assert_settled(&zone);
    let calls = lab.tape.calls();
    let throttled = calls.iter().filter(|call| call.answer.contains("ThrottlingException")).count();
    assert!(throttled * 20 < calls.len(), "{throttled} of {}", calls.len());
}

/// The world without how often it was called.
fn without_counts(lab: &Lab) -> serde_json::Value {
    let mut dump = lab.sandbox.canonical_dump();
    dump.as_object_mut().unwrap().remove("world.calls");
    dump
}

/// How often an account was asked for.
fn accounts_made(lab: &Lab) -> i64 {
    let dump = lab.sandbox.canonical_dump();
    let mut rows = dump["world.calls"].as_object().unwrap().values();
    rows.find(|row| row["operation"] == "organizations:CreateAccount").unwrap()["times"].as_i64().unwrap()
}
