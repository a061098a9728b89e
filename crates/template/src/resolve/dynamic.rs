//! Dynamic references, `{{resolve:service:reference}}`, which stand in texts after everything else is filled in.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html>.

use super::Surroundings;
use crate::fault::{Fault, Path};
use serde_json::Value;

/// What begins a reference.
const BEGIN: &str = "{{resolve:";

/// The services that can be referred to.
pub(crate) const SERVICES: [&str; 3] = ["ssm", "ssm-secure", "secretsmanager"];

/// A reference within a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DynamicReference<'t> {
    pub(crate) service: &'t str,
    pub(crate) reference: &'t str,
}

/// A part of a text with references in it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Part<'t> {
    Text(&'t str),
    Reference(DynamicReference<'t>),
    /// It begins like a reference and is none.
    Malformed(&'t str),
}

/// A text cut at its references; one part for most texts.
pub(crate) fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(BEGIN) {
        if !before.is_empty() {
            parts.push(Part::Text(before));
        }
        let Some((inner, after)) = behind.split_once("}}") else {
            parts.push(Part::Malformed(behind));
            return parts;
        };
        rest = after;
        parts.push(match inner.split_once(':') {
            Some((service, reference)) if SERVICES.contains(&service) && !reference.is_empty() => {
                Part::Reference(DynamicReference { service, reference })
            }
            _ => Part::Malformed(inner),
        });
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    parts
}

/// Fills in every reference in the texts of a value; keys are left alone. What is filled in is not looked at again.
pub(super) fn fill(value: &mut Value, path: &Path<'_>, around: &dyn Surroundings) -> Result<(), Fault> {
    match value {
        Value::String(text) if text.contains(BEGIN) => *text = filled(text, path, around)?,
        Value::Array(items) => {
            for (at, item) in items.iter_mut().enumerate() {
                fill(item, &path.item(at), around)?;
            }
        }
        Value::Object(members) => {
            for (key, member) in members.iter_mut() {
                fill(member, &path.key(key), around)?;
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    Ok(())
}

fn filled(text: &str, path: &Path<'_>, around: &dyn Surroundings) -> Result<String, Fault> {
    let mut filled = String::new();
    for part in parts(text) {
        match part {
            Part::Text(text) => filled.push_str(text),
            Part::Reference(DynamicReference { service, reference }) => {
                let value = around.dynamic(service, reference).ok_or_else(|| {
                    let message = match service {
                        "secretsmanager" => format!(
                            "Could not find a value associated with JSONKey in SecretString or a secret: {reference}"
                        ),
                        _ => format!("Parameters: [{service}:{reference}] cannot be found."),
                    };
                    Fault::new(path, message)
                })?;
                filled.push_str(&value);
            }
            Part::Malformed(_) => {
                let message = "Template format error: an incorrectly formatted dynamic reference; it is \
                               {{resolve:service-name:reference-key}} with the service ssm, ssm-secure or secretsmanager";
                return Err(Fault::new(path, message));
            }
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_its_references() {
        let shown =
            format!("{:?}", parts("a{{resolve:ssm:/x/y:3}}b{{resolve:secretsmanager:s:SecretString:k}}"));
        assert_eq!(
            shown,
            "[Text(\"a\"), Reference(DynamicReference { service: \"ssm\", reference: \"/x/y:3\" }), Text(\"b\"), \
             Reference(DynamicReference { service: \"secretsmanager\", reference: \"s:SecretString:k\" })]"
        );
        for text in ["{{resolve:ssm:", "{{resolve:vault:x}}", "{{resolve:ssm:}}", "{{resolve:}}"] {
            assert!(matches!(parts(text).as_slice(), [Part::Malformed(_)]), "{text}");
        }
        assert_eq!(parts("{{ jinja }}"), [Part::Text("{{ jinja }}")]);
    }
}
