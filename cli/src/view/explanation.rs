//! An explanation as JSON.

use glidepath_iam::decision::Outcome;
use glidepath_manifest::{Sources, Span};
use glidepath_plan::explain::{Clause, Explanation, Held, Remedy, Stop, StopKind};
use serde_json::{Value, json};

/// The document.
pub(crate) fn json(explanation: &Explanation, sources: &Sources) -> Value {
    let path: Vec<Value> = explanation
        .path
        .iter()
        .map(|step| {
            json!({
                "layer": step.layer.word(),
                "level": step.level,
                "decision": step.outcome.word(),
                "policy": step.policy,
                "sid": step.sid,
            })
        })
        .collect();
    let stops: Vec<Value> = explanation.stops.iter().map(|stop| self::stop(stop, sources)).collect();
    json!({
        "format_version": 1,
        "decision": explanation.outcome.word(),
        "allowed": explanation.outcome == Outcome::Allowed,
        "principal": explanation.principal,
        "action": explanation.action,
        "resource": explanation.resource,
        "principal_account": explanation.principal_account,
        "resource_account": explanation.resource_account,
        "path": path,
        "stops": stops,
        "undecided_keys": explanation.undecided,
        "assumed": explanation.assumed,
        "notes": explanation.notes,
        "unread_policies": explanation.unread,
    })
}

fn stop(stop: &Stop, sources: &Sources) -> Value {
    let remedies: Vec<Value> = stop.remedies.iter().map(|remedy| self::remedy(remedy, sources)).collect();
    let mut value = json!({
        "layer": stop.layer.word(),
        "level": stop.level,
        "certain": stop.certain,
        "remedies": remedies,
    });
    let kind = match &stop.kind {
        StopKind::Denied { policy, sid, statement, document } => {
            json!({ "policy": policy, "sid": sid, "statement": statement, "document": document })
        }
        StopKind::NotAllowed { attached } => json!({ "attached": attached }),
    };
    let name = if matches!(stop.kind, StopKind::Denied { .. }) { "denied_by" } else { "nothing_allows" };
    if let Some(members) = value.as_object_mut() {
        members.insert(name.to_owned(), kind);
    }
    value
}

fn remedy(remedy: &Remedy, sources: &Sources) -> Value {
    match remedy {
        Remedy::Request(clauses) => {
            json!({ "another_request": clauses.iter().map(clause).collect::<Vec<_>>() })
        }
        Remedy::Guardrail { id, span } => json!({ "guardrail": id, "place": place(Some(*span), sources) }),
        Remedy::Policy { name, span } => json!({ "policy": name, "place": place(*span, sources) }),
        Remedy::Attach { ty, full_access } => {
            json!({ "attach": ty.key(), "for_example": full_access })
        }
    }
}

fn clause(clause: &Clause) -> Value {
    let held = match &clause.held {
        Held::Values(values) => json!(values),
        Held::Absent => json!([]),
        Held::Unknown => Value::Null,
    };
    json!({ "operator": clause.operator, "key": clause.key, "values": clause.values, "request": held })
}

/// `file:line:column` of a place of the manifest.
pub(crate) fn place(span: Option<Span>, sources: &Sources) -> Option<String> {
    let (file, position) = sources.locate(span?)?;
    Some(format!("{file}:{}:{}", position.line, position.column))
}
