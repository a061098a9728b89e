//! Diagnostics with code frames, for terminals and logs.

use super::excerpt::{Excerpt, excerpts};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{Source, Sources};
use crate::span::{FileId, Span};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Patch, Renderer, Snippet};

/// Whether the text may hold colour sequences; the caller knows the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// Plain text.
    Never,
    /// ANSI colours.
    Always,
}

/// Renders every diagnostic with the lines it is about, and a closing line with the counts.
#[must_use]
pub fn human(diagnostics: &[Diagnostic], sources: &Sources, colour: Colour) -> String {
    let renderer = match colour {
        Colour::Never => Renderer::plain(),
        Colour::Always => Renderer::styled(),
    }
    .decor_style(DecorStyle::Unicode);
    let mut text = String::new();
    for diagnostic in diagnostics {
        text.push_str(&renderer.render(&groups(diagnostic, sources)));
        text.push_str("\n\n");
    }
    if let Some(line) = counts(diagnostics) {
        text.push_str(&line);
        text.push('\n');
    }
    text
}

fn counts(diagnostics: &[Diagnostic]) -> Option<String> {
    let words: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .filter_map(|severity| match diagnostics.iter().filter(|row| row.severity == severity).count() {
            0 => None,
            1 => Some(format!("1 {}", severity.word())),
            many => Some(format!("{many} {}s", severity.word())),
        })
        .collect();
    (!words.is_empty()).then(|| words.join(", "))
}

fn groups<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mut group = level
        .primary_title(diagnostic.summary.as_str())
        .id(diagnostic.code)
        .elements(Vec::<Element<'a>>::new());
    for file in files(diagnostic) {
        if let Some(source) = sources.get(file) {
            group = group.elements(frames(diagnostic, source, file));
        }
    }
    let patch =
        diagnostic.patch.as_ref().and_then(|patch| patch_frame(patch.span, &patch.replacement, sources));
    match (&diagnostic.help, patch) {
        (Some(help), Some(frame)) => {
            vec![group, Level::HELP.secondary_title(help.as_str()).element(frame)]
        }
        (Some(help), None) => vec![group.element(Level::HELP.message(help.as_str()))],
        (None, _) => vec![group],
    }
}

/// The files that a diagnostic is about, that of its first label first.
fn files(diagnostic: &Diagnostic) -> Vec<FileId> {
    let mut files: Vec<FileId> = Vec::new();
    for label in &diagnostic.labels {
        if !files.contains(&label.span.file) {
            files.push(label.span.file);
        }
    }
    files
}

fn frames<'a>(diagnostic: &'a Diagnostic, source: &'a Source, file: FileId) -> Vec<Element<'a>> {
    let spans: Vec<(usize, Span)> = diagnostic
        .labels
        .iter()
        .enumerate()
        .filter(|(_, label)| label.span.file == file)
        .map(|(index, label)| (index, label.span))
        .collect();
    let mut groups = excerpts(source, &spans);
    // The frame that holds the first label leads, whatever its line.
    groups.sort_by_key(|(_, members)| !members.contains(&0));
    groups.into_iter().map(|(excerpt, members)| frame(diagnostic, source, excerpt, &members)).collect()
}

fn frame<'a>(
    diagnostic: &'a Diagnostic,
    source: &'a Source,
    excerpt: Option<Excerpt>,
    members: &[usize],
) -> Element<'a> {
    let labels = members.iter().filter_map(|index| Some((*index, diagnostic.labels.get(*index)?)));
    let Some(excerpt) = excerpt else {
        let at = labels.map(|(_, label)| source.position(label.span.start)).next();
        let origin = Origin::path(source.name());
        return match at {
            Some(at) => origin.line(at.line).char_column(at.column).into(),
            None => origin.into(),
        };
    };
    let annotations: Vec<_> = labels
        .filter_map(|(index, label)| {
            let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            let annotation = kind.span(excerpt.range(source, label.span)?);
            Some(if label.text.is_empty() { annotation } else { annotation.label(label.text.as_str()) })
        })
        .collect();
    let snippet = Snippet::source(excerpt.text).line_start(excerpt.first_line).path(source.name());
    snippet.annotations(annotations).into()
}

fn patch_frame<'a>(span: Span, replacement: &'a str, sources: &'a Sources) -> Option<Element<'a>> {
    let source = sources.get(span.file)?;
    let (excerpt, _) = excerpts(source, &[(0, span)]).into_iter().next()?;
    let excerpt = excerpt?;
    let range = excerpt.range(source, span)?;
    let snippet = Snippet::source(excerpt.text).line_start(excerpt.first_line).path(source.name());
    Some(snippet.patch(Patch::new(range, replacement)).into())
}
