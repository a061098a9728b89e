//! Diagnostics for programs.

use crate::diagnostic::Diagnostic;
use crate::source::Sources;
use crate::span::Span;
use serde_json::{Value, json as object};

/// The version of this form; it grows when a reader of the one before would misread it.
const FORMAT_VERSION: u32 = 1;

/// Renders the diagnostics as `{"format_version": 1, "diagnostics": […]}`. Lines and columns count
/// from 1, columns in characters.
#[must_use]
pub fn json(diagnostics: &[Diagnostic], sources: &Sources) -> Value {
    let rows: Vec<Value> = diagnostics.iter().map(|diagnostic| row(diagnostic, sources)).collect();
    object!({ "format_version": FORMAT_VERSION, "diagnostics": rows })
}

fn row(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let labels: Vec<Value> = diagnostic
        .labels
        .iter()
        .map(|label| {
            let mut value = place(label.span, sources);
            if let Some(members) = value.as_object_mut() {
                members.insert("text".to_owned(), Value::String(label.text.clone()));
            }
            value
        })
        .collect();
    let patch = diagnostic.patch.as_ref().map(|patch| {
        let mut value = place(patch.span, sources);
        if let Some(members) = value.as_object_mut() {
            members.insert("replacement".to_owned(), Value::String(patch.replacement.clone()));
        }
        value
    });
    object!({
        "code": diagnostic.code,
        "severity": diagnostic.severity.word(),
        "summary": diagnostic.summary,
        "labels": labels,
        "help": diagnostic.help,
        "patch": patch,
    })
}

fn place(span: Span, sources: &Sources) -> Value {
    let Some(source) = sources.get(span.file) else { return object!({}) };
    let (start, end) = (source.position(span.start), source.position(span.end));
    object!({
        "file": source.name(),
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    })
}
