//! Checks a value against a shape: types, required members, lengths, bounds, patterns, enums, unknown members.

use super::shapes::{Model, Shape};
use serde_json::Value;

/// One way in which a value does not fit its shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation {
    /// Where in the request: `tags.2.member.key`, in AWS's manner.
    pub(crate) place: String,
    /// The name of the shape that is not met.
    pub(crate) shape: String,
    /// What was given, if it is a text or number.
    pub(crate) given: Option<String>,
    /// What is not met.
    pub(crate) rule: Rule,
}

/// What a value does not meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Rule {
    Required,
    Unknown,
    Type(&'static str),
    MinLength(u64),
    MaxLength(u64),
    MinValue(i64),
    MaxValue(i64),
    Pattern(String),
    Enum(Vec<String>),
}

/// Where the check stands; a path is only written out when something is wrong.
struct Place<'a> {
    parent: Option<&'a Place<'a>>,
    step: Step<'a>,
}

enum Step<'a> {
    Top,
    Member(&'a str),
    Item(usize),
}

impl Place<'_> {
    fn write(&self, text: &mut String) {
        if let Some(parent) = self.parent {
            parent.write(text);
        }
        let step = match self.step {
            Step::Top => return,
            Step::Member(name) => lower_first(name),
            // AWS counts from one.
            Step::Item(at) => format!("{}.member", at + 1),
        };
        if !text.is_empty() {
            text.push('.');
        }
        text.push_str(&step);
    }
}

/// AWS's messages write member names with a small first letter.
fn lower_first(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(characters).collect()
}

/// Everything in which `value` does not fit the shape.
pub(crate) fn check(model: &Model, shape: &str, value: &Value) -> Vec<Violation> {
    let mut check = Check { model, found: Vec::new() };
    check.value(shape, value, &Place { parent: None, step: Step::Top });
    check.found
}

struct Check<'m> {
    model: &'m Model,
    found: Vec<Violation>,
}

impl Check<'_> {
    fn report(&mut self, shape: &str, place: &Place<'_>, value: Option<&Value>, rule: Rule) {
        let mut path = String::new();
        place.write(&mut path);
        let given = value.and_then(|value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        });
        self.found.push(Violation { place: path, shape: shape.to_owned(), given, rule });
    }

    fn value(&mut self, name: &str, value: &Value, place: &Place<'_>) {
        let Some(shape) = self.model.shape(name) else { return };
        match (shape, value) {
            (Shape::Structure { document: true, .. }, _) => {}
            (Shape::Structure { required, members, .. }, Value::Object(given)) => {
                for member in required.iter().filter(|member| !given.contains_key(*member)) {
                    let at = Place { parent: Some(place), step: Step::Member(member) };
                    let of = members.get(member).map_or(name, String::as_str);
                    self.report(of, &at, None, Rule::Required);
                }
                for (member, value) in given {
                    let at = Place { parent: Some(place), step: Step::Member(member) };
                    match members.get(member) {
                        Some(shape) => self.value(shape, value, &at),
                        None => self.report(name, &at, None, Rule::Unknown),
                    }
                }
            }
            (Shape::List { member, min, max, .. }, Value::Array(items)) => {
                self.length(name, place, value, items.len(), (*min, *max));
                for (at, item) in items.iter().enumerate() {
                    self.value(member, item, &Place { parent: Some(place), step: Step::Item(at) });
                }
            }
            (Shape::Map { key, value: of, min, max }, Value::Object(entries)) => {
                self.length(name, place, value, entries.len(), (*min, *max));
                for (entry, value) in entries {
                    let at = Place { parent: Some(place), step: Step::Member(entry) };
                    self.value(key, &Value::from(entry.as_str()), &at);
                    self.value(of, value, &at);
                }
            }
            (Shape::String { min, max, pattern, values }, Value::String(text)) => {
                self.length(name, place, value, text.chars().count(), (*min, *max));
                if let Some(pattern) = pattern.as_ref().filter(|pattern| !pattern.matches(text)) {
                    self.report(name, place, Some(value), Rule::Pattern(pattern.source().to_owned()));
                }
                if !values.is_empty() && !values.contains(text) {
                    self.report(name, place, Some(value), Rule::Enum(values.clone()));
                }
            }
            (Shape::Integer { min, max }, Value::Number(number)) => match number.as_i64() {
                None => self.report(name, place, Some(value), Rule::Type("integer")),
                Some(number) => {
                    if let Some(min) = min.filter(|min| number < *min) {
                        self.report(name, place, Some(value), Rule::MinValue(min));
                    }
                    if let Some(max) = max.filter(|max| number > *max) {
                        self.report(name, place, Some(value), Rule::MaxValue(max));
                    }
                }
            },
            (Shape::Boolean {}, Value::Bool(_)) | (Shape::Timestamp { .. }, Value::Number(_)) => {}
            (Shape::Structure { .. } | Shape::Map { .. }, _) => {
                self.report(name, place, None, Rule::Type("object"));
            }
            (Shape::List { .. }, _) => self.report(name, place, None, Rule::Type("list")),
            (Shape::String { .. }, _) => self.report(name, place, None, Rule::Type("string")),
            (Shape::Integer { .. }, _) => self.report(name, place, None, Rule::Type("integer")),
            (Shape::Boolean {}, _) => self.report(name, place, None, Rule::Type("boolean")),
            (Shape::Timestamp { .. }, _) => self.report(name, place, None, Rule::Type("timestamp")),
        }
    }

    fn length(
        &mut self,
        name: &str,
        place: &Place<'_>,
        value: &Value,
        length: usize,
        (min, max): (Option<u64>, Option<u64>),
    ) {
        let length = length as u64;
        if let Some(min) = min.filter(|min| length < *min) {
            self.report(name, place, Some(value), Rule::MinLength(min));
        }
        if let Some(max) = max.filter(|max| length > *max) {
            self.report(name, place, Some(value), Rule::MaxLength(max));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::shapes::model;
    use super::*;
    use serde_json::json;

    fn broken(request: &str, value: &Value) -> Vec<String> {
        let found = check(model("organizations").unwrap(), request, value);
        found.iter().map(|violation| format!("{}: {:?}", violation.place, violation.rule)).collect()
    }

    #[test]
    fn a_request_that_fits_has_no_violation() {
        let value = json!({"Name": "a", "Description": "", "Type": "TAG_POLICY", "Content": "{}",
            "Tags": [{"Key": "k", "Value": ""}]});
        assert_eq!(broken("CreatePolicyRequest", &value), Vec::<String>::new());
    }

    #[test]
    fn every_rule_is_found_where_it_is_broken() {
        let value = json!({"Name": "", "Type": "NO_POLICY", "Content": 1, "Color": "red",
            "Tags": [{"Key": "k", "Value": "v"}, {"Key": "a{b"}]});
        let found = broken("CreatePolicyRequest", &value);
        for wanted in [
            "name: MinLength(1)",
            "content: Type(\"string\")",
            "color: Unknown",
            "description: Required",
            "tags.2.member.value: Required",
        ] {
            assert!(found.iter().any(|line| line == wanted), "{wanted} in {found:#?}");
        }
        assert!(found.iter().any(|line| line.starts_with("type: Enum")), "{found:#?}");
        assert!(found.iter().any(|line| line.starts_with("tags.2.member.key: Pattern")), "{found:#?}");
        assert_eq!(broken("ListAccountsRequest", &json!({"MaxResults": 21})), ["maxResults: MaxValue(20)"]);
        assert_eq!(broken("ListAccountsRequest", &json!({"MaxResults": 0})), ["maxResults: MinValue(1)"]);
    }
}
