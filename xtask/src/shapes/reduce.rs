//! From botocore's model of a service to the facts the sandbox keeps: a pure function.

use super::ShapesError;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The facts of a service's wanted operations (`None`: all), with every shape they reach.
pub(super) fn reduce(
    service: &str,
    model: &Value,
    wanted: Option<&[&str]>,
    source: &str,
    date: &str,
) -> Result<Value, ShapesError> {
    let lacks = |what: String| ShapesError::Lacks { service: service.to_owned(), what };
    let metadata = model.get("metadata").ok_or_else(|| lacks("metadata".to_owned()))?;
    let all =
        model.get("operations").and_then(Value::as_object).ok_or_else(|| lacks("operations".to_owned()))?;
    let style = Style::of(metadata);
    let mut operations = BTreeMap::new();
    let mut reached = BTreeSet::new();
    let names: Vec<&str> = wanted.map_or_else(|| all.keys().map(String::as_str).collect(), <[&str]>::to_vec);
    for name in names {
        let operation = all.get(name).ok_or_else(|| lacks(format!("operation `{name}`")))?;
        operations.insert(name.to_owned(), reduce_operation(operation, style, &mut reached));
    }
    let shapes = model.get("shapes").ok_or_else(|| lacks("shapes".to_owned()))?;
    let mut kept = BTreeMap::new();
    while let Some(name) = reached.pop_first() {
        if kept.contains_key(&name) {
            continue;
        }
        let shape = shapes.get(&name).ok_or_else(|| lacks(format!("shape `{name}`")))?;
        kept.insert(name.clone(), reduce_shape(&name, shape, style, &mut reached));
    }
    let mut data = Map::new();
    data.insert("service".to_owned(), json!(service));
    data.insert("source".to_owned(), json!(format!("{source}, data/{service}")));
    data.insert("date".to_owned(), json!(date));
    data.insert("licence".to_owned(), json!("Apache-2.0"));
    for (ours, theirs) in [
        ("api_version", "apiVersion"),
        ("protocol", "protocol"),
        ("json_version", "jsonVersion"),
        ("target_prefix", "targetPrefix"),
        ("xml_namespace", "xmlNamespace"),
    ] {
        if let Some(value) = metadata.get(theirs) {
            data.insert(ours.to_owned(), value.clone());
        }
    }
    data.insert("operations".to_owned(), Value::Object(operations.into_iter().collect()));
    data.insert("shapes".to_owned(), Value::Object(kept.into_iter().collect()));
    Ok(Value::Object(data))
}

/// What of a model's wire names is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// Nothing: members go by their own names, in a body.
    Plain,
    /// Where each member stands, by which name, and the method and path of each operation.
    Rest,
    /// The name of each member.
    Named,
}

impl Style {
    fn of(metadata: &Value) -> Self {
        match metadata.get("protocol").and_then(Value::as_str) {
            Some("rest-json" | "rest-xml") => Self::Rest,
            Some("ec2") => Self::Named,
            _ => Self::Plain,
        }
    }
}

/// The shape a member, list or operation refers to, noted as reached.
fn reference(value: Option<&Value>, reached: &mut BTreeSet<String>) -> Option<Value> {
    let name = value?.get("shape")?.as_str()?;
    reached.insert(name.to_owned());
    Some(json!(name))
}

fn reduce_operation(operation: &Value, style: Style, reached: &mut BTreeSet<String>) -> Value {
    let mut data = Map::new();
    for part in ["input", "output"] {
        if let Some(shape) = reference(operation.get(part), reached) {
            data.insert(part.to_owned(), shape);
        }
    }
    if let Some(wrapper) = operation.pointer("/output/resultWrapper") {
        data.insert("result_wrapper".to_owned(), wrapper.clone());
    }
    if style == Style::Rest {
        let part = |name: &str| operation.pointer(&format!("/http/{name}")).cloned();
        let http = json!({ "method": part("method"), "uri": part("requestUri") });
        data.insert("http".to_owned(), http);
    }
    if operation.get("authtype").and_then(Value::as_str) == Some("none") {
        data.insert("unsigned".to_owned(), json!(true));
    }
    let errors = operation.get("errors").and_then(Value::as_array).into_iter().flatten();
    let errors: BTreeSet<String> = errors
        .filter_map(|error| reference(Some(error), reached))
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    data.insert("errors".to_owned(), json!(errors));
    Value::Object(data)
}

fn reduce_shape(name: &str, shape: &Value, style: Style, reached: &mut BTreeSet<String>) -> Value {
    let mut data = Map::new();
    for kept in [
        "type",
        "required",
        "min",
        "max",
        "pattern",
        "enum",
        "timestampFormat",
        "flattened",
        "document",
        "payload",
    ] {
        if let Some(value) = shape.get(kept) {
            let ours = if kept == "timestampFormat" { "timestamp_format" } else { kept };
            data.insert(ours.to_owned(), value.clone());
        }
    }
    if let Some(members) = shape.get("members").and_then(Value::as_object) {
        let (mut kept, mut wire) = (Map::new(), Map::new());
        for (member, target) in members {
            if let Some(shape) = reference(Some(target), reached) {
                kept.insert(member.clone(), shape);
            }
            let named = reduce_wire(member, target);
            if style != Style::Plain && !named.is_empty() {
                wire.insert(member.clone(), Value::Object(named));
            }
        }
        data.insert("members".to_owned(), Value::Object(kept));
        if !wire.is_empty() {
            data.insert("wire".to_owned(), Value::Object(wire));
        }
    }
    for part in ["member", "key", "value"] {
        if let Some(shape) = reference(shape.get(part), reached) {
            data.insert(part.to_owned(), shape);
        }
    }
    if let Some(item) = shape.pointer("/member/locationName") {
        data.insert("item_name".to_owned(), item.clone());
    }
    if shape.get("exception") == Some(&Value::Bool(true)) {
        data.insert("error".to_owned(), reduce_error(name, shape));
    }
    Value::Object(data)
}

/// Where a member stands on the wire and what it is called there, as far as that does not follow from its name.
fn reduce_wire(member: &str, target: &Value) -> Map<String, Value> {
    let mut wire = Map::new();
    for (ours, theirs) in [("location", "location"), ("name", "locationName"), ("query", "queryName")] {
        if let Some(value) = target.get(theirs).filter(|value| value.as_str() != Some(member)) {
            wire.insert(ours.to_owned(), value.clone());
        }
    }
    wire
}

/// Code and HTTP status of an error; where the model has none, the shape's name, and 500 for a fault, 400 otherwise.
fn reduce_error(name: &str, shape: &Value) -> Value {
    let fault = shape.get("fault") == Some(&Value::Bool(true));
    let status = shape
        .pointer("/error/httpStatusCode")
        .cloned()
        .unwrap_or_else(|| json!(if fault { 500 } else { 400 }));
    let code = shape.pointer("/error/code").cloned().unwrap_or_else(|| json!(name));
    json!({ "code": code, "status": status })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_wanted_operations_reach_is_kept_and_prose_is_not() {
        let model = json!({
            "metadata": {"apiVersion": "1", "protocol": "json", "targetPrefix": "T"},
            "operations": {
                "Get": {"input": {"shape": "GetRequest"}, "errors": [{"shape": "Gone"}], "documentation": "long"},
                "Put": {"input": {"shape": "PutRequest"}},
            },
            "shapes": {
                "GetRequest": {"type": "structure", "required": ["Id"], "members": {"Id": {"shape": "Id", "documentation": "x"}}},
                "Id": {"type": "string", "pattern": "^i$", "documentation": "x"},
                "Gone": {"type": "structure", "members": {}, "exception": true},
                "PutRequest": {"type": "structure", "members": {}},
            },
        });
        let data = reduce("toy", &model, Some(&["Get"]), "botocore 1.2.3", "2026-11-23").unwrap();
        assert_eq!(
            data,
            json!({
                "service": "toy", "source": "botocore 1.2.3, data/toy", "date": "2026-11-23", "licence": "Apache-2.0",
                "api_version": "1", "protocol": "json", "target_prefix": "T",
                "operations": {"Get": {"input": "GetRequest", "errors": ["Gone"]}},
                "shapes": {
                    "GetRequest": {"type": "structure", "required": ["Id"], "members": {"Id": "Id"}},
                    "Gone": {"type": "structure", "members": {}, "error": {"code": "Gone", "status": 400}},
                    "Id": {"type": "string", "pattern": "^i$"},
                },
            })
        );
    }

    #[test]
    fn a_rest_service_keeps_where_its_members_stand() {
        let model = json!({
            "metadata": {"protocol": "rest-json"},
            "operations": {"Get": {
                "http": {"method": "GET", "requestUri": "/thing"}, "authtype": "none", "input": {"shape": "GetRequest"},
            }},
            "shapes": {
                "GetRequest": {"type": "structure", "members": {
                    "id": {"shape": "Id", "location": "querystring", "locationName": "thing_id"}, "color": {"shape": "Id"},
                }},
                "Id": {"type": "string"},
            },
        });
        let data = reduce("toy", &model, None, "botocore 1", "2026-11-23").unwrap();
        assert_eq!(
            data["operations"]["Get"],
            json!({"input": "GetRequest", "http": {"method": "GET", "uri": "/thing"}, "unsigned": true, "errors": []})
        );
        let wire = json!({"id": {"location": "querystring", "name": "thing_id"}});
        assert_eq!(data["shapes"]["GetRequest"]["wire"], wire);
    }

    #[test]
    fn an_operation_the_model_lacks_is_named() {
        let model = json!({"metadata": {}, "operations": {}, "shapes": {}});
        let error = reduce("toy", &model, Some(&["Fly"]), "botocore 1", "2026-11-23").unwrap_err();
        assert_eq!(error.to_string(), "the model of `toy` has no operation `Fly`");
    }
}
