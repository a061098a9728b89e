//! Mappings: fixed values by two keys.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/mappings-section-structure.html>.

use super::scalar_text;
use crate::expression::Parsing;
use crate::fault::Path;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The mappings by name, first key and second key.
pub(crate) type Mappings = BTreeMap<String, BTreeMap<String, BTreeMap<String, Value>>>;

/// Reads one mapping.
pub(crate) fn mappings(root: &Map<String, Value>, parsing: &mut Parsing) -> Mappings {
    super::entries(root, "Mappings", parsing, |name, members, path, parsing| {
        if members.contains_key("Fn::Transform") {
            parsing
                .fault(path, "Template format error: Fn::Transform is not run here; write the mapping out");
            return None;
        }
        let mut rows = BTreeMap::new();
        for (key, row) in members {
            let path = &path.key(key);
            let Some(row) = row.as_object() else {
                parsing.fault(
                    path,
                    format!("Template format error: Every Mappings member {name} must be a map"),
                );
                continue;
            };
            rows.insert(key.clone(), attributes(row, path, parsing));
        }
        Some(rows)
    })
}

fn attributes(row: &Map<String, Value>, path: &Path<'_>, parsing: &mut Parsing) -> BTreeMap<String, Value> {
    let is_value = |value: &Value| match value {
        Value::Array(items) => items.iter().all(|item| scalar_text(item).is_some()),
        other => scalar_text(other).is_some(),
    };
    let mut attributes = BTreeMap::new();
    for (key, value) in row {
        if is_value(value) {
            attributes.insert(key.clone(), value.clone());
        } else {
            let message = "Template format error: Every Mappings attribute must be a String or a List.";
            parsing.fault(&path.key(key), message);
        }
    }
    attributes
}
