//! What `Ref` gives for a parameter.

use super::Surroundings;
use crate::fault::{Fault, Path};
use crate::section::{Origin, Shape};
use crate::template::Template;
use serde_json::Value;
use std::collections::BTreeMap;

/// The value of every parameter: a text, or a list of texts where its type says so.
pub(super) fn values<'a>(
    template: &'a Template,
    arguments: &BTreeMap<String, String>,
    around: &dyn Surroundings,
) -> Result<BTreeMap<&'a str, Value>, Fault> {
    let parameters = Path::Root.key("Parameters");
    let mut values = BTreeMap::new();
    for (name, parameter) in template.parameters() {
        let fault = |message: String| Fault::new(parameters.key(name), message);
        let given =
            arguments.get(name).ok_or_else(|| fault(format!("Parameters: [{name}] must have values")))?;
        let text = match parameter.form.origin {
            Origin::Given => given.clone(),
            Origin::ParameterStore => around.parameter(given).ok_or_else(|| {
                fault(format!("Unable to fetch parameters [{given}] from parameter store for this account."))
            })?,
        };
        let value = match parameter.form.shape {
            Shape::One => Value::from(text),
            Shape::List => text.split(',').map(str::trim).collect(),
        };
        values.insert(name.as_str(), value);
    }
    Ok(values)
}
