//! A template where it is deployed: which resources are wanted, and what their properties are.
//!
//! Everything is a function of the template, the place, the arguments and what [`Surroundings`] answers.

mod cidr;
mod condition;
pub(crate) mod dynamic;
mod encode;
mod evaluate;
mod parameter;

use crate::fault::{Fault, Path};
use crate::section::scalar_text;
use crate::template::Template;
use evaluate::{Block, Evaluation};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Where a template is deployed.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The account's id, `AWS::AccountId`.
    pub account: &'a str,
    /// The region, `AWS::Region`.
    pub region: &'a str,
    /// The partition, `AWS::Partition`.
    pub partition: &'a str,
    /// The end of the partition's host names, `AWS::URLSuffix`.
    pub url_suffix: &'a str,
    /// The stack's name, `AWS::StackName`.
    pub stack_name: &'a str,
    /// The stack's ARN, `AWS::StackId`.
    pub stack_id: &'a str,
    /// The topics told of the stack's events, `AWS::NotificationARNs`.
    pub notification_arns: &'a [String],
}

/// What the engine asks of the world around.
pub trait Surroundings {
    /// The value exported under a name in the account and region, for `Fn::ImportValue`.
    fn export(&self, name: &str) -> Option<String>;
    /// What `{{resolve:service:reference}}` stands for; the reference is all that follows the service.
    fn dynamic(&self, service: &str, reference: &str) -> Option<String>;
    /// The availability zones of a region, sorted, for `Fn::GetAZs`.
    fn zones(&self, region: &str) -> Vec<String>;
    /// The value of a parameter in the parameter store, for parameters of type `AWS::SSM::Parameter::Value<…>`.
    fn parameter(&self, name: &str) -> Option<String>;
}

/// A deployed resource as later resources see it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Deployed {
    /// What `Ref` gives.
    pub reference: String,
    /// What `Fn::GetAtt` gives, by attribute; a nested one either by its whole name or as a map.
    pub attributes: BTreeMap<String, Value>,
}

/// An output that is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedOutput {
    /// Its name in the template.
    pub name: String,
    /// Its value.
    pub value: String,
    /// The name under which it is exported.
    pub export: Option<String>,
    /// What it is for.
    pub description: Option<String>,
}

/// A template being deployed.
pub struct Resolving<'a> {
    template: &'a Template,
    place: Place<'a>,
    around: &'a dyn Surroundings,
    /// What `Ref` gives for each parameter.
    parameters: BTreeMap<&'a str, Value>,
    conditions: BTreeMap<&'a str, bool>,
}

impl<'a> Resolving<'a> {
    /// Begins, and decides every condition.
    ///
    /// `arguments` are what [`Template::arguments`] made.
    ///
    /// # Errors
    /// A parameter without a value, or a condition that cannot be decided.
    pub fn new(
        template: &'a Template,
        place: Place<'a>,
        arguments: &'a BTreeMap<String, String>,
        around: &'a dyn Surroundings,
    ) -> Result<Self, Fault> {
        let parameters = parameter::values(template, arguments, around)?;
        let mut resolving = Self { template, place, around, parameters, conditions: BTreeMap::new() };
        resolving.conditions = condition::decide(&resolving)?;
        Ok(resolving)
    }

    /// Whether a resource is made: its condition holds, or it has none. What is no resource is not made.
    #[must_use]
    pub fn is_wanted(&self, logical: &str) -> bool {
        let resource = self.template.resources().get(logical);
        resource.is_some_and(|resource| self.holds(resource.condition.as_deref()))
    }

    /// The properties of a resource. `AWS::NoValue` removes members of maps and items of lists.
    ///
    /// `deployed` are the wanted resources that come before it in [`Template::order`].
    ///
    /// # Errors
    /// What cannot be resolved, with its place and in the words of CloudFormation.
    pub fn properties(&self, logical: &str, deployed: &BTreeMap<String, Deployed>) -> Result<Value, Fault> {
        let resources = Path::Root.key("Resources");
        let path = resources.key(logical);
        let Some(resource) = self.template.resources().get(logical) else {
            return Err(Fault::new(path, format!("Resource {logical} does not exist in the template")));
        };
        let evaluation = Evaluation { resolving: self, deployed, block: Block::Resources };
        let path = path.key("Properties");
        let value = evaluation.value(&resource.parsed.properties, &path)?;
        let mut value = value.unwrap_or_else(|| Value::Object(Map::new()));
        dynamic::fill(&mut value, &path, self.around)?;
        Ok(value)
    }

    /// The outputs whose conditions hold, sorted by name.
    ///
    /// # Errors
    /// What cannot be resolved, or is no text in the end.
    pub fn outputs(&self, deployed: &BTreeMap<String, Deployed>) -> Result<Vec<ResolvedOutput>, Fault> {
        let evaluation = Evaluation { resolving: self, deployed, block: Block::Outputs };
        let outputs = Path::Root.key("Outputs");
        let mut all: Vec<ResolvedOutput> = Vec::new();
        for (name, output) in self.template.outputs() {
            if !self.holds(output.condition.as_deref()) {
                continue;
            }
            let path = outputs.key(name);
            let malformed = |what: &str| {
                Fault::new(path, format!("Template format error: Output {name} is malformed. {what}"))
            };
            let mut value =
                evaluation.value(&output.parsed.value, &path.key("Value"))?.unwrap_or(Value::Null);
            dynamic::fill(&mut value, &path.key("Value"), self.around)?;
            let value = scalar_text(&value).ok_or_else(|| {
                malformed("The Value field of every Outputs member must evaluate to a String.")
            })?;
            let export = match &output.parsed.export {
                Some(export) => {
                    let export =
                        evaluation.value(export, &path.key("Export").key("Name"))?.unwrap_or(Value::Null);
                    Some(scalar_text(&export).filter(|name| is_export_name(name)).ok_or_else(|| {
                        malformed(
                            "The Name field of every Export member must be specified and consist only of \
                             alphanumeric characters, colons, or hyphens.",
                        )
                    })?)
                }
                None => None,
            };
            if export.is_some() && all.iter().any(|other| other.export == export) {
                return Err(malformed("Another output of the template is exported under the same name."));
            }
            all.push(ResolvedOutput {
                name: name.clone(),
                value,
                export,
                description: output.description.clone(),
            });
        }
        Ok(all)
    }

    fn holds(&self, condition: Option<&str>) -> bool {
        condition.is_none_or(|name| self.conditions.get(name).copied().unwrap_or_default())
    }
}

/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html>.
fn is_export_name(name: &str) -> bool {
    let allowed = |character: char| character.is_ascii_alphanumeric() || matches!(character, ':' | '-');
    (1..=255).contains(&name.len()) && name.chars().all(allowed)
}
