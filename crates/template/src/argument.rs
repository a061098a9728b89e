//! The values given for the parameters of a template, held to the parameters' rules.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>.

use crate::fault::{Fault, Path};
use crate::section::{Element, Origin, Parameter, Shape};
use crate::template::Template;
use regex::Regex;
use std::collections::BTreeMap;

/// Bytes of one value.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>.
const VALUE_BYTES_AT_MOST: usize = 4_096;

impl Template {
    /// The value of every parameter: what is given, else the default.
    ///
    /// # Errors
    /// The first rule that is broken, in the words of CloudFormation.
    pub fn arguments(&self, given: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, Fault> {
        let refuse = |names: Vec<&str>, what: &str| {
            if names.is_empty() {
                return Ok(());
            }
            let message = format!("Parameters: [{}] {what}", names.join(", "));
            Err(Fault::new(Path::Root.key("Parameters"), message))
        };
        let unknown = given.keys().filter(|name| !self.parameters().contains_key(*name));
        refuse(unknown.map(String::as_str).collect(), "do not exist in the template")?;
        let mut arguments = BTreeMap::new();
        let mut missing = Vec::new();
        for (name, parameter) in self.parameters() {
            match given.get(name).or(parameter.default.as_ref()) {
                Some(value) => {
                    arguments.insert(name.clone(), value.clone());
                }
                None => missing.push(name.as_str()),
            }
        }
        refuse(missing, "must have values")?;
        for (name, parameter) in self.parameters() {
            if let Some(value) = arguments.get(name) {
                parameter.check(name, value)?;
            }
        }
        Ok(arguments)
    }
}

impl Parameter {
    /// Holds a value to every rule of the parameter.
    pub(crate) fn check(&self, name: &str, value: &str) -> Result<(), Fault> {
        let fault = |rule: String| {
            let message = match &self.constraint_description {
                Some(description) => format!("Parameter {name} failed to satisfy constraint: {description}"),
                None => format!("Parameter '{name}' {rule}"),
            };
            Err(Fault::new(Path::Root.key("Parameters").key(name), message))
        };
        let plain = |message: String| Err(Fault::new(Path::Root.key("Parameters").key(name), message));
        if value.len() > VALUE_BYTES_AT_MOST {
            return plain(format!("Parameter '{name}' must contain at most {VALUE_BYTES_AT_MOST} bytes"));
        }
        let length = u64::try_from(value.chars().count()).unwrap_or(u64::MAX);
        if self.min_length.is_some_and(|least| length < least) {
            return fault(format!(
                "must contain at least {} characters",
                self.min_length.unwrap_or_default()
            ));
        }
        if self.max_length.is_some_and(|most| length > most) {
            return fault(format!("must contain at most {} characters", self.max_length.unwrap_or_default()));
        }
        let pattern = match &self.allowed_pattern {
            Some(pattern) => match whole(pattern) {
                Some(regex) => Some((pattern, regex)),
                None => {
                    return plain(format!(
                        "Parameter '{name}' has a pattern that cannot be evaluated: {pattern}"
                    ));
                }
            },
            None => None,
        };
        for element in self.elements(value) {
            if let Err(message) = self.check_kind(name, element) {
                return plain(message);
            }
            if !self.allowed_values.is_empty()
                && !self.allowed_values.iter().any(|allowed| allowed == element)
            {
                return fault("must be one of AllowedValues".to_owned());
            }
            if let Some((pattern, _)) = pattern.as_ref().filter(|(_, regex)| !regex.is_match(element)) {
                return fault(format!("must match pattern {pattern}"));
            }
            let Ok(number) = element.parse::<f64>() else { continue };
            if self.min_value.is_some_and(|least| number < least) {
                return fault(format!(
                    "must be a number not less than {}",
                    self.min_value.unwrap_or_default()
                ));
            }
            if self.max_value.is_some_and(|most| number > most) {
                return fault(format!(
                    "must be a number not greater than {}",
                    self.max_value.unwrap_or_default()
                ));
            }
        }
        Ok(())
    }

    /// The values in a text: one, or those between its commas.
    pub(crate) fn elements<'v>(&self, value: &'v str) -> Vec<&'v str> {
        match (self.form.origin, self.form.shape) {
            (Origin::ParameterStore, _) | (Origin::Given, Shape::One) => vec![value],
            (Origin::Given, Shape::List) => value.split(',').map(str::trim).collect(),
        }
    }

    fn check_kind(&self, name: &str, element: &str) -> Result<(), String> {
        if self.form.origin == Origin::ParameterStore {
            // What is given is the name under which the value is stored.
            let is_name = !element.is_empty() && !element.contains(char::is_whitespace);
            return if is_name {
                Ok(())
            } else {
                Err(format!("Parameter '{name}' must be the name of a parameter"))
            };
        }
        match self.form.element {
            Element::Text => Ok(()),
            Element::Number if element.parse::<f64>().is_ok_and(f64::is_finite) => Ok(()),
            Element::Number => Err(format!("Parameter '{name}' must be a number")),
            Element::Existing(begin) if !element.is_empty() && element.starts_with(begin) => Ok(()),
            Element::Existing(_) => Err(format!(
                "Parameter validation failed: parameter value {element} for parameter name {name} does not exist"
            )),
        }
    }
}

/// A pattern as CloudFormation applies it: to the whole value. `None` where it is none, or looks around.
pub(crate) fn whole(pattern: &str) -> Option<Regex> {
    Regex::new(&format!("^(?:{pattern})$")).ok()
}
