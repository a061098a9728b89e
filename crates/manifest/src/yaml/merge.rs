//! Several files as one tree: maps are merged key by key, anything else given twice is a complaint.

use super::read::duplicate_key;
use super::tree::{Entry, Node, Value};
use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use std::collections::HashMap;

/// Merges the roots of several files in the order given; none if all of them are empty.
pub(crate) fn merge(roots: Vec<Node>, report: &mut Report) -> Option<Node> {
    let mut merged: Option<(Node, Vec<Entry>)> = None;
    for Node { span, value } in roots {
        let entries = match value {
            Value::Map(entries) => entries,
            Value::Empty => continue,
            Value::Scalar(_) | Value::List(_) => {
                report.add(
                    Diagnostic::new(code::WRONG_TYPE, "a manifest must be a map of sections")
                        .at(span, "this is none")
                        .help("begin with `glidepath: 1`"),
                );
                continue;
            }
        };
        match &mut merged {
            Some((_, into)) => merge_entries(into, entries, report),
            None => merged = Some((Node { span, value: Value::Empty }, entries)),
        }
    }
    merged.map(|(node, entries)| Node { span: node.span, value: Value::Map(entries) })
}

fn merge_entries(into: &mut Vec<Entry>, entries: Vec<Entry>, report: &mut Report) {
    let places: HashMap<Box<str>, usize> =
        into.iter().enumerate().map(|(at, entry)| (entry.key.value.clone(), at)).collect();
    for entry in entries {
        let Some(known) = places.get(&entry.key.value).and_then(|at| into.get_mut(*at)) else {
            into.push(entry);
            continue;
        };
        match (&mut known.value.value, entry.value.value) {
            (Value::Map(inner), Value::Map(more)) => merge_entries(inner, more, report),
            _ => report.add(duplicate_key(&known.key, &entry.key)),
        }
    }
}
