//! Examples of a blueprint: arguments, and what has to come of them.

use crate::blueprint::Blueprint;
use crate::render::Rendered;
use crate::surroundings::Surroundings;
use glidepath_guardrails::form::{self, Faults, Node, Section, Value};
use glidepath_guardrails::{Argument, Fault, Parameter, Place};
use glidepath_model::text::printable;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// An example.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// The file it was read from.
    pub file: String,
    /// Its name: the file's name without `.yaml`.
    pub name: String,
    /// What it shows.
    pub says: String,
    /// The arguments.
    pub arguments: BTreeMap<String, Argument>,
    /// What has to come of them; at least one thing.
    pub expectations: Vec<(Place, Expectation)>,
}

/// What has to come of an example.
#[derive(Debug, Clone, PartialEq)]
pub enum Expectation {
    /// The template has a resource of that id and type.
    Resource(String, String),
    /// The template has no resource of that id.
    Absent(String),
    /// What stands at a path of the template, `Resources/Trail/Properties/IsLogging`, is this.
    Value(String, Json),
    /// Nothing stands at a path of the template.
    Lacks(String),
    /// It is refused, and a complaint holds these words.
    Refused(String),
}

impl Example {
    /// Reads an example file.
    pub(crate) fn read(file: &str, contents: &str, parameters: &[Parameter]) -> Result<Self, Vec<Fault>> {
        let root = form::read(file, contents)?;
        let mut faults = Faults::new(file);
        let example = read(&mut faults, file, &root, parameters);
        faults.end(example)
    }

    /// Renders the blueprint with it.
    ///
    /// # Errors
    /// Everything that is in the way.
    pub fn render(&self, blueprint: &Blueprint) -> Result<Rendered, Vec<Fault>> {
        match Surroundings::of_examples() {
            Some(around) => blueprint.render(&self.arguments, &around),
            None => {
                let place = Place { line: 1, column: 1 };
                Err(vec![Fault::new(&self.file, place, "the landing zone of the examples is broken")])
            }
        }
    }

    /// What does not come of it.
    #[must_use]
    pub fn check(&self, blueprint: &Blueprint) -> Vec<Fault> {
        let rendered = self.render(blueprint);
        let expects_refusal = self.expectations.iter().any(|(_, one)| matches!(one, Expectation::Refused(_)));
        let mut faults = Vec::new();
        if let (Err(complaints), false) = (&rendered, expects_refusal) {
            faults.extend(complaints.iter().cloned());
            return faults;
        }
        for (place, expectation) in &self.expectations {
            if let Some(message) = expectation.miss(&rendered) {
                faults.push(Fault::new(&self.file, *place, message));
            }
        }
        faults
    }
}

impl Expectation {
    /// How it is missed, if it is.
    fn miss(&self, rendered: &Result<Rendered, Vec<Fault>>) -> Option<String> {
        let template = match (self, rendered) {
            (Self::Refused(words), Err(complaints)) => {
                let hit = complaints.iter().any(|complaint| complaint.message.contains(words));
                let found: Vec<&str> = complaints.iter().map(|one| one.message.as_str()).collect();
                return (!hit).then(|| format!("it is refused by other words: {}", found.join("; ")));
            }
            (Self::Refused(_), Ok(_)) => return Some("it is rendered, not refused".to_owned()),
            (_, Err(_)) => return Some("it is refused".to_owned()),
            (_, Ok(rendered)) => &rendered.template,
        };
        let resource = |id: &str| template.resources().get(id);
        match self {
            Self::Resource(id, ty) => match resource(id) {
                Some(found) if found.ty == *ty => None,
                Some(found) => Some(format!("`{id}` is of type `{}`", printable(&found.ty))),
                None => Some(format!("there is no resource `{id}`")),
            },
            Self::Absent(id) => resource(id).map(|_| format!("there is a resource `{id}`")),
            Self::Value(path, wanted) => match at(template.value(), path) {
                Some(found) if found == wanted => None,
                Some(found) => {
                    let text = found.to_string();
                    Some(format!("`{path}` is `{}`, not `{wanted}`", printable(&text)))
                }
                None => Some(format!("there is nothing at `{path}`")),
            },
            Self::Lacks(path) => {
                let found = at(template.value(), path)?.to_string();
                Some(format!("`{path}` is `{}`", printable(&found)))
            }
            Self::Refused(_) => None,
        }
    }
}

/// What stands at a path; items of lists are counted from 0.
fn at<'v>(value: &'v Json, path: &str) -> Option<&'v Json> {
    path.split('/').try_fold(value, |value, step| match value {
        Json::Object(members) => members.get(step),
        Json::Array(items) => step.parse::<usize>().ok().and_then(|index| items.get(index)),
        _ => None,
    })
}

fn read(faults: &mut Faults<'_>, file: &str, root: &Node, parameters: &[Parameter]) -> Option<Example> {
    let section = Section::open(faults, root, "an example", &["says", "with", "expect"])?;
    let arguments = section.get("with").map(|node| form::with(faults, node, parameters)).unwrap_or_default();
    let expect = section.want(faults, "expect").and_then(|node| expectations(faults, node));
    let name = file.rsplit('/').next().unwrap_or_default();
    Some(Example {
        file: file.to_owned(),
        name: name.strip_suffix(".yaml").unwrap_or(name).to_owned(),
        says: section.text(faults, "says")?,
        arguments,
        expectations: expect?,
    })
}

fn expectations(faults: &mut Faults<'_>, node: &Node) -> Option<Vec<(Place, Expectation)>> {
    let known = &["resources", "absent", "values", "lacks", "refused"];
    let section = Section::open(faults, node, "`expect`", known)?;
    let mut all = Vec::new();
    for member in section.get("resources").map(Node::members).unwrap_or_default() {
        if let Some(ty) = form::text(faults, &member.value, &member.key) {
            all.push((member.place, Expectation::Resource(member.key.clone(), ty)));
        }
    }
    for member in section.get("values").map(Node::members).unwrap_or_default() {
        all.push((member.place, Expectation::Value(member.key.clone(), form::json(&member.value))));
    }
    for (key, make) in [
        ("absent", Expectation::Absent as fn(String) -> Expectation),
        ("lacks", Expectation::Lacks),
        ("refused", Expectation::Refused),
    ] {
        let Some(list) = section.get(key) else { continue };
        let items = match &list.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(list),
        };
        for item in items {
            if let Some(text) = form::text(faults, item, key) {
                all.push((item.place, make(text)));
            }
        }
    }
    if all.is_empty() {
        return faults.add(section.place(), "an example that expects nothing shows nothing");
    }
    Some(all)
}
