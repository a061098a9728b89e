//! Parameters of a stack set and overrides of its instances, as requests give them and answers tell them.

use super::super::super::ServiceError;
use super::super::refusal::invalid;
use glidepath_model::text::printable;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A parameter in a request.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GivenParameter {
    #[serde(default)]
    parameter_key: String,
    parameter_value: Option<String>,
    use_previous_value: Option<bool>,
}

/// What a request wants of one parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Wish {
    /// This value.
    Value(String),
    /// The value it has.
    Previous,
}

/// What a request wants of each parameter, each named once.
pub(super) fn wishes(given: Vec<GivenParameter>) -> Result<BTreeMap<String, Wish>, ServiceError> {
    let mut wishes = BTreeMap::new();
    for parameter in given {
        let key = parameter.parameter_key;
        let named = printable(&key).into_owned();
        let wish = match (parameter.parameter_value, parameter.use_previous_value) {
            (Some(_), Some(true)) => {
                return Err(invalid(format!(
                    "Invalid input for parameter key {named}. Cannot specify usePreviousValue as true and a value for \
                     the parameter at the same time"
                )));
            }
            (Some(value), _) => Wish::Value(value),
            (None, Some(true)) => Wish::Previous,
            (None, _) => {
                return Err(invalid(format!(
                    "Parameter {named} should either have input value or use previous value."
                )));
            }
        };
        if wishes.insert(key, wish).is_some() {
            return Err(invalid(format!("Duplicate Parameters: [{named}]")));
        }
    }
    Ok(wishes)
}

/// The values that wishes come to where these were the values before; a wish for a value that was not there is refused.
pub(super) fn granted(
    wishes: BTreeMap<String, Wish>,
    previous: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, ServiceError> {
    let each = wishes.into_iter().map(|(key, wish)| match wish {
        Wish::Value(value) => Ok((key, value)),
        Wish::Previous => match previous.get(&key) {
            Some(value) => Ok((key, value.clone())),
            None => Err(invalid(format!(
                "Invalid input for parameter key {}. Cannot specify usePreviousValue as true for a parameter key not \
                 in the previous template",
                printable(&key)
            ))),
        },
    });
    each.collect()
}

/// The overrides that wishes come to where these were the overrides before; a wish for one that was not there is void.
pub(super) fn overridden(
    wishes: &BTreeMap<String, Wish>,
    previous: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let each = wishes.iter().filter_map(|(key, wish)| match wish {
        Wish::Value(value) => Some((key.clone(), value.clone())),
        Wish::Previous => previous.get(key).map(|value| (key.clone(), value.clone())),
    });
    each.collect()
}

/// A parameter in an answer.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ToldParameter {
    pub(super) parameter_key: String,
    pub(super) parameter_value: String,
}
