//! Reading a document: JSON with positions in, a [`Document`] or every complaint at once out.
//!
//! What is refused here is refused in every kind of policy. What only some kinds refuse (a principal in
//! an SCP, `NotAction` in an RCP) is the linter's business.

use super::elements;
use super::places::Places;
use super::{Document, Statement, Version};
use jsonc_parser::ast::{Object, ObjectProp, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use std::collections::BTreeMap;
use std::fmt;

/// What is wrong with a document, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct Complaint {
    /// Where it stands.
    pub place: Place,
    /// What is wrong.
    pub message: String,
}

/// A place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The offset in bytes, from 0.
    pub offset: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

impl Place {
    /// The place of a byte in a text; the end of the text if it ends before.
    #[must_use]
    pub fn at(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
            offset,
        }
    }
}

/// Nothing but JSON: no comments, no trailing commas, no other liberties.
const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Reads a document.
///
/// # Errors
/// Every complaint about it, in the order of their places: bad JSON alone; else duplicate keys, unknown
/// elements and operators, wrong types, missing elements, all together.
pub fn parse(text: &str) -> Result<Document, Vec<Complaint>> {
    read(text, |document, _| document)
}

/// Reads a document and keeps where its parts stand.
///
/// # Errors
/// The same as [`parse`].
pub fn parse_located(text: &str) -> Result<(Document, Places), Vec<Complaint>> {
    read(text, |document, value| (document, Places::of(value)))
}

fn read<T>(text: &str, finish: impl FnOnce(Document, &Value<'_>) -> T) -> Result<T, Vec<Complaint>> {
    // serde_json refuses deep nesting before the reader with positions recurses into it.
    if let Err(error) = serde_json::from_str::<serde_json::Value>(text) {
        let line_start: usize =
            text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let offset = (line_start + error.column().saturating_sub(1)).min(text.len());
        let message = format!("not JSON: {}", without_position(&error.to_string()));
        let place = Place { line: error.line().max(1), column: error.column().max(1), offset };
        return Err(vec![Complaint { place, message }]);
    }
    let mut reader = Reader { text, complaints: Vec::new() };
    let parsed = parse_to_ast(text, &CollectOptions::default(), &STRICT);
    let document = match &parsed {
        Ok(result) => match &result.value {
            Some(value) => reader.document(value).map(|document| (document, value)),
            None => reader.complain(0, "the document is empty"),
        },
        Err(error) => reader.complain(error.range().start, "not JSON"),
    };
    let mut complaints = reader.complaints;
    match document {
        Some((document, value)) if complaints.is_empty() => Ok(finish(document, value)),
        _ => {
            complaints.sort_by_key(|complaint| complaint.place);
            Err(complaints)
        }
    }
}

fn without_position(message: &str) -> &str {
    message.rsplit_once(" at line ").map_or(message, |(head, _)| head)
}

/// The members of an object by name, duplicates reported.
pub(super) type Members<'v, 'a> = BTreeMap<&'v str, &'v ObjectProp<'a>>;

/// Reads values and gathers complaints.
pub(super) struct Reader<'t> {
    text: &'t str,
    complaints: Vec<Complaint>,
}

impl Reader<'_> {
    /// Notes a complaint; the `None` is for the caller to return.
    pub(super) fn complain<T>(&mut self, offset: usize, message: impl Into<String>) -> Option<T> {
        self.complaints.push(Complaint { place: Place::at(self.text, offset), message: message.into() });
        None
    }

    fn document(&mut self, value: &Value<'_>) -> Option<Document> {
        let members = self.object(value, "a policy document", &["Version", "Id", "Statement"])?;
        let version = members.get("Version").and_then(|member| self.version(&member.value));
        let id = members.get("Id").and_then(|member| self.string(&member.value, "`Id`"));
        let Some(statements) = members.get("Statement") else {
            return self.complain(value.start(), "`Statement` is missing: a policy holds at least one");
        };
        let statements = match &statements.value {
            Value::Array(list) if list.elements.is_empty() => {
                return self
                    .complain(list.start(), "`Statement` is an empty list: a policy holds at least one");
            }
            Value::Array(list) => list.elements.iter().filter_map(|item| self.statement(item)).collect(),
            single => self.statement(single).into_iter().collect(),
        };
        Some(Document { version, id, statements })
    }

    fn version(&mut self, value: &Value<'_>) -> Option<Version> {
        let text = self.string(value, "`Version`")?;
        match text.as_str() {
            "2012-10-17" => Some(Version::V2012),
            "2008-10-17" => Some(Version::V2008),
            _ => self.complain(value.start(), "`Version` is neither `2012-10-17` nor `2008-10-17`"),
        }
    }

    fn statement(&mut self, value: &Value<'_>) -> Option<Statement> {
        elements::statement(self, value)
    }

    /// The members of an object that may hold these; unknown and repeated ones are complained about.
    pub(super) fn object<'v, 'a>(
        &mut self,
        value: &'v Value<'a>,
        what: &str,
        known: &[&str],
    ) -> Option<Members<'v, 'a>> {
        let Value::Object(object) = value else {
            return self.complain(value.start(), format!("{what} is an object, not {}", kind(value)));
        };
        let members = self.members(object);
        for (name, member) in &members {
            if !known.contains(name) {
                let name = glidepath_model::text::printable(name);
                let message = format!("`{name}` is no element of {what}: {} are", known.join(", "));
                let _: Option<()> = self.complain(member.start(), message);
            }
        }
        Some(members)
    }

    /// The members of an object, whatever their names; a repeated one is complained about.
    pub(super) fn members<'v, 'a>(&mut self, object: &'v Object<'a>) -> Members<'v, 'a> {
        let mut members: Members<'v, 'a> = BTreeMap::new();
        for member in &object.properties {
            let name = member.name.as_str();
            if members.insert(name, member).is_some() {
                let message = format!("`{}` stands here twice", glidepath_model::text::printable(name));
                let _: Option<()> = self.complain(member.start(), message);
            }
        }
        members
    }

    /// A text.
    pub(super) fn string(&mut self, value: &Value<'_>, what: &str) -> Option<String> {
        match value {
            Value::StringLit(text) => Some(text.value.clone().into_owned()),
            other => self.complain(other.start(), format!("{what} is a text, not {}", kind(other))),
        }
    }

    /// A text or a list of at least one.
    pub(super) fn strings(&mut self, value: &Value<'_>, what: &str) -> Option<Vec<String>> {
        match value {
            Value::Array(list) if list.elements.is_empty() => {
                self.complain(list.start(), format!("{what} is an empty list: at least one value is wanted"))
            }
            Value::Array(list) => {
                Some(list.elements.iter().filter_map(|item| self.string(item, what)).collect())
            }
            single => self.string(single, what).map(|text| vec![text]),
        }
    }

    /// A text, number or truth value, or a list of them, as texts.
    pub(super) fn scalars(&mut self, value: &Value<'_>, what: &str) -> Option<Vec<String>> {
        match value {
            Value::Array(list) => {
                Some(list.elements.iter().filter_map(|item| self.scalar(item, what)).collect())
            }
            single => self.scalar(single, what).map(|text| vec![text]),
        }
    }

    fn scalar(&mut self, value: &Value<'_>, what: &str) -> Option<String> {
        match value {
            Value::StringLit(text) => Some(text.value.clone().into_owned()),
            Value::NumberLit(number) => Some(number.value.to_string()),
            Value::BooleanLit(truth) => Some(truth.value.to_string()),
            other => self.complain(
                other.start(),
                format!("{what} is a text, a number or a truth value, not {}", kind(other)),
            ),
        }
    }
}

/// What a value is, in words.
pub(super) fn kind(value: &Value<'_>) -> &'static str {
    match value {
        Value::StringLit(_) => "a text",
        Value::NumberLit(_) => "a number",
        Value::BooleanLit(_) => "a truth value",
        Value::Object(_) => "an object",
        Value::Array(_) => "a list",
        Value::NullKeyword(_) => "null",
    }
}
