//! Query requests: a form whose field names are paths, `Tags.member.1.Key=team`.

use super::BodyError;
use super::shapes::{Model, Shape};
use serde_json::{Map, Number, Value};
use std::collections::BTreeMap;

/// Fields of a form, decoded. A field given twice counts once, the last.
pub(crate) fn form(body: &[u8]) -> BTreeMap<String, String> {
    body.split(|byte| *byte == b'&')
        .filter(|field| !field.is_empty())
        .map(|field| {
            let mut parts = field.splitn(2, |byte| *byte == b'=');
            let name = unescaped(parts.next().unwrap_or_default());
            (name, unescaped(parts.next().unwrap_or_default()))
        })
        .collect()
}

/// Percent-decoding, with `+` for a space; what is not UTF-8 becomes U+FFFD.
fn unescaped(text: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match (first, hex.and_then(|pair| u8::from_str_radix(pair, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            (b'+', _) => {
                bytes.push(b' ');
                rest = after;
            }
            (other, _) => {
                bytes.push(*other);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The request as a value by its shape. `Action` and `Version` say which request it is, and are no part of it.
pub(super) fn decode(model: &Model, shape: Option<&str>, body: &[u8]) -> Result<Value, BodyError> {
    let mut fields = form(body);
    fields.remove("Action");
    fields.remove("Version");
    let mut reading = Reading { model, fields };
    let value = shape.map_or(Ok(None), |shape| reading.value(shape, ""))?;
    match reading.fields.into_keys().next() {
        Some(unknown) => Err(BodyError::UnknownParameter(unknown)),
        None => Ok(value.unwrap_or_else(|| Value::Object(Map::new()))),
    }
}

struct Reading<'m> {
    model: &'m Model,
    /// What no member has taken yet.
    fields: BTreeMap<String, String>,
}

impl Reading<'_> {
    /// The value at a path, none if no field starts there.
    fn value(&mut self, shape: &str, path: &str) -> Result<Option<Value>, BodyError> {
        let below = if path.is_empty() { String::new() } else { format!("{path}.") };
        let wrong = |wanted| BodyError::WrongType { parameter: path.to_owned(), wanted };
        Ok(match self.model.shape(shape) {
            Some(Shape::Structure { members, .. }) => {
                let mut object = Map::new();
                for (member, shape) in members {
                    if let Some(value) = self.value(shape, &format!("{below}{member}"))? {
                        object.insert(member.clone(), value);
                    }
                }
                (!object.is_empty() || path.is_empty()).then_some(Value::Object(object))
            }
            Some(Shape::List { member, item_name, .. }) => {
                let item = item_name.as_deref().unwrap_or("member");
                let mut items = Vec::new();
                while let Some(value) = self.value(member, &format!("{below}{item}.{}", items.len() + 1))? {
                    items.push(value);
                }
                (!items.is_empty()).then_some(Value::Array(items))
            }
            Some(Shape::Integer { .. }) => match self.fields.remove(path) {
                None => None,
                Some(text) => Some(Value::Number(text.parse::<Number>().map_err(|_| wrong("integer"))?)),
            },
            Some(Shape::Boolean {}) => match self.fields.remove(path).as_deref() {
                None => None,
                Some("true") => Some(Value::Bool(true)),
                Some("false") => Some(Value::Bool(false)),
                Some(_) => return Err(wrong("boolean")),
            },
            // No request of the services so far has a map or a time in its form.
            Some(Shape::Map { .. } | Shape::Timestamp {} | Shape::String { .. }) | None => {
                self.fields.remove(path).map(Value::String)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::shapes::model;
    use super::*;
    use serde_json::json;

    fn read(body: &str) -> Result<Value, BodyError> {
        decode(model("sts").unwrap(), Some("AssumeRoleRequest"), body.as_bytes())
    }

    #[test]
    fn paths_become_structures_and_lists() {
        let body = "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A444455556666%3Arole%2Fa+b\
                    &DurationSeconds=900&Tags.member.1.Key=team&Tags.member.1.Value=%C3%A9&Tags.member.2.Key=x&Tags.member.2.Value=";
        let wanted = json!({"RoleArn": "arn:aws:iam::444455556666:role/a b", "DurationSeconds": 900,
            "Tags": [{"Key": "team", "Value": "é"}, {"Key": "x", "Value": ""}]});
        assert_eq!(read(body).unwrap(), wanted);
    }

    #[test]
    fn a_field_no_member_takes_is_refused() {
        assert_eq!(read("RoleArm=x"), Err(BodyError::UnknownParameter("RoleArm".to_owned())));
        assert_eq!(
            read("DurationSeconds=long"),
            Err(BodyError::WrongType { parameter: "DurationSeconds".to_owned(), wanted: "integer" })
        );
    }
}
