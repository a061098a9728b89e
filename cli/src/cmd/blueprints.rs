//! `blueprints`: the catalogue looked at and rendered, a user's own blueprints checked, reference pages written.

use crate::args::{BlueprintListArgs, BlueprintRenderArgs, BlueprintsVerb};
use crate::exit_code::ExitCode;
use crate::failure::{Failure, Outcome};
use crate::view;
use crate::view::style::{count, shown};
use crate::view::text::blueprints as pages;
use glidepath_blueprints::{
    Area, Argument, Blueprint, Catalogue, Fault, LookupError, Query, Surroundings, Who, index_page, page,
    read_folder,
};
use glidepath_guardrails::form;
use std::collections::BTreeMap;
use std::path::Path;

pub(super) fn run(verb: BlueprintsVerb) -> Outcome {
    match verb {
        BlueprintsVerb::List(args) => list(&args),
        BlueprintsVerb::Show { id, json } => show(&id, json),
        BlueprintsVerb::Render(args) => render(&args),
        BlueprintsVerb::Check { path } => check(path.as_deref()),
        BlueprintsVerb::Docs { folder } => docs(&folder),
    }
}

fn list(args: &BlueprintListArgs) -> Outcome {
    let words = args.words.join(" ");
    let area = match args.area {
        Some(number) => {
            Some(Area::new(number).ok_or_else(|| invalid(format!("`{number}` is no area"), "1 to 15 are"))?)
        }
        None => None,
    };
    let who = match &args.who {
        Some(word) => {
            let found = Who::ALL.iter().copied().find(|who| who.word() == word);
            let known: Vec<&str> = Who::ALL.iter().map(|who| who.word()).collect();
            let help = format!("choose one of {}", known.join(", "));
            Some(found.ok_or_else(|| invalid(format!("`{}` gets no blueprint", shown(word)), &help))?)
        }
        None => None,
    };
    let query = Query { area, who, text: (!words.is_empty()).then_some(words) };
    let (found, broken) = Catalogue::built_in().search(&query);
    if let Some(error) = broken.first() {
        return Err(lookup(error));
    }
    if args.json {
        view::json::print(&view::json::blueprints(&found));
    } else {
        view::data(&pages::list(&found));
    }
    Ok(ExitCode::Done)
}

fn show(id: &str, json: bool) -> Outcome {
    let blueprint = Catalogue::built_in().get(id).map_err(|error| lookup(&error))?;
    if json {
        view::json::print(&view::json::blueprints(&[blueprint]));
    } else {
        view::data(&page(blueprint));
    }
    Ok(ExitCode::Done)
}

fn render(args: &BlueprintRenderArgs) -> Outcome {
    let own = args.from.as_deref().map(own).transpose()?;
    let catalogue = own.as_ref().unwrap_or_else(|| Catalogue::built_in());
    let wanted: Vec<&str> = match &args.id {
        Some(id) => vec![id],
        None => catalogue.ids().collect(),
    };
    let mut blueprints = Vec::new();
    for id in wanted {
        blueprints.push(catalogue.get(id).map_err(|error| lookup(&error))?);
    }
    if let Some(folder) = &args.to {
        return examples(&blueprints, folder);
    }
    let around = Surroundings::of_examples()
        .ok_or_else(|| Failure::new(ExitCode::Failed, "the landing zone of the examples is broken"))?;
    for blueprint in blueprints {
        let arguments = match &args.with {
            Some(file) => arguments(blueprint, file)?,
            None => BTreeMap::new(),
        };
        let rendered = blueprint.render(&arguments, &around).map_err(|faults| told(&faults))?;
        view::json::print(rendered.template.value());
    }
    Ok(ExitCode::Done)
}

/// The arguments of a file, checked against the blueprint.
fn arguments(blueprint: &Blueprint, file: &Path) -> Result<BTreeMap<String, Argument>, Failure> {
    let name = file.display().to_string();
    let doing = format!("read `{}`", shown(&name));
    let text =
        std::fs::read_to_string(file).map_err(|error| Failure::doing(ExitCode::Invalid, &doing, &error))?;
    let root = form::read(&name, &text).map_err(|faults| told(&faults))?;
    let given = root.members().iter().map(|member| (member.key.clone(), form::json(&member.value))).collect();
    blueprint.arguments(&given).map_err(|errors| {
        let lines: String = errors.iter().map(|error| format!("{}\n", shown(error))).collect();
        view::talk(&lines);
        Failure::told(ExitCode::Invalid)
    })
}

/// Writes what comes of every example that is not meant to be refused, one file each.
fn examples(blueprints: &[&Blueprint], folder: &Path) -> Outcome {
    let doing = format!("make the folder `{}`", shown(&folder.display()));
    std::fs::create_dir_all(folder).map_err(|error| Failure::doing(ExitCode::Failed, &doing, &error))?;
    let mut written = 0;
    for blueprint in blueprints {
        for example in &blueprint.examples {
            let rendered = match example.render(blueprint) {
                Ok(rendered) => rendered,
                // What is refused as the example says has no template.
                Err(_) if example.check(blueprint).is_empty() => continue,
                Err(faults) => return Err(told(&faults)),
            };
            let path = folder.join(format!("{}.{}.json", blueprint.id, example.name));
            let doing = format!("write `{}`", shown(&path.display()));
            let text = format!("{:#}\n", rendered.template.value());
            std::fs::write(&path, text).map_err(|error| Failure::doing(ExitCode::Failed, &doing, &error))?;
            written += 1;
        }
    }
    view::talk(&format!("{} in {}\n", count(written, "template"), shown(&folder.display())));
    Ok(ExitCode::Done)
}

/// Checks blueprints and their examples: the built-in ones, or a user's own.
fn check(path: Option<&Path>) -> Outcome {
    let own = path.map(own).transpose()?;
    let catalogue = own.as_ref().unwrap_or_else(|| Catalogue::built_in());
    let (mut blueprints, mut examples, mut wrong) = (0, 0, 0);
    for id in catalogue.ids() {
        blueprints += 1;
        match catalogue.get(id) {
            Ok(blueprint) => {
                let (text, faults) = pages::trial(blueprint);
                view::data(&text);
                examples += blueprint.examples.len();
                wrong += faults;
            }
            Err(LookupError::Broken { faults, .. }) => {
                view::data(&lines(&faults));
                wrong += faults.len();
            }
            Err(error) => return Err(lookup(&error)),
        }
    }
    let sum = format!("{}, {}", count(blueprints, "blueprint"), count(examples, "example"));
    if wrong == 0 {
        view::talk(&format!("{sum}: all right\n"));
        return Ok(ExitCode::Done);
    }
    Err(Failure::new(ExitCode::Failed, format!("{sum}: {} wrong", count(wrong, "thing"))))
}

fn own(path: &Path) -> Result<Catalogue, Failure> {
    let sources = read_folder(path).map_err(|error| Failure::of(ExitCode::Invalid, &error))?;
    if sources.is_empty() {
        let message = format!("`{}` holds no blueprint", shown(&path.display()));
        let help =
            "a blueprint is a folder with `blueprint.yaml` and `template.yaml.hbs`, or a CloudFormation file";
        return Err(invalid(message, help));
    }
    Catalogue::own(sources).map_err(|faults| told(&faults))
}

fn invalid(message: String, help: &str) -> Failure {
    Failure::new(ExitCode::Invalid, message).help(help)
}

fn lookup(error: &LookupError) -> Failure {
    match error {
        LookupError::Unknown { .. } => {
            Failure::of(ExitCode::Invalid, error).help("`glidepath blueprints list` shows them all")
        }
        LookupError::Broken { faults, .. } => {
            view::talk(&lines(faults));
            Failure::of(ExitCode::Invalid, error)
        }
    }
}

fn told(faults: &[Fault]) -> Failure {
    view::talk(&lines(faults));
    Failure::told(ExitCode::Invalid)
}

fn lines(faults: &[Fault]) -> String {
    faults.iter().map(|fault| format!("{}\n", shown(fault))).collect()
}

/// Writes a page for each blueprint, and one that lists them.
fn docs(folder: &Path) -> Outcome {
    let catalogue = Catalogue::built_in();
    let all: Vec<&Blueprint> = catalogue
        .ids()
        .map(|id| catalogue.get(id))
        .collect::<Result<_, _>>()
        .map_err(|error| lookup(&error))?;
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        let doing = format!("write `{}`", shown(&path.display()));
        std::fs::write(&path, text).map_err(|error| Failure::doing(ExitCode::Failed, &doing, &error))
    };
    let doing = format!("make the folder `{}`", shown(&folder.display()));
    std::fs::create_dir_all(folder).map_err(|error| Failure::doing(ExitCode::Failed, &doing, &error))?;
    for blueprint in &all {
        write(&format!("{}.md", blueprint.id), &page(blueprint))?;
    }
    write("README.md", &index_page(all.iter().copied()))?;
    view::talk(&format!("{} in {}\n", count(all.len() + 1, "page"), shown(&folder.display())));
    Ok(ExitCode::Done)
}
