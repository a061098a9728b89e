//! XML of a request's body as a value by its shape.

use super::BodyError;
use super::rest::{Direction, renamed};
use super::shapes::{Model, Shape};
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Map, Number, Value};

/// An element: its name, the elements in it and the text between them.
#[derive(Debug, Default)]
struct Element {
    name: String,
    children: Vec<Element>,
    text: String,
}

/// How deep elements may nest: deeper than any request here, and far from the end of the stack.
const DEEPEST: usize = 32;

/// The value of a body whose root element is of this shape.
pub(super) fn decode(model: &Model, shape: &str, body: &[u8]) -> Result<Value, BodyError> {
    let text = std::str::from_utf8(body).map_err(|error| BodyError::NotXml(error.to_string()))?;
    let root = parse(text)?;
    let value = read(model, shape, &root)?;
    Ok(renamed(model, shape, value, Direction::In))
}

fn parse(text: &str) -> Result<Element, BodyError> {
    let wrong = |what: &str| BodyError::NotXml(what.to_owned());
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = Vec::new();
    loop {
        let event = reader.read_event().map_err(|error| BodyError::NotXml(error.to_string()))?;
        match event {
            Event::Start(start) => {
                if open.len() >= DEEPEST {
                    return Err(wrong("the elements nest too deep"));
                }
                let name = start.name().local_name().into_inner().to_owned();
                open.push(Element { name, ..Element::default() });
            }
            Event::Empty(start) => {
                let name = start.name().local_name().into_inner().to_owned();
                let element = Element { name, ..Element::default() };
                match open.last_mut() {
                    Some(parent) => parent.children.push(element),
                    None => return Ok(element),
                }
            }
            Event::End(_) => {
                let element = open.pop().ok_or_else(|| wrong("an element ends that did not begin"))?;
                match open.last_mut() {
                    Some(parent) => parent.children.push(element),
                    None => return Ok(element),
                }
            }
            Event::Text(text) => push(&mut open, &text),
            Event::CData(text) => push(&mut open, &text),
            Event::GeneralRef(reference) => {
                let character = match reference.as_ref() {
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "amp" => Some('&'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => reference.resolve_char_ref().ok().flatten(),
                };
                let character = character.ok_or_else(|| wrong("it names an entity that is not known"))?;
                push(&mut open, character.encode_utf8(&mut [0; 4]));
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::DocType(_) => return Err(wrong("it declares a document type")),
            Event::Eof => return Err(wrong("it ends before its root element does")),
        }
    }
}

fn push(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

/// The value of an element, in the wire's names.
fn read(model: &Model, shape: &str, element: &Element) -> Result<Value, BodyError> {
    let wrong = |wanted| BodyError::WrongType { parameter: element.name.clone(), wanted };
    Ok(match model.shape(shape) {
        Some(Shape::Structure { members, wire, .. }) => {
            let mut value = Map::new();
            for child in &element.children {
                let named = |member: &String| wire.get(member).and_then(|wire| wire.name.as_deref());
                let member = members.iter().find(|(member, _)| named(member).unwrap_or(member) == child.name);
                let Some((_, shape)) = member else {
                    return Err(BodyError::UnknownParameter(child.name.clone()));
                };
                value.insert(child.name.clone(), read(model, shape, child)?);
            }
            Value::Object(value)
        }
        Some(Shape::List { member, .. }) => {
            let items: Result<Vec<Value>, BodyError> =
                element.children.iter().map(|child| read(model, member, child)).collect();
            Value::Array(items?)
        }
        Some(Shape::Boolean {}) => match element.text.trim() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => return Err(wrong("boolean")),
        },
        Some(Shape::Integer { .. }) => {
            Value::Number(element.text.trim().parse::<Number>().map_err(|_| wrong("integer"))?)
        }
        Some(Shape::Map { .. } | Shape::String { .. } | Shape::Timestamp { .. }) | None => {
            Value::String(element.text.clone())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::shapes::model;
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn read(text: &str) -> Result<Value, BodyError> {
        decode(model("s3control").unwrap(), "PublicAccessBlockConfiguration", text.as_bytes())
    }

    #[test]
    fn elements_become_members_of_their_types() {
        let text = "<?xml version=\"1.0\"?><!-- c --><a:B xmlns:a=\"u\"><BlockPublicAcls> true </BlockPublicAcls>\
                    <IgnorePublicAcls>&#116;rue</IgnorePublicAcls></a:B>";
        assert_eq!(read(text).unwrap(), json!({"BlockPublicAcls": true, "IgnorePublicAcls": true}));
        assert_eq!(read("<B/>").unwrap(), json!({}));
    }

    #[test]
    fn what_is_not_xml_or_not_of_the_shape_is_refused() {
        for text in ["", "text", "<B>", "</B>", "<B><A></B>", "<!DOCTYPE x><B/>", "<B><Color>red</Color></B>"]
        {
            assert!(read(text).is_err(), "{text}");
        }
        assert_eq!(
            read("<B><BlockPublicAcls>yes</BlockPublicAcls></B>"),
            Err(BodyError::WrongType { parameter: "BlockPublicAcls".to_owned(), wanted: "boolean" })
        );
        assert!(read(&format!("{}{}", "<B>".repeat(100), "</B>".repeat(100))).is_err());
    }

    proptest! {
        #[test]
        fn no_body_makes_it_stop(text in "[<>/&;# a-zA-Z!\\[\\]\"=]{0,60}") {
            let _ = read(&text);
        }
    }
}
