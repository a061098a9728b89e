//! From a resource type's schema to its block of lines: a pure function.

use super::attributes::Attributes;
use super::schema::{Schema, names};
use super::{ResourceTypesError, lacks};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The facts of a type that are ways of properties.
const WAYS: [(&str, &str); 4] = [
    ("identifier", "primaryIdentifier"),
    ("createOnly", "createOnlyProperties"),
    ("readOnly", "readOnlyProperties"),
    ("writeOnly", "writeOnlyProperties"),
];

/// The block of one type.
pub(super) fn reduce(
    name: &str,
    root: &Value,
    attributes: &Attributes,
) -> Result<String, ResourceTypesError> {
    if !root.get("properties").is_some_and(Value::is_object) {
        return Err(lacks(name, "properties"));
    }
    let mut block = format!("={name}\n");
    for (fact, key) in WAYS {
        let conditional =
            if fact == "createOnly" { ways(root, "conditionalCreateOnlyProperties") } else { vec![] };
        let all: Vec<String> = ways(root, key).into_iter().chain(conditional).collect();
        fact_line(&mut block, fact, &all);
    }
    fact_line(&mut block, "attributes", &attributes_of(name, root, attributes));
    fact_line(&mut block, "tags", &tag_property(root).into_iter().collect::<Vec<_>>());
    let mut schema = Schema::new(root);
    schema.write_map(root, "", &mut block);
    while let Some((map, lines)) = schema.next_map() {
        let _ = write!(block, ":{map}\n{lines}");
    }
    Ok(block)
}

/// Writing to a `String` cannot fail, which is why the outcome is dropped here and below.
pub(super) fn fact_line(block: &mut String, fact: &str, names: &[String]) {
    if !names.is_empty() {
        let _ = writeln!(block, "@{fact} {}", names.join(" "));
    }
}

/// `/properties/A/B` is `A/B`.
fn ways(root: &Value, key: &str) -> Vec<String> {
    let all = root.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let ways: BTreeSet<String> =
        all.filter_map(|way| way.strip_prefix("/properties/")).map(str::to_owned).collect();
    ways.into_iter().collect()
}

fn attributes_of(name: &str, root: &Value, attributes: &Attributes) -> Vec<String> {
    let mut all: BTreeSet<String> = ways(root, "readOnlyProperties")
        .into_iter()
        .filter(|way| !way.contains('*'))
        .map(|way| way.replace('/', "."))
        .collect();
    all.extend(attributes.more.get(name).into_iter().flatten().cloned());
    if attributes.all.contains(name) {
        all.extend(names(root));
    }
    all.into_iter().collect()
}

/// The property that holds the tags, where the type can be tagged.
fn tag_property(root: &Value) -> Option<String> {
    let tagging = root.get("tagging");
    let flag = |key: &str| tagging.and_then(|tagging| tagging.get(key)).and_then(Value::as_bool);
    let is_taggable = flag("taggable").or_else(|| root.get("taggable").and_then(Value::as_bool));
    if is_taggable == Some(false) {
        return None;
    }
    let way = tagging.and_then(|tagging| tagging.get("tagProperty")).and_then(Value::as_str);
    let property = way.and_then(|way| way.strip_prefix("/properties/")).unwrap_or("Tags");
    let is_there = root.get("properties").and_then(|all| all.get(property)).is_some();
    is_there.then(|| property.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn reduced(schema: &Value) -> String {
        let attributes = Attributes { all: BTreeSet::new(), more: [].into() };
        reduce("AWS::A::B", schema, &attributes).unwrap()
    }

    #[test]
    fn a_schema_becomes_a_block_of_lines() {
        let schema = json!({
            "primaryIdentifier": ["/properties/Name"],
            "createOnlyProperties": ["/properties/Name"],
            "readOnlyProperties": ["/properties/Arn", "/properties/End/Port", "/properties/L/*/Id"],
            "tagging": {"taggable": true, "tagProperty": "/properties/Tags"},
            "required": ["Name"],
            "requiredXor": ["A", "End"],
            "dependentExcluded": {"A": ["M"]},
            "properties": {
                "Name": {"type": "string", "minLength": 1, "maxLength": 9, "pattern": "^[a-z]+$", "description": "prose"},
                "Arn": {"$ref": "#/definitions/Arn"},
                "A": {"type": "string", "enum": ["x", "y"]},
                "Kind": {"type": "string", "enum": ["a b", "c"]},
                "Looks": {"type": "string", "pattern": "^(?!aws)"},
                "Size": {"type": "integer", "minimum": 1},
                "Policy": {"type": ["object", "string"]},
                "L": {"type": "array", "maxItems": 5, "items": {"$ref": "#/definitions/Item"}},
                "M": {"type": "object", "patternProperties": {".*": {"type": "string"}}},
                "End": {"type": "object", "properties": {"Port": {"type": "integer"}}, "additionalProperties": false},
                "Tags": {"type": "array", "items": {"$ref": "#/definitions/Item"}},
                "Any": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
                "Which": {"oneOf": [{"type": "object", "properties": {"P": {"type": "boolean"}}, "required": ["P"]},
                    {"type": "object", "properties": {"Q": {}}, "required": ["Q"]}]}
            },
            "definitions": {
                "Arn": {"type": "string", "maxLength": 20},
                "Item": {"type": "object", "required": ["Id"], "properties": {"Id": {"type": "string"}, "Next": {"$ref": "#/definitions/Item"}}},
                "Unused": {"type": "object", "properties": {}}
            }
        });
        assert_eq!(
            reduced(&schema),
            "=AWS::A::B\n@identifier Name\n@createOnly Name\n@readOnly Arn End/Port L/*/Id\n@attributes Arn End.Port\n\
             @tags Tags\n@required Name\n@one A End\n@not A M\n\
             A s =x|y\nAny *\nArn s ..20\nEnd #.End\nKind s\nL [..5 #Item\nLooks s\nM {s\nName s 1..9 ~^[a-z]+$\n\
             Policy os\nSize i 1..\nTags [#Item\nWhich #.Which\n\
             :.End\nPort i\n\
             :.Which\n@one P Q\nP b\nQ *\n\
             :Item\n@required Id\nId s\nNext #Item\n"
        );
    }

    #[test]
    fn what_is_no_schema_is_refused() {
        let attributes = Attributes { all: BTreeSet::new(), more: [].into() };
        assert!(reduce("AWS::A::B", &json!({}), &attributes).is_err());
    }
}
