//! `guardrails`: the catalogue looked at, a user's own guardrails tested, rules for other tools and reference pages
//! written.

use crate::args::{GuardrailListArgs, GuardrailsVerb};
use crate::exit_code::ExitCode;
use crate::failure::{Failure, Outcome};
use crate::view;
use crate::view::style::{count, shown};
use crate::view::text::guardrails as pages;
use crate::wanted::Wanted;
use glidepath_guardrails::{
    Area, Behaviour, Catalogue, Fault, GuardVerdict, Guardrail, LookupError, Mechanism, Query, Severity,
    index_page, page, read_folder,
};
use std::collections::BTreeMap;
use std::path::Path;

pub(super) fn run(verb: GuardrailsVerb) -> Outcome {
    match verb {
        GuardrailsVerb::List(args) => list(&args),
        GuardrailsVerb::Show { id, json } => show(&id, json),
        GuardrailsVerb::Test { folder } => test(folder.as_deref()),
        GuardrailsVerb::Export { folder, manifest } => export(&folder, manifest.as_deref()),
        GuardrailsVerb::Docs { folder } => docs(&folder),
    }
}

fn list(args: &GuardrailListArgs) -> Outcome {
    let (found, broken) = Catalogue::built_in().search(&query(args)?);
    if let Some(error) = broken.first() {
        return Err(lookup(error));
    }
    if args.json {
        view::json::print(&view::json::guardrails(&found));
    } else {
        view::data(&pages::list(&found));
    }
    Ok(ExitCode::Done)
}

/// What the options ask for.
fn query(args: &GuardrailListArgs) -> Result<Query, Failure> {
    let frameworks = glidepath_guardrails::FRAMEWORKS;
    if let Some(name) =
        args.framework.as_ref().filter(|name| frameworks.iter().all(|(known, _)| known != name))
    {
        let known: Vec<&str> = frameworks.iter().map(|(name, _)| *name).collect();
        return Err(Failure::new(
            ExitCode::Invalid,
            format!("`{}` is no framework of the catalogue", shown(name)),
        )
        .help(format!("choose one of {}", known.join(", "))));
    }
    let words = args.words.join(" ");
    Ok(Query {
        framework: args.framework.clone(),
        area: args.area.map(|number| word("area", &number.to_string(), Area::new(number))).transpose()?,
        service: args.service.clone(),
        severity: args
            .severity
            .as_deref()
            .map(|text| word("severity", text, Severity::from_word(text)))
            .transpose()?,
        behaviour: args
            .behaviour
            .as_deref()
            .map(|text| word("behaviour", text, Behaviour::from_word(text)))
            .transpose()?,
        mechanism: args
            .mechanism
            .as_deref()
            .map(|text| word("mechanism", text, Mechanism::from_word(text)))
            .transpose()?,
        text: (!words.is_empty()).then_some(words),
    })
}

fn word<T>(what: &str, text: &str, found: Option<T>) -> Result<T, Failure> {
    found.ok_or_else(|| Failure::new(ExitCode::Invalid, format!("`{}` is no {what}", shown(&text))))
}

fn show(id: &str, json: bool) -> Outcome {
    let guardrail = Catalogue::built_in().get(id).map_err(|error| lookup(&error))?;
    if json {
        view::json::print(&view::json::guardrails(&[guardrail]));
    } else {
        view::data(&page(guardrail));
    }
    Ok(ExitCode::Done)
}

fn lookup(error: &LookupError) -> Failure {
    match error {
        LookupError::Unknown { .. } => {
            Failure::of(ExitCode::Invalid, error).help("`glidepath guardrails list` shows them all")
        }
        LookupError::Broken { faults, .. } => {
            view::talk(&lines(faults));
            Failure::of(ExitCode::Invalid, error)
        }
    }
}

fn lines(faults: &[Fault]) -> String {
    faults.iter().map(|fault| format!("{}\n", shown(fault))).collect()
}

/// Checks guardrails and runs their cases: the built-in ones, or those of a folder.
fn test(folder: Option<&Path>) -> Outcome {
    let own = folder.map(own).transpose()?;
    let catalogue = own.as_ref().unwrap_or_else(|| Catalogue::built_in());
    let (mut cases, mut failed, mut guardrails) = (0, 0, 0);
    for id in catalogue.ids() {
        let guardrail = match catalogue.get(id) {
            Ok(guardrail) => guardrail,
            Err(LookupError::Broken { faults, .. }) => {
                failed += faults.len();
                view::data(&lines(&faults));
                continue;
            }
            Err(error) => return Err(lookup(&error)),
        };
        guardrails += 1;
        let (text, wrong) = pages::trial(guardrail);
        view::data(&text);
        cases += guardrail.cases.len();
        failed += wrong;
    }
    let sum = format!("{}, {}", count(guardrails, "guardrail"), count(cases, "case"));
    if failed == 0 {
        view::talk(&format!("{sum}: all pass\n"));
        return Ok(ExitCode::Done);
    }
    let wrong = format!("{sum}: {} wrong", count(failed, "thing"));
    Err(Failure::new(ExitCode::Failed, wrong))
}

fn own(folder: &Path) -> Result<Catalogue, Failure> {
    let files = read_folder(folder).map_err(|error| Failure::of(ExitCode::Invalid, &error))?;
    if files.is_empty() {
        return Err(Failure::new(
            ExitCode::Invalid,
            format!("`{}` holds no `.yaml` file", shown(&folder.display())),
        ));
    }
    Catalogue::own(files).map_err(|faults| {
        view::talk(&lines(&faults));
        Failure::told(ExitCode::Invalid)
    })
}

/// Writes Guard rules: those of the catalogue with their cases, or those of a manifest with its packs.
fn export(folder: &Path, manifest: Option<&Path>) -> Outcome {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    match manifest {
        Some(path) => {
            let detection = Wanted::read(path, None)?.zone.detection;
            for (at, one) in detection.templates.iter().enumerate() {
                let name = format!("{}.guard", one.rules.guardrail);
                // One guardrail with other values elsewhere is another file.
                let taken = files.contains_key(&name);
                let name = if taken { format!("{}-{}.guard", one.rules.guardrail, at + 1) } else { name };
                files.insert(name, one.rules.text.clone());
            }
            for pack in detection.packs {
                files.insert(format!("packs/{}.json", pack.name), pack.template);
            }
        }
        None => of_catalogue(&mut files)?,
    }
    for (name, text) in &files {
        write(folder, name, text)?;
    }
    view::talk(&format!("{} in {}\n", count(files.len(), "file"), shown(&folder.display())));
    Ok(ExitCode::Done)
}

/// The Guard rules of the catalogue, and its cases for `cfn-guard`.
fn of_catalogue(files: &mut BTreeMap<String, String>) -> Result<(), Failure> {
    let query = Query { mechanism: Some(Mechanism::CfnGuard), ..Query::default() };
    let (found, broken) = Catalogue::built_in().search(&query);
    if let Some(error) = broken.first() {
        return Err(lookup(error));
    }
    for guardrail in found {
        let cases = guardrail.guard_cases().map_err(|errors| {
            let told: Vec<String> = errors.iter().map(|error| shown(error).to_string()).collect();
            Failure::new(ExitCode::Failed, format!("`{}`: {}", shown(&guardrail.id), told.join("; ")))
        })?;
        for (at, case) in cases.into_iter().enumerate() {
            let verdict = match case.verdict {
                GuardVerdict::Passes => "passes",
                GuardVerdict::Fails => "fails",
            };
            let name = format!("cases/{}-{:02}-{verdict}", guardrail.id, at + 1);
            // The first case has the defaults; a test of the catalogue sees to it.
            files.entry(format!("{}.guard", guardrail.id)).or_insert_with(|| case.rules.text.clone());
            files.insert(format!("{name}.guard"), case.rules.text);
            files.insert(format!("{name}.json"), format!("{:#}\n", case.template));
        }
    }
    Ok(())
}

fn write(folder: &Path, name: &str, text: &str) -> Result<(), Failure> {
    let path = folder.join(name);
    let inner = path.parent().unwrap_or(folder);
    let doing = format!("make the folder `{}`", shown(&inner.display()));
    std::fs::create_dir_all(inner).map_err(|error| Failure::doing(ExitCode::Failed, &doing, &error))?;
    let doing = format!("write `{}`", shown(&path.display()));
    std::fs::write(&path, text).map_err(|error| Failure::doing(ExitCode::Failed, &doing, &error))
}

/// Writes a page for each guardrail, and one that lists them.
fn docs(folder: &Path) -> Outcome {
    let catalogue = Catalogue::built_in();
    let all: Vec<&Guardrail> = catalogue
        .ids()
        .map(|id| catalogue.get(id))
        .collect::<Result<_, _>>()
        .map_err(|error| lookup(&error))?;
    for guardrail in &all {
        write(folder, &format!("{}.md", guardrail.id), &page(guardrail))?;
    }
    write(folder, "README.md", &index_page(all.iter().copied()))?;
    view::talk(&format!("{} in {}\n", count(all.len() + 1, "page"), shown(&folder.display())));
    Ok(ExitCode::Done)
}
