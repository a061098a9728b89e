//! Attributes by their path: changing them, and finding who has a unique one.
//!
//! Paths are written with a small first letter, `name.familyName`; a large one is taken as well.
//!
//! Source: <https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_AttributeOperation.html>

use super::super::ServiceError;
use super::refusal::invalid;
use crate::codec;
use glidepath_model::text::printable;
use serde::Deserialize;
use serde_json::{Map, Value};

/// A change of one attribute; without a value it is removed.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Change {
    attribute_path: String,
    attribute_value: Option<Value>,
}

/// What tells one user or group from all others.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Alternate {
    external_id: Option<Value>,
    unique_attribute: Option<Unique>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Unique {
    attribute_path: String,
    attribute_value: Value,
}

impl Alternate {
    /// The attribute and its value, when it is one of these; none for an external id, which nothing here has.
    pub(super) fn unique(&self, known: &[&str]) -> Result<Option<(String, String)>, ServiceError> {
        match (&self.external_id, &self.unique_attribute) {
            (Some(_), None) => Ok(None),
            (None, Some(unique)) => {
                let path = segments(&unique.attribute_path).join(".");
                if !known.contains(&path.as_str()) {
                    let shown = printable(&unique.attribute_path).into_owned();
                    return Err(invalid(format!("{shown} is no unique attribute.")));
                }
                let value = unique.attribute_value.as_str();
                let value = value.ok_or_else(|| invalid("The value of a unique attribute is a string."))?;
                Ok(Some((path, value.to_owned())))
            }
            _ => Err(invalid("An alternate identifier is either an ExternalId or a UniqueAttribute.")),
        }
    }
}

/// The names on a path, as the API writes members.
pub(super) fn segments(path: &str) -> Vec<String> {
    path.split('.').map(capital).collect()
}

fn capital(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(characters).collect()
}

/// The attributes after these changes, as far as they fit the shape of the request that makes such a thing.
pub(super) fn changed(
    attributes: &Map<String, Value>,
    changes: &[Change],
    shape: &str,
    known: &[&str],
) -> Result<Map<String, Value>, ServiceError> {
    let mut result = attributes.clone();
    for change in changes {
        let path = segments(&change.attribute_path);
        let refused =
            || invalid(format!("{} is no attribute that can be changed.", printable(&change.attribute_path)));
        let value = change.attribute_value.clone().map(capitalized);
        match path.as_slice() {
            [name] if known.contains(&name.as_str()) => put(&mut result, name, value),
            [name, inner] if name == "Name" && known.contains(&"Name") => {
                let whole = result.entry(name.clone()).or_insert_with(|| Value::Object(Map::new()));
                let Value::Object(whole) = whole else { return Err(refused()) };
                put(whole, inner, value);
            }
            _ => return Err(refused()),
        }
    }
    check(&result, shape)?;
    Ok(result)
}

fn put(members: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        Some(value) => {
            members.insert(name.to_owned(), value);
        }
        None => {
            members.remove(name);
        }
    }
}

/// A document's keys as the API writes members.
fn capitalized(value: Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members.into_iter().map(|(key, value)| (capital(&key), capitalized(value))).collect(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(capitalized).collect()),
        scalar => scalar,
    }
}

/// Values that came as documents have not been checked before.
fn check(attributes: &Map<String, Value>, shape: &str) -> Result<(), ServiceError> {
    let Some(model) = codec::model(super::NAME) else { return Ok(()) };
    let found = codec::check(model, shape, &Value::Object(attributes.clone()));
    // The request also names the directory, which is no attribute.
    match found.into_iter().find(|violation| violation.place != "identityStoreId") {
        Some(violation) => {
            Err(invalid(format!("The value at {} is not valid.", printable(&violation.place))))
        }
        None => Ok(()),
    }
}

/// Names that users and groups cannot have.
///
/// Source: <https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_CreateGroup.html>
pub(super) fn check_name(name: &str) -> Result<(), ServiceError> {
    if matches!(name, "Administrator" | "AWSAdministrators") {
        return Err(invalid(format!("{name} is a reserved name.")));
    }
    Ok(())
}
