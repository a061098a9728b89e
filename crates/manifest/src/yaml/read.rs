//! Parser events in, a tree with positions out.
//!
//! Merge keys (`<<`), tags (`!Sub`) and keys that are no plain text are refused: each would make two
//! readers of one manifest see two things. Anchors and aliases work, within [`Bounds::repeated_nodes`].

use super::Bounds;
use super::offsets::Offsets;
use super::scalar::is_empty;
use super::tree::{Entry, Node, Scalar, Style, Value};
use crate::code;
use crate::diagnostic::{Diagnostic, Refusal, Report};
use crate::span::{FileId, Span, Spanned};
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};
use std::collections::HashMap;

/// What one run has used of its bounds so far, over all files.
#[derive(Debug, Default)]
pub(crate) struct Used {
    nodes: usize,
    repeated: usize,
}

/// Reads one file. Faults of YAML itself end the reading and are returned alone; duplicate keys and the
/// like are reported and reading goes on.
pub(crate) fn read(
    file: FileId,
    text: &str,
    bounds: &Bounds,
    used: &mut Used,
    report: &mut Report,
) -> Result<Node, Refusal> {
    refuse_control_characters(file, text)?;
    let mut reader = Reader {
        file,
        offsets: Offsets::new(text),
        bounds,
        used,
        report,
        open: Vec::new(),
        anchors: HashMap::new(),
        root: None,
        documents: 0,
    };
    let mut parser = Parser::new_from_str(text);
    while let Some(next) = parser.next_event() {
        let (event, span) = next.map_err(|error| Box::new(syntax_error(&reader, text, &error)))?;
        let span = reader.span(span);
        reader.take(event, span)?;
    }
    Ok(reader.root.unwrap_or(Node { span: Span { file, start: 0, end: 0 }, value: Value::Empty }))
}

/// YAML knows no such characters; some of them end the parser's input silently.
fn refuse_control_characters(file: FileId, whole: &str) -> Result<(), Refusal> {
    let text = whole.strip_prefix('\u{feff}').unwrap_or(whole);
    let control =
        |character: &char| character.is_control() && !matches!(character, '\t' | '\n' | '\r' | '\u{85}');
    if text.bytes().all(|byte| (b' '..0x7f).contains(&byte) || matches!(byte, b'\t' | b'\n' | b'\r')) {
        return Ok(());
    }
    let Some((at, character)) = text.char_indices().find(|(_, character)| control(character)) else {
        return Ok(());
    };
    Diagnostic::new(code::NOT_TEXT, format!("the file holds the control character `{character}`"))
        .at(Span::of_character(file, whole, at + whole.len() - text.len()), "YAML allows none here")
        .help("delete it, or write it as an escape in double quotes")
        .refuse()
}

fn syntax_error(reader: &Reader<'_>, text: &str, error: &ScanError) -> Diagnostic {
    let start = reader.offsets.byte(error.marker().index());
    let span = Span::of_character(reader.file, text, usize::try_from(start).unwrap_or(usize::MAX));
    let at = usize::try_from(span.start).unwrap_or(0);
    let line = text.get(..at).and_then(|before| before.rsplit('\n').next()).unwrap_or("");
    let diagnostic = Diagnostic::new(code::SYNTAX, "this is not YAML").at(span, error.info());
    if line.contains('\t') {
        return diagnostic.help("indent with spaces: YAML allows no tabs there");
    }
    diagnostic.help("look at the indentation, brackets and quotes here and in the line above")
}

struct Reader<'r> {
    file: FileId,
    offsets: Offsets<'r>,
    bounds: &'r Bounds,
    used: &'r mut Used,
    report: &'r mut Report,
    open: Vec<Open>,
    anchors: HashMap<usize, Anchored>,
    root: Option<Node>,
    documents: usize,
}

/// A value that an alias can repeat, with the number of values in it.
struct Anchored {
    node: Node,
    size: usize,
}

/// A list or map whose end has not come yet.
struct Open {
    span: Span,
    anchor: usize,
    /// How many values the reader had seen before it.
    before: usize,
    items: Items,
}

enum Items {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, key: Key },
}

/// What a map waits for.
enum Key {
    /// A key.
    Awaited,
    /// The value of this key.
    Read(Spanned<Box<str>>),
    /// The value of a key that was refused; it is dropped.
    Refused,
}

impl Reader<'_> {
    fn span(&self, span: saphyr_parser::Span) -> Span {
        let (start, end) = (self.offsets.byte(span.start.index()), self.offsets.byte(span.end.index()));
        Span { file: self.file, start, end: end.max(start) }
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Refusal> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Diagnostic::new(code::DOCUMENTS, "the file holds more than one YAML document")
                        .at(span, "a second one begins here")
                        .help("put each into a file of its own, in one folder")
                        .refuse();
                }
                Ok(())
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_tag(tag.as_deref(), span);
                self.count(1, span)?;
                let style = if style == ScalarStyle::Plain { Style::Plain } else { Style::Text };
                let value = if style == Style::Plain && is_empty(&text) {
                    Value::Empty
                } else {
                    Value::Scalar(Scalar { text: text.into(), style })
                };
                let node = Node { span, value };
                self.anchor(anchor, &node, 1)?;
                self.put(node);
                Ok(())
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_tag(tag.as_deref(), span);
                self.open(Items::List(Vec::new()), anchor, span)
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_tag(tag.as_deref(), span);
                self.open(Items::Map { entries: Vec::new(), key: Key::Awaited }, anchor, span)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Alias(anchor) => self.repeat(anchor, span),
        }
    }

    fn open(&mut self, items: Items, anchor: usize, span: Span) -> Result<(), Refusal> {
        let before = self.used.nodes;
        self.count(1, span)?;
        if self.open.len() >= self.bounds.depth {
            return Diagnostic::new(code::DEPTH, "values are nested too deeply")
                .at(span, format!("level {}", self.open.len() + 1))
                .help(format!(
                    "{} levels are the most; no section needs a quarter of that",
                    self.bounds.depth
                ))
                .refuse();
        }
        self.open.push(Open { span, anchor, before, items });
        Ok(())
    }

    fn close(&mut self, end: Span) -> Result<(), Refusal> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let value = match open.items {
            Items::List(items) => Value::List(items),
            Items::Map { entries, .. } => Value::Map(self.without_duplicates(entries)),
        };
        let last = match &value {
            Value::List(items) => items.last().map(|item| item.span.end),
            Value::Map(entries) => entries.last().map(|entry| entry.value.span.end.max(entry.key.span.end)),
            Value::Empty | Value::Scalar(_) => None,
        };
        let last = if end.start == end.end { last } else { Some(end.end) };
        let span = Span { end: last.unwrap_or(open.span.end).max(open.span.start), ..open.span };
        let node = Node { span, value };
        self.anchor(open.anchor, &node, self.used.nodes - open.before)?;
        self.put(node);
        Ok(())
    }

    /// Hands a finished value to the list, map or document it belongs to.
    fn put(&mut self, node: Node) {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        match &mut open.items {
            Items::List(items) => items.push(node),
            Items::Map { entries, key } => match std::mem::replace(key, Key::Awaited) {
                Key::Read(read) => entries.push(Entry { key: read, value: node }),
                Key::Refused => {}
                Key::Awaited => {
                    let open_span = open.span;
                    *key = key_of(node, open_span, self.report);
                }
            },
        }
    }

    fn anchor(&mut self, anchor: usize, node: &Node, size: usize) -> Result<(), Refusal> {
        if anchor == 0 {
            return Ok(());
        }
        self.count_repeated(size, node.span)?;
        self.anchors.insert(anchor, Anchored { node: node.clone(), size });
        Ok(())
    }

    fn repeat(&mut self, anchor: usize, span: Span) -> Result<(), Refusal> {
        let Some(found) = self.anchors.get(&anchor) else {
            return Diagnostic::new(code::ALIAS, "the alias repeats the value it stands in")
                .at(span, "the anchor is not complete here")
                .help("write the value out")
                .refuse();
        };
        let size = found.size;
        self.count_repeated(size, span)?;
        self.count(size, span)?;
        if let Some(found) = self.anchors.get(&anchor) {
            let node = found.node.clone();
            self.put(node);
        }
        Ok(())
    }

    fn count(&mut self, nodes: usize, span: Span) -> Result<(), Refusal> {
        self.used.nodes = self.used.nodes.saturating_add(nodes);
        if self.used.nodes > self.bounds.nodes {
            return Diagnostic::new(code::NODES, "the manifest holds too many values")
                .at(span, "the reader stops here")
                .help(format!("{} are the most", self.bounds.nodes))
                .refuse();
        }
        Ok(())
    }

    fn count_repeated(&mut self, nodes: usize, span: Span) -> Result<(), Refusal> {
        self.used.repeated = self.used.repeated.saturating_add(nodes);
        if self.used.repeated > self.bounds.repeated_nodes {
            return Diagnostic::new(code::ALIAS, "anchors and aliases repeat too much")
                .at(span, "the reader stops here")
                .help(format!(
                    "{} repeated values are the most; write the values out",
                    self.bounds.repeated_nodes
                ))
                .refuse();
        }
        Ok(())
    }

    fn refuse_tag(&mut self, tag: Option<&saphyr_parser::Tag>, span: Span) {
        if let Some(tag) = tag {
            let tag = if tag.is_yaml_core_schema() { format!("!!{}", tag.suffix) } else { tag.to_string() };
            self.report.add(
                Diagnostic::new(code::TAG_SYNTAX, format!("the YAML tag `{tag}` means nothing here"))
                    .at(span, "")
                    .help("write the plain value; put text in quotes"),
            );
        }
    }

    /// Drops and reports every entry whose key was there before.
    fn without_duplicates(&mut self, entries: Vec<Entry>) -> Vec<Entry> {
        let mut order: Vec<usize> = (0..entries.len()).collect();
        let key = |index: &usize| entries.get(*index).map(|entry| &entry.key);
        order.sort_by(|one, two| {
            key(one).map(|key| &key.value).cmp(&key(two).map(|key| &key.value)).then(one.cmp(two))
        });
        let mut repeated: Vec<usize> = Vec::new();
        let mut first: Option<&Spanned<Box<str>>> = None;
        for index in &order {
            let Some(found) = key(index) else { continue };
            match first {
                Some(first) if first.value == found.value => {
                    self.report.add(duplicate_key(first, found));
                    repeated.push(*index);
                }
                _ => first = Some(found),
            }
        }
        if repeated.is_empty() {
            return entries;
        }
        repeated.sort_unstable();
        let kept = |index: &usize| repeated.binary_search(index).is_err();
        entries.into_iter().enumerate().filter(|(index, _)| kept(index)).map(|(_, entry)| entry).collect()
    }
}

/// The complaint about a key that stands in two places.
pub(super) fn duplicate_key(first: &Spanned<Box<str>>, second: &Spanned<Box<str>>) -> Diagnostic {
    Diagnostic::new(code::DUPLICATE_KEY, format!("`{}` is given twice", second.value))
        .at(second.span, "given again here")
        .at(first.span, "first given here")
        .help("keep one of the two")
}

fn key_of(node: Node, map: Span, report: &mut Report) -> Key {
    let place = node.place(map);
    match node.value {
        Value::Scalar(Scalar { text, style }) => {
            if style == Style::Plain && &*text == "<<" {
                report.add(
                    Diagnostic::new(code::MERGE_KEY, "merge keys are not supported")
                        .at(place, "")
                        .help("write the keys out where they are wanted; aliases of whole values work"),
                );
                return Key::Refused;
            }
            Key::Read(Spanned::new(text, node.span))
        }
        Value::Empty | Value::List(_) | Value::Map(_) => {
            report.add(
                Diagnostic::new(code::KEY_SYNTAX, "a key must be a single word or text")
                    .at(place, "this is none")
                    .help("put it in quotes if it is meant as text"),
            );
            Key::Refused
        }
    }
}
