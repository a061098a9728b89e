//! Functions into values.
//!
//! `None` is `AWS::NoValue`: whoever holds it leaves it out. Faults are CloudFormation's, with the place.

use super::{Deployed, Resolving, cidr, encode};
use crate::expression::{Expression, Function, Piece, Variable};
use crate::fault::{Fault, Path};
use crate::section::scalar_text;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The block of the template that is resolved: it decides what may be named, and how a fault is worded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    Conditions,
    Resources,
    Outputs,
}

/// Resolving within one block.
pub(super) struct Evaluation<'r, 'a> {
    pub(super) resolving: &'r Resolving<'a>,
    pub(super) deployed: &'r BTreeMap<String, Deployed>,
    pub(super) block: Block,
}

impl Evaluation<'_, '_> {
    /// The value of an expression.
    pub(super) fn value(&self, expression: &Expression, path: &Path<'_>) -> Result<Option<Value>, Fault> {
        match expression {
            Expression::Literal(value) => Ok(Some(value.clone())),
            Expression::List(items) => {
                let mut values = Vec::with_capacity(items.len());
                for (at, item) in items.iter().enumerate() {
                    values.extend(self.value(item, &path.item(at))?);
                }
                Ok(Some(Value::Array(values)))
            }
            Expression::Map(members) => {
                let mut values = Map::new();
                for (key, member) in members {
                    if let Some(value) = self.value(member, &path.key(key))? {
                        values.insert(key.clone(), value);
                    }
                }
                Ok(Some(Value::Object(values)))
            }
            Expression::Function(function) => self.function(function, &path.key(function.key())),
        }
    }

    fn function(&self, function: &Function, path: &Path<'_>) -> Result<Option<Value>, Fault> {
        let value = match function {
            Function::Ref(name) => return self.reference(name, path),
            Function::If { condition, then, otherwise } => {
                return self.branch(condition, then, otherwise, path);
            }
            Function::GetAtt { resource, attribute } => {
                let attribute = self.text(attribute, &path.item(1))?;
                self.attribute(resource, &attribute, path)?
            }
            Function::Sub { pieces, variables } => Value::from(self.substituted(pieces, variables, path)?),
            Function::Join { delimiter, items } => {
                let texts: Result<Vec<String>, Fault> = self
                    .list(items, &path.item(1))?
                    .iter()
                    .map(|item| scalar_text(item).ok_or_else(|| not_text("Fn::Join", path)))
                    .collect();
                Value::from(texts?.join(delimiter))
            }
            Function::Split { delimiter, text } => {
                let text = self.text(text, &path.item(1))?;
                text.split(delimiter.as_str()).collect()
            }
            Function::Select { index, items } => self.selected(index, items, path)?,
            Function::FindInMap { map, first, second, default } => {
                return self.mapped([map, first, second], default.as_ref(), path);
            }
            Function::Base64(text) => Value::from(encode::base64(&self.text(text, path)?)),
            Function::Cidr { block, count, bits } => {
                let parts = [(0, block), (1, count), (2, bits)];
                let [block, count, bits] = parts.map(|(at, part)| self.text(part, &path.item(at)));
                let blocks = cidr::blocks(&block?, &count?, &bits?);
                Value::from(blocks.map_err(|message| Fault::new(path, message))?)
            }
            Function::GetAzs(region) => {
                let region = self.text(region, path)?;
                let region = if region.is_empty() { self.resolving.place.region } else { &region };
                Value::from(self.resolving.around.zones(region))
            }
            Function::ImportValue(name) => {
                let name = self.text(name, path)?;
                let value = self.resolving.around.export(&name);
                Value::from(value.ok_or_else(|| Fault::new(path, format!("No export named {name} found.")))?)
            }
            Function::Transform(name) => {
                let account = self.resolving.place.account;
                return Err(Fault::new(path, format!("No transform named {account}::{name} found.")));
            }
            Function::Length(items) => Value::from(self.list(items, path)?.len()),
            Function::ToJsonString(inner) => {
                let value = self.value(inner, path)?.unwrap_or(Value::Null);
                Value::from(value.to_string())
            }
        };
        Ok(Some(value))
    }

    /// The text that an expression has to give.
    fn text(&self, expression: &Expression, path: &Path<'_>) -> Result<String, Fault> {
        let value = self.value(expression, path)?;
        value.as_ref().and_then(scalar_text).ok_or_else(|| not_text("the function", path))
    }

    /// The list that an expression has to give.
    fn list(&self, expression: &Expression, path: &Path<'_>) -> Result<Vec<Value>, Fault> {
        match self.value(expression, path)? {
            Some(Value::Array(items)) => Ok(items),
            _ => {
                Err(Fault::new(path, "Template error: a list is required here, and the function gives none"))
            }
        }
    }

    fn reference(&self, name: &str, path: &Path<'_>) -> Result<Option<Value>, Fault> {
        if name == "AWS::NoValue" {
            return Ok(None);
        }
        if let Some(value) = self.resolving.parameters.get(name) {
            return Ok(Some(value.clone()));
        }
        let place = &self.resolving.place;
        let text = match name {
            "AWS::AccountId" => place.account,
            "AWS::Partition" => place.partition,
            "AWS::Region" => place.region,
            "AWS::StackId" => place.stack_id,
            "AWS::StackName" => place.stack_name,
            "AWS::URLSuffix" => place.url_suffix,
            "AWS::NotificationARNs" => return Ok(Some(Value::from(place.notification_arns))),
            _ => &self.deployed.get(name).ok_or_else(|| self.unresolved(name, path))?.reference,
        };
        Ok(Some(Value::from(text)))
    }

    fn attribute(&self, resource: &str, attribute: &str, path: &Path<'_>) -> Result<Value, Fault> {
        if !self.resolving.template.resources().contains_key(resource) {
            let message =
                format!("Template error: instance of Fn::GetAtt references undefined resource {resource}");
            return Err(Fault::new(path, message));
        }
        let deployed = self.deployed.get(resource).ok_or_else(|| self.unresolved(resource, path))?;
        if let Some(value) = deployed.attributes.get(attribute) {
            return Ok(value.clone());
        }
        let mut parts = attribute.split('.');
        let first = parts.next().and_then(|first| deployed.attributes.get(first));
        let nested = parts.try_fold(first, |value, part| value.map(|value| value.get(part)));
        nested.flatten().cloned().ok_or_else(|| {
            let message =
                format!("Template error: resource {resource} does not support attribute type {attribute} in Fn::GetAtt");
            Fault::new(path, message)
        })
    }

    fn unresolved(&self, name: &str, path: &Path<'_>) -> Fault {
        let message = match self.block {
            Block::Conditions => format!(
                "Template format error: Unresolved dependencies [{name}]. Cannot reference resources in the \
                 Conditions block of the template"
            ),
            Block::Resources => {
                format!(
                    "Template format error: Unresolved resource dependencies [{name}] in the Resources block of the template"
                )
            }
            Block::Outputs => {
                format!(
                    "Template format error: Unresolved resource dependencies [{name}] in the Outputs block of the template"
                )
            }
        };
        Fault::new(path, message)
    }

    fn branch(
        &self,
        condition: &str,
        then: &Expression,
        otherwise: &Expression,
        path: &Path<'_>,
    ) -> Result<Option<Value>, Fault> {
        match self.resolving.conditions.get(condition) {
            Some(true) => self.value(then, &path.item(1)),
            Some(false) => self.value(otherwise, &path.item(2)),
            None => {
                let message =
                    format!("Template error: unresolved condition dependency {condition} in Fn::If");
                Err(Fault::new(path, message))
            }
        }
    }

    fn substituted(
        &self,
        pieces: &[Piece],
        variables: &[(String, Expression)],
        path: &Path<'_>,
    ) -> Result<String, Fault> {
        let mut text = String::new();
        for piece in pieces {
            let value = match piece {
                Piece::Text(plain) => {
                    text.push_str(plain);
                    continue;
                }
                Piece::Variable(Variable::Name(name)) => self.reference(name, path)?,
                Piece::Variable(Variable::Attribute { resource, attribute }) => {
                    Some(self.attribute(resource, attribute, path)?)
                }
                Piece::Variable(Variable::Given(name)) => {
                    let given = variables.iter().find(|(given, _)| given == name);
                    match given {
                        Some((name, expression)) => self.value(expression, &path.item(1).key(name))?,
                        None => None,
                    }
                }
            };
            let value = value.as_ref().and_then(scalar_text).ok_or_else(|| not_text("Fn::Sub", path))?;
            text.push_str(&value);
        }
        Ok(text)
    }

    fn selected(&self, index: &Expression, items: &Expression, path: &Path<'_>) -> Result<Value, Fault> {
        let index = self.text(index, &path.item(0))?;
        let mut items = self.list(items, &path.item(1))?;
        let place = index.parse::<usize>().ok().filter(|place| *place < items.len()).ok_or_else(|| {
            Fault::new(
                path,
                format!("Template error: Fn::Select cannot select nonexistent value at index {index}"),
            )
        })?;
        Ok(items.swap_remove(place))
    }

    fn mapped(
        &self,
        keys: [&Expression; 3],
        default: Option<&Expression>,
        path: &Path<'_>,
    ) -> Result<Option<Value>, Fault> {
        let mut at = 0;
        let [map, first, second] = keys.map(|key| {
            at += 1;
            self.text(key, &path.item(at - 1))
        });
        let (map, first, second) = (map?, first?, second?);
        let mappings = self.resolving.template.mappings();
        let found = mappings.get(&map).and_then(|rows| rows.get(&first)).and_then(|row| row.get(&second));
        match (found, default) {
            (Some(value), _) => Ok(Some(value.clone())),
            (None, Some(default)) => self.value(default, &path.item(3)),
            (None, None) if !mappings.contains_key(&map) => {
                let message = format!(
                    "Template error: Mapping named '{map}' is not present in the 'Mappings' section of template."
                );
                Err(Fault::new(path, message))
            }
            (None, None) => {
                let message = format!("Template error: Unable to get mapping for {map}::{first}::{second}");
                Err(Fault::new(path, message))
            }
        }
    }
}

fn not_text(function: &str, path: &Path<'_>) -> Fault {
    Fault::new(
        path,
        format!("Template error: {function} requires a string here, and is given something else"),
    )
}
