//! The reference pages, written from the same tables that decide what a manifest may hold.

use crate::code::explanations;
use crate::section::MANIFEST;
use crate::section::expectation::FILE;
use crate::shape::{Format, Need, Section, Shape};

const GENERATED: &str = "<!-- Generated from the tables in crates/manifest; `UPDATE_DOCS=1 cargo test -p glidepath-manifest` rewrites it. -->\n\n";

/// The page of all keys of a manifest.
#[must_use]
pub fn reference_markdown() -> String {
    page(&MANIFEST, "The manifest")
}

/// The page of all keys of a file of expectations.
#[must_use]
pub fn expectations_markdown() -> String {
    page(&FILE, "Expectations")
}

/// The page of all codes.
#[must_use]
pub fn codes_markdown() -> String {
    let mut text = format!(
        "{GENERATED}# Diagnostic codes\n\nEvery complaint about a manifest has a stable code. \
         `glidepath explain-code GP0107` shows the same text.\n\n| code | |\n|---|---|\n"
    );
    for row in explanations() {
        text.push_str(&format!("| [{0}](#{1}) | {2} |\n", row.code, row.code.to_lowercase(), row.title));
    }
    for row in explanations() {
        let severity = row.severity.map_or("", |severity| severity.word());
        text.push_str(&format!(
            "\n## {}\n\n**{}** ({severity})\n\n{}\n\n*Why it matters.* {}\n\n*What to do.* {}\n\nWrong:\n\n```yaml\n{}\n```\n\nRight:\n\n```yaml\n{}\n```\n",
            row.code,
            row.title,
            row.meaning.trim(),
            row.why.trim(),
            row.remedy.trim(),
            row.wrong.trim_end(),
            row.right.trim_end(),
        ));
    }
    text
}

fn page(whole: &'static Section, title: &str) -> String {
    let mut pages = Pages { sections: Vec::new(), choices: Vec::new() };
    pages.visit(whole);
    let mut text = format!("{GENERATED}# {title}\n\n{}\n\n", whole.doc);
    text.push_str(&keys(whole));
    for section in pages.sections.iter().skip(1) {
        text.push_str(&format!("## `{}`\n\n{}\n\n", section.name, section.doc));
        text.push_str(&keys(section));
        text.push_str(&example(section));
    }
    for format in pages.choices {
        text.push_str(&choice(format));
    }
    text
}

/// Sections and choices in the order in which a reader meets them.
struct Pages {
    sections: Vec<&'static Section>,
    choices: Vec<&'static Format>,
}

impl Pages {
    fn visit(&mut self, section: &'static Section) {
        if self.sections.iter().any(|known| known.name == section.name) {
            return;
        }
        self.sections.push(section);
        for field in section.fields {
            self.visit_shape(&field.shape);
        }
    }

    fn visit_shape(&mut self, shape: &'static Shape) {
        match shape {
            Shape::Section(section) => self.visit(section),
            Shape::Map { keys, values } => {
                self.visit_format(keys);
                self.visit_shape(values);
            }
            Shape::List(items) => self.visit_shape(items),
            Shape::Either(shapes) => shapes.iter().for_each(|shape| self.visit_shape(shape)),
            Shape::Text(format) => self.visit_format(format),
            Shape::Flag
            | Shape::Number { .. }
            | Shape::Version
            | Shape::Document
            | Shape::Any
            | Shape::Later => {}
        }
    }

    fn visit_format(&mut self, format: &'static Format) {
        let known = self.choices.iter().any(|known| known.noun == format.noun);
        if format.words.is_some() && !known {
            self.choices.push(format);
        }
    }
}

fn keys(section: &Section) -> String {
    let mut text = "| key | value | left out | meaning |\n|---|---|---|---|\n".to_owned();
    for field in section.fields {
        let left_out = match (field.need, field.default) {
            (Need::Required, _) => "required",
            (Need::Optional, "") => "–",
            (Need::Optional, default) => default,
        };
        text.push_str(&format!(
            "| `{}` | {} | {} | {} |\n",
            field.name,
            cell(&value(&field.shape)),
            cell(left_out),
            cell(field.doc)
        ));
    }
    text.push('\n');
    text
}

/// What a value is, in Markdown with links.
fn value(shape: &Shape) -> String {
    match shape {
        Shape::Text(format) if format.words.is_some() => {
            format!("[{}](#{})", format.noun, anchor(format))
        }
        Shape::Text(format) => format!("{}: {}", format.noun, format.form),
        Shape::Section(section) => format!("[`{0}`](#{1})", section.name, section.name.to_lowercase()),
        Shape::Map { keys, values } => format!("map from {} to {}", key_words(keys), value(values)),
        Shape::List(items) => format!("list of: {}", value(items)),
        Shape::Either(shapes) => shapes.iter().map(value).collect::<Vec<_>>().join("; or "),
        Shape::Later => "not in this version".to_owned(),
        Shape::Flag | Shape::Number { .. } | Shape::Version | Shape::Document | Shape::Any => shape.words(),
    }
}

fn key_words(keys: &Format) -> String {
    if keys.words.is_some() {
        return format!("[{}](#{})", keys.noun, anchor(keys));
    }
    format!("{} ({})", keys.noun, keys.form)
}

fn anchor(format: &Format) -> String {
    format.noun.to_lowercase().replace(' ', "-")
}

fn example(section: &Section) -> String {
    let lines: Vec<String> = section
        .fields
        .iter()
        .filter(|field| !field.example.is_empty())
        .map(|field| format!("{}: {}", field.name, field.example))
        .collect();
    format!("Each key with a value:\n\n```yaml\n{}\n```\n\n", lines.join("\n"))
}

fn choice(format: &Format) -> String {
    let words: Vec<String> = format
        .words
        .map(|words| words())
        .unwrap_or_default()
        .iter()
        .map(|word| format!("`{word}`"))
        .collect();
    format!("## {}\n\n{}.\n\n", format.noun, words.join(", "))
}

/// Text for a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_has_a_name_of_its_own() {
        let mut pages = Pages { sections: Vec::new(), choices: Vec::new() };
        pages.visit(&MANIFEST);
        let page = reference_markdown();
        for section in pages.sections.iter().skip(1) {
            assert_eq!(page.matches(&format!("\n## `{}`\n", section.name)).count(), 1, "{}", section.name);
        }
    }
}
