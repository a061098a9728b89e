//! What a stack set has to know of its template: its parameters, and what service-managed sets refuse.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-associate-stackset-with-org.html>

use super::super::super::ServiceError;
use super::super::inputs::{Inputs, body_template};
use super::super::refusal::{invalid, not_simulated};
use super::super::template_text::{self, Parsed};
use super::parameter::ToldParameter;
use crate::world::World;
use glidepath_model::text::printable;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where a request takes its template from.
#[derive(Debug)]
pub(super) struct Origin<'a> {
    pub(super) body: Option<&'a str>,
    pub(super) url: Option<&'a str>,
    pub(super) use_previous: Option<bool>,
}

/// The template that a request gives or refers to; `previous` is the digest of the one the set has.
pub(super) fn wanted(
    world: &World,
    origin: &Origin<'_>,
    previous: Option<&str>,
) -> Result<Arc<Parsed>, ServiceError> {
    if origin.url.is_some() {
        return Err(not_simulated("templates that lie in S3: give TemplateBody"));
    }
    let parsed = match (origin.body, origin.use_previous == Some(true), previous) {
        (Some(_), true, _) => {
            return Err(invalid("Cannot specify both UsePreviousTemplate and TemplateBody or TemplateURL"));
        }
        (Some(body), false, _) => body_template(body)?,
        (None, true, Some(digest)) => template_text::load(world, digest)?,
        (None, _, _) => return Err(invalid("Either Template URL or Template Body must be specified.")),
    };
    refuse_unsupported(&parsed)?;
    Ok(parsed)
}

/// Service-managed sets know neither macros nor nested stacks.
fn refuse_unsupported(parsed: &Parsed) -> Result<(), ServiceError> {
    let transforms = parsed.template.transforms();
    if !transforms.is_empty() {
        return Err(invalid(format!(
            "Stack sets with SERVICE_MANAGED permission model do not support templates with transforms: [{}]",
            printable(&transforms.join(", "))
        )));
    }
    let nested =
        parsed.template.resources().iter().find(|(_, resource)| resource.ty == "AWS::CloudFormation::Stack");
    match nested {
        Some((logical_id, _)) => Err(invalid(format!(
            "Stack sets with SERVICE_MANAGED permission model do not support nested stacks: [{}]",
            printable(logical_id)
        ))),
        None => Ok(()),
    }
}

/// Judges what a set gives to its template; tells every parameter with its value, and keeps the template's text.
///
/// StackSets lists no `InsufficientCapabilitiesException`: a set that lacks a capability is refused as invalid.
pub(super) fn arguments(
    world: &mut World,
    parsed: &Parsed,
    given: &BTreeMap<String, String>,
    capabilities: &[String],
    tags: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, ServiceError> {
    let inputs = Inputs::ordered(parsed, given, capabilities, tags).map_err(|error| match error.code {
        "InsufficientCapabilitiesException" => invalid(error.message),
        _ => error,
    })?;
    template_text::keep(world, parsed);
    Ok(inputs.parameters)
}

/// Refuses overrides of parameters that the template has not.
pub(super) fn refuse_strangers<'a>(
    world: &World,
    digest: &str,
    keys: impl Iterator<Item = &'a String>,
) -> Result<(), ServiceError> {
    let parsed = template_text::load(world, digest)?;
    let known = parsed.template.parameters();
    let strangers: Vec<&str> = keys.filter(|key| !known.contains_key(*key)).map(String::as_str).collect();
    if strangers.is_empty() {
        return Ok(());
    }
    Err(invalid(format!(
        "Parameter overrides for parameters [{}] do not exist in the template",
        printable(&strangers.join(", "))
    )))
}

/// Parameters as an answer tells them: secret ones masked.
pub(super) fn told(
    world: &World,
    digest: &str,
    values: &BTreeMap<String, String>,
) -> Result<Vec<ToldParameter>, ServiceError> {
    let parsed = template_text::load(world, digest)?;
    let told = values.iter().map(|(key, value)| {
        let secret = parsed.template.parameters().get(key).is_some_and(|parameter| parameter.no_echo);
        ToldParameter {
            parameter_key: key.clone(),
            parameter_value: if secret { "****".to_owned() } else { value.clone() },
        }
    });
    Ok(told.collect())
}

/// The text of a set's template.
pub(super) fn text(world: &World, digest: &str) -> Result<Arc<str>, ServiceError> {
    Ok(template_text::load(world, digest)?.text.clone())
}
