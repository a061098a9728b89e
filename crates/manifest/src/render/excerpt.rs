//! The few lines of a file that a diagnostic is about, cut out and made printable, with a map from the
//! file's bytes to the excerpt's. Rendering then costs the excerpt's size, not the file's.

use crate::source::Source;
use crate::span::Span;
use glidepath_model::text::printable;
use std::ops::Range;

/// Lines shown between two labels before they are shown apart.
const GAP: usize = 6;
/// An excerpt longer than this is not shown: such lines were written by a machine for machines.
const LONGEST: usize = 8 * 1024;

/// Some lines of a file.
pub(super) struct Excerpt {
    /// The lines, printable.
    pub(super) text: String,
    /// The number of the first, from 1.
    pub(super) first_line: usize,
    /// First byte of the file in the excerpt.
    start: usize,
    /// Where printable text is longer than the file's: byte in the file, extra bytes from there on.
    shifts: Vec<(usize, usize)>,
}

impl Excerpt {
    /// Cuts out the lines from `first` to `last` (indexes from 0); none if they are too long to show.
    fn cut(source: &Source, first: usize, last: usize) -> Option<Self> {
        let (start, _) = source.line_range(first)?;
        let (_, end) = source.line_range(last)?;
        if end.saturating_sub(start) > LONGEST {
            return None;
        }
        let mut excerpt = Self { text: String::new(), first_line: first + 1, start, shifts: Vec::new() };
        let mut extra = 0;
        for (at, character) in source.text().get(start..end)?.char_indices() {
            let mut buffer = [0; 4];
            let plain: &str = character.encode_utf8(&mut buffer);
            if matches!(character, '\n' | '\t' | '\r') {
                excerpt.text.push_str(if character == '\r' { " " } else { plain });
                continue;
            }
            let shown = printable(plain);
            excerpt.text.push_str(&shown);
            if shown.len() != plain.len() {
                extra += shown.len() - plain.len();
                excerpt.shifts.push((start + at + plain.len(), extra));
            }
        }
        Some(excerpt)
    }

    /// A span of the file as a range of the excerpt, ending at the end of its first line.
    pub(super) fn range(&self, source: &Source, span: Span) -> Option<Range<usize>> {
        let start = usize::try_from(span.start).ok()?;
        let (_, line_end) = source.line_range(source.line_of(span.start))?;
        let end = usize::try_from(span.end).ok()?.min(line_end).max(start);
        Some(self.offset(start)..self.offset(end))
    }

    fn offset(&self, byte: usize) -> usize {
        let after = self.shifts.partition_point(|(at, _)| *at <= byte);
        let extra =
            after.checked_sub(1).and_then(|last| self.shifts.get(last)).map_or(0, |(_, extra)| *extra);
        self.text.floor_char_boundary(byte.saturating_sub(self.start) + extra)
    }
}

/// One excerpt for each group of spans that stand close together; the spans are told by their index.
pub(super) fn excerpts(source: &Source, spans: &[(usize, Span)]) -> Vec<(Option<Excerpt>, Vec<usize>)> {
    let mut lines: Vec<(usize, usize)> =
        spans.iter().map(|(index, span)| (source.line_of(span.start), *index)).collect();
    lines.sort_unstable();
    let mut groups: Vec<(usize, usize, Vec<usize>)> = Vec::new();
    for (line, index) in lines {
        match groups.last_mut() {
            Some((_, last, members)) if line <= *last + GAP => {
                *last = line;
                members.push(index);
            }
            _ => groups.push((line, line, vec![index])),
        }
    }
    groups.into_iter().map(|(first, last, members)| (Excerpt::cut(source, first, last), members)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    #[test]
    fn spans_behind_an_escaped_character_still_point_at_their_text() {
        let mut sources = Sources::default();
        let text = "first\na\u{202e}b: name\nlast";
        let file = sources.add("m.yaml", text.to_owned());
        let source = sources.get(file).unwrap();
        let at = u32::try_from(text.find("name").unwrap()).unwrap();
        let span = Span { file, start: at, end: at + 4 };
        let (excerpt, _) = excerpts(source, &[(0, span)]).remove(0);
        let excerpt = excerpt.unwrap();
        assert_eq!(excerpt.text, "a\\u{202e}b: name");
        assert_eq!(excerpt.text.get(excerpt.range(source, span).unwrap()), Some("name"));
    }
}
