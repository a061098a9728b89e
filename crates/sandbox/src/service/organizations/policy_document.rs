//! What AWS takes as the document of a policy: the language of SCPs and RCPs, the structure of declarative policies.
//!
//! Sources: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html>,
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

use glidepath_iam::merge;
use glidepath_model::PolicyType;
use serde_json::{Map, Value};

/// Judges a document; an error says what is wrong with it.
pub(super) fn check(ty: PolicyType, content: &str) -> Result<(), String> {
    let document: Value = serde_json::from_str(content).map_err(|error| format!("not JSON: {error}"))?;
    match ty {
        PolicyType::Scp => authorization(&document, scp_statement),
        PolicyType::Rcp => authorization(&document, rcp_statement),
        declarative => merge::check(declarative, &document).map_err(|error| error.to_string()),
    }
}

type Statement = Map<String, Value>;

fn authorization(document: &Value, statement: fn(&Statement) -> Result<(), String>) -> Result<(), String> {
    let members = document.as_object().ok_or("the document is no object")?;
    if let Some(stray) = members.keys().find(|key| !["Version", "Id", "Statement"].contains(&key.as_str())) {
        return Err(format!("`{stray}` is no element of a policy"));
    }
    if members.get("Version").and_then(Value::as_str) != Some("2012-10-17") {
        return Err("`Version` must be `2012-10-17`".to_owned());
    }
    let statements: Vec<&Value> = match members.get("Statement") {
        Some(Value::Array(statements)) if !statements.is_empty() => statements.iter().collect(),
        Some(one @ Value::Object(_)) => vec![one],
        _ => return Err("`Statement` must be an object or a list of at least one".to_owned()),
    };
    for one in statements {
        let members = one.as_object().ok_or("a statement is no object")?;
        common(members)?;
        statement(members)?;
    }
    Ok(())
}

/// What holds for statements of both types.
fn common(statement: &Statement) -> Result<(), String> {
    const ELEMENTS: [&str; 9] = [
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    ];
    if let Some(stray) = statement.keys().find(|key| !ELEMENTS.contains(&key.as_str())) {
        return Err(format!("`{stray}` is no element of a statement"));
    }
    if let Some(sid) = statement.get("Sid") {
        let plain = |sid: &str| sid.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !sid.as_str().is_some_and(plain) {
            return Err("`Sid` may have letters and digits only".to_owned());
        }
    }
    if !matches!(statement.get("Effect").and_then(Value::as_str), Some("Allow" | "Deny")) {
        return Err("`Effect` must be `Allow` or `Deny`".to_owned());
    }
    let actions = one_of(statement, "Action", "NotAction")?;
    if let Some(action) = actions.iter().find(|action| !is_action(action)) {
        return Err(format!("`{action}` is no action"));
    }
    let resources = one_of(statement, "Resource", "NotResource")?;
    if let Some(resource) =
        resources.iter().find(|resource| **resource != "*" && !resource.starts_with("arn:"))
    {
        return Err(format!("`{resource}` is no resource: an ARN or `*` is wanted"));
    }
    statement.get("Condition").map_or(Ok(()), condition)
}

fn scp_statement(statement: &Statement) -> Result<(), String> {
    match ["Principal", "NotPrincipal"].into_iter().find(|key| statement.contains_key(*key)) {
        Some(key) => Err(format!("a service control policy has no `{key}`")),
        None => Ok(()),
    }
}

fn rcp_statement(statement: &Statement) -> Result<(), String> {
    if statement.get("Effect").and_then(Value::as_str) != Some("Deny") {
        return Err("a resource control policy can only deny".to_owned());
    }
    if let Some(key) = ["NotPrincipal", "NotAction"].into_iter().find(|key| statement.contains_key(*key)) {
        return Err(format!("a resource control policy has no `{key}`"));
    }
    if statement.get("Principal").and_then(Value::as_str) != Some("*") {
        return Err("the `Principal` of a resource control policy is `*`".to_owned());
    }
    match statement.get("Action").map(texts) {
        Some(Some(actions)) if actions.contains(&"*") => {
            Err("an action of a resource control policy names its service".to_owned())
        }
        _ => Ok(()),
    }
}

/// The values of an element that is there under exactly one of two names.
fn one_of<'a>(statement: &'a Statement, key: &str, not: &str) -> Result<Vec<&'a str>, String> {
    let value = match (statement.get(key), statement.get(not)) {
        (Some(value), None) | (None, Some(value)) => value,
        _ => return Err(format!("a statement has either `{key}` or `{not}`")),
    };
    texts(value)
        .filter(|texts| !texts.is_empty())
        .ok_or_else(|| format!("`{key}` or `{not}` must be a text or a list of texts"))
}

fn texts(value: &Value) -> Option<Vec<&str>> {
    match value {
        Value::String(text) => Some(vec![text]),
        Value::Array(items) => items.iter().map(Value::as_str).collect(),
        _ => None,
    }
}

fn is_action(action: &str) -> bool {
    let service = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let name = |byte: u8| byte.is_ascii_alphanumeric() || b"*?-_".contains(&byte);
    action == "*"
        || action.split_once(':').is_some_and(|(prefix, rest)| {
            !prefix.is_empty() && !rest.is_empty() && prefix.bytes().all(service) && rest.bytes().all(name)
        })
}

/// Operators over keys over values; which operators and keys there are is not checked.
fn condition(condition: &Value) -> Result<(), String> {
    let fault = || "`Condition` must map operators to keys to values".to_owned();
    let scalar = |value: &Value| value.is_string() || value.is_boolean() || value.is_number();
    for keys in condition.as_object().ok_or_else(fault)?.values() {
        for value in keys.as_object().ok_or_else(fault)?.values() {
            let right = match value {
                Value::Array(items) => items.iter().all(scalar),
                one => scalar(one),
            };
            if !right {
                return Err(fault());
            }
        }
    }
    Ok(())
}
