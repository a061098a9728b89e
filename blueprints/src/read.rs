//! From the files of a folder to a [`Blueprint`]. What only rendering tells is the checker's business.

use crate::blueprint::{Blueprint, Body, OnAccountRemoval, Placement, Regions, Role, Who};
use crate::example::Example;
use crate::expression::Expressions;
use crate::needs::{DelegatedAdministrator, Needs, Switch};
use crate::surroundings::{ACCOUNTS, NAMES};
use glidepath_guardrails::form::{self, Faults, Node, Section, Value};
use glidepath_guardrails::{Area, Fault, Parameter, Place, Shape};
use std::collections::BTreeSet;

const KEYS: &[&str] = &[
    "id",
    "title",
    "area",
    "about",
    "parameters",
    "optional",
    "placement",
    "needs",
    "onAccountRemoval",
    "gotchas",
    "cost",
    "sources",
];

/// The texts of a blueprint's folder.
pub(crate) struct Texts<'t> {
    /// The folder, as it is named in complaints.
    pub(crate) folder: &'t str,
    /// `blueprint.yaml`.
    pub(crate) blueprint: &'t str,
    /// `template.yaml.hbs`.
    pub(crate) template: &'t str,
    /// The files of `examples/`, by name and text.
    pub(crate) examples: Vec<(&'t str, &'t str)>,
}

impl Blueprint {
    /// Reads a blueprint's folder.
    ///
    /// # Errors
    /// Every complaint about its files.
    pub(crate) fn read(texts: &Texts<'_>) -> Result<Self, Vec<Fault>> {
        let file = format!("{}/blueprint.yaml", texts.folder);
        let root = form::read(&file, texts.blueprint)?;
        let mut faults = Faults::new(&file);
        let parts = parts(&mut faults, &root);
        let parts = faults.end(parts)?;
        let mut names: BTreeSet<&str> = NAMES.iter().copied().collect();
        names.extend(parts.parameters.iter().map(|parameter| parameter.name.as_str()));
        let mut wrong = Vec::new();
        let template = format!("{}/template.yaml.hbs", texts.folder);
        let expressions = match Expressions::read(&template, texts.template, &names) {
            Ok(expressions) => {
                let maps = parts.parameters.iter().filter(|one| matches!(one.shape, Shape::Map(_)));
                for map in maps.filter(|map| expressions.repeats(&map.name)) {
                    // A key of the map would hide a parameter of that name.
                    let message = format!("`#each` goes through lists only, and `{}` is a map", map.name);
                    wrong.push(Fault::new(&template, Place { line: 1, column: 1 }, message));
                }
                Some(expressions)
            }
            Err(faults) => {
                wrong.extend(faults);
                None
            }
        };
        let mut examples = Vec::new();
        for (name, text) in &texts.examples {
            let file = format!("{}/examples/{name}", texts.folder);
            match Example::read(&file, text, &parts.parameters) {
                Ok(example) => examples.push(example),
                Err(faults) => wrong.extend(faults),
            }
        }
        match expressions {
            Some(expressions) if wrong.is_empty() => Ok(Self {
                file: texts.folder.to_owned(),
                examples,
                body: Body::Expressions(Box::new(expressions)),
                id: parts.id,
                title: parts.title,
                area: parts.area,
                about: parts.about,
                parameters: parts.parameters,
                optional: parts.optional,
                placement: parts.placement,
                needs: parts.needs,
                on_account_removal: parts.on_account_removal,
                gotchas: parts.gotchas,
                cost: parts.cost,
                sources: parts.sources,
            }),
            _ => Err(wrong),
        }
    }
}

/// What `blueprint.yaml` says.
struct Parts {
    id: String,
    title: String,
    area: Area,
    about: String,
    parameters: Vec<Parameter>,
    optional: BTreeSet<String>,
    placement: Placement,
    needs: Needs,
    on_account_removal: OnAccountRemoval,
    gotchas: Vec<String>,
    cost: Vec<String>,
    sources: Vec<String>,
}

fn parts(faults: &mut Faults<'_>, root: &Node) -> Option<Parts> {
    let section = Section::open(faults, root, "a blueprint", KEYS)?;
    let id = section.text(faults, "id");
    let title = section.text(faults, "title");
    let about = section.text(faults, "about");
    let area = area(faults, &section);
    let parameters = form::parameters(faults, section.get("parameters"));
    let optional = optional(faults, &section, &parameters);
    reserved(faults, &section);
    let placement = section.want(faults, "placement").and_then(|node| placement(faults, node));
    let needs = section.get("needs").map(|node| needs(faults, node)).unwrap_or_default();
    let removal = section.word(faults, "onAccountRemoval", OnAccountRemoval::ALL, OnAccountRemoval::word);
    Some(Parts {
        gotchas: section.texts(faults, "gotchas"),
        cost: section.texts(faults, "cost"),
        sources: section.texts(faults, "sources"),
        id: id?,
        title: title?,
        area: area?,
        about: about?,
        parameters,
        optional,
        placement: placement?,
        needs,
        on_account_removal: removal?,
    })
}

fn area(faults: &mut Faults<'_>, section: &Section<'_>) -> Option<Area> {
    let place = section.want(faults, "area")?.place;
    let number = section.integer(faults, "area")?;
    let area = u8::try_from(number).ok().and_then(Area::new);
    area.or_else(|| faults.add(place, format!("there is no area {number}: 1 to 15 are")))
}

/// The parameters that may be left out; each must be one, and have no value by itself.
fn optional(faults: &mut Faults<'_>, section: &Section<'_>, parameters: &[Parameter]) -> BTreeSet<String> {
    let names = section.texts(faults, "optional");
    if let Some(node) = section.get("optional") {
        for name in &names {
            match parameters.iter().find(|parameter| parameter.name == *name) {
                None => {
                    faults.add::<()>(node.place, format!("`{name}` is optional, and no parameter"));
                }
                Some(parameter) if parameter.default.is_some() => {
                    faults.add::<()>(node.place, format!("`{name}` has a default: it is never left out"));
                }
                Some(_) => {}
            }
        }
    }
    names.into_iter().collect()
}

/// Complains about parameters whose names every template has already.
fn reserved(faults: &mut Faults<'_>, section: &Section<'_>) {
    for member in section.get("parameters").map(Node::members).unwrap_or_default() {
        if NAMES.contains(&member.key.as_str()) || member.key == ACCOUNTS {
            faults.add::<()>(member.place, format!("`{}` is taken: every template has it", member.key));
        }
    }
}

/// Reads `{who: members, regions: governed}`.
pub(crate) fn placement(faults: &mut Faults<'_>, node: &Node) -> Option<Placement> {
    let section = Section::open(faults, node, "a placement", &["who", "regions"])?;
    let who = section.word(faults, "who", Who::ALL, Who::word);
    let regions = section.word(faults, "regions", Regions::ALL, Regions::word);
    Some(Placement { who: who?, regions: regions? })
}

fn needs(faults: &mut Faults<'_>, node: &Node) -> Needs {
    let keys = &["trustedAccess", "delegatedAdministrators", "switches", "afterwards", "blueprints"];
    let Some(section) = Section::open(faults, node, "`needs`", keys) else { return Needs::default() };
    let mut administrators = Vec::new();
    for member in section.get("delegatedAdministrators").map(Node::members).unwrap_or_default() {
        let word = form::text(faults, &member.value, &member.key).unwrap_or_default();
        match Role::from_word(&word) {
            Some(role) => {
                administrators.push(DelegatedAdministrator { principal: member.key.clone(), role });
            }
            None => {
                let known: Vec<&str> = Role::ALL.iter().map(|role| role.word()).collect();
                let message = format!("`{word}` is no role: {} are", known.join(", "));
                faults.add::<()>(member.value.place, message);
            }
        }
    }
    Needs {
        trusted_access: section.texts(faults, "trustedAccess"),
        delegated_administrators: administrators,
        switches: switches(faults, &section, "switches"),
        afterwards: switches(faults, &section, "afterwards"),
        blueprints: section.texts(faults, "blueprints"),
    }
}

fn switches(faults: &mut Faults<'_>, section: &Section<'_>, key: &str) -> Vec<Switch> {
    let Some(node) = section.get(key) else { return Vec::new() };
    let items = match &node.value {
        Value::List(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let read = items.iter().filter_map(|item| {
        let word = form::text(faults, item, key)?;
        let found = Switch::ALL.iter().copied().find(|switch| switch.word() == word);
        found.or_else(|| {
            let nearest = form::nearest(&word, Switch::ALL.iter().map(|switch| switch.word()));
            let help = nearest.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            faults.add(item.place, format!("there is no switch `{word}`{help}"))
        })
    });
    read.collect()
}
