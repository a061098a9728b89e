//! What a manifest's keys are, as tables: the one source of decoder, JSON Schema and reference page.
//!
//! A [`Field`] is a static; reading code names the static, never the key, so that a key cannot be read
//! that the tables, and with them schema and reference, do not hold.

use crate::code::Code;

/// A map with known keys.
pub(crate) struct Section {
    /// Its name in the schema and the heading in the reference: `organization`, `account`.
    pub(crate) name: &'static str,
    /// What it is for, in Markdown.
    pub(crate) doc: &'static str,
    /// Its keys in the order of the reference.
    pub(crate) fields: &'static [&'static Field],
}

/// A key of a section.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) need: Need,
    /// What it means, in Markdown.
    pub(crate) doc: &'static str,
    /// A value as it would be written on one line; empty if the key needs none shown.
    pub(crate) example: &'static str,
    /// What holds when it is left out, in words; empty where the absence means just that.
    pub(crate) default: &'static str,
}

/// Whether a key must be there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    Required,
    Optional,
}

/// What a value must look like.
pub(crate) enum Shape {
    /// One text of some form.
    Text(&'static Format),
    /// `true` or `false`.
    Flag,
    /// A whole number within bounds, both included.
    Number { min: u64, max: u64 },
    /// The version of the manifest's form.
    Version,
    /// A map with known keys.
    Section(&'static Section),
    /// A map whose keys are names of the user's own.
    Map { keys: &'static Format, values: &'static Shape },
    /// A list.
    List(&'static Shape),
    /// Any of these, told apart by being a text, a list or a map.
    Either(&'static [Shape]),
    /// A policy document: any map.
    Document,
    /// Anything; what it must be is told elsewhere.
    Any,
    /// A section that this version does not have yet.
    Later,
}

/// The form of a text.
pub(crate) struct Format {
    /// What such a text is, with its article: `an account id`.
    pub(crate) noun: &'static str,
    /// Its form in words, for the reference.
    pub(crate) form: &'static str,
    /// A pattern for the JSON Schema; where it is there, it accepts whatever `check` accepts.
    pub(crate) pattern: Option<&'static str>,
    /// The words to choose from, if it is a choice.
    pub(crate) words: Option<fn() -> Vec<&'static str>>,
    /// Whether a text has the form.
    pub(crate) check: fn(&str) -> Result<(), Fault>,
}

/// Why a text has not the form it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) code: Code,
    /// What is wrong, in one line.
    pub(crate) summary: String,
    /// What to do.
    pub(crate) help: String,
}

impl Fault {
    pub(crate) fn new(code: Code, summary: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code, summary: summary.into(), help: help.into() }
    }
}

impl Section {
    /// The field of that name.
    pub(crate) fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().copied().find(|field| field.name == name)
    }
}

impl Shape {
    /// What a value of this shape is, in a few words.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Text(format) => format.noun.to_owned(),
            Self::Flag => "`true` or `false`".to_owned(),
            Self::Number { min, max } if *max == u64::MAX => format!("a whole number, at least {min}"),
            Self::Number { min, max } => format!("a whole number, {min} to {max}"),
            Self::Version => "`1`".to_owned(),
            Self::Section(_) | Self::Map { .. } => "a map".to_owned(),
            Self::List(_) => "a list".to_owned(),
            Self::Either(shapes) => shapes.iter().map(Self::words).collect::<Vec<_>>().join(", or "),
            Self::Document => "a policy document".to_owned(),
            Self::Any => "a value".to_owned(),
            Self::Later => "nothing in this version".to_owned(),
        }
    }
}
