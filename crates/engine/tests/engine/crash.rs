//! The crash law: from every moment at which a run could die, a fresh run comes to the same end, with the
//! journal kept and with it deleted, and nothing is done twice.

use crate::identity::IDENTITY;
use crate::keys::ENCRYPTED;
use crate::recovery::{STACK, stuck};
use crate::settings::SETTINGS;
use crate::singletons::{about_to_record, channel, plant, recorder};
use crate::support::{
    Call, FULL, Lab, SMALL, UNITS, at, example, is_write, options_for, organization_of, with, zone, zone_in,
};
use glidepath_plan::LandingZone;
use glidepath_sandbox::Sandbox;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

const RUN: &str = "run-that-dies";
/// Seconds in which AWS ends whatever it was asked for: it does so without us.
const QUIET: u32 = 3_600;

/// What a world is, and how often each operation made it so; the lock's own operations are left out, since
/// a second run takes the lock once more.
fn end_of(sandbox: &Sandbox, calls: &[Call]) -> (Value, BTreeMap<String, i64>) {
    let mut dump = sandbox.canonical_dump();
    let counted = dump.as_object_mut().unwrap().remove("world.calls").expect("the dump counts operations");
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for row in counted.as_object().unwrap().values() {
        let operation = row["operation"].as_str().unwrap().rsplit([':', '.', '/', ' ']).next().unwrap();
        counts.insert(operation.to_owned(), row["times"].as_i64().unwrap());
    }
    for (operation, times) in lock_writes(calls) {
        *counts.get_mut(&operation).expect(&operation) -= times;
    }
    counts.retain(|_, times| *times != 0);
    (dump, counts)
}

fn lock_writes(calls: &[Call]) -> BTreeMap<String, i64> {
    let mut ids = Vec::new();
    let mut counts = BTreeMap::new();
    for call in calls.iter().filter(|call| call.status == 200 && is_write(&call.operation)) {
        // Only CloudFormation speaks no JSON, and the lock is none of its things.
        let Ok(request) = serde_json::from_str::<Value>(&call.request) else { continue };
        if request["Name"] == "glidepath-lock" && call.operation == "CreatePolicy" {
            let answer: Value = serde_json::from_str(&call.answer).unwrap();
            ids.push(answer["Policy"]["PolicySummary"]["Id"].clone());
        }
        if request["Name"] == "glidepath-lock" || ids.contains(&request["PolicyId"]) {
            *counts.entry(call.operation.clone()).or_default() += 1;
        }
    }
    counts
}

/// What becomes of the dead run's journal.
#[derive(Debug, Clone, Copy)]
enum Journal {
    Kept,
    Deleted,
}

/// At every moment, with the journal and without it.
fn always(_moment: usize) -> Vec<Journal> {
    vec![Journal::Kept, Journal::Deleted]
}

/// At every moment, with the journal and without it by turns: before and after each call the world is nearly the same.
fn by_turns(moment: usize) -> Vec<Journal> {
    vec![if moment.is_multiple_of(2) { Journal::Kept } else { Journal::Deleted }]
}

/// The law from a new organization. Gives how often the run died.
fn assert_crash_law(zone: &LandingZone, chosen: fn(usize) -> Vec<Journal>) -> usize {
    assert_law_from(Sandbox::in_memory(options_for(zone)), zone, chosen)
}

/// Runs once and keeps every moment, then dies at those that are chosen and runs again. Gives how often.
fn assert_law_from(start: Sandbox, zone: &LandingZone, chosen: fn(usize) -> Vec<Journal>) -> usize {
    assert_law_of(start, zone, chosen, |_| ())
}

/// The same of runs that were asked for in their own way.
fn assert_law_of(
    start: Sandbox,
    zone: &LandingZone,
    chosen: fn(usize) -> Vec<Journal>,
    ask: fn(&mut Lab),
) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join(format!("{RUN}.jsonl"));
    let mut lab = Lab::with(start);
    lab.apply.run_id = RUN.to_owned();
    lab.apply.journal = Some(folder.path().to_owned());
    ask(&mut lab);
    lab.tape.keep_points(journal.clone());
    lab.apply(zone).assert_complete();
    let (points, calls) = (lab.tape.points(), lab.tape.calls());
    assert!(points.len() > 5, "{}", points.len());
    lab.advance(QUIET);
    let expected = end_of(&lab.sandbox, &calls);
    let written = std::fs::read(&journal).unwrap();
    let mut deaths = 0;
    for (number, point) in points.iter().enumerate() {
        let before = &calls[..point.calls];
        for fate in chosen(number) {
            let journal = match fate {
                Journal::Kept => Some(&written[..usize::try_from(point.journal).unwrap()]),
                Journal::Deleted => None,
            };
            let mut second = Lab::with(Sandbox::from_snapshot(point.world.clone(), options_for(zone)));
            ask(&mut second);
            let end = again(second, zone, before, journal);
            assert_eq!(end.1, expected.1, "counts from moment {number}, journal {fate:?}");
            assert_eq!(end.0, expected.0, "world from moment {number}, journal {fate:?}");
            deaths += 1;
        }
    }
    deaths
}

fn again(
    mut lab: Lab,
    zone: &LandingZone,
    before: &[Call],
    journal: Option<&[u8]>,
) -> (Value, BTreeMap<String, i64>) {
    let folder = tempfile::tempdir().unwrap();
    match journal {
        Some(journal) => write(folder.path(), journal),
        // Nothing proves that the first run is dead: its lock has to grow stale.
        None => lab.advance(301),
    }
    lab.apply.journal = Some(folder.path().to_owned());
    lab.apply(zone).assert_complete();
    lab.assert_settled(zone);
    lab.advance(QUIET);
    let calls: Vec<Call> = before.iter().cloned().chain(lab.tape.calls()).collect();
    end_of(&lab.sandbox, &calls)
}

fn write(folder: &Path, journal: &[u8]) {
    std::fs::write(folder.join(format!("{RUN}.jsonl")), journal).unwrap();
}

#[test]
fn from_every_moment_of_a_run_over_units_a_fresh_run_comes_to_the_same_end() {
    assert_crash_law(&zone(UNITS), always);
}

#[test]
fn from_every_moment_of_a_run_over_all_kinds_a_fresh_run_comes_to_the_same_end() {
    assert_crash_law(&zone(FULL), always);
}

#[test]
fn from_every_moment_of_a_run_over_deployments_a_fresh_run_comes_to_the_same_end() {
    assert_crash_law(&zone(SMALL), always);
}

#[test]
fn from_every_moment_of_a_run_that_changes_and_removes_deployments_a_fresh_run_comes_to_the_same_end() {
    let before = zone(SMALL);
    let lab = Lab::with(Sandbox::in_memory(options_for(&before)));
    lab.apply(&before).assert_complete();
    let after = zone(&with(
        SMALL,
        &[
            ("{use: log-archive}", "{use: log-archive, with: {access_log_days: 500}}"),
            ("  - {use: config-recorder, on: [Workloads]}\n", ""),
            ("on: [account/acme-root]", "on: [account/acme-root, Workloads], with: {log_days: 400}"),
        ],
    ));
    assert_law_from(Sandbox::from_snapshot(lab.sandbox.snapshot(), options_for(&after)), &after, always);
}

#[test]
fn from_every_moment_of_a_run_that_replaces_what_is_there_once_a_fresh_run_comes_to_the_same_end() {
    let (lab, zone) = about_to_record();
    plant(&lab, &zone, &json!({"Recorder": recorder(false), "Channel": channel("elsewhere")}));
    let start = Sandbox::from_snapshot(lab.sandbox.snapshot(), options_for(&zone));
    assert_law_from(start, &zone, always);
}

#[test]
fn from_every_moment_of_a_run_that_leaves_what_is_stuck_a_fresh_run_comes_to_the_same_end() {
    let (lab, zone) = stuck();
    let start = Sandbox::from_snapshot(lab.sandbox.snapshot(), options_for(&zone));
    let leave = |lab: &mut Lab| lab.apply.leave_stuck = [at(STACK)].into();
    assert_law_of(start, &zone, always, leave);
}

#[test]
fn from_every_moment_of_a_run_whose_logs_wait_for_their_key_a_fresh_run_comes_to_the_same_end() {
    assert_crash_law(&zone(ENCRYPTED), always);
}

#[test]
fn from_every_moment_of_a_run_over_settings_of_accounts_a_fresh_run_comes_to_the_same_end() {
    assert_crash_law(&zone(SETTINGS), by_turns);
}

#[test]
fn from_every_moment_of_a_run_over_settings_of_accounts_that_are_there_a_fresh_run_comes_to_the_same_end() {
    let units = SETTINGS.split("accountSettings:").next().unwrap();
    let before = zone_in("regions: [eu-west-1, eu-central-1]", units);
    let lab = Lab::with(Sandbox::in_memory(options_for(&before)));
    lab.apply(&before).assert_complete();
    let after = zone_in("regions: [eu-west-1, eu-central-1]", SETTINGS);
    assert_law_from(Sandbox::from_snapshot(lab.sandbox.snapshot(), options_for(&after)), &after, by_turns);
}

#[test]
fn from_every_moment_of_a_run_over_identity_center_a_fresh_run_comes_to_the_same_end() {
    assert_crash_law(&zone(IDENTITY), by_turns);
}

#[test]
fn from_every_moment_of_a_run_that_changes_renames_and_takes_access_a_fresh_run_comes_to_the_same_end() {
    let before = zone(IDENTITY);
    let lab = Lab::with(Sandbox::in_memory(options_for(&before)));
    lab.apply(&before).assert_complete();
    let after = zone(&with(
        IDENTITY,
        &[
            ("    Deployer:\n", "    Shipper:\n      was: Deployer\n"),
            ("permissionSet: Deployer, on: [Workloads]", "permissionSet: Shipper, on: [account/shop]"),
            ("permissionSet: Deployer, on: [\"tag", "permissionSet: Shipper, on: [\"tag"),
            ("Admin: {managed: [AdministratorAccess], session: 4h}", "Admin: {managed: [PowerUserAccess]}"),
            ("members: [bela, carla]", "members: [bela]"),
            (
                "attributes: {CostCenter: \"${path:enterprise.costCenter}\"}",
                "attributes: {Team: \"${path:title}\"}",
            ),
        ],
    ));
    assert_law_from(Sandbox::from_snapshot(lab.sandbox.snapshot(), options_for(&after)), &after, by_turns);
}

#[test]
fn from_every_moment_of_a_run_that_enables_regions_a_fresh_run_comes_to_the_same_end() {
    assert_crash_law(&zone_in("regions: [eu-west-1, eu-south-1]", SMALL), by_turns);
}

#[test]
fn from_every_moment_of_a_run_that_closes_an_account_in_stages_a_fresh_run_comes_to_the_same_end() {
    let before = zone(IDENTITY);
    let lab = Lab::with(Sandbox::in_memory(options_for(&before)));
    lab.apply(&before).assert_complete();
    let after = zone(&with(IDENTITY, &[("shop: {tags: ", "shop: {close: true, tags: ")]));
    assert_law_from(Sandbox::from_snapshot(lab.sandbox.snapshot(), options_for(&after)), &after, by_turns);
}

#[test]
fn the_law_holds_for_every_moment_of_the_quickstart() {
    assert_crash_law(&example("quickstart"), always);
}

/// One moment in forty-two, with the journal and without it by turns: a run over sixty accounts takes a second,
/// and the smaller landing zones above leave nothing out.
#[test]
fn the_law_holds_for_forty_moments_of_the_enterprise_example() {
    let deaths = assert_crash_law(&organization_of("enterprise"), |moment| match moment % 84 {
        7 => vec![Journal::Kept],
        49 => vec![Journal::Deleted],
        _ => Vec::new(),
    });
    assert!(deaths >= 40, "{deaths}");
}
