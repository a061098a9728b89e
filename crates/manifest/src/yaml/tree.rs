//! The tree itself.

use crate::span::{Span, Spanned};

/// A value and where it stands. The span of a list or map reaches from its first to its last value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) span: Span,
    pub(crate) value: Value,
}

/// What a node holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// Nothing, `null` or `~`: an empty map or list, whichever is wanted.
    Empty,
    /// A single value as it was written.
    Scalar(Scalar),
    /// `[a, b]`
    List(Vec<Node>),
    /// `{a: b}`, in the order of writing, without duplicates.
    Map(Vec<Entry>),
}

/// A single value as it was written; what type it is follows from [`super::resolve`].
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scalar {
    pub(crate) text: Box<str>,
    pub(crate) style: Style,
}

/// Whether a scalar is text by its very form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// Without quotes: `42` is a number.
    Plain,
    /// In quotes or as a block: `"42"` is text.
    Text,
}

/// One key of a map.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: Spanned<Box<str>>,
    pub(crate) value: Node,
}

impl Node {
    /// The entries of a map; none for anything else.
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            Value::Empty | Value::Scalar(_) | Value::List(_) => &[],
        }
    }

    /// The items of a list; none for anything else.
    pub(crate) fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            Value::Empty | Value::Scalar(_) | Value::Map(_) => &[],
        }
    }

    /// The value's own place, or `around` where it is empty and so has none to point at.
    pub(crate) fn place(&self, around: Span) -> Span {
        if self.span.start == self.span.end { around } else { self.span }
    }
}
