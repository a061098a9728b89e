//! Policy documents: from files of the manifest's folder, or written in the manifest itself.

mod strict_json;

use crate::code;
use crate::diagnostic::{Diagnostic, Refusal, Report};
use crate::folder::Folder;
use crate::source::Sources;
use crate::span::{FileId, Span, Spanned};
use crate::yaml::{self, Bounds, Entry, Used, json_value};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Reads documents while a manifest is read, and keeps their texts for diagnostics.
pub(crate) struct Documents<'r> {
    pub(crate) folder: &'r mut Folder,
    pub(crate) sources: &'r mut Sources,
    pub(crate) bounds: Bounds,
    pub(crate) used: &'r mut Used,
    /// How the user wrote the folder; names of files are shown below it.
    pub(crate) shown: PathBuf,
}

impl Documents<'_> {
    /// The text of a file that the manifest names, kept among the sources; none where a complaint stands.
    pub(crate) fn text(&mut self, path: &Spanned<&str>, report: &mut Report) -> Option<(FileId, String)> {
        let relative = Path::new(path.value);
        match self.folder.read(relative) {
            Ok(text) => {
                // `./x` is shown as `x`.
                let plain = relative.strip_prefix(".").unwrap_or(relative);
                let file = self.sources.add(&self.shown.join(plain).display().to_string(), text.clone());
                Some((file, text))
            }
            Err(error) => {
                report.add(
                    Diagnostic::new(error.reference_code(), error.to_string())
                        .at(path.span, "")
                        .help("name a file within the manifest's folder, relative to it"),
                );
                None
            }
        }
    }

    /// Reads the file that a `file:` names, and says which of the sources it is; none where a complaint stands.
    pub(crate) fn read(&mut self, path: Spanned<&str>, report: &mut Report) -> Option<(FileId, Value)> {
        let relative = Path::new(path.value);
        let (file, text) = self.text(&path, report)?;
        let is_yaml = relative.extension().is_some_and(|end| end == "yaml" || end == "yml");
        let parsed = if is_yaml { self.yaml(file, &text, report) } else { json(file, &text) };
        let value = match parsed {
            Ok(value) => value,
            Err(diagnostic) => {
                report.add(diagnostic.at(path.span, "named here"));
                return None;
            }
        };
        if value.is_object() {
            return Some((file, value));
        }
        report.add(
            Diagnostic::new(code::NOT_AN_OBJECT, format!("`{}` does not hold a policy document", path.value))
                .at(path.span, "named here")
                .help("a policy document is a JSON object, `{…}`"),
        );
        None
    }

    /// A document that stands in the manifest; `null` where a complaint stands.
    pub(crate) fn inline(&self, entry: &Entry, report: &mut Report) -> Value {
        if !matches!(entry.value.value, yaml::Value::Map(_)) {
            return Value::Null;
        }
        json_value(&entry.value, entry.key.span, report)
    }

    fn yaml(&mut self, file: FileId, text: &str, report: &mut Report) -> Result<Value, Refusal> {
        let node = yaml::read(file, text, &self.bounds, self.used, report)?;
        Ok(json_value(&node, node.span, report))
    }
}

fn json(file: FileId, text: &str) -> Result<Value, Refusal> {
    strict_json::read(text).map_err(|fault| {
        let diagnostic = Diagnostic::new(code::FILE_JSON, "this is not JSON")
            .at(Span::of_character(file, text, fault.byte), fault.message)
            .help("mend the file; JSON takes no comments, trailing commas or repeated keys");
        Box::new(diagnostic)
    })
}
