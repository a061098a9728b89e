//! Text in, the long form out: JSON, or YAML with CloudFormation's short tags.
//!
//! What two readers could understand in two ways is refused: keys given twice, aliases, numbers that would not come
//! back as they were written. Size and depth are bounded.

mod json;
mod scalar;
mod tag;
mod yaml;

use crate::fault::{Fault, Path};
use crate::template::Template;
use serde_json::Value;

/// Bytes of a template.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html> (a template
/// object in S3; CloudFormation's error names this number).
const BYTES_AT_MOST: usize = 1_000_000;

/// Levels of nesting, functions included. Everything below walks recursively; deeper values could exhaust the stack.
const DEPTH_AT_MOST: usize = 64;

/// Reads a template, in JSON where it begins with a brace and else in YAML.
///
/// Every section and every function is parsed; how they fit together is [`Template::check`]'s business.
///
/// # Errors
/// Everything that is wrong with the form of the text; a fault of syntax stands alone.
pub fn read(text: &str) -> Result<Template, Vec<Fault>> {
    let value = value(text).map_err(|fault| vec![fault])?;
    let mut faults = Vec::new();
    refuse_empty(&value, &Path::Root, &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    Template::parse(value)
}

fn value(text: &str) -> Result<Value, Fault> {
    if text.len() > BYTES_AT_MOST {
        let message = format!("Template may not exceed {BYTES_AT_MOST} bytes in size.");
        return Err(Fault::new(Path::Root, message));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with('{') { json::read(text) } else { yaml::read(text) }
}

/// CloudFormation takes no empty values, wherever they stand.
fn refuse_empty(value: &Value, path: &Path<'_>, faults: &mut Vec<Fault>) {
    match value {
        Value::Null => {
            let message =
                format!("Template format error: [/{path}] 'null' values are not allowed in templates");
            faults.push(Fault::new(path, message));
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                refuse_empty(item, &path.item(at), faults);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                refuse_empty(member, &path.key(key), faults);
            }
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
