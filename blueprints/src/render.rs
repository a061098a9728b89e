//! Rendering: arguments and surroundings in, a checked CloudFormation template out.
//!
//! Everything that is deployed passes through here, so every rule of [`crate::rule`] and every check of the
//! template language is applied here and not only when a catalogue is tested.

use crate::blueprint::{Blueprint, Body};
use crate::surroundings::Surroundings;
use crate::{plain, rule, shard};
use glidepath_guardrails::{Argument, Fault, Place, Supplied};
use glidepath_model::Digest;
use glidepath_model::text::printable;
use glidepath_template::{Capability, Template};
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// Where complaints about the whole file stand.
const TOP: Place = Place { line: 1, column: 1 };

/// Digits of the digest that make a version: enough that two texts of one blueprint never share one.
const VERSION_DIGITS: usize = 16;

/// A rendered blueprint.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// The template.
    pub template: Template,
    /// Its canonical JSON: what is sent.
    pub text: String,
    /// The beginning of the digest of what was rendered; it stands in the template's metadata.
    pub version: String,
    /// What CloudFormation wants acknowledged.
    pub capabilities: BTreeSet<Capability>,
    /// The templates that are deployed instead, where one would pass CloudFormation's limits; else none.
    pub shards: Vec<Shard>,
}

/// A part of a template that is too large for one stack.
#[derive(Debug, Clone)]
pub struct Shard {
    /// Its number, counted from 1; a name of a stack ends with it.
    pub number: usize,
    /// The template.
    pub template: Template,
    /// Its canonical JSON: what is sent.
    pub text: String,
}

impl Blueprint {
    /// Makes a template of it: arguments go before what the landing zone supplies, that before defaults.
    ///
    /// # Errors
    /// Everything that is in the way.
    pub fn render(
        &self,
        with: &BTreeMap<String, Argument>,
        around: &Surroundings,
    ) -> Result<Rendered, Vec<Fault>> {
        let arguments = self.complete(with, around)?;
        let file = self.template_file();
        let source = self.template_text();
        let complain = |faults: Vec<glidepath_template::Fault>| -> Vec<Fault> {
            faults.iter().map(|fault| plain::complaint(&file, source, fault)).collect()
        };
        let value = match &self.body {
            Body::Expressions(expressions) => {
                let names = self.names(&arguments, around);
                let text = expressions.render(&file, names).map_err(|fault| vec![fault])?;
                glidepath_template::read(&text).map_err(complain)?.value().clone()
            }
            Body::Plain(text) => {
                let template = glidepath_template::read(text).map_err(complain)?;
                plain::fill(&file, &template, &arguments)?
            }
        };
        let version: String =
            Digest::of_bytes(value.to_string().as_bytes()).as_str().chars().take(VERSION_DIGITS).collect();
        let marked = self.mark(value, &version);
        let (template, text) = reread(&marked).map_err(complain)?;
        let mut faults: Vec<Fault> = rule::broken(self, &template)
            .iter()
            .map(|broken| plain::complaint(&file, source, broken))
            .collect();
        let parts = shard::divide(&template).map_err(|message| vec![Fault::new(&file, TOP, message)])?;
        let mut shards = Vec::new();
        for (number, part) in &parts {
            let (template, text) = reread(part).map_err(complain)?;
            faults.extend(complain(template.check()));
            shards.push(Shard { number: *number, template, text });
        }
        if shards.is_empty() {
            faults.extend(complain(template.check()));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Rendered { capabilities: template.capabilities(), template, text, version, shards })
    }

    /// A value for every parameter that has one.
    fn complete(
        &self,
        with: &BTreeMap<String, Argument>,
        around: &Surroundings,
    ) -> Result<BTreeMap<String, Argument>, Vec<Fault>> {
        let mut all = BTreeMap::new();
        let mut faults = Vec::new();
        let mut complain =
            |message: String| faults.push(Fault::new(&self.file, Place { line: 1, column: 1 }, message));
        for name in with.keys().filter(|name| self.parameter(name).is_none()) {
            complain(format!("there is no parameter `{}`", printable(name)));
        }
        for parameter in &self.parameters {
            let supplied = parameter.supplied.and_then(|supplied| match supplied {
                Supplied::OrganizationId => {
                    around.organization_id.as_ref().map(|id| Argument::Text(id.as_str().to_owned()))
                }
                Supplied::Regions => Some(Argument::List(around.regions.clone())),
                Supplied::Management => Some(Argument::Text(around.management_account.as_str().to_owned())),
            });
            let found = with.get(&parameter.name).cloned().or(supplied).or_else(|| parameter.default.clone());
            match found {
                Some(argument) => {
                    if let Err(error) = parameter.judge(&argument) {
                        complain(error.to_string());
                    }
                    all.insert(parameter.name.clone(), argument);
                }
                None if self.optional.contains(&parameter.name) => {}
                None => complain(format!("`{}` wants a value: give it under `with:`", parameter.name)),
            }
        }
        if faults.is_empty() { Ok(all) } else { Err(faults) }
    }

    /// What the names of a template stand for; an optional parameter that was left out is null.
    fn names(&self, arguments: &BTreeMap<String, Argument>, around: &Surroundings) -> Json {
        let mut names = around.names();
        for parameter in &self.parameters {
            let value = arguments.get(&parameter.name).map_or(Json::Null, Argument::json);
            names.insert(parameter.name.clone(), value);
        }
        Json::Object(names)
    }

    /// Writes into the metadata of a template which blueprint it was made from, and in which version.
    fn mark(&self, mut value: Json, version: &str) -> Json {
        if let Json::Object(template) = &mut value {
            let metadata = template.entry("Metadata").or_insert_with(|| Json::Object(Map::new()));
            if let Json::Object(metadata) = metadata {
                let mark = json!({ "Blueprint": self.id, "Version": version });
                metadata.insert("Glidepath".to_owned(), mark);
            }
        }
        value
    }
}

/// A template of a value in long form, with its canonical text.
fn reread(value: &Json) -> Result<(Template, String), Vec<glidepath_template::Fault>> {
    let template = glidepath_template::read(&value.to_string())?;
    let text = template.canonical();
    Ok((template, text))
}
