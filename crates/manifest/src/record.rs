//! Reading values out of a tree by the tables. Silent: [`crate::conform`] has told of every fault
//! before, and what does not fit is simply not there.

use crate::conform::text_fault;
use crate::shape::{Field, Format, Shape};
use crate::span::Spanned;
use crate::yaml::{Entry, Node, Resolved, Value, resolve};
use std::collections::BTreeMap;

/// A map that is read by the fields of a section.
#[derive(Clone, Copy)]
pub(crate) struct Record<'t> {
    entries: &'t [Entry],
}

impl<'t> Record<'t> {
    /// Reads a node as a map; anything else is an empty one.
    pub(crate) fn of(node: &'t Node) -> Self {
        Self { entries: node.entries() }
    }

    /// The entry of a field.
    pub(crate) fn entry(self, field: &Field) -> Option<&'t Entry> {
        self.entries.iter().find(|entry| &*entry.key.value == field.name)
    }

    /// The map that a field holds; an empty one if it holds none.
    pub(crate) fn map(self, field: &Field) -> Record<'t> {
        self.entry(field).map_or(Record { entries: &[] }, |entry| Record::of(&entry.value))
    }

    /// The entries of the map that a field holds.
    pub(crate) fn entries(self, field: &Field) -> &'t [Entry] {
        self.map(field).entries
    }

    /// The items of the list that a field holds.
    pub(crate) fn items(self, field: &Field) -> &'t [Node] {
        self.entry(field).map_or(&[], |entry| entry.value.items())
    }

    /// The text that a field holds, if it has the field's form.
    pub(crate) fn text(self, field: &Field) -> Option<Spanned<&'t str>> {
        let Shape::Text(format) = &field.shape else { return None };
        formed(&self.entry(field)?.value, format)
    }

    /// The texts of the list that a field holds, as far as they have the form.
    pub(crate) fn texts(self, field: &Field) -> Vec<Spanned<&'t str>> {
        let Shape::List(Shape::Text(format)) = &field.shape else { return Vec::new() };
        self.items(field).iter().filter_map(|item| formed(item, format)).collect()
    }

    /// What a text of a field stands for.
    pub(crate) fn parsed<T, E>(
        self,
        field: &Field,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Option<Spanned<T>> {
        let text = self.text(field)?;
        parse(text.value).ok().map(|value| Spanned::new(value, text.span))
    }

    /// Whether a flag is there and set.
    pub(crate) fn flag(self, field: &Field) -> bool {
        self.entry(field).is_some_and(|entry| match &entry.value.value {
            Value::Scalar(scalar) => resolve(scalar) == Resolved::Flag(true),
            Value::Empty | Value::List(_) | Value::Map(_) => false,
        })
    }

    /// The number that a field holds, if it is within its bounds.
    pub(crate) fn number(self, field: &Field) -> Option<u64> {
        number(&self.entry(field)?.value, &field.shape)
    }

    /// The texts by key of the map that a field holds, as far as they have their forms.
    pub(crate) fn text_map(self, field: &Field) -> BTreeMap<String, String> {
        let Shape::Map { keys, values: Shape::Text(format) } = &field.shape else { return BTreeMap::new() };
        self.entries(field)
            .iter()
            .filter(|entry| text_fault(&entry.key.value, keys).is_none())
            .filter_map(|entry| {
                Some((entry.key.value.to_string(), formed(&entry.value, format)?.value.to_owned()))
            })
            .collect()
    }
}

/// A node's text, if it has the form.
pub(crate) fn formed<'t>(node: &'t Node, format: &Format) -> Option<Spanned<&'t str>> {
    let Value::Scalar(scalar) = &node.value else { return None };
    let Resolved::Text(text) = resolve(scalar) else { return None };
    text_fault(text, format).is_none().then_some(Spanned::new(text, node.span))
}

/// A node's number, if it is within the shape's bounds.
pub(crate) fn number(node: &Node, shape: &Shape) -> Option<u64> {
    let (Value::Scalar(scalar), Shape::Number { min, max }) = (&node.value, shape) else { return None };
    let Resolved::Whole(number) = resolve(scalar) else { return None };
    u64::try_from(number).ok().filter(|number| (*min..=*max).contains(number))
}

/// A text of the user's with its place, owned.
pub(crate) fn owned(text: Spanned<&str>) -> Spanned<String> {
    Spanned::new(text.value.to_owned(), text.span)
}

/// A value that stands for a whole section: its place is the section's key.
pub(crate) fn keyed<T>(entry: &Entry, value: T) -> Spanned<T> {
    Spanned::new(value, entry.key.span)
}
