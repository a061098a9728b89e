//! How large a template may be, from `data/limits.yaml`.

use crate::fault::{Fault, Path};
use crate::resolve::dynamic::{Part, parts};
use crate::template::Template;
use serde::Deserialize;
use serde_json::Value;
use std::sync::LazyLock;

/// The limits as they are published.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Limits {
    collected: String,
    parameters: usize,
    resources: usize,
    outputs: usize,
    mappings: usize,
    mapping_attributes: usize,
    name_characters: usize,
    description_bytes: usize,
    parameter_description_characters: usize,
    dynamic_references: usize,
}

static LIMITS: LazyLock<Result<Limits, serde_yaml::Error>> =
    LazyLock::new(|| serde_yaml::from_str(include_str!("../../data/limits.yaml")));

pub(super) fn check(template: &Template, faults: &mut Vec<Fault>) {
    let limits = match LIMITS.as_ref() {
        Ok(limits) => limits,
        // A test reads the file; should it be broken all the same, nothing passes.
        Err(error) => {
            return faults.push(Fault::new(Path::Root, format!("the limits cannot be read: {error}")));
        }
    };
    let mut many = |what: &str, section: &str, count: usize, most: usize| {
        if count > most {
            let message = format!(
                "Template format error: Number of {what}, {count}, is greater than maximum allowed, {most}"
            );
            faults.push(Fault::new(Path::Root.key(section), message));
        }
    };
    many("parameters", "Parameters", template.parameters().len(), limits.parameters);
    many("resources", "Resources", template.resources().len(), limits.resources);
    many("outputs", "Outputs", template.outputs().len(), limits.outputs);
    many("mappings", "Mappings", template.mappings().len(), limits.mappings);
    for rows in template.mappings().values() {
        many("mapping attributes", "Mappings", rows.len(), limits.mapping_attributes);
        for row in rows.values() {
            many("mapping attributes", "Mappings", row.len(), limits.mapping_attributes);
        }
    }
    many("dynamic references", "Resources", references_in(template.value()), limits.dynamic_references);
    names(template, limits.name_characters, faults);
    descriptions(template, limits, faults);
}

fn names(template: &Template, most: usize, faults: &mut Vec<Fault>) {
    let sections = [
        ("Parameters", template.parameters().keys().collect::<Vec<_>>()),
        ("Resources", template.resources().keys().collect()),
        ("Outputs", template.outputs().keys().collect()),
        ("Mappings", template.mappings().keys().collect()),
    ];
    for (section, names) in sections {
        for name in names.into_iter().filter(|name| name.chars().count() > most) {
            let message = format!("Template format error: Name {name} is longer than {most} characters");
            faults.push(Fault::new(Path::Root.key(section).key(name), message));
        }
    }
}

fn descriptions(template: &Template, limits: &Limits, faults: &mut Vec<Fault>) {
    let mut long = |path: Path<'_>, text: Option<&str>, most: usize, length: fn(&str) -> usize| {
        if text.is_some_and(|text| length(text) > most) {
            let message = format!("Template format error: 'Description' length is greater than {most}.");
            faults.push(Fault::new(path.key("Description"), message));
        }
    };
    let characters = |text: &str| text.chars().count();
    long(Path::Root, template.description(), limits.description_bytes, str::len);
    for (name, output) in template.outputs() {
        let path = Path::Root.key("Outputs");
        long(path.key(name), output.description.as_deref(), limits.description_bytes, str::len);
    }
    for (name, parameter) in template.parameters() {
        let path = Path::Root.key("Parameters");
        let text = parameter.description.as_deref();
        long(path.key(name), text, limits.parameter_description_characters, characters);
    }
}

/// How many dynamic references stand in the texts of a value.
fn references_in(value: &Value) -> usize {
    match value {
        Value::String(text) => {
            parts(text).into_iter().filter(|part| matches!(part, Part::Reference(_))).count()
        }
        Value::Array(items) => items.iter().map(references_in).sum(),
        Value::Object(members) => members.values().map(references_in).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}
