//! A document as JSON: minified for AWS, which counts every character, and pretty for people.

use super::{Condition, Document, Effect, Principal, Scope, Statement};
use serde_json::{Map, Value};

/// The document in as few characters as its statements allow: a list of one is written bare.
#[must_use]
pub fn minified(document: &Document) -> String {
    value(document).to_string()
}

/// The document indented by two spaces.
#[must_use]
pub fn pretty(document: &Document) -> String {
    format!("{:#}", value(document))
}

fn value(document: &Document) -> Value {
    let mut members = Map::new();
    if let Some(version) = document.version {
        members.insert("Version".into(), version.text().into());
    }
    if let Some(id) = &document.id {
        members.insert("Id".into(), id.as_str().into());
    }
    members.insert("Statement".into(), one_or_many(document.statements.iter().map(statement)));
    Value::Object(members)
}

fn statement(statement: &Statement) -> Value {
    let mut members = Map::new();
    if let Some(sid) = &statement.sid {
        members.insert("Sid".into(), sid.as_str().into());
    }
    let effect = match statement.effect {
        Effect::Allow => "Allow",
        Effect::Deny => "Deny",
    };
    members.insert("Effect".into(), effect.into());
    if let Some(scope) = &statement.principals {
        let name = if scope.is_negated() { "NotPrincipal" } else { "Principal" };
        members.insert(name.into(), principals(scope.patterns()));
    }
    insert_scope(&mut members, "Action", "NotAction", &statement.actions);
    if let Some(scope) = &statement.resources {
        insert_scope(&mut members, "Resource", "NotResource", scope);
    }
    if !statement.conditions.is_empty() {
        members.insert("Condition".into(), conditions(&statement.conditions));
    }
    Value::Object(members)
}

fn insert_scope(members: &mut Map<String, Value>, only: &str, all_but: &str, scope: &Scope<String>) {
    let name = if scope.is_negated() { all_but } else { only };
    members
        .insert(name.to_owned(), one_or_many(scope.patterns().iter().map(|text| Value::from(text.as_str()))));
}

fn principals(all: &[Principal]) -> Value {
    if let [Principal::Anyone] = all {
        return "*".into();
    }
    let mut by_kind: Map<String, Value> = Map::new();
    for principal in all {
        let (kind, text) = match principal {
            Principal::Anyone => ("AWS", "*"),
            Principal::Aws(text) => ("AWS", text.as_str()),
            Principal::Service(text) => ("Service", text.as_str()),
            Principal::Federated(text) => ("Federated", text.as_str()),
            Principal::CanonicalUser(text) => ("CanonicalUser", text.as_str()),
        };
        if let Value::Array(list) = by_kind.entry(kind).or_insert_with(|| Value::Array(Vec::new())) {
            list.push(text.into());
        }
    }
    for list in by_kind.values_mut() {
        if let Value::Array(items) = list
            && items.len() == 1
            && let Some(only) = items.pop()
        {
            *list = only;
        }
    }
    Value::Object(by_kind)
}

fn conditions(all: &[Condition]) -> Value {
    let mut block = Map::new();
    for condition in all {
        let operator =
            block.entry(condition.operator.to_string()).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(keys) = operator {
            let values = one_or_many(condition.values.iter().map(|text| Value::from(text.as_str())));
            keys.insert(condition.key.clone(), values);
        }
    }
    Value::Object(block)
}

fn one_or_many(items: impl Iterator<Item = Value>) -> Value {
    let mut list: Vec<Value> = items.collect();
    match (list.len(), list.pop()) {
        (1, Some(only)) => only,
        (_, Some(last)) => {
            list.push(last);
            Value::Array(list)
        }
        (_, None) => Value::Array(list),
    }
}
