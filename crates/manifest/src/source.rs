//! The texts that were read, kept so that a diagnostic can show the line it is about.

use crate::span::{FileId, Span};

/// Every text of one run: the manifest's files and the documents they refer to.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<Source>,
}

/// One text with its name.
#[derive(Debug, Clone)]
pub struct Source {
    name: String,
    text: String,
    line_starts: Vec<u32>,
}

/// A place as people count: from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Sources {
    /// Keeps a text under the name it is shown by.
    pub(crate) fn add(&mut self, name: &str, text: String) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let line_starts =
            std::iter::once(0).chain(breaks).map(|at| u32::try_from(at).unwrap_or(u32::MAX)).collect();
        let name = glidepath_model::text::printable(name).into_owned();
        self.files.push(Source { name, text, line_starts });
        id
    }

    /// The file of that id, none if the id is of another run.
    #[must_use]
    pub fn get(&self, file: FileId) -> Option<&Source> {
        self.files.get(usize::try_from(file.0).ok()?)
    }

    /// Every file in the order of reading.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.files.iter()
    }

    /// Where a span begins, with the file's name.
    #[must_use]
    pub fn locate(&self, span: Span) -> Option<(&str, Position)> {
        let source = self.get(span.file)?;
        Some((source.name(), source.position(span.start)))
    }

    /// The text a span covers.
    #[must_use]
    pub fn text(&self, span: Span) -> Option<&str> {
        self.get(span.file)?.text.get(usize::try_from(span.start).ok()?..usize::try_from(span.end).ok()?)
    }
}

impl Source {
    /// The name it is shown by, with control characters escaped.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The index of the line that holds this byte, from 0.
    pub(crate) fn line_of(&self, byte: u32) -> usize {
        self.line_starts.partition_point(|start| *start <= byte).saturating_sub(1)
    }

    /// The bytes of a line by its index, its line break left out.
    pub(crate) fn line_range(&self, line: usize) -> Option<(usize, usize)> {
        let start = usize::try_from(*self.line_starts.get(line)?).ok()?;
        let end = match self.line_starts.get(line + 1) {
            Some(next) => usize::try_from(*next).ok()?.saturating_sub(1),
            None => self.text.len(),
        };
        let text = self.text.get(start..end)?;
        Some((start, start + text.trim_end_matches('\r').len()))
    }

    /// Where a byte stands.
    #[must_use]
    pub fn position(&self, byte: u32) -> Position {
        let line = self.line_of(byte);
        let start = self.line_starts.get(line).copied().unwrap_or(0);
        let before = usize::try_from(start)
            .ok()
            .zip(usize::try_from(byte).ok())
            .and_then(|(start, end)| self.text.get(start..end));
        Position { line: line + 1, column: before.map_or(0, |text| text.chars().count()) + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_end_before_their_break() {
        let mut sources = Sources::default();
        let file = sources.add("m.yaml", "é: 1\r\nb: 2".to_owned());
        let source = sources.get(file).unwrap();
        assert_eq!(source.position(4), Position { line: 1, column: 4 });
        assert_eq!(source.position(7), Position { line: 2, column: 1 });
        assert_eq!(source.line_range(0), Some((0, 5)));
        assert_eq!(source.line_range(1), Some((7, 11)));
    }
}
