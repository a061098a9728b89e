//! The controls that Security Hub runs in every account, as far as the manifest itself tells.

use glidepath_blueprints::{Argument, Catalogue};
use glidepath_guardrails::controls_of_standard;
use glidepath_manifest::Manifest;
use glidepath_manifest::manifest::{BlueprintName, BlueprintUse};
use glidepath_model::UnitPath;
use serde_json::Value;
use std::collections::BTreeSet;

/// The blueprint that configures Security Hub for the organization, and its parameters.
const BLUEPRINT: &str = "securityhub-org";
const STANDARDS: &str = "standards";
const DISABLED: &str = "disabled_controls";
const TARGET: &str = "target";
/// How the id of a root begins.
const ROOT: &str = "r-";

/// The controls of the standards that the blueprint puts on the root, without those that it turns off. A policy that is
/// for a part of the organization runs some of them somewhere: that spares nobody a rule.
pub(super) fn running(manifest: &Manifest) -> BTreeSet<String> {
    let uses = manifest.blueprints.iter().filter(|entry| match &entry.blueprint {
        BlueprintName::Catalogue(id) => id == BLUEPRINT && is_everywhere(entry),
        BlueprintName::Own(_) => false,
    });
    let mut all = BTreeSet::new();
    for entry in uses {
        let standards = texts(entry, STANDARDS);
        let controls = standards.iter().filter_map(|standard| controls_of_standard(standard)).flatten();
        let disabled = texts(entry, DISABLED);
        all.extend(controls.filter(|control| !disabled.contains(control)).cloned());
    }
    all
}

fn is_everywhere(entry: &BlueprintUse) -> bool {
    let target = entry.with.get(TARGET).and_then(|value| value.value.as_str());
    target.is_some_and(|text| text == UnitPath::root().to_string() || text.starts_with(ROOT))
}

/// The texts of a parameter: what the entry gives, else the blueprint's own.
fn texts(entry: &BlueprintUse, name: &str) -> Vec<String> {
    let given = entry.with.get(name).and_then(|value| value.value.as_array());
    if let Some(given) = given {
        return given.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    }
    let blueprint = Catalogue::built_in().get(BLUEPRINT).ok();
    match blueprint.and_then(|blueprint| blueprint.parameter(name)?.default.clone()) {
        Some(Argument::List(items)) => items,
        Some(_) | None => Vec::new(),
    }
}
