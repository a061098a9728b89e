//! Query requests: a form whose field names are paths, `Tags.member.1.Key=team`; EC2 leaves out `member`, and has names
//! of its own.

use super::BodyError;
use super::shapes::{Model, Protocol, Shape, Wire};
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
pub(super) fn unescaped(text: &[u8]) -> String {
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
    /// What a member is called in a form: by its own name, for EC2 by its wire name with a large first letter.
    fn name(&self, member: &str, wire: Option<&Wire>) -> String {
        let named = wire.filter(|_| self.model.protocol == Protocol::Ec2).and_then(|wire| {
            let capital = wire.name.as_deref().map(upper_first);
            wire.query.clone().or(capital)
        });
        named.unwrap_or_else(|| member.to_owned())
    }

    /// The value at a path, none if no field starts there.
    fn value(&mut self, shape: &str, path: &str) -> Result<Option<Value>, BodyError> {
        let below = if path.is_empty() { String::new() } else { format!("{path}.") };
        let wrong = |wanted| BodyError::WrongType { parameter: path.to_owned(), wanted };
        Ok(match self.model.shape(shape) {
            Some(Shape::Structure { members, wire, .. }) => {
                let mut object = Map::new();
                for (member, shape) in members {
                    let name = self.name(member, wire.get(member));
                    if let Some(value) = self.value(shape, &format!("{below}{name}"))? {
                        object.insert(member.clone(), value);
                    }
                }
                (!object.is_empty() || path.is_empty()).then_some(Value::Object(object))
            }
            Some(Shape::List { member, item_name, .. }) => {
                let item = match self.model.protocol {
                    Protocol::Ec2 => below.clone(),
                    Protocol::Json | Protocol::Query | Protocol::RestJson | Protocol::RestXml => {
                        format!("{below}{}.", item_name.as_deref().unwrap_or("member"))
                    }
                };
                let mut items = Vec::new();
                while let Some(value) = self.value(member, &format!("{item}{}", items.len() + 1))? {
                    items.push(value);
                }
                // Clients write an empty list as its bare name, and no list as nothing.
                let empty = items.is_empty() && self.fields.get(path).is_some_and(String::is_empty);
                if empty {
                    self.fields.remove(path);
                }
                (empty || !items.is_empty()).then_some(Value::Array(items))
            }
            Some(Shape::Map { key, value, .. }) => {
                let mut entries = Map::new();
                loop {
                    let at = format!("{below}entry.{}", entries.len() + 1);
                    let Some(Value::String(name)) = self.value(key, &format!("{at}.key"))? else { break };
                    let value = self.value(value, &format!("{at}.value"))?.unwrap_or(Value::Null);
                    if entries.insert(name, value).is_some() {
                        return Err(wrong("map with every key once"));
                    }
                }
                (!entries.is_empty()).then_some(Value::Object(entries))
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
            // No request of the services so far has a time in its form.
            Some(Shape::Timestamp { .. } | Shape::String { .. }) | None => {
                self.fields.remove(path).map(Value::String)
            }
        })
    }
}

fn upper_first(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(characters).collect()
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
    fn maps_are_entries_and_an_empty_list_is_a_bare_name() {
        let read = |body: &str| {
            decode(model("cloudformation").unwrap(), Some("CreateChangeSetInput"), body.as_bytes())
        };
        let body = "StackName=s&ChangeSetName=c&Tags=&ResourcesToImport.member.1.ResourceType=T\
                    &ResourcesToImport.member.1.ResourceIdentifier.entry.1.key=A\
                    &ResourcesToImport.member.1.ResourceIdentifier.entry.1.value=one";
        let wanted = json!({"StackName": "s", "ChangeSetName": "c", "Tags": [],
            "ResourcesToImport": [{"ResourceType": "T", "ResourceIdentifier": {"A": "one"}}]});
        assert_eq!(read(body).unwrap(), wanted);
        let twice = "ResourcesToImport.member.1.ResourceIdentifier.entry.1.key=A\
                     &ResourcesToImport.member.1.ResourceIdentifier.entry.2.key=A";
        assert!(read(twice).is_err());
    }

    #[test]
    fn forms_of_ec2_have_its_names_and_no_word_before_a_number() {
        let body = "Filter.1.Name=isDefault&Filter.1.Value.1=true&VpcId.1=vpc-1&VpcId.2=vpc-2&DryRun=false";
        let read = decode(model("ec2").unwrap(), Some("DescribeVpcsRequest"), body.as_bytes());
        let wanted = json!({"Filters": [{"Name": "isDefault", "Values": ["true"]}], "VpcIds": ["vpc-1", "vpc-2"],
            "DryRun": false});
        assert_eq!(read.unwrap(), wanted);
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
