//! YAML as a tree that knows where each value stands.
//!
//! Anchors, tags, several documents and keys that are no plain text are refused: a file of a catalogue says
//! what it says in one place.

use crate::fault::{Fault, Place};
use saphyr_parser::{Event, Parser, ScalarStyle};

/// Levels of nesting; a policy or a template's value needs fewer than twenty.
const DEEPEST: usize = 32;

/// A value and where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Where it begins.
    pub place: Place,
    /// What stands there.
    pub value: Value,
}

/// A value without its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing was written, or `null`.
    Empty,
    /// A text; also what is quoted, and what only looks like a number.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// True or false.
    Flag(bool),
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of the file.
    Map(Vec<Member>),
}

/// A key of a map with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The key.
    pub key: String,
    /// Where the key begins.
    pub place: Place,
    /// The value.
    pub value: Node,
}

impl Node {
    /// What it is, in words.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Empty => "nothing",
            Value::Text(_) => "a text",
            Value::Integer(_) => "a whole number",
            Value::Flag(_) => "true or false",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }

    /// The members of a map; none for anything else.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        match &self.value {
            Value::Map(members) => members,
            _ => &[],
        }
    }

    /// The value under a key of a map.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.members().iter().find(|member| member.key == key).map(|member| &member.value)
    }
}

/// Reads one file.
///
/// # Errors
/// The first fault of the YAML itself, or every duplicate key.
pub fn read(file: &str, text: &str) -> Result<Node, Vec<Fault>> {
    let mut reader = Reader { file, open: Vec::new(), root: None, documents: 0, faults: Vec::new() };
    let mut parser = Parser::new_from_str(text);
    while let Some(next) = parser.next_event() {
        let taken = match next {
            Ok((event, span)) => {
                let place = Place { line: span.start.line(), column: span.start.col() + 1 };
                reader.take(event, place)
            }
            Err(error) => {
                let place = Place { line: error.marker().line(), column: error.marker().col() + 1 };
                Err(reader.fault(place, format!("not YAML: {}", error.info())))
            }
        };
        if let Err(fault) = taken {
            return Err(vec![fault]);
        }
    }
    match reader.root {
        _ if !reader.faults.is_empty() => Err(reader.faults),
        Some(node) => Ok(node),
        None => Err(vec![Fault::new(file, Place { line: 1, column: 1 }, "the file is empty")]),
    }
}

struct Reader<'f> {
    file: &'f str,
    open: Vec<(Place, Open)>,
    root: Option<Node>,
    documents: usize,
    faults: Vec<Fault>,
}

enum Open {
    List(Vec<Node>),
    Map(Vec<Member>, Option<(String, Place)>),
}

impl Reader<'_> {
    fn fault(&self, place: Place, message: impl AsRef<str>) -> Fault {
        Fault::new(self.file, place, message)
    }

    fn take(&mut self, event: Event<'_>, place: Place) -> Result<(), Fault> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(self.fault(place, "a second document begins here: one file holds one"));
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse(anchor, tag.is_some(), place)?;
                let value = if style == ScalarStyle::Plain { plain(&text) } else { Value::Text(text.into()) };
                self.put(Node { place, value })?;
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse(anchor, tag.is_some(), place)?;
                self.begin(place, Open::List(Vec::new()))?;
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse(anchor, tag.is_some(), place)?;
                self.begin(place, Open::Map(Vec::new(), None))?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some((place, open)) = self.open.pop() {
                    let value = match open {
                        Open::List(items) => Value::List(items),
                        Open::Map(members, _) => Value::Map(members),
                    };
                    self.put(Node { place, value })?;
                }
            }
            Event::Alias(_) => return Err(self.fault(place, "an alias: write the value out")),
        }
        Ok(())
    }

    fn refuse(&self, anchor: usize, tagged: bool, place: Place) -> Result<(), Fault> {
        match (anchor, tagged) {
            (0, false) => Ok(()),
            (_, true) => Err(self.fault(place, "a tag: only plain YAML is read here")),
            (_, false) => Err(self.fault(place, "an anchor: write the value out where it is needed")),
        }
    }

    fn begin(&mut self, place: Place, open: Open) -> Result<(), Fault> {
        if self.open.len() >= DEEPEST {
            return Err(self.fault(place, format!("nested deeper than {DEEPEST} levels")));
        }
        self.open.push((place, open));
        Ok(())
    }

    fn put(&mut self, node: Node) -> Result<(), Fault> {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some((_, Open::List(items))) => items.push(node),
            Some((_, Open::Map(members, key))) => match key.take() {
                Some((key, place)) => {
                    if members.iter().any(|member| member.key == key) {
                        let fault = Fault::new(self.file, place, format!("`{key}` stands here twice"));
                        self.faults.push(fault);
                    } else {
                        members.push(Member { key, place, value: node });
                    }
                }
                None => {
                    let text = match node.value {
                        Value::Text(text) => text,
                        Value::Integer(number) => number.to_string(),
                        _ => return Err(Fault::new(self.file, node.place, "a key is a text")),
                    };
                    *key = Some((text, node.place));
                }
            },
        }
        Ok(())
    }
}

/// The type of a plain scalar: a fraction such as `1.2` stays text, for it is compared as one.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" => return Value::Empty,
        "true" => return Value::Flag(true),
        "false" => return Value::Flag(false),
        _ => {}
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let leading_zero = digits.len() > 1 && digits.starts_with('0');
    match text.parse() {
        Ok(number) if !leading_zero && !text.starts_with('+') => Value::Integer(number),
        _ => Value::Text(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(text: &str) -> String {
        read("x.yaml", text).unwrap_err().first().unwrap().to_string()
    }

    #[test]
    fn values_have_types_and_places() {
        let root = read("x.yaml", "a: [1, 1.2, 007, \"true\", false, ]\nb:\n  c: x y\n").unwrap();
        let Value::List(items) = &root.get("a").unwrap().value else { panic!() };
        let kinds: Vec<_> = items.iter().map(Node::kind).collect();
        assert_eq!(kinds, ["a whole number", "a text", "a text", "a text", "true or false"]);
        let inner = root.get("b").unwrap().get("c").unwrap();
        assert_eq!(inner.place, Place { line: 3, column: 6 });
    }

    #[test]
    fn what_makes_two_readers_see_two_things_is_refused_with_its_line() {
        assert_eq!(complaint("a: 1\na: 2"), "x.yaml:2:1: `a` stands here twice");
        assert!(complaint("a: &x 1\nb: *x").contains("an anchor"));
        assert!(complaint("a: !Sub x").contains("a tag"));
        assert!(complaint("a: [1").starts_with("x.yaml:"));
        assert!(complaint("").contains("empty"));
        assert!(complaint(&"[".repeat(40)).contains("nested deeper"));
    }
}
