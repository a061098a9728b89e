//! Templates without deploying them: what they are, what they ask for, whether they are in order.

use super::super::{Context, ServiceError};
use super::change_set;
use super::inputs::body_template;
use super::refusal::{invalid, not_simulated};
use super::template_text::{self, Parsed};
use super::{stack, stack_set};
use glidepath_template::{Capability, Parameter};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetTemplate {
    stack_name: Option<String>,
    change_set_name: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TemplateAnswer {
    template_body: String,
    stages_available: [&'static str; 2],
}

/// Tells a template's text as it was given; the sandbox carries out no transform that would make another of it.
pub(super) fn get_template(
    context: &mut Context<'_>,
    request: GetTemplate,
) -> Result<TemplateAnswer, ServiceError> {
    let digest = match (&request.change_set_name, &request.stack_name) {
        (Some(named), stack_name) => {
            change_set::find(context, named, stack_name.as_deref())?.inputs.template.clone()
        }
        (None, Some(named)) => stack::existing(context, named)?.inputs.template.clone(),
        (None, None) => return Err(invalid("Either StackName or ChangeSetName must be specified.")),
    };
    let parsed = template_text::load(context.world, &digest)?;
    Ok(TemplateAnswer { template_body: parsed.text.to_string(), stages_available: ["Original", "Processed"] })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Validate {
    template_body: Option<String>,
    #[serde(rename = "TemplateURL")]
    template_url: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ShortParameter {
    parameter_key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_value: Option<String>,
    no_echo: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Validated {
    parameters: Vec<ShortParameter>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    capabilities: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    capabilities_reason: Option<String>,
    declared_transforms: Vec<String>,
}

/// The template that a request gives in its body.
fn given(body: Option<&String>, url: Option<&String>) -> Result<Arc<Parsed>, ServiceError> {
    match (body, url) {
        (_, Some(_)) => Err(not_simulated("templates that lie in S3: give TemplateBody")),
        (Some(body), None) => body_template(body),
        (None, None) => Err(invalid("Either Template URL or Template Body must be specified.")),
    }
}

fn capabilities(parsed: &Parsed) -> (Vec<&'static str>, Option<String>) {
    let needed = parsed.template.capabilities();
    let names = needed.iter().map(|capability| capability.as_str()).collect();
    let iam = [Capability::Iam, Capability::NamedIam].iter().any(|capability| needed.contains(capability));
    let types: BTreeSet<&str> = parsed
        .template
        .resources()
        .values()
        .map(|resource| resource.ty.as_str())
        .filter(|ty| ty.starts_with("AWS::IAM::"))
        .collect();
    let types: Vec<&str> = types.into_iter().collect();
    let reason =
        iam.then(|| format!("The following resource(s) require capabilities: [{}]", types.join(", ")));
    (names, reason)
}

fn description(parsed: &Parsed) -> Option<String> {
    parsed.template.description().filter(|description| !description.is_empty()).map(str::to_owned)
}

pub(super) fn validate_template(
    _context: &mut Context<'_>,
    request: Validate,
) -> Result<Validated, ServiceError> {
    let parsed = given(request.template_body.as_ref(), request.template_url.as_ref())?;
    let parameters = parsed.template.parameters().iter().map(|(name, parameter)| ShortParameter {
        parameter_key: name.clone(),
        default_value: parameter.default.clone(),
        no_echo: parameter.no_echo,
        description: parameter.description.clone(),
    });
    let (capabilities, capabilities_reason) = capabilities(&parsed);
    Ok(Validated {
        parameters: parameters.collect(),
        description: description(&parsed),
        capabilities,
        capabilities_reason,
        declared_transforms: parsed.template.transforms(),
    })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Summarize {
    template_body: Option<String>,
    #[serde(rename = "TemplateURL")]
    template_url: Option<String>,
    stack_name: Option<String>,
    stack_set_name: Option<String>,
    #[serde(default)]
    call_as: stack_set::CallAs,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Constraints {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    allowed_values: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct LongParameter {
    parameter_key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_value: Option<String>,
    parameter_type: String,
    no_echo: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    parameter_constraints: Constraints,
}

impl LongParameter {
    fn of(name: &str, parameter: &Parameter) -> Self {
        Self {
            parameter_key: name.to_owned(),
            default_value: parameter.default.clone(),
            parameter_type: parameter.ty.clone(),
            no_echo: parameter.no_echo,
            description: parameter.description.clone(),
            parameter_constraints: Constraints { allowed_values: parameter.allowed_values.clone() },
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Summary {
    parameters: Vec<LongParameter>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    capabilities: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    capabilities_reason: Option<String>,
    resource_types: Vec<String>,
    version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<String>,
    declared_transforms: Vec<String>,
}

pub(super) fn get_template_summary(
    context: &mut Context<'_>,
    request: Summarize,
) -> Result<Summary, ServiceError> {
    let sources =
        [&request.template_body, &request.template_url, &request.stack_name, &request.stack_set_name];
    if sources.iter().filter(|source| source.is_some()).count() != 1 {
        return Err(invalid(
            "Exactly one of StackName, StackSetName, TemplateBody and TemplateURL must be specified.",
        ));
    }
    let parsed = match (&request.stack_name, &request.stack_set_name) {
        (Some(named), _) => {
            let stack = stack::existing(context, named)?;
            template_text::load(context.world, &stack.inputs.template)?
        }
        (None, Some(named)) => {
            let set = stack_set::active(context, request.call_as, named)?;
            template_text::load(context.world, &set.template)?
        }
        (None, None) => given(request.template_body.as_ref(), request.template_url.as_ref())?,
    };
    let parameters = parsed.template.parameters().iter();
    let types: BTreeSet<String> =
        parsed.template.resources().values().map(|resource| resource.ty.clone()).collect();
    let (capabilities, capabilities_reason) = capabilities(&parsed);
    Ok(Summary {
        parameters: parameters.map(|(name, parameter)| LongParameter::of(name, parameter)).collect(),
        description: description(&parsed),
        capabilities,
        capabilities_reason,
        resource_types: types.into_iter().collect(),
        version: "2010-09-09",
        metadata: parsed.template.metadata().map(ToString::to_string),
        declared_transforms: parsed.template.transforms(),
    })
}
