//! Values for a blueprint that are known after apply only: `key/NAME` is the ARN of a key of the manifest,
//! a path or `account/NAME` the id of a unit or an account.

use crate::deployment::{KeyPlace, ParameterValue};
use glidepath_blueprints::{Blueprint, Kind, Shape};
use glidepath_guardrails::form::nearest;
use glidepath_manifest::manifest::{BlueprintUse, Manifest};
use glidepath_manifest::{Diagnostic, Span, code};
use glidepath_model::text::printable;
use glidepath_model::{Address, NodeId, Selector, Target};
use std::collections::BTreeMap;

/// What stands for the ARN of a key.
pub(super) fn key_text(name: &str) -> String {
    Address::Key(name.to_owned()).to_string()
}

/// The values of an entry that are not known yet, by parameter. Only where the parameter is an ARN does a text such as
/// `key/logs` mean a key, and only where it is a target does a path mean a unit.
pub(super) fn later(
    manifest: &Manifest,
    entry: &BlueprintUse,
    blueprint: &Blueprint,
    findings: &mut Vec<Diagnostic>,
) -> Option<BTreeMap<String, ParameterValue>> {
    let mut all = BTreeMap::new();
    for (name, value) in &entry.with {
        let shape = blueprint.parameter(name).map(|parameter| parameter.shape);
        let Some(text) = value.value.as_str() else { continue };
        let found = match shape {
            Some(Shape::One(Kind::Arn)) => match Address::parse(text) {
                Ok(Address::Key(key)) => key_place(manifest, key, value.span).map(ParameterValue::KeyArn),
                Ok(_) | Err(_) => continue,
            },
            Some(Shape::One(Kind::Target)) if NodeId::parse(text).is_err() => {
                target(manifest, text, value.span).map(ParameterValue::TargetId)
            }
            _ => continue,
        };
        match found {
            Ok(found) => {
                all.insert(name.clone(), found);
            }
            Err(complaint) => {
                findings.push(*complaint);
                return None;
            }
        }
    }
    Some(all)
}

fn key_place(manifest: &Manifest, key: String, span: Span) -> Result<KeyPlace, Box<Diagnostic>> {
    let Some(wanted) = manifest.keys.get(&key) else {
        let near = nearest(&key, manifest.keys.keys().map(String::as_str)).map(key_text);
        let complaint =
            Diagnostic::new(code::BLUEPRINT_KEY, format!("`{key}` is not a key of this manifest"))
                .at(span, "")
                .help("name one of `keys`, or write the ARN of a key that is not managed here")
                .nearest(span, near);
        return Err(Box::new(complaint));
    };
    if let Some(retire) = &wanted.retire {
        let complaint = Diagnostic::new(code::BLUEPRINT_KEY, format!("the key `{key}` is to be retired"))
            .at(span, "wanted here")
            .at(retire.span, "retired here")
            .help("name another key: what this one has encrypted cannot be read once it is gone");
        return Err(Box::new(complaint));
    }
    let home = &manifest.organization.home.value;
    let first = wanted.regions.first().map_or(home, |region| &region.value);
    let at_home = wanted.regions.iter().any(|region| region.value == *home);
    let region = if at_home { home.clone() } else { first.clone() };
    Ok(KeyPlace { key, region })
}

fn target(manifest: &Manifest, text: &str, span: Span) -> Result<Target, Box<Diagnostic>> {
    let organization = &manifest.organization;
    let found = match Selector::parse(text) {
        Ok(Selector::Unit(path)) if path.is_root() || manifest.units.contains_key(&path) => {
            Some(Target::Unit(path))
        }
        Ok(Selector::Account(name))
            if manifest.accounts.contains_key(&name) || organization.management.name.value == name =>
        {
            Some(Target::Account(name))
        }
        Ok(_) | Err(_) => None,
    };
    found.ok_or_else(|| {
        let units: Vec<String> = manifest.units.keys().map(ToString::to_string).collect();
        let near = nearest(text, units.iter().map(String::as_str)).map(str::to_owned);
        let summary = format!("`{}` is neither a unit nor an account of this manifest", printable(text));
        let complaint = Diagnostic::new(code::BLUEPRINT_ARGUMENT, summary)
            .at(span, "")
            .help("write `/`, the path of a unit, `account/NAME`, or an id as AWS has it")
            .nearest(span, near);
        Box::new(complaint)
    })
}
