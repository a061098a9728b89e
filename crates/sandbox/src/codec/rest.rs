//! REST protocols: the operation is a method and a path, and members stand in the path, the query, headers or the body.

use super::query::unescaped;
use super::shapes::{Location, Model, OperationShape, Protocol, Shape, Wire, models};
use super::{BodyError, xml, xml_body};
use bytes::Bytes;
use serde_json::{Map, Number, Value};

/// A request as it came, with everything that a member can stand in.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) uri: http::Uri,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Bytes,
}

impl Sent {
    /// The parts of a request.
    pub(crate) fn of(request: &http::Request<Bytes>) -> Self {
        Self { uri: request.uri().clone(), headers: request.headers().clone(), body: request.body().clone() }
    }

    /// What tells requests of one operation apart.
    pub(crate) fn content(&self, protocol: Protocol) -> Vec<u8> {
        match protocol {
            Protocol::Json | Protocol::Query | Protocol::Ec2 => self.body.to_vec(),
            Protocol::RestJson | Protocol::RestXml => {
                [self.uri.to_string().as_bytes(), b"\n", self.body.as_ref()].concat()
            }
        }
    }
}

/// The operation of a REST service that answers to a method and a path.
pub(crate) fn find(method: &http::Method, path: &str) -> Option<(&'static Model, &'static str)> {
    let models =
        models().iter().filter(|model| matches!(model.protocol, Protocol::RestJson | Protocol::RestXml));
    models.flat_map(|model| model.operations.iter().map(move |operation| (model, operation))).find_map(
        |(model, (name, operation))| {
            let http = operation.http.as_ref()?;
            let found = http.method == method.as_str() && labels(&http.uri, path).is_some();
            found.then_some((model, name.as_str()))
        },
    )
}

/// What the labels of a template are in a path; none if the path is not of the template.
fn labels(template: &str, path: &str) -> Option<Vec<(String, String)>> {
    let (template, path) = (template.trim_end_matches('/'), path.trim_end_matches('/'));
    let mut found = Vec::new();
    let mut parts = path.split('/');
    for wanted in template.split('/') {
        let part = parts.next()?;
        match wanted.strip_prefix('{').and_then(|label| label.strip_suffix('}')) {
            Some(_) if part.is_empty() => return None,
            Some(label) => found.push((label.to_owned(), unescaped(part.as_bytes()))),
            None if wanted == part => {}
            None => return None,
        }
    }
    parts.next().is_none().then_some(found)
}

/// The request as a value in the API's member names.
pub(super) fn decode(model: &Model, operation: &OperationShape, sent: &Sent) -> Result<Value, BodyError> {
    let Some(Shape::Structure { members, wire, payload, .. }) =
        operation.input.as_deref().and_then(|input| model.shape(input))
    else {
        return Ok(Value::Object(Map::new()));
    };
    let mut value = match payload.as_ref().and_then(|member| Some((member, members.get(member)?))) {
        Some((member, shape)) => read_payload(model, member, shape, &sent.body)?,
        None => read_body(model, operation, &sent.body)?,
    };
    let labels =
        operation.http.as_ref().and_then(|http| labels(&http.uri, sent.uri.path())).unwrap_or_default();
    let query = pairs(sent.uri.query().unwrap_or_default());
    let absent = Wire::default();
    for (member, shape) in members {
        let wire = wire.get(member).unwrap_or(&absent);
        let name = wire.name.as_deref().unwrap_or(member);
        let given: Vec<String> = match wire.location {
            Location::Body => continue,
            Location::Header => sent
                .headers
                .get_all(name)
                .iter()
                .filter_map(|value| value.to_str().ok().map(str::to_owned))
                .collect(),
            Location::Querystring => {
                query.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect()
            }
            Location::Uri => {
                labels.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect()
            }
        };
        // A member that stands elsewhere is none of the body's.
        value.remove(member);
        if let Some(read) = read_texts(model, shape, member, given)? {
            value.insert(member.clone(), read);
        }
    }
    Ok(Value::Object(value))
}

/// Pairs of a query string, decoded, in order.
fn pairs(query: &str) -> Vec<(String, String)> {
    let fields = query.split('&').filter(|field| !field.is_empty());
    fields
        .map(|field| {
            let (name, value) = field.split_once('=').unwrap_or((field, ""));
            (unescaped(name.as_bytes()), unescaped(value.as_bytes()))
        })
        .collect()
}

/// The texts given for a member as its type; a list takes them all, anything else the first.
fn read_texts(
    model: &Model,
    shape: &str,
    member: &str,
    given: Vec<String>,
) -> Result<Option<Value>, BodyError> {
    let wrong = |wanted| BodyError::WrongType { parameter: member.to_owned(), wanted };
    if let Some(Shape::List { member: item, .. }) = model.shape(shape) {
        let items: Result<Vec<Option<Value>>, BodyError> =
            given.into_iter().map(|text| read_texts(model, item, member, vec![text])).collect();
        let items: Vec<Value> = items?.into_iter().flatten().collect();
        return Ok((!items.is_empty()).then_some(Value::Array(items)));
    }
    let Some(text) = given.into_iter().next() else { return Ok(None) };
    let value = match model.shape(shape) {
        Some(Shape::Integer { .. }) => Value::Number(text.parse::<Number>().map_err(|_| wrong("integer"))?),
        Some(Shape::Boolean {}) => match text.as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => return Err(wrong("boolean")),
        },
        _ => Value::String(text),
    };
    Ok(Some(value))
}

fn read_payload(
    model: &Model,
    member: &str,
    shape: &str,
    body: &[u8],
) -> Result<Map<String, Value>, BodyError> {
    let mut value = Map::new();
    if body.is_empty() {
        return Ok(value);
    }
    let read = match model.protocol {
        Protocol::RestXml => xml_body::decode(model, shape, body)?,
        Protocol::Json | Protocol::Query | Protocol::Ec2 | Protocol::RestJson => read_json(body)?,
    };
    value.insert(member.to_owned(), read);
    Ok(value)
}

fn read_body(
    model: &Model,
    operation: &OperationShape,
    body: &[u8],
) -> Result<Map<String, Value>, BodyError> {
    if body.is_empty() {
        return Ok(Map::new());
    }
    let shape = operation.input.as_deref().unwrap_or_default();
    let value = match model.protocol {
        Protocol::RestXml => xml_body::decode(model, shape, body)?,
        Protocol::Json | Protocol::Query | Protocol::Ec2 | Protocol::RestJson => {
            renamed(model, shape, read_json(body)?, Direction::In)
        }
    };
    match value {
        Value::Object(members) => Ok(members),
        _ => Err(BodyError::NotObject),
    }
}

fn read_json(body: &[u8]) -> Result<Value, BodyError> {
    let mut value = serde_json::from_slice(body).map_err(|error| BodyError::NotJson(error.to_string()))?;
    super::drop_nulls(&mut value);
    Ok(value)
}

/// Which way names are exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// From the wire's names to the API's.
    In,
    /// From the API's names to the wire's.
    Out,
}

/// The value with the names of structures exchanged, at every depth. A name that no member has stays.
pub(super) fn renamed(model: &Model, shape: &str, value: Value, direction: Direction) -> Value {
    match (model.shape(shape), value) {
        (Some(Shape::Structure { members, wire, document: false, .. }), Value::Object(given)) => {
            let each = given.into_iter().map(|(name, value)| {
                let named = |member: &String| wire.get(member).and_then(|wire| wire.name.as_deref());
                let member = match direction {
                    Direction::Out => members.get_key_value(&name),
                    Direction::In => {
                        members.iter().find(|(member, _)| named(member).unwrap_or(member) == name)
                    }
                };
                let Some((member, shape)) = member else { return (name, value) };
                let value = renamed(model, shape, value, direction);
                match direction {
                    Direction::In => (member.clone(), value),
                    Direction::Out => (named(member).unwrap_or(member).to_owned(), value),
                }
            });
            Value::Object(each.collect())
        }
        (Some(Shape::List { member, .. }), Value::Array(items)) => {
            Value::Array(items.into_iter().map(|item| renamed(model, member, item, direction)).collect())
        }
        (Some(Shape::Map { value: of, .. }), Value::Object(entries)) => {
            let each = entries.into_iter().map(|(key, value)| (key, renamed(model, of, value, direction)));
            Value::Object(each.collect())
        }
        (Some(Shape::Timestamp { timestamp_format: Some(format) }), Value::Number(seconds))
            if direction == Direction::Out && format == "iso8601" =>
        {
            Value::String(xml::iso_8601(seconds.as_f64()))
        }
        (_, value) => value,
    }
}

#[cfg(test)]
mod tests {
    use super::super::shapes::model;
    use super::*;
    use serde_json::json;

    fn sent(
        method: http::Method,
        uri: &str,
        headers: &[(&'static str, &str)],
        body: &str,
    ) -> http::Request<Bytes> {
        let mut request = http::Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Bytes::from(body.to_owned())).unwrap()
    }

    fn read(request: &http::Request<Bytes>) -> Result<Value, BodyError> {
        let (model, operation) = find(request.method(), request.uri().path()).unwrap();
        decode(model, &model.operations[operation], &Sent::of(request))
    }

    #[test]
    fn members_are_read_from_the_query_and_headers() {
        let given = sent(
            http::Method::GET,
            "/assignment/roles?account_id=444455556666&max_result=5&other=1",
            &[("x-amz-sso_bearer_token", "abc")],
            "",
        );
        assert_eq!(
            read(&given).unwrap(),
            json!({"accountId": "444455556666", "maxResults": 5, "accessToken": "abc"})
        );
        let wrong = sent(http::Method::GET, "/assignment/roles?max_result=many", &[], "");
        assert_eq!(
            read(&wrong),
            Err(BodyError::WrongType { parameter: "maxResults".to_owned(), wanted: "integer" })
        );
    }

    #[test]
    fn bodies_are_json_or_xml_and_members_that_stand_elsewhere_are_not_taken_from_them() {
        let body = r#"{"AlternateContactType": "SECURITY", "AccountId": null}"#;
        let given = sent(http::Method::POST, "/getAlternateContact", &[], body);
        assert_eq!(read(&given).unwrap(), json!({"AlternateContactType": "SECURITY"}));
        let xml = "<PublicAccessBlockConfiguration xmlns=\"http://awss3control.amazonaws.com/doc/2018-08-20/\">\
                   <BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>";
        let path = "/v20180820/configuration/publicAccessBlock";
        let given = sent(http::Method::PUT, path, &[("x-amz-account-id", "444455556666")], xml);
        let wanted =
            json!({"AccountId": "444455556666", "PublicAccessBlockConfiguration": {"BlockPublicAcls": true}});
        assert_eq!(read(&given).unwrap(), wanted);
        let not_json = sent(http::Method::POST, "/getAlternateContact", &[], "[");
        assert!(matches!(read(&not_json), Err(BodyError::NotJson(_))));
    }

    #[test]
    fn labels_are_whole_segments_of_a_path() {
        assert_eq!(labels("/things/{id}", "/things/a%20b"), Some(vec![("id".to_owned(), "a b".to_owned())]));
        assert_eq!(labels("/things/{id}", "/things/"), None);
        assert_eq!(labels("/things/{id}", "/things/a/b"), None);
        assert_eq!(labels("/logout", "/logout/"), Some(Vec::new()));
        assert!(find(&http::Method::DELETE, "/logout").is_none());
    }

    #[test]
    fn names_are_exchanged_both_ways() {
        let model = model("ec2").unwrap();
        let value = json!({"Vpcs": [{"VpcId": "vpc-1", "IsDefault": true}]});
        let wire = renamed(model, "DescribeVpcsResult", value.clone(), Direction::Out);
        assert_eq!(wire, json!({"vpcSet": [{"vpcId": "vpc-1", "isDefault": true}]}));
        assert_eq!(renamed(model, "DescribeVpcsResult", wire, Direction::In), value);
    }
}
