//! One declarative policy document as a tree of nodes.

use super::MergeError;
use super::operator::{Allowed, CHILD_CONTROL, Operator};
use glidepath_model::PolicyType;
use glidepath_model::text::printable;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A node: either it sets a value by operators, or it holds further nodes.
#[derive(Debug, Clone, Default)]
pub(super) struct Node {
    /// The key as the author spelled it.
    pub(super) spelling: String,
    /// What it leaves to child policies, if it says so.
    pub(super) child_control: Option<Allowed>,
    /// The value of `@@assign`.
    pub(super) assign: Option<Value>,
    /// The values of `@@append`.
    pub(super) append: Vec<Value>,
    /// The values of `@@remove`.
    pub(super) remove: Vec<Value>,
    /// Further nodes, by their key in lower case: AWS tells keys apart without case.
    pub(super) children: BTreeMap<String, Node>,
}

impl Node {
    pub(super) fn read(ty: PolicyType, document: &Value) -> Result<Self, MergeError> {
        match document {
            Value::Object(members) => Self::read_object(ty, members, "", ""),
            _ => Err(MergeError::NotAnObject("the document".to_owned())),
        }
    }

    /// The keys of its children, as spelled.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.children.values().map(|child| child.spelling.as_str())
    }

    fn read_object(
        ty: PolicyType,
        members: &Map<String, Value>,
        spelling: &str,
        path: &str,
    ) -> Result<Self, MergeError> {
        let mut node = Self { spelling: spelling.to_owned(), ..Self::default() };
        let mut sets_value = false;
        for (key, value) in members {
            if key == CHILD_CONTROL {
                node.child_control = Some(read_child_control(path, value)?);
            } else if let Some(operator) = Operator::parse(key) {
                sets_value = true;
                node.read_operator(ty, operator, value, path)?;
            } else if key.starts_with("@@") {
                let operator = printable(key).into_owned();
                return Err(MergeError::Operator { path: shown(path), operator });
            } else {
                let inner = step(path, key);
                let Value::Object(members) = value else {
                    return Err(MergeError::BareValue(shown(&inner)));
                };
                let child = Self::read_object(ty, members, key, &inner)?;
                if node.children.insert(key.to_lowercase(), child).is_some() {
                    return Err(MergeError::Twice { path: shown(path), key: shown(&key.to_lowercase()) });
                }
            }
        }
        if sets_value && !node.children.is_empty() {
            return Err(MergeError::ValueAndKeys(shown(path)));
        }
        Ok(node)
    }

    fn read_operator(
        &mut self,
        ty: PolicyType,
        operator: Operator,
        value: &Value,
        path: &str,
    ) -> Result<(), MergeError> {
        // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html
        if ty == PolicyType::AiOptOut && operator != Operator::Assign {
            return Err(MergeError::Operator { path: shown(path), operator: operator.key().to_owned() });
        }
        match operator {
            Operator::Assign => {
                if value.is_object() || value.is_null() {
                    let wanted = "a text, a number, a truth value or an array of them";
                    return Err(MergeError::Operand { path: shown(path), operator: operator.key(), wanted });
                }
                self.assign = Some(value.clone());
            }
            Operator::Append => self.append = list(operator, value, path)?,
            Operator::Remove => self.remove = list(operator, value, path)?,
        }
        Ok(())
    }
}

fn list(operator: Operator, value: &Value, path: &str) -> Result<Vec<Value>, MergeError> {
    match value {
        Value::Array(items) => Ok(items.clone()),
        _ => Err(MergeError::Operand { path: shown(path), operator: operator.key(), wanted: "an array" }),
    }
}

fn read_child_control(path: &str, value: &Value) -> Result<Allowed, MergeError> {
    let wanted = "an array of `@@all`, `@@none`, or some of `@@assign`, `@@append`, `@@remove`";
    let fault = || MergeError::Operand { path: shown(path), operator: CHILD_CONTROL, wanted };
    let words: Vec<&str> = value
        .as_array()
        .ok_or_else(fault)?
        .iter()
        .map(Value::as_str)
        .collect::<Option<_>>()
        .ok_or_else(fault)?;
    match words.as_slice() {
        ["@@all"] => Ok(Allowed::default()),
        ["@@none"] => Ok(Allowed::only(BTreeSet::new())),
        [] => Err(fault()),
        several => {
            let operators: Option<BTreeSet<Operator>> =
                several.iter().map(|word| Operator::parse(word)).collect();
            operators.map(Allowed::only).ok_or_else(fault)
        }
    }
}

/// The path of a key below `path`, joined by dots.
pub(super) fn step(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// A path fit to be shown.
pub(super) fn shown(path: &str) -> String {
    if path.is_empty() { "the document".to_owned() } else { printable(path).into_owned() }
}
