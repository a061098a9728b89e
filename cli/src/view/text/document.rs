//! Two documents side by side, by their structure: keys in one order, an element a line, and only the
//! lines around a difference.

use crate::view::style::{DIM, GONE, GOOD, paint, shown};
use serde_json::Value;
use similar::{ChangeTag, TextDiff};

/// Unchanged lines shown before and after a difference.
const CONTEXT: usize = 2;

/// The lines of a difference, without indentation. Lines that only moved because keys stand in another
/// order do not show.
pub(crate) fn difference(before: &Value, after: &Value) -> Vec<String> {
    let (before, after) = (pretty(before), pretty(after));
    let diff = TextDiff::from_lines(before.as_str(), after.as_str());
    let mut lines = Vec::new();
    for (at, group) in diff.grouped_ops(CONTEXT).into_iter().enumerate() {
        if at > 0 {
            lines.push(paint(DIM, "  …"));
        }
        for operation in &group {
            for change in diff.iter_changes(operation) {
                let text = shown(&change.value().trim_end_matches('\n'));
                lines.push(match change.tag() {
                    ChangeTag::Equal => paint(DIM, format!("  {text}")),
                    ChangeTag::Delete => paint(GONE, format!("- {text}")),
                    ChangeTag::Insert => paint(GOOD, format!("+ {text}")),
                });
            }
        }
    }
    lines
}

/// A whole document, line by line.
pub(crate) fn whole(document: &Value) -> Vec<String> {
    pretty(document).lines().map(|line| shown(&line)).collect()
}

/// How large a document is: its statements, where it has some, and its characters as AWS counts them.
pub(crate) fn size(document: &Value) -> String {
    let characters = glidepath_model::canonical::canonical_json(document).chars().count();
    let statements = match document.get("Statement") {
        Some(Value::Array(statements)) => Some(statements.len()),
        Some(_) => Some(1),
        None => None,
    };
    match statements {
        Some(number) => {
            format!("{}, {}", super::count(number, "statement"), super::count(characters, "character"))
        }
        None => super::count(characters, "character"),
    }
}

/// JSON with sorted keys, a member or element a line, ending in a line break.
fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(&sorted(value)).unwrap_or_default();
    text.push('\n');
    text
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut keys: Vec<&String> = members.keys().collect();
            keys.sort();
            let rows = keys.into_iter().filter_map(|key| Some((key.clone(), sorted(members.get(key)?))));
            Value::Object(rows.collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_the_lines_around_a_difference_show_and_the_order_of_keys_does_not() {
        let before =
            json!({"Statement": [{"Sid": "a", "Effect": "Deny", "Action": ["x:*", "y:*"]}], "Version": "v"});
        let after =
            json!({"Version": "v", "Statement": [{"Effect": "Deny", "Action": ["x:*", "z:*"], "Sid": "a"}]});
        let lines: Vec<String> = difference(&before, &after)
            .iter()
            .map(|line| anstream::adapter::strip_str(line).to_string())
            .collect();
        assert_eq!(
            lines,
            [
                "        \"Action\": [",
                "          \"x:*\",",
                "-         \"y:*\"",
                "+         \"z:*\"",
                "        ],",
                "        \"Effect\": \"Deny\",",
            ]
        );
    }

    #[test]
    fn a_terminal_sequence_inside_a_document_is_written_out() {
        let lines = difference(&json!("a"), &json!("b\u{202e}"));
        assert!(lines.iter().any(|line| line.contains("\\u{202e}")));
    }
}
