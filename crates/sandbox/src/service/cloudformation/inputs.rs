//! What a stack is made from: template, parameters, tags and the rest that an update replaces as a whole.
//!
//! A request or an order becomes [`Inputs`] only here, after every check that CloudFormation makes before it begins.

use super::super::{Context, ServiceError};
use super::refusal::{insufficient_capabilities, invalid, not_simulated};
use super::template_text::{self, LARGEST_BODY, Parsed};
use crate::world::World;
use glidepath_template::{Capability, Fault};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a stack is made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Inputs {
    /// The digest of the template's text.
    pub(super) template: String,
    /// Every parameter of the template with its value.
    pub(super) parameters: BTreeMap<String, String>,
    pub(super) capabilities: BTreeSet<String>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) notification_arns: Vec<String>,
    pub(super) role_arn: Option<String>,
}

/// A parameter in a request.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GivenParameter {
    parameter_key: Option<String>,
    parameter_value: Option<String>,
    use_previous_value: Option<bool>,
}

/// A parameter in an answer.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ToldParameter {
    parameter_key: String,
    parameter_value: String,
}

/// A tag in a request or answer.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag {
    pub(super) key: String,
    pub(super) value: String,
}

/// What a request gives; a member that is absent keeps what the stack had.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) body: Option<String>,
    pub(super) url: Option<String>,
    pub(super) use_previous_template: Option<bool>,
    pub(super) parameters: Vec<GivenParameter>,
    pub(super) capabilities: Vec<String>,
    pub(super) tags: Option<Vec<Tag>>,
    pub(super) notification_arns: Option<Vec<String>>,
    pub(super) role_arn: Option<String>,
    pub(super) resource_types: Option<Vec<String>>,
}

impl Inputs {
    /// Judges what an order gives.
    pub(super) fn ordered(
        parsed: &Parsed,
        given: &BTreeMap<String, String>,
        capabilities: &[String],
        tags: &BTreeMap<String, String>,
    ) -> Result<Self, ServiceError> {
        let template = &parsed.template;
        refuse_unsimulated(parsed)?;
        let capabilities: BTreeSet<String> = capabilities.iter().cloned().collect();
        check_capabilities(&template.capabilities(), &capabilities)?;
        let parameters = template.arguments(given).map_err(|fault: Fault| invalid(fault.message))?;
        check_tags(tags)?;
        Ok(Self {
            template: parsed.digest.clone(),
            parameters,
            capabilities,
            tags: tags.clone(),
            notification_arns: Vec::new(),
            role_arn: None,
        })
    }

    /// Judges what a request gives, for a new stack or one that has had inputs before. Also keeps the template's text.
    pub(super) fn asked(
        context: &mut Context<'_>,
        asked: Asked,
        previous: Option<&Self>,
    ) -> Result<(Self, Arc<Parsed>), ServiceError> {
        let parsed = asked_template(context.world, &asked, previous)?;
        let mut given = BTreeMap::new();
        for parameter in asked.parameters {
            let key = parameter.parameter_key.unwrap_or_default();
            let before = previous.and_then(|previous| previous.parameters.get(&key)).cloned();
            let value = match (parameter.parameter_value, parameter.use_previous_value) {
                (Some(_), Some(true)) => {
                    return Err(invalid(format!(
                        "Invalid input for parameter key {key}. Cannot specify usePreviousValue as true and a value \
                         for the parameter at the same time"
                    )));
                }
                (Some(value), _) => value,
                (None, Some(true)) => before.ok_or_else(|| {
                    invalid(format!(
                        "Invalid input for parameter key {key}. Cannot specify usePreviousValue as true for a \
                         parameter key not in the previous template"
                    ))
                })?,
                (None, _) => return Err(invalid(format!("Parameter {key} should either have input value or use previous value."))),
            };
            if given.insert(key.clone(), value).is_some() {
                return Err(invalid(format!("Duplicate Parameters: [{key}]")));
            }
        }
        let tags = match asked.tags {
            Some(tags) => tag_map(tags)?,
            None => previous.map(|previous| previous.tags.clone()).unwrap_or_default(),
        };
        if let Some(types) = &asked.resource_types {
            check_resource_types(&parsed, types)?;
        }
        let mut inputs = Self::ordered(&parsed, &given, &asked.capabilities, &tags)?;
        inputs.notification_arns = asked
            .notification_arns
            .or_else(|| previous.map(|previous| previous.notification_arns.clone()))
            .unwrap_or_default();
        inputs.role_arn = asked.role_arn.or_else(|| previous.and_then(|previous| previous.role_arn.clone()));
        template_text::keep(context.world, &parsed);
        Ok((inputs, parsed))
    }

    /// The tags as an answer tells them.
    pub(super) fn told_tags(&self) -> Vec<Tag> {
        let tags = self.tags.iter();
        tags.map(|(key, value)| Tag { key: key.clone(), value: value.clone() }).collect()
    }

    /// The parameters as an answer tells them: secret ones masked.
    pub(super) fn told_parameters(&self, parsed: &Parsed) -> Vec<ToldParameter> {
        let told = self.parameters.iter().map(|(key, value)| {
            let secret = parsed.template.parameters().get(key).is_some_and(|parameter| parameter.no_echo);
            ToldParameter {
                parameter_key: key.clone(),
                parameter_value: if secret { "****".to_owned() } else { value.clone() },
            }
        });
        told.collect()
    }
}

/// The template that a request gives or refers to.
fn asked_template(
    world: &World,
    asked: &Asked,
    previous: Option<&Inputs>,
) -> Result<Arc<Parsed>, ServiceError> {
    if asked.url.is_some() {
        return Err(not_simulated("templates that lie in S3: give TemplateBody"));
    }
    match (&asked.body, asked.use_previous_template == Some(true), previous) {
        (Some(_), true, _) => {
            Err(invalid("You cannot specify both usePreviousTemplate and Template Body/Template URL."))
        }
        (Some(body), false, _) => body_template(body),
        (None, true, Some(previous)) => template_text::load(world, &previous.template),
        (None, true, None) => Err(invalid("Previous template can't be used because the stack has none.")),
        (None, false, _) => Err(invalid("Either Template URL or Template Body must be specified.")),
    }
}

/// The template of a request's body.
pub(super) fn body_template(body: &str) -> Result<Arc<Parsed>, ServiceError> {
    if body.len() > LARGEST_BODY {
        return Err(invalid(format!(
            "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have \
             length less than or equal to {LARGEST_BODY}"
        )));
    }
    template_text::read(&Arc::from(body))
}

/// Refuses by name what a template may hold and the sandbox does not carry out.
fn refuse_unsimulated(parsed: &Parsed) -> Result<(), ServiceError> {
    let nested =
        parsed.template.resources().values().any(|resource| resource.ty == "AWS::CloudFormation::Stack");
    if nested { Err(not_simulated("nested stacks")) } else { Ok(()) }
}

/// A capability that gives another one too need not be joined by it.
fn check_capabilities(needed: &BTreeSet<Capability>, given: &BTreeSet<String>) -> Result<(), ServiceError> {
    let has = |capability: Capability| given.contains(capability.as_str());
    let missing = needed.iter().filter(|capability| match capability {
        Capability::Iam => {
            !has(Capability::Iam) && !has(Capability::NamedIam) && !needed.contains(&Capability::NamedIam)
        }
        Capability::NamedIam => !has(Capability::NamedIam),
        Capability::AutoExpand => !has(Capability::AutoExpand),
    });
    let missing: Vec<&str> = missing.map(|capability| capability.as_str()).collect();
    if missing.is_empty() { Ok(()) } else { Err(insufficient_capabilities(&missing)) }
}

fn check_tags(tags: &BTreeMap<String, String>) -> Result<(), ServiceError> {
    let system = |key: &String| key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:"));
    match tags.keys().find(|key| system(key)) {
        Some(_) => Err(invalid("aws: prefixed tag key names are not allowed for external use.")),
        None => Ok(()),
    }
}

fn tag_map(tags: Vec<Tag>) -> Result<BTreeMap<String, String>, ServiceError> {
    let mut map = BTreeMap::new();
    for tag in tags {
        if map.insert(tag.key.clone(), tag.value).is_some() {
            return Err(invalid(format!("Duplicate tag key: {}", tag.key)));
        }
    }
    Ok(map)
}

/// A request can say which types its template may have: `AWS::*`, `AWS::EC2::*` or one type.
fn check_resource_types(parsed: &Parsed, types: &[String]) -> Result<(), ServiceError> {
    let allowed = |ty: &str| {
        types.iter().any(|wanted| match wanted.strip_suffix('*') {
            Some(start) => ty.starts_with(start),
            None => wanted == ty,
        })
    };
    let stray: BTreeSet<&str> = parsed
        .template
        .resources()
        .values()
        .map(|resource| resource.ty.as_str())
        .filter(|ty| !allowed(ty))
        .collect();
    if stray.is_empty() {
        return Ok(());
    }
    let stray: Vec<&str> = stray.into_iter().collect();
    Err(invalid(format!("Resource type {} is not allowed by parameter ResourceTypes", stray.join(", "))))
}
