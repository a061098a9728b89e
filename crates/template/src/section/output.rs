//! Outputs: what a stack tells, and what it exports to others.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html>.

use super::{refuse_other_keys, text_member};
use crate::expression::{Expression, Parsing, parse};
use crate::fault::Path;
use serde_json::{Map, Value};

/// An output as it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// Its value, functions in long form.
    pub value: Value,
    /// The name under which it is exported, functions in long form.
    pub export: Option<Value>,
    /// The condition under which it is told.
    pub condition: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    pub(crate) parsed: ParsedOutput,
}

/// The same, ready to be resolved.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ParsedOutput {
    pub(crate) value: Expression,
    pub(crate) export: Option<Expression>,
}

/// Reads an output.
pub(crate) fn output(
    name: &str,
    members: &Map<String, Value>,
    path: &Path<'_>,
    parsing: &mut Parsing,
) -> Option<Output> {
    let known = ["Value", "Export", "Condition", "Description"];
    refuse_other_keys(members, &known, path, parsing, |key| {
        format!("Template format error: Output {name} is malformed. Invalid property {key}")
    });
    let Some(value) = members.get("Value") else {
        parsing.fault(path, "Template format error: Every Outputs member must contain a Value object");
        return None;
    };
    let export = members.get("Export").and_then(|export| {
        let exported = export.get("Name").filter(|_| export.as_object().is_some_and(|all| all.len() == 1));
        if exported.is_none() {
            let message = format!(
                "Template format error: Output {name} is malformed. The Name field of every Export member must be \
                 specified and consist only of alphanumeric characters, colons, or hyphens."
            );
            parsing.fault(&path.key("Export"), message);
        }
        exported
    });
    let parsed = ParsedOutput {
        value: parse(value, &path.key("Value"), parsing),
        export: export.map(|export| parse(export, &path.key("Export").key("Name"), parsing)),
    };
    Some(Output {
        value: value.clone(),
        export: export.cloned(),
        condition: text_member(members, "Condition", path, parsing),
        description: text_member(members, "Description", path, parsing),
        parsed,
    })
}
