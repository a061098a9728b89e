//! What the tests of this crate share: manifests and worlds from text, plans as text, a pure model of AWS.

pub(crate) mod deployment;
pub(crate) mod identity_center;
pub(crate) mod model;
pub(crate) mod requests;
pub(crate) mod shown;
pub(crate) mod world;

use glidepath_guardrails::Catalogue;
use glidepath_manifest::Manifest;
use glidepath_model::organization::Snapshot;
use glidepath_model::{Address, Date};
use glidepath_plan::{LandingZone, Plan, PlanOptions, resolve};

/// The first lines of every manifest in these tests.
pub(crate) const HEAD: &str = r#"
glidepath: 1
organization:
  name: acme
  id: o-a1b2c3d4e5
  management: {name: acme-root, id: "111122223333"}
  home: eu-west-1
  regions: [eu-west-1]
  email: aws+{account}@example.com
"#;

pub(crate) fn today() -> Date {
    Date::constant(2026, 11, 24)
}

/// The landing zone of a manifest whose first lines are [`HEAD`].
pub(crate) fn zone(body: &str) -> LandingZone {
    whole_zone(&format!("{HEAD}{body}"))
}

/// The landing zone of a whole manifest.
pub(crate) fn whole_zone(text: &str) -> LandingZone {
    resolve(&manifest(text), Catalogue::built_in(), today()).unwrap_or_else(|found| panic!("{found:#?}"))
}

pub(crate) fn manifest(text: &str) -> Manifest {
    let loaded = glidepath_manifest::load_text("manifest.yaml", text);
    let faults: Vec<String> = loaded.diagnostics.iter().map(|one| format!("{one:?}")).collect();
    loaded.manifest.unwrap_or_else(|| panic!("{text}\n{faults:#?}"))
}

pub(crate) fn options() -> PlanOptions {
    PlanOptions { today: today(), targets: Vec::new(), caller: None }
}

pub(crate) fn plan(zone: &LandingZone, snapshot: &Snapshot) -> Plan {
    glidepath_plan::plan(zone, snapshot, &options())
}

/// The plan of a manifest's body for a world in YAML.
pub(crate) fn plan_of(body: &str, world: &str) -> Plan {
    plan(&zone(body), &world::World::parse(world).snapshot())
}

/// The plan of a manifest's body for the world that another body made, and that was then changed.
pub(crate) fn replan(before: &str, world: &str, after: &str) -> Plan {
    plan(&zone(after), &world::World::parse(world).upon(made(before)))
}

/// The world that a manifest's body makes of an empty organization.
pub(crate) fn made(body: &str) -> Snapshot {
    let empty = world::empty();
    model::Model::apply(&empty, &plan(&zone(body), &empty))
}

/// A plan's changes as `verb address`, in order.
pub(crate) fn steps(plan: &Plan) -> Vec<String> {
    plan.changes.iter().map(|change| format!("{} {}", change.action.verb().word(), change.address)).collect()
}

pub(crate) fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}
