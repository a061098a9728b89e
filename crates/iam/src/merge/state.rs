//! What has been inherited so far, while levels are merged from the root down.

use super::MergeError;
use super::document::{Node, shown, step};
use super::operator::{Allowed, Operator};
use glidepath_model::PolicyType;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A node of the effective policy in the making.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    spelling: String,
    value: Option<Value>,
    allowed: Allowed,
    children: BTreeMap<String, State>,
}

impl State {
    /// Merges the nodes that one level's documents have at this place, in order of attachment.
    ///
    /// Documents of one level are siblings: a child control of one binds the levels below, never the
    /// others, and where several bind, what all of them allow remains. Where two assign, the one attached
    /// first wins; what they append or remove adds up, removals last.
    pub(super) fn merge(&mut self, nodes: &[&Node], path: &str) -> Result<(), MergeError> {
        self.merge_value(nodes, path)?;
        let mut groups: BTreeMap<&String, Vec<&Node>> = BTreeMap::new();
        for (key, child) in nodes.iter().flat_map(|node| &node.children) {
            groups.entry(key).or_default().push(child);
        }
        for (key, group) in groups {
            if !self.children.contains_key(key) && !self.allowed.permits_keys() {
                continue;
            }
            let child = self.children.entry(key.clone()).or_default();
            if child.spelling.is_empty() {
                child.spelling = group.first().map(|node| node.spelling.clone()).unwrap_or_default();
            }
            child.merge(&group, &step(path, key))?;
        }
        for control in nodes.iter().filter_map(|node| node.child_control.as_ref()) {
            self.allowed.restrict(control);
        }
        Ok(())
    }

    fn merge_value(&mut self, nodes: &[&Node], path: &str) -> Result<(), MergeError> {
        if self.allowed.permits(Operator::Assign)
            && let Some(value) = nodes.iter().find_map(|node| node.assign.as_ref())
        {
            self.value = Some(match value {
                Value::Array(items) => Value::Array(distinct(items)),
                scalar => scalar.clone(),
            });
        }
        let appended = values(nodes, |node| &node.append);
        let removed = values(nodes, |node| &node.remove);
        if self.allowed.permits(Operator::Append) && !appended.is_empty() {
            let list = self.list(path)?;
            list.extend(appended.into_iter().cloned());
            *list = distinct(list);
        }
        if self.allowed.permits(Operator::Remove) && !removed.is_empty() {
            self.list(path)?.retain(|item| !removed.contains(&item));
        }
        Ok(())
    }

    fn list(&mut self, path: &str) -> Result<&mut Vec<Value>, MergeError> {
        match self.value.get_or_insert_with(|| Value::Array(Vec::new())) {
            Value::Array(items) => Ok(items),
            _ => Err(MergeError::NotAList(shown(path))),
        }
    }

    /// The effective policy as AWS shows it: no operators, nothing empty.
    pub(super) fn render(&self, ty: PolicyType) -> Value {
        self.rendered(ty, &[]).unwrap_or_else(|| Value::Object(Map::new()))
    }

    fn rendered(&self, ty: PolicyType, above: &[&str]) -> Option<Value> {
        match &self.value {
            Some(Value::Array(items)) if items.is_empty() => None,
            Some(value) => Some(value.clone()),
            None => {
                let mut members = Map::new();
                for (key, child) in &self.children {
                    let path: Vec<&str> = above.iter().copied().chain([key.as_str()]).collect();
                    if let Some(value) = child.rendered(ty, &path) {
                        let name = if in_lower_case(ty, &path) { key } else { &child.spelling };
                        members.insert(name.clone(), value);
                    }
                }
                (!members.is_empty()).then_some(Value::Object(members))
            }
        }
    }
}

/// Whether AWS shows this key in lower case: rules and selections of backup plans are, in all samples of
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_backup_syntax.html>.
fn in_lower_case(ty: PolicyType, path: &[&str]) -> bool {
    ty == PolicyType::Backup && matches!(path, ["plans", _, "rules", _] | ["plans", _, "selections", _, _])
}

fn values<'a>(nodes: &[&'a Node], of: fn(&Node) -> &Vec<Value>) -> Vec<&'a Value> {
    nodes.iter().flat_map(|node| of(node)).collect()
}

fn distinct(items: &[Value]) -> Vec<Value> {
    let mut kept: Vec<Value> = Vec::with_capacity(items.len());
    for item in items {
        if !kept.contains(item) {
            kept.push(item.clone());
        }
    }
    kept
}
