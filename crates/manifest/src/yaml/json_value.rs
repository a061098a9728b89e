//! A tree as plain JSON, for policy documents.

use super::scalar::{Resolved, resolve};
use super::tree::{Node, Value};
use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use crate::span::Span;
use serde_json::{Map, Number, Value as Json};

/// The tree as JSON. A number whose text would not come back (`007`) is a complaint.
pub(crate) fn json_value(node: &Node, around: Span, report: &mut Report) -> Json {
    match &node.value {
        Value::Empty => Json::Null,
        Value::Scalar(scalar) => match resolve(scalar) {
            Resolved::Text(text) => Json::String(text.to_owned()),
            Resolved::Flag(flag) => Json::Bool(flag),
            Resolved::Whole(number) => Json::Number(number.into()),
            Resolved::Real(number) => Number::from_f64(number).map_or(Json::Null, Json::Number),
            Resolved::Ambiguous => {
                let text = &scalar.text;
                report.add(
                    Diagnostic::new(code::NOT_TEXT_TYPE, format!("`{text}` would lose its form as a number"))
                        .at(node.place(around), "")
                        .help("put it in quotes")
                        .patch(node.span, format!("\"{text}\"")),
                );
                Json::Null
            }
        },
        Value::List(items) => {
            Json::Array(items.iter().map(|item| json_value(item, around, report)).collect())
        }
        Value::Map(entries) => {
            let members = entries
                .iter()
                .map(|entry| (entry.key.value.to_string(), json_value(&entry.value, entry.key.span, report)));
            Json::Object(members.collect::<Map<_, _>>())
        }
    }
}
