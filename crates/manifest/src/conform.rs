//! Whether a tree has the shapes that the tables want. Every fault is reported, and the tree stays as it
//! is: reading it afterwards ([`crate::record`]) simply leaves out what does not fit.

use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use crate::shape::{Fault, Field, Format, Need, Section, Shape};
use crate::span::Span;
use crate::yaml::{Node, Resolved, Scalar, Value, resolve};

/// The newest form of a manifest that this version reads.
pub(crate) const FORMAT: i64 = 1;

/// Checks a value and everything in it. `what` names it, `around` is the place of its key.
pub(crate) fn conform(node: &Node, shape: &Shape, what: &str, around: Span, report: &mut Report) {
    match (shape, &node.value) {
        (Shape::Later, _) => report.add(later(what, around)),
        (Shape::Any, _) => {}
        (Shape::Section(section), _) => section_conforms(node, section, what, around, report),
        (Shape::Map { keys, values }, Value::Map(entries)) => {
            for entry in entries {
                text_conforms(&entry.key.value, keys, entry.key.span, report);
                conform(&entry.value, values, &entry.key.value, entry.key.span, report);
            }
        }
        (Shape::List(items), Value::List(nodes)) => {
            for item in nodes {
                conform(item, items, what, item.place(around), report);
            }
        }
        (Shape::Map { .. } | Shape::List(_), Value::Empty) | (Shape::Document, Value::Map(_)) => {}
        (Shape::Text(format), Value::Scalar(scalar)) => match resolve(scalar) {
            Resolved::Text(text) => text_conforms(text, format, node.span, report),
            Resolved::Flag(_) | Resolved::Whole(_) | Resolved::Real(_) | Resolved::Ambiguous => {
                report.add(unquoted(scalar, node.span, what, format));
            }
        },
        (Shape::Flag, Value::Scalar(scalar)) if matches!(resolve(scalar), Resolved::Flag(_)) => {}
        (Shape::Number { min, max }, Value::Scalar(scalar)) => match resolve(scalar) {
            Resolved::Whole(number) => {
                if !u64::try_from(number).is_ok_and(|number| (*min..=*max).contains(&number)) {
                    report.add(
                        Diagnostic::new(code::OUT_OF_RANGE, format!("`{what}` is out of range"))
                            .at(node.span, format!("wanted: {}", shape.words())),
                    );
                }
            }
            _ => report.add(wrong(node, shape, what, around)),
        },
        (Shape::Version, Value::Scalar(scalar)) => match resolve(scalar) {
            Resolved::Whole(FORMAT) => {}
            Resolved::Whole(_) => report.add(
                Diagnostic::new(code::FORMAT_VERSION, "this version reads manifests of form 1 only")
                    .at(node.span, "written for another version")
                    .help("use the version of Glidepath that the manifest was written for"),
            ),
            _ => report.add(wrong(node, shape, what, around)),
        },
        (Shape::Either(shapes), _) => match shapes.iter().find(|shape| fits(node, shape)) {
            Some(shape) => conform(node, shape, what, around, report),
            None => report.add(wrong(node, shape, what, around)),
        },
        (Shape::Document, _) => report.add(
            Diagnostic::new(code::NOT_AN_OBJECT, "a policy document must be a map")
                .at(node.place(around), "this is none"),
        ),
        _ => report.add(wrong(node, shape, what, around)),
    }
}

/// Whether a value is of the kind that a shape wants, whatever it holds.
pub(crate) fn fits(node: &Node, shape: &Shape) -> bool {
    match (&node.value, shape) {
        (Value::Scalar(_), Shape::Text(_) | Shape::Flag | Shape::Number { .. } | Shape::Version) => true,
        (Value::List(_) | Value::Empty, Shape::List(_)) => true,
        (Value::Map(_) | Value::Empty, Shape::Section(_) | Shape::Map { .. }) => true,
        (Value::Map(_), Shape::Document) | (_, Shape::Any) => true,
        (_, Shape::Either(shapes)) => shapes.iter().any(|shape| fits(node, shape)),
        _ => false,
    }
}

/// Whether a text has its form; used again when values are read, so that a wrong one is left out.
pub(crate) fn text_fault(text: &str, format: &Format) -> Option<Fault> {
    (format.check)(text).err()
}

fn text_conforms(text: &str, format: &Format, span: Span, report: &mut Report) {
    let Some(fault) = text_fault(text, format) else { return };
    let diagnostic = Diagnostic::new(fault.code, fault.summary).at(span, "");
    // A region of another partition is no misspelling of one of ours.
    let misspelt = fault.code != code::PARTITION;
    let words = format.words.filter(|_| misspelt);
    let near = words.and_then(|words| report.nearest(text, words().into_iter()));
    report.add(diagnostic.help(fault.help).nearest(span, near));
}

fn section_conforms(node: &Node, section: &'static Section, what: &str, around: Span, report: &mut Report) {
    if !matches!(node.value, Value::Map(_) | Value::Empty) {
        report.add(wrong(node, &Shape::Section(section), what, around));
        return;
    }
    let mut meant: Vec<String> = Vec::new();
    for entry in node.entries() {
        let key = &entry.key;
        match section.field(&key.value) {
            Some(field) => conform(&entry.value, &field.shape, field.name, key.span, report),
            None => {
                let near = report.nearest(&key.value, section.fields.iter().map(|field| field.name));
                meant.extend(near.clone());
                report.add(unknown_key(&key.value, section, what, near, key.span));
            }
        }
    }
    let missing: Vec<&Field> = section
        .fields
        .iter()
        .copied()
        .filter(|field| field.need == Need::Required)
        .filter(|field| !node.entries().iter().any(|entry| &*entry.key.value == field.name))
        // A misspelt key has been told of; that the right one is missing follows from it.
        .filter(|field| !meant.iter().any(|name| name == field.name))
        .collect();
    for field in missing {
        let diagnostic =
            Diagnostic::new(code::MISSING_KEY, format!("`{what}` needs the key `{}`", field.name))
                .at(around, format!("`{}` is missing here", field.name));
        report.add(diagnostic.help(format!("add `{}: {}`", field.name, field.example)));
    }
}

fn unknown_key(key: &str, section: &Section, what: &str, near: Option<String>, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::new(code::UNKNOWN_KEY, format!("`{what}` has no key `{key}`")).at(span, "");
    if near.is_some() {
        return diagnostic.nearest(span, near);
    }
    let known = section.fields.iter().filter(|field| !matches!(field.shape, Shape::Later));
    let known: Vec<String> = known.map(|field| format!("`{}`", field.name)).collect();
    diagnostic.help(format!("its keys are {}", known.join(", ")))
}

fn wrong(node: &Node, shape: &Shape, what: &str, around: Span) -> Diagnostic {
    let found = match &node.value {
        Value::Empty => "this is empty",
        Value::List(_) => "this is a list",
        Value::Map(_) => "this is a map",
        Value::Scalar(scalar) => match resolve(scalar) {
            Resolved::Text(_) => "this is a text",
            Resolved::Flag(_) => "this is true or false",
            Resolved::Whole(_) | Resolved::Real(_) | Resolved::Ambiguous => "this is a number",
        },
    };
    let diagnostic = Diagnostic::new(code::WRONG_TYPE, format!("`{what}` must be {}", shape.words()))
        .at(node.place(around), found);
    match (shape, &node.value) {
        (Shape::List(_), Value::Scalar(scalar)) => {
            diagnostic.help("write it as a list").patch(node.span, format!("[{}]", scalar.text))
        }
        (Shape::Map { .. }, Value::List(_)) => {
            diagnostic.help("write `name:` for each, or `{name: , other: }`, instead of `- name`")
        }
        _ => diagnostic,
    }
}

fn unquoted(scalar: &Scalar, span: Span, what: &str, format: &Format) -> Diagnostic {
    let kind = if matches!(resolve(scalar), Resolved::Flag(_)) { "true or false" } else { "a number" };
    let summary = format!("`{what}` must be {}, but YAML reads {kind} here", format.noun);
    Diagnostic::new(code::NOT_TEXT_TYPE, summary)
        .at(span, "")
        .help("put it in quotes")
        .patch(span, format!("\"{}\"", scalar.text))
}

fn later(what: &str, around: Span) -> Diagnostic {
    Diagnostic::new(code::LATER_SECTION, format!("the section `{what}` is not in this version"))
        .at(around, "")
        .help("take it out for now; the reference lists what this version has")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::explanations;
    use crate::section::MANIFEST;
    use crate::span::FileId;
    use crate::yaml::{Bounds, Used, read};

    fn parsed(text: &str, report: &mut Report) -> Node {
        read(FileId(0), text, &Bounds::default(), &mut Used::default(), report).unwrap()
    }

    fn sections(shape: &'static Shape, found: &mut Vec<&'static Section>) {
        match shape {
            Shape::Section(section) if !found.iter().any(|known| known.name == section.name) => {
                found.push(section);
                section.fields.iter().for_each(|field| sections(&field.shape, found));
            }
            Shape::Map { values, .. } => sections(values, found),
            Shape::List(items) => sections(items, found),
            Shape::Either(shapes) => shapes.iter().for_each(|shape| sections(shape, found)),
            _ => {}
        }
    }

    #[test]
    fn the_examples_of_the_tables_have_the_shapes_of_the_tables() {
        static ROOT: Shape = Shape::Section(&MANIFEST);
        let mut all = Vec::new();
        sections(&ROOT, &mut all);
        assert!(all.len() > 12, "{}", all.len());
        let fields = all.iter().flat_map(|section| section.fields.iter());
        for field in fields.filter(|field| !field.example.is_empty() && !field.example.contains('…')) {
            let mut report = Report::new();
            let node = parsed(field.example, &mut report);
            conform(&node, &field.shape, field.name, node.span, &mut report);
            assert_eq!(report.finish(9), [], "{}", field.name);
        }
    }

    #[test]
    fn the_right_examples_of_codes_are_yaml() {
        for row in explanations() {
            let mut report = Report::new();
            parsed(&row.right, &mut report);
            assert_eq!(report.finish(9), [], "{}", row.code);
        }
    }
}
