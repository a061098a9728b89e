//! Rendering: arguments and surroundings in, a checked CloudFormation template out.
//!
//! Everything that is deployed passes through here, so every rule of [`crate::rule`] and every check of the
//! template language is applied here and not only when a catalogue is tested.

use crate::blueprint::{Blueprint, Body};
use crate::surroundings::Surroundings;
use crate::{plain, rule, shard};
use glidepath_guardrails::{Argument, Fault, Place, Shape, Supplied};
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
    /// Parameters of the blueprint whose values are not known yet, with the parameters of the template that take
    /// them; those that the template has no use for are left out.
    pub later: BTreeMap<String, String>,
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
        self.render_with(with, &BTreeSet::new(), around)
    }

    /// Makes a template of it although the values of some parameters, named by `later`, are only known once something
    /// else exists: they become parameters of the template.
    ///
    /// # Errors
    /// Everything that is in the way; a value that is not known can only stand where it is a value of its own.
    pub fn render_with(
        &self,
        with: &BTreeMap<String, Argument>,
        later: &BTreeSet<String>,
        around: &Surroundings,
    ) -> Result<Rendered, Vec<Fault>> {
        let arguments = self.complete(with, later, around)?;
        let file = self.template_file();
        let source = self.template_text();
        let complain = |faults: Vec<glidepath_template::Fault>| -> Vec<Fault> {
            faults.iter().map(|fault| plain::complaint(&file, source, fault)).collect()
        };
        let value = match &self.body {
            Body::Expressions(expressions) => {
                let names = self.names(&arguments, later, around);
                let text = expressions.render(&file, names).map_err(|fault| vec![fault])?;
                glidepath_template::read(&text).map_err(complain)?.value().clone()
            }
            Body::Plain(text) => {
                let template = glidepath_template::read(text).map_err(complain)?;
                plain::fill(&file, &template, &arguments)?
            }
        };
        let (value, later) = self.declare(value, later)?;
        let version: String =
            Digest::of_bytes(value.to_string().as_bytes()).as_str().chars().take(VERSION_DIGITS).collect();
        let marked = self.mark(value, &version);
        let (template, text) = reread(&marked).map_err(complain)?;
        let mut faults: Vec<Fault> = rule::broken(self, &template, &later)
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
        Ok(Rendered { capabilities: template.capabilities(), template, text, version, shards, later })
    }

    /// A value for every parameter that has one.
    fn complete(
        &self,
        with: &BTreeMap<String, Argument>,
        later: &BTreeSet<String>,
        around: &Surroundings,
    ) -> Result<BTreeMap<String, Argument>, Vec<Fault>> {
        let mut all = BTreeMap::new();
        let mut faults = Vec::new();
        let mut complain =
            |message: String| faults.push(Fault::new(&self.file, Place { line: 1, column: 1 }, message));
        for name in with.keys().chain(later).filter(|name| self.parameter(name).is_none()) {
            complain(format!("there is no parameter `{}`", printable(name)));
        }
        for name in later {
            let one = self.parameter(name).is_none_or(|parameter| {
                matches!(parameter.shape, Shape::One(kind) if kind.is_text()) && parameter.allowed.is_empty()
            });
            if !one {
                complain(format!("the value of `{}` has to be written out", printable(name)));
            }
        }
        for parameter in self.parameters.iter().filter(|parameter| !later.contains(&parameter.name)) {
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
    fn names(
        &self,
        arguments: &BTreeMap<String, Argument>,
        later: &BTreeSet<String>,
        around: &Surroundings,
    ) -> Json {
        let mut names = around.names();
        for parameter in &self.parameters {
            let name = &parameter.name;
            let value = match later.contains(name) {
                true => json!({ "Ref": parameter_name(name) }),
                false => arguments.get(name).map_or(Json::Null, Argument::json),
            };
            names.insert(name.clone(), value);
        }
        Json::Object(names)
    }

    /// Declares the parameters of a template that take values which are not known yet.
    fn declare(
        &self,
        mut value: Json,
        later: &BTreeSet<String>,
    ) -> Result<(Json, BTreeMap<String, String>), Vec<Fault>> {
        let complain = |message: String| vec![Fault::new(&self.template_file(), TOP, message)];
        let mut taken = BTreeMap::new();
        for name in later {
            let own = match &self.body {
                Body::Plain(_) => name.clone(),
                Body::Expressions(_) => parameter_name(name),
            };
            if matches!(self.body, Body::Expressions(_)) {
                if !refers(&value, &own) {
                    continue;
                }
                let description = self.parameter(name).map_or("", |parameter| &parameter.description);
                let declared = json!({ "Type": "String", "Description": description });
                let Json::Object(template) = &mut value else { continue };
                let parameters = template.entry("Parameters").or_insert_with(|| Json::Object(Map::new()));
                let before = parameters.as_object_mut().and_then(|all| all.insert(own.clone(), declared));
                if before.is_some() {
                    let message =
                        format!("the template has a parameter `{own}` of its own, which `{name}` would take");
                    return Err(complain(message));
                }
            }
            taken.insert(name.clone(), own);
        }
        Ok((value, taken))
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

/// The parameter of a template that takes the value of a parameter of a blueprint: `key_arn` is `KeyArn`.
fn parameter_name(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let mut characters = word.chars();
        characters
            .next()
            .map(|first| first.to_ascii_uppercase())
            .into_iter()
            .chain(characters)
            .collect::<String>()
    });
    words.collect()
}

/// Whether something in a template refers to a name.
fn refers(value: &Json, name: &str) -> bool {
    match value {
        Json::Object(members) => {
            members.get("Ref").and_then(Json::as_str) == Some(name)
                || members.values().any(|member| refers(member, name))
        }
        Json::Array(items) => items.iter().any(|item| refers(item, name)),
        _ => false,
    }
}

/// A template of a value in long form, with its canonical text.
fn reread(value: &Json) -> Result<(Template, String), Vec<glidepath_template::Fault>> {
    let template = glidepath_template::read(&value.to_string())?;
    let text = template.canonical();
    Ok((template, text))
}
