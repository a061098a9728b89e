//! The JSON Schema of a manifest, from the tables, for editors and other checkers.
//!
//! It accepts whatever this crate accepts. What only the whole manifest tells (unknown units, repeated
//! addresses) it cannot refuse. The keys of a folder's files are optional there, so use it on whole ones.

use crate::section::MANIFEST;
use crate::section::expectation::FILE;
use crate::shape::{Field, Format, Need, Section, Shape};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The schema, draft 2020-12.
#[must_use]
pub fn schema() -> Value {
    of(&MANIFEST, "Glidepath manifest")
}

/// The schema of a file of expectations.
#[must_use]
pub fn expectations_schema() -> Value {
    of(&FILE, "Glidepath expectations")
}

fn of(whole: &Section, title: &str) -> Value {
    let mut definitions = BTreeMap::new();
    let root = object(whole, &mut definitions);
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".to_owned(), json!(title));
    if let Value::Object(members) = root {
        schema.extend(members);
    }
    schema.insert("$defs".to_owned(), definitions.into_iter().collect::<Map<_, _>>().into());
    Value::Object(schema)
}

type Definitions = BTreeMap<String, Value>;

fn object(section: &Section, definitions: &mut Definitions) -> Value {
    let properties: Map<String, Value> =
        section.fields.iter().map(|field| (field.name.to_owned(), property(field, definitions))).collect();
    let required: Vec<&str> =
        section.fields.iter().filter(|field| field.need == Need::Required).map(|field| field.name).collect();
    // An empty value is an empty map, unless a key must be in it.
    let kind = if required.is_empty() { json!(["object", "null"]) } else { json!("object") };
    json!({
        "description": plain(section.doc),
        "type": kind,
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn property(field: &Field, definitions: &mut Definitions) -> Value {
    let mut value = of_shape(&field.shape, definitions);
    if let Some(members) = value.as_object_mut() {
        members.insert("description".to_owned(), json!(plain(field.doc)));
    }
    value
}

fn of_shape(shape: &Shape, definitions: &mut Definitions) -> Value {
    match shape {
        Shape::Text(format) => text(format),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Number { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Shape::Version => json!({ "const": crate::conform::FORMAT }),
        Shape::Section(section) => {
            if !definitions.contains_key(section.name) {
                // Holds the place first: a unit holds units.
                definitions.insert(section.name.to_owned(), Value::Null);
                let definition = object(section, definitions);
                definitions.insert(section.name.to_owned(), definition);
            }
            json!({ "$ref": format!("#/$defs/{}", section.name) })
        }
        Shape::Map { keys, values } => json!({
            "type": ["object", "null"],
            "propertyNames": text(keys),
            "additionalProperties": of_shape(values, definitions),
        }),
        Shape::List(items) => {
            json!({ "type": ["array", "null"], "items": of_shape(items, definitions) })
        }
        Shape::Either(shapes) => {
            let any: Vec<Value> = shapes.iter().map(|shape| of_shape(shape, definitions)).collect();
            json!({ "anyOf": any })
        }
        Shape::Document => json!({ "type": "object" }),
        Shape::Any => json!({}),
        Shape::Later => json!({ "not": {} }),
    }
}

fn text(format: &Format) -> Value {
    let mut members = Map::new();
    members.insert("type".to_owned(), json!("string"));
    if let Some(words) = format.words {
        members.insert("enum".to_owned(), json!(words()));
    }
    if let Some(pattern) = format.pattern {
        members.insert("pattern".to_owned(), json!(pattern));
    }
    Value::Object(members)
}

/// Markdown without its backticks.
fn plain(doc: &str) -> String {
    doc.replace('`', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_of_the_schema_leads_to_a_definition() {
        let schema = schema();
        let text = schema.to_string();
        let definitions = schema["$defs"].as_object().unwrap();
        let references: Vec<&str> =
            text.split("#/$defs/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(references.len() > definitions.len());
        assert!(references.iter().all(|name| definitions.contains_key(*name)));
        assert!(definitions.values().all(Value::is_object));
    }
}
