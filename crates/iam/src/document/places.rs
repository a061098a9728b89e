//! Where the parts of a document stand in its text, in bytes from 0.
//!
//! Everything is in the order of the [`Document`](super::Document) that was read from the same text, so that
//! the third action of the second statement has its place at the same two numbers.

use jsonc_parser::ast::{Object, ObjectProp, Value};
use jsonc_parser::common::Ranged;
use std::collections::BTreeMap;

/// Where the parts of a document stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// The value of `Version`, if there is one.
    pub version: Option<usize>,
    /// The statements.
    pub statements: Vec<StatementPlaces>,
}

/// Where the parts of a statement stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatementPlaces {
    /// The statement itself.
    pub start: usize,
    /// Its elements by name: `Sid`, `NotAction`.
    pub elements: BTreeMap<String, usize>,
    /// Each pattern of `Action` or `NotAction`.
    pub actions: Vec<usize>,
    /// Each pattern of `Resource` or `NotResource`.
    pub resources: Vec<usize>,
    /// Each key under each operator.
    pub conditions: Vec<ConditionPlaces>,
}

/// Where a condition stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConditionPlaces {
    /// Its key.
    pub key: usize,
    /// Its values.
    pub values: Vec<usize>,
}

impl Places {
    /// The places in a document that was read without a complaint.
    pub(super) fn of(value: &Value<'_>) -> Self {
        let members = members(value);
        let statements = match members.get("Statement").map(|member| &member.value) {
            Some(list @ Value::Array(_)) => items(list).into_iter().map(StatementPlaces::of).collect(),
            Some(single) => vec![StatementPlaces::of(single)],
            None => Vec::new(),
        };
        Self { version: members.get("Version").map(|member| member.value.start()), statements }
    }
}

impl StatementPlaces {
    fn of(value: &Value<'_>) -> Self {
        let members = members(value);
        let listed = |one: &str, other: &str| {
            let found = members.get(one).or_else(|| members.get(other));
            found.map(|member| starts(&member.value)).unwrap_or_default()
        };
        let conditions = members.get("Condition").map(|member| conditions(&member.value)).unwrap_or_default();
        Self {
            start: value.start(),
            elements: members.iter().map(|(name, member)| ((*name).to_owned(), member.start())).collect(),
            actions: listed("Action", "NotAction"),
            resources: listed("Resource", "NotResource"),
            conditions,
        }
    }
}

fn conditions(block: &Value<'_>) -> Vec<ConditionPlaces> {
    let operators = members(block);
    let keys = operators.values().flat_map(|operator| members(&operator.value).into_values());
    keys.map(|key| ConditionPlaces { key: key.start(), values: starts(&key.value) }).collect()
}

/// The members of an object in the order in which they are read; none of anything else.
fn members<'v, 'a>(value: &'v Value<'a>) -> BTreeMap<&'v str, &'v ObjectProp<'a>> {
    match value {
        Value::Object(Object { properties, .. }) => {
            properties.iter().map(|member| (member.name.as_str(), member)).collect()
        }
        _ => BTreeMap::new(),
    }
}

/// The items of a list; one value is a list of itself.
fn items<'v, 'a>(value: &'v Value<'a>) -> Vec<&'v Value<'a>> {
    match value {
        Value::Array(list) => list.elements.iter().collect(),
        single => vec![single],
    }
}

fn starts(value: &Value<'_>) -> Vec<usize> {
    items(value).into_iter().map(Ranged::start).collect()
}
