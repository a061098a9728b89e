//! Values for a blueprint that are known after apply only: `key/NAME` is the ARN of a key of the manifest.

use crate::deployment::{KeyPlace, ParameterValue};
use glidepath_blueprints::{Blueprint, Kind, Shape};
use glidepath_guardrails::form::nearest;
use glidepath_manifest::manifest::{BlueprintUse, Manifest};
use glidepath_manifest::{Diagnostic, code};
use glidepath_model::Address;
use std::collections::BTreeMap;

/// What stands for the ARN of a key.
pub(super) fn key_text(name: &str) -> String {
    Address::Key(name.to_owned()).to_string()
}

/// The values of an entry that are not known yet, by parameter. Only where the parameter is an ARN does such a text
/// mean a key.
pub(super) fn later(
    manifest: &Manifest,
    entry: &BlueprintUse,
    blueprint: &Blueprint,
    findings: &mut Vec<Diagnostic>,
) -> Option<BTreeMap<String, ParameterValue>> {
    let mut all = BTreeMap::new();
    for (name, value) in &entry.with {
        let is_arn =
            blueprint.parameter(name).is_some_and(|parameter| parameter.shape == Shape::One(Kind::Arn));
        let address = value.value.as_str().and_then(|text| Address::parse(text).ok());
        let (true, Some(Address::Key(key))) = (is_arn, address) else { continue };
        let Some(wanted) = manifest.keys.get(&key) else {
            let near = nearest(&key, manifest.keys.keys().map(String::as_str)).map(key_text);
            findings.push(
                Diagnostic::new(code::BLUEPRINT_KEY, format!("`{key}` is not a key of this manifest"))
                    .at(value.span, "")
                    .help("name one of `keys`, or write the ARN of a key that is not managed here")
                    .nearest(value.span, near),
            );
            return None;
        };
        if let Some(retire) = &wanted.retire {
            findings.push(
                Diagnostic::new(code::BLUEPRINT_KEY, format!("the key `{key}` is to be retired"))
                    .at(value.span, "wanted here")
                    .at(retire.span, "retired here")
                    .help("name another key: what this one has encrypted cannot be read once it is gone"),
            );
            return None;
        }
        let home = &manifest.organization.home.value;
        let first = wanted.regions.first().map_or(home, |region| &region.value);
        let at_home = wanted.regions.iter().any(|region| region.value == *home);
        let region = if at_home { home.clone() } else { first.clone() };
        all.insert(name.clone(), ParameterValue::KeyArn(KeyPlace { key, region }));
    }
    Some(all)
}
