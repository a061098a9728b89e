//! A plain CloudFormation file as a blueprint.
//!
//! Where it goes stands in its `Metadata`, `{Glidepath: {Placement: {who: members, regions: governed}}}`, or is
//! given by whoever reads it. Its CloudFormation parameters are the blueprint's: arguments are written into the
//! template as their defaults, so that what is deployed is all in one text.

use crate::blueprint::{Blueprint, Body, OnAccountRemoval, Placement, Regions, Who};
use crate::catalogue::stem;
use crate::needs::Needs;
use glidepath_guardrails::{Area, Argument, Fault, Kind, Parameter, Place, Shape};
use glidepath_template::{Parameter as Declared, Template};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// Where complaints about the whole file stand.
const TOP: Place = Place { line: 1, column: 1 };

impl Blueprint {
    /// Reads a plain CloudFormation file; a placement that is given goes before the one in its metadata.
    ///
    /// # Errors
    /// Every complaint about it.
    pub fn read_plain(file: &str, text: &str, placement: Option<Placement>) -> Result<Self, Vec<Fault>> {
        let template = glidepath_template::read(text)
            .map_err(|faults| faults.iter().map(|fault| complaint(file, text, fault)).collect::<Vec<_>>())?;
        let mut faults = Vec::new();
        let placement = placement.or_else(|| match written(&template) {
            Ok(placement) => Some(placement),
            Err(message) => {
                faults.push(Fault::new(file, TOP, message));
                None
            }
        });
        let mut optional = BTreeSet::new();
        let mut parameters = Vec::new();
        for (name, declared) in template.parameters() {
            if declared.no_echo {
                let message =
                    format!("`{name}` is `NoEcho`: a secret is no argument; use a dynamic reference");
                faults.push(Fault::new(file, TOP, message));
            }
            let parameter = parameter(name, declared);
            // An empty default says that nothing has to be given.
            if parameter.default.is_none() && declared.default.is_some() {
                optional.insert(name.clone());
            }
            parameters.push(parameter);
        }
        match (placement, Area::new(14)) {
            (Some(placement), Some(area)) if faults.is_empty() => Ok(Self {
                file: file.to_owned(),
                id: stem(file).to_owned(),
                title: template.description().unwrap_or("a CloudFormation template").to_owned(),
                area,
                about: template.description().unwrap_or_default().to_owned(),
                parameters,
                optional,
                placement,
                needs: Needs::default(),
                on_account_removal: OnAccountRemoval::Delete,
                gotchas: Vec::new(),
                cost: Vec::new(),
                sources: Vec::new(),
                examples: Vec::new(),
                body: Body::Plain(text.to_owned()),
            }),
            _ => Err(faults),
        }
    }
}

/// A complaint of the template's reader, at the line of what it is about.
pub(crate) fn complaint(file: &str, text: &str, fault: &glidepath_template::Fault) -> Fault {
    let message = match fault.path.as_str() {
        "" => fault.message.clone(),
        path => format!("`{path}`: {}", fault.message),
    };
    Fault::new(file, line_of(text, &fault.path), message)
}

/// The line where the thing that a path of a template names begins: its logical id stands there as a key.
fn line_of(text: &str, path: &str) -> Place {
    let Some(id) = path.split('/').nth(1) else { return TOP };
    let key = format!("{id}:");
    let found = text.lines().enumerate().find(|(_, line)| line.trim_start().starts_with(&key));
    found.map_or(TOP, |(index, line)| Place {
        line: index + 1,
        column: line.len() - line.trim_start().len() + 1,
    })
}

/// The placement in the file's own metadata.
fn written(template: &Template) -> Result<Placement, String> {
    let help = "say where it goes: `Metadata: {Glidepath: {Placement: {who: members, regions: governed}}}`";
    let found = template.metadata().and_then(|metadata| metadata.get("Glidepath")?.get("Placement"));
    let word = |key: &str| found.and_then(|placement| placement.get(key)).and_then(Json::as_str);
    let (Some(who), Some(regions)) = (word("who"), word("regions")) else { return Err(help.to_owned()) };
    let who = Who::ALL.iter().copied().find(|one| one.word() == who);
    let regions = Regions::ALL.iter().copied().find(|one| one.word() == regions);
    match (who, regions) {
        (Some(who), Some(regions)) => Ok(Placement { who, regions }),
        _ => {
            let whos: Vec<&str> = Who::ALL.iter().map(|one| one.word()).collect();
            let all: Vec<&str> = Regions::ALL.iter().map(|one| one.word()).collect();
            Err(format!("`who` is one of {}, `regions` one of {}", whos.join(", "), all.join(", ")))
        }
    }
}

/// A parameter of CloudFormation as one of ours.
fn parameter(name: &str, declared: &Declared) -> Parameter {
    let shape = match declared.ty.as_str() {
        "Number" => Shape::One(Kind::Integer),
        ty if ty == "CommaDelimitedList" || ty.starts_with("List<") => Shape::List(Kind::Text),
        _ => Shape::One(Kind::Text),
    };
    let default = declared.default.as_deref().filter(|text| !text.is_empty()).and_then(|text| match shape {
        Shape::One(Kind::Integer) => text.parse().ok().map(Argument::Integer),
        Shape::One(_) => Some(Argument::Text(text.to_owned())),
        Shape::List(_) | Shape::Map(_) => {
            Some(Argument::List(text.split(',').map(|item| item.trim().to_owned()).collect()))
        }
    });
    Parameter {
        name: name.to_owned(),
        shape,
        optional: default.is_none() && declared.default.is_some(),
        default,
        supplied: None,
        allowed: declared.allowed_values.clone(),
        characters: None,
        at_least: None,
        at_most: None,
        description: declared.description.clone().unwrap_or_default(),
        place: TOP,
    }
}

/// Writes arguments into a template as the defaults of its parameters; CloudFormation's own rules of each are kept.
pub(crate) fn fill(
    file: &str,
    template: &Template,
    arguments: &BTreeMap<String, Argument>,
) -> Result<Json, Vec<Fault>> {
    let mut given = BTreeMap::new();
    for (name, argument) in arguments {
        let text = match argument {
            Argument::Text(text) => text.clone(),
            Argument::Integer(number) => number.to_string(),
            Argument::Flag(flag) => flag.to_string(),
            Argument::List(items) => items.join(","),
            Argument::Map(_) => String::new(),
        };
        given.insert(name.clone(), text);
    }
    let complete = template.arguments(&given).map_err(|fault| vec![Fault::new(file, TOP, &fault.message)])?;
    let mut value = template.value().clone();
    if let Some(Json::Object(parameters)) = value.get_mut("Parameters") {
        for (name, text) in given {
            if let (Some(Json::Object(parameter)), true) =
                (parameters.get_mut(&name), complete.contains_key(&name))
            {
                parameter.insert("Default".to_owned(), text.into());
            }
        }
    }
    Ok(value)
}
