//! Where in which file something stands. Kept through decoding so that every later complaint can show
//! the line it is about.

use std::ops::Deref;

/// A source file of the manifest, by its place in [`crate::Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A stretch of one file, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The character at a place as people count, from 1, columns in characters.
    #[must_use]
    pub fn of_place(file: FileId, text: &str, line: usize, column: usize) -> Self {
        let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let rest = text.get(before..).unwrap_or_default();
        let within = rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at);
        Self::of_character(file, text, before + within)
    }

    /// The character at a byte of a text; the last one if the text ends before.
    pub(crate) fn of_character(file: FileId, text: &str, byte: usize) -> Self {
        let at = text.floor_char_boundary(byte.min(text.len()));
        let found = text.get(at..).and_then(|rest| rest.chars().next());
        let (start, width) = match found {
            Some(character) => (at, character.len_utf8()),
            None => {
                let width = text.chars().next_back().map_or(0, char::len_utf8);
                (text.len() - width, width)
            }
        };
        let bytes = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Self { file, start: bytes(start), end: bytes(start + width) }
    }
}

/// A value and where it was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// A value with its place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

impl<T> Deref for Spanned<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_found_again_by_line_and_column() {
        let text = "a: é\nbé: x";
        let span = |line, column| {
            let span = Span::of_place(FileId(0), text, line, column);
            text.get(span.start as usize..span.end as usize)
        };
        assert_eq!(span(1, 4), Some("é"));
        assert_eq!(span(2, 2), Some("é"));
        assert_eq!(span(2, 5), Some("x"));
        assert_eq!(span(9, 9), Some("x"), "the last character stands for what lies behind it");
    }
}
