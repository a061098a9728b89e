//! Comparing a resource with how its template wants it. Only what the template says counts, and only what can be read
//! back: write-only properties are passed over.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html>

use super::identity::detects_drift;
use super::resource::{Live, Resource};
use glidepath_template::resource_type;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a comparison finds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Finding {
    /// The type's drift is not detected.
    NotChecked,
    InSync,
    Modified(Vec<Difference>),
    Deleted,
}

impl Finding {
    pub(super) fn api_name(&self) -> &'static str {
        match self {
            Self::NotChecked => "NOT_CHECKED",
            Self::InSync => "IN_SYNC",
            Self::Modified(_) => "MODIFIED",
            Self::Deleted => "DELETED",
        }
    }

    /// Whether it makes its stack a drifted one.
    pub(super) fn is_drift(&self) -> bool {
        match self {
            Self::Modified(_) | Self::Deleted => true,
            Self::NotChecked | Self::InSync => false,
        }
    }
}

/// One value that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Difference {
    pub(super) property_path: String,
    pub(super) expected_value: String,
    pub(super) actual_value: String,
    pub(super) difference_type: String,
}

/// Compares a resource with its template.
pub(super) fn find(resource: &Resource) -> Finding {
    if !detects_drift(&resource.ty) {
        return Finding::NotChecked;
    }
    let actual = match &resource.live {
        Live::AsDeployed => return Finding::InSync,
        Live::Gone => return Finding::Deleted,
        Live::Changed(actual) => actual,
    };
    let mut found = Vec::new();
    compare_members(&readable(resource, &resource.properties), actual, "", &mut found);
    if found.is_empty() { Finding::InSync } else { Finding::Modified(found) }
}

/// The properties that can be read back.
pub(super) fn readable(resource: &Resource, properties: &Value) -> Value {
    let ty = resource_type::find(&resource.ty);
    let members = properties.as_object().into_iter().flatten();
    let members = members.filter(|(name, _)| !ty.is_some_and(|ty| ty.is_write_only(name)));
    Value::Object(members.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>())
}

fn compare(expected: &Value, actual: &Value, path: &str, found: &mut Vec<Difference>) {
    match (expected, actual) {
        (Value::Object(_), Value::Object(_)) => compare_members(expected, actual, path, found),
        (Value::Array(expected), Value::Array(actual)) => {
            for at in 0..expected.len().max(actual.len()) {
                let path = format!("{path}/{at}");
                match (expected.get(at), actual.get(at)) {
                    (Some(expected), Some(actual)) => compare(expected, actual, &path, found),
                    (expected, actual) => found.push(difference(&path, expected, actual)),
                }
            }
        }
        // Templates write numbers and booleans as texts and the other way round.
        _ if text(expected) == text(actual) => {}
        _ => found.push(difference(path, Some(expected), Some(actual))),
    }
}

fn compare_members(expected: &Value, actual: &Value, path: &str, found: &mut Vec<Difference>) {
    for (name, expected) in expected.as_object().into_iter().flatten() {
        let path = format!("{path}/{name}");
        match actual.get(name) {
            Some(actual) => compare(expected, actual, &path, found),
            None => found.push(difference(&path, Some(expected), None)),
        }
    }
}

fn difference(path: &str, expected: Option<&Value>, actual: Option<&Value>) -> Difference {
    let kind = match (expected, actual) {
        (None, _) => "ADD",
        (_, None) => "REMOVE",
        _ => "NOT_EQUAL",
    };
    let told = |value: Option<&Value>| value.map_or_else(|| "null".to_owned(), text);
    Difference {
        property_path: path.to_owned(),
        expected_value: told(expected),
        actual_value: told(actual),
        difference_type: kind.to_owned(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_the_template_says_is_compared() {
        let expected = json!({"A": 1, "B": {"C": "x"}, "D": ["one"], "E": "gone"});
        let actual = json!({"A": "1", "B": {"C": "y", "Other": true}, "D": ["one", "two"], "Z": 0});
        let mut found = Vec::new();
        compare(&expected, &actual, "", &mut found);
        let found: Vec<String> = found
            .iter()
            .map(|one| {
                format!(
                    "{} {} {} {}",
                    one.property_path, one.difference_type, one.expected_value, one.actual_value
                )
            })
            .collect();
        assert_eq!(found, ["/B/C NOT_EQUAL x y", "/D/1 ADD null two", "/E REMOVE gone null"]);
    }
}
