//! YAML with CloudFormation's short tags, from parser events.
//!
//! Aliases and merge keys are refused as CloudFormation refuses them; so are tags that it does not know.
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html>.

use super::DEPTH_AT_MOST;
use super::scalar::{Plain, plain};
use super::tag;
use crate::fault::{Fault, Path};
use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};
use serde_json::{Map, Value};

/// Reads one document.
pub(super) fn read(text: &str) -> Result<Value, Fault> {
    refuse_control_characters(text)?;
    let mut reader = Reader { open: Vec::new(), root: None, documents: 0, nested: 0 };
    let mut parser = Parser::new_from_str(text);
    while let Some(next) = parser.next_event() {
        let (event, span) = next.map_err(|error| {
            let marker = error.marker();
            let place = format!("(line {}, column {})", marker.line(), marker.col() + 1);
            Fault::new(Path::Root, format!("Template format error: YAML not well-formed. {place}"))
        })?;
        reader.take(event, span)?;
    }
    reader.root.ok_or_else(|| Fault::new(Path::Root, "Template format error: unsupported structure."))
}

/// YAML knows no such characters; some of them end the parser's input silently.
fn refuse_control_characters(text: &str) -> Result<(), Fault> {
    let control =
        |character: char| character.is_control() && !matches!(character, '\t' | '\n' | '\r' | '\u{85}');
    let Some(at) = text.find(control) else { return Ok(()) };
    let line = text.get(..at).unwrap_or_default().matches('\n').count() + 1;
    let message =
        format!("Template format error: YAML not well-formed. (a control character in line {line})");
    Err(Fault::new(Path::Root, message))
}

pub(super) fn twice(key: &str, place: &str) -> Fault {
    Fault::new(Path::Root, format!("Template format error: the key `{key}` is given twice {place}"))
}

pub(super) fn ambiguous(text: &str, place: &str) -> Fault {
    let message =
        format!("Template format error: `{text}` would lose its form as a number {place}; put it in quotes");
    Fault::new(Path::Root, message)
}

pub(super) fn too_deep(place: &str) -> Fault {
    let message = format!(
        "Template format error: values are nested too deeply {place}; {DEPTH_AT_MOST} levels are the most"
    );
    Fault::new(Path::Root, message)
}

/// Where a value begins, in the words of CloudFormation's errors.
fn place(span: Span) -> String {
    format!("(line {}, column {})", span.start.line(), span.start.col() + 1)
}

struct Reader {
    open: Vec<Open>,
    root: Option<Value>,
    documents: usize,
    /// Levels that are open, those that tags add included.
    nested: usize,
}

/// A list or map whose end has not come yet.
struct Open {
    /// The function that its tag stands for.
    function: Option<&'static str>,
    items: Items,
}

enum Items {
    List(Vec<Value>),
    Map { members: Map<String, Value>, key: Option<String> },
}

impl Reader {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Fault> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    let message = format!("Template format error: a second document begins {}", place(span));
                    return Err(Fault::new(Path::Root, message));
                }
                Ok(())
            }
            Event::Alias(_) => {
                let message = format!(
                    "Template error: YAML aliases are not allowed in CloudFormation templates {}",
                    place(span)
                );
                Err(Fault::new(Path::Root, message))
            }
            Event::Scalar(text, style, _, tag) => self.scalar(&text, style, tag.as_deref(), span),
            Event::SequenceStart(_, tag) => self.open(Items::List(Vec::new()), tag.as_deref(), span),
            Event::MappingStart(_, tag) => {
                self.open(Items::Map { members: Map::new(), key: None }, tag.as_deref(), span)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, tag: Option<&Tag>, span: Span) -> Result<(), Fault> {
        if self.awaits_key() {
            return self.key(text, tag, span);
        }
        let text_value = || Value::String(text.to_owned());
        let value = match kind(tag, span)? {
            Kind::Text => text_value(),
            // What a tag of CloudFormation stands before is text, however it looks.
            Kind::Function(function) => tag::long_form(function, text_value()),
            Kind::Untagged if style != ScalarStyle::Plain => text_value(),
            Kind::Untagged => match plain(text) {
                Plain::Is(value) => value,
                Plain::Ambiguous => return Err(ambiguous(text, &place(span))),
            },
        };
        self.put(value, span)
    }

    fn awaits_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { items: Items::Map { key: None, .. }, .. }))
    }

    fn key(&mut self, text: &str, tag: Option<&Tag>, span: Span) -> Result<(), Fault> {
        let at = place(span);
        if tag.is_some() || text == "<<" || text.is_empty() {
            let message = format!("Template format error: `{text}` cannot be a key here {at}");
            return Err(Fault::new(Path::Root, message));
        }
        if let Some(Open { items: Items::Map { members, key }, .. }) = self.open.last_mut() {
            if members.contains_key(text) {
                return Err(twice(text, &at));
            }
            *key = Some(text.to_owned());
        }
        Ok(())
    }

    fn open(&mut self, items: Items, tag: Option<&Tag>, span: Span) -> Result<(), Fault> {
        if self.awaits_key() {
            let message = format!("Template format error: a list or map cannot be a key {}", place(span));
            return Err(Fault::new(Path::Root, message));
        }
        let function = match kind(tag, span)? {
            Kind::Function(function) => Some(function),
            Kind::Untagged => None,
            Kind::Text => return Err(unknown_tag("!!str", span)),
        };
        self.nested += 1 + usize::from(function.is_some());
        if self.nested > DEPTH_AT_MOST {
            return Err(too_deep(&place(span)));
        }
        self.open.push(Open { function, items });
        Ok(())
    }

    fn close(&mut self, span: Span) -> Result<(), Fault> {
        let Some(Open { function, items }) = self.open.pop() else { return Ok(()) };
        self.nested -= 1 + usize::from(function.is_some());
        let value = match items {
            Items::List(items) => Value::Array(items),
            Items::Map { members, .. } => Value::Object(members),
        };
        let value = match function {
            Some(function) => tag::long_form(function, value),
            None => value,
        };
        self.put(value, span)
    }

    /// Hands a finished value to the list, map or document it belongs to.
    fn put(&mut self, value: Value, span: Span) -> Result<(), Fault> {
        match self.open.last_mut().map(|open| &mut open.items) {
            None => self.root = Some(value),
            Some(Items::List(items)) => items.push(value),
            Some(Items::Map { members, key }) => {
                let Some(key) = key.take() else {
                    let message = format!("Template format error: YAML not well-formed. {}", place(span));
                    return Err(Fault::new(Path::Root, message));
                };
                members.insert(key, value);
            }
        }
        Ok(())
    }
}

/// What a tag makes of a value.
enum Kind {
    Untagged,
    /// `!!str`.
    Text,
    Function(&'static str),
}

fn kind(tag: Option<&Tag>, span: Span) -> Result<Kind, Fault> {
    let Some(tag) = tag else { return Ok(Kind::Untagged) };
    if tag.is_yaml_core_schema() && tag.suffix == "str" {
        return Ok(Kind::Text);
    }
    let function = if tag.handle == "!" { tag::function(&tag.suffix) } else { None };
    function.map(Kind::Function).ok_or_else(|| unknown_tag(&tag.to_string(), span))
}

fn unknown_tag(tag: &str, span: Span) -> Fault {
    let message = format!("Template format error: `{tag}` is not a tag of CloudFormation {}", place(span));
    Fault::new(Path::Root, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        read(text).map_or_else(|fault| fault.message, |value| value.to_string())
    }

    #[test]
    fn short_tags_become_the_long_form() {
        let text = "a: !Sub 'x-${B}'\nb: !GetAtt Trail.Arn\nc: !Join\n  - ','\n  - [!Ref A, 1, yes, '1']\n\
                    d: !Equals [!Ref A, 1.5]\ne: !GetAtt [Nested, Outputs.Arn]\nf: !Ref 12\ng: !!str 12\n";
        assert_eq!(
            shown(text),
            r#"{"a":{"Fn::Sub":"x-${B}"},"b":{"Fn::GetAtt":["Trail","Arn"]},"c":{"Fn::Join":[",",[{"Ref":"A"},1,true,"1"]]},"d":{"Fn::Equals":[{"Ref":"A"},1.5]},"e":{"Fn::GetAtt":["Nested","Outputs.Arn"]},"f":{"Ref":"12"},"g":"12"}"#
        );
    }

    #[test]
    fn what_cloudformation_or_two_readers_would_take_differently_is_refused() {
        for (text, message) in [
            (
                "a: &x 1\nb: *x\n",
                "YAML aliases are not allowed in CloudFormation templates (line 2, column 4)",
            ),
            ("a: 1\na: 2\n", "the key `a` is given twice (line 2, column 1)"),
            ("a: !Foo 1\n", "`!Foo` is not a tag of CloudFormation"),
            ("a: !!int 1\n", "is not a tag of CloudFormation"),
            ("a: 007\n", "`007` would lose its form as a number (line 1, column 4); put it in quotes"),
            ("<<: {a: 1}\n", "`<<` cannot be a key here"),
            ("? [a]\n: 1\n", "a list or map cannot be a key"),
            ("a: 1\n---\nb: 2\n", "a second document begins"),
            ("a: [\n", "YAML not well-formed."),
            ("a: \u{0}\n", "a control character in line 1"),
            ("", "unsupported structure."),
        ] {
            assert!(shown(text).contains(message), "{text:?} says {}", shown(text));
        }
        let deep = "a: ".to_owned() + &"[".repeat(80) + &"]".repeat(80);
        assert!(shown(&deep).contains("nested too deeply"));
    }
}
