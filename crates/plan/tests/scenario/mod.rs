//! Each folder here is a scenario: `manifest.yaml` (its body, below the common head), `world.yaml` (what AWS
//! has), and, if the world begins as another manifest made it, `before.yaml`. What comes of it is in
//! `plan.txt` and `drift.txt`. With `GLIDEPATH_BLESS=1` these two are written instead of compared.

use crate::support::model::Model;
use crate::support::{made, plan, shown, world::World, zone};
use glidepath_plan::DriftReport;
use std::fs;
use std::path::Path;

#[test]
fn every_scenario_plans_and_drifts_as_written_and_settles() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenario");
    let mut folders: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    assert!(folders.len() > 20, "only {} scenarios are there", folders.len());
    let failures: Vec<String> = folders.iter().filter_map(|folder| run(folder)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn run(folder: &Path) -> Option<String> {
    let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_default();
    let zone = zone(&text("manifest.yaml"));
    let world = World::parse(&text("world.yaml"));
    let before = folder.join("before.yaml").exists().then(|| made(&text("before.yaml")));
    let snapshot = before.map_or_else(|| world.snapshot(), |before| world.upon(before));
    let first = plan(&zone, &snapshot);
    let drift = DriftReport::of(&first, &zone);
    let name = folder.file_name().unwrap().to_string_lossy().into_owned();
    settles(&name, &zone, &snapshot, &first);
    let found = [("plan.txt", shown::plan(&first)), ("drift.txt", shown::drift(&drift))];
    let mut failures = Vec::new();
    for (file, is) in found {
        if std::env::var_os("GLIDEPATH_BLESS").is_some() {
            fs::write(folder.join(file), &is).unwrap();
        } else if text(file) != is {
            failures.push(format!("{name}/{file} is\n{is}\nand should be\n{}", text(file)));
        }
    }
    (!failures.is_empty()).then(|| failures.join("\n"))
}

/// Applying a plan that nothing forbids leaves nothing to do but what was held back.
fn settles(
    name: &str,
    zone: &glidepath_plan::LandingZone,
    snapshot: &glidepath_model::organization::Snapshot,
    first: &glidepath_plan::Plan,
) {
    if !first.refusals.is_empty() {
        return;
    }
    let second = plan(zone, &Model::apply(snapshot, first));
    assert!(second.changes.is_empty(), "{name} leaves\n{}", shown::plan(&second));
    assert_eq!(second.withheld, first.withheld, "{name}");
}
