//! The sections of a template: parameters, mappings, conditions, resources, outputs.
//!
//! Each is read from the long form once, with everything that is wrong with its own form. What other parts of the
//! template say about it is looked at in the checks.

mod mapping;
mod output;
mod parameter;
mod resource;

pub use output::Output;
pub use parameter::Parameter;
pub use resource::{DeletionPolicy, Resource};

pub(crate) use mapping::{Mappings, mappings};
pub(crate) use output::output;
pub(crate) use parameter::{Element, Origin, Shape, parameter};
pub(crate) use resource::resource;

use crate::expression::{Parsing, not_here};
use crate::fault::Path;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A section as a map of what `read` makes of each entry; an entry that it makes nothing of has a fault.
pub(crate) fn entries<T>(
    root: &Map<String, Value>,
    section: &'static str,
    parsing: &mut Parsing,
    read: impl Fn(&str, &Map<String, Value>, &Path<'_>, &mut Parsing) -> Option<T>,
) -> BTreeMap<String, T> {
    let path = &Path::Root.key(section);
    let mut all = BTreeMap::new();
    let Some(value) = root.get(section) else { return all };
    let Some(members) = value.as_object() else {
        parsing.fault(path, format!("Template format error: {section} must be a map"));
        return all;
    };
    for (name, value) in members {
        let path = &path.key(name);
        if !is_logical_name(name) {
            let message = if name.starts_with("Fn::ForEach") {
                not_here(name)
            } else {
                let one = section.trim_end_matches('s');
                format!("Template format error: {one} name {name} is non alphanumeric.")
            };
            parsing.fault(path, message);
            continue;
        }
        let Some(members) = value.as_object() else {
            parsing.fault(path, format!("Template format error: Every {section} member must be an object."));
            continue;
        };
        if let Some(read) = read(name, members, path, parsing) {
            all.insert(name.clone(), read);
        }
    }
    all
}

/// Whether a logical id, parameter, condition or output may be named so.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html>.
fn is_logical_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|character| character.is_ascii_alphanumeric())
}

/// A fault for every key that a part of a template does not have.
pub(crate) fn refuse_other_keys(
    members: &Map<String, Value>,
    known: &[&str],
    path: &Path<'_>,
    parsing: &mut Parsing,
    message: impl Fn(&str) -> String,
) {
    for key in members.keys().filter(|key| !known.contains(&key.as_str())) {
        parsing.fault(&path.key(key), message(key));
    }
}

/// A member that has to be a text if it is there.
pub(crate) fn text_member(
    members: &Map<String, Value>,
    key: &str,
    path: &Path<'_>,
    parsing: &mut Parsing,
) -> Option<String> {
    match members.get(key)? {
        Value::String(text) => Some(text.clone()),
        _ => {
            parsing.fault(
                &path.key(key),
                format!("Template format error: every {key} member must be a string."),
            );
            None
        }
    }
}

/// A text, number or flag as the text that CloudFormation makes of it.
pub(crate) fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
