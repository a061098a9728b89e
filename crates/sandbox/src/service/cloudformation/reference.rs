//! What an expression of a template refers to: parameters, resources and their attributes.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// One reference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reference {
    /// `Ref`: a parameter, or a resource as a whole.
    Whole(String),
    /// `Fn::GetAtt`: an attribute of a resource, `Bucket.Arn`.
    Attribute(String, String),
}

/// The attributes of resources that a template asks for somewhere. Making one up costs more than all else about a
/// resource, and hardly any is ever asked for.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// By logical id; an empty name stands for one that is only known when the template is resolved.
    by_resource: BTreeMap<String, BTreeSet<String>>,
}

impl Asked {
    /// All that a template in long form asks for.
    pub(super) fn of(template: &Value) -> Self {
        let mut asked = Self::default();
        for reference in references(template) {
            if let Reference::Attribute(resource, attribute) = reference {
                asked.by_resource.entry(resource).or_default().insert(attribute);
            }
        }
        asked
    }

    /// Whether an attribute, or a member or container of it, is asked for.
    pub(super) fn has(&self, resource: &str, attribute: &str) -> bool {
        let within = |one: &str, other: &str| {
            one.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.by_resource.get(resource).is_some_and(|asked| {
            asked.iter().any(|asked| asked.is_empty() || within(asked, attribute) || within(attribute, asked))
        })
    }
}

/// Everything an expression in long form refers to.
pub(super) fn references(expression: &Value) -> BTreeSet<Reference> {
    let mut found = BTreeSet::new();
    collect(expression, &mut found);
    found
}

fn collect(value: &Value, found: &mut BTreeSet<Reference>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(members) => {
            for (key, value) in members {
                match (key.as_str(), value) {
                    ("Ref", Value::String(name)) => {
                        found.insert(Reference::Whole(name.clone()));
                    }
                    ("Fn::GetAtt", Value::String(text)) => found.extend(dotted(text)),
                    ("Fn::GetAtt", Value::Array(parts)) => {
                        if let Some(name) = parts.first().and_then(Value::as_str) {
                            let attribute = parts.get(1).and_then(Value::as_str).unwrap_or_default();
                            found.insert(Reference::Attribute(name.to_owned(), attribute.to_owned()));
                        }
                    }
                    ("Fn::Sub", Value::String(text)) => substituted(text, &[], found),
                    ("Fn::Sub", Value::Array(parts)) => {
                        let own = parts.get(1).and_then(Value::as_object);
                        let own: Vec<&str> =
                            own.into_iter().flat_map(|own| own.keys().map(String::as_str)).collect();
                        if let Some(text) = parts.first().and_then(Value::as_str) {
                            substituted(text, &own, found);
                        }
                        parts.iter().skip(1).for_each(|part| collect(part, found));
                    }
                    _ => collect(value, found),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn dotted(text: &str) -> Option<Reference> {
    let (name, attribute) = text.split_once('.')?;
    Some(Reference::Attribute(name.to_owned(), attribute.to_owned()))
}

/// The variables of a text to substitute: `${Name}`, `${Name.Attribute}`, but not `${!Literal}`.
fn substituted(text: &str, own: &[&str], found: &mut BTreeSet<Reference>) {
    for part in text.split("${").skip(1) {
        let Some((name, _)) = part.split_once('}') else { continue };
        let name = name.trim();
        if !name.starts_with('!') && !own.contains(&name) {
            found.insert(dotted(name).unwrap_or_else(|| Reference::Whole(name.to_owned())));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_attribute_is_asked_for_by_its_name_or_through_what_it_holds() {
        let asked = Asked::of(
            &json!([{"Fn::GetAtt": ["Base", "Endpoint.Address"]}, {"Fn::GetAtt": ["Any", {"Ref": "X"}]}]),
        );
        assert!(
            asked.has("Base", "Endpoint.Address") && asked.has("Base", "Endpoint") && asked.has("Any", "Arn")
        );
        assert!(
            !asked.has("Base", "Endpoint.Port") && !asked.has("Base", "Arn") && !asked.has("Other", "Arn")
        );
    }

    #[test]
    fn references_are_found_at_every_depth_and_in_texts() {
        let expression = json!({"A": [{"Ref": "Name"}, {"Fn::GetAtt": ["Bucket", "Arn"]}], "B": {"Fn::Join": ["", [
            {"Fn::Sub": "x${Other}${!Literal}${Role.Arn}"}, {"Fn::Sub": ["${own}${Topic}", {"own": {"Ref": "Inner"}}]},
            {"Fn::GetAtt": "Key.KeyId"}]]}});
        let whole = |name: &str| Reference::Whole(name.to_owned());
        let attribute = |name: &str, of: &str| Reference::Attribute(name.to_owned(), of.to_owned());
        let wanted = BTreeSet::from([
            whole("Name"),
            whole("Other"),
            whole("Topic"),
            whole("Inner"),
            attribute("Bucket", "Arn"),
            attribute("Role", "Arn"),
            attribute("Key", "KeyId"),
        ]);
        assert_eq!(references(&expression), wanted);
    }
}
