//! One line a diagnostic, `file:line:column: error[GP0107]: …`, for editors and logs.

use crate::diagnostic::Diagnostic;
use crate::source::Sources;

/// Renders each diagnostic on a line of its own.
#[must_use]
pub fn short(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        if let Some((file, at)) = diagnostic.labels.first().and_then(|label| sources.locate(label.span)) {
            text.push_str(&format!("{file}:{}:{}: ", at.line, at.column));
        }
        text.push_str(&format!(
            "{}[{}]: {}\n",
            diagnostic.severity.word(),
            diagnostic.code,
            diagnostic.summary
        ));
    }
    text
}
