//! From an entry of the manifest to the guardrails it is about.

use super::OwnFile;
use super::exception::ending;
use super::library::{Library, lookup_failed};
use glidepath_guardrails::{Behaviour, FRAMEWORKS, Guardrail, Query, Severity};
use glidepath_manifest::manifest::{
    FrameworkChoice, GuardrailArguments, GuardrailChoice, GuardrailName, GuardrailUse,
};
use glidepath_manifest::{Diagnostic, Span, code};
use glidepath_model::Date;
use std::collections::BTreeSet;

/// A guardrail that an entry is about.
pub(super) struct Chosen<'a> {
    pub(super) guardrail: &'a Guardrail,
    pub(super) entry: &'a GuardrailUse,
    pub(super) with: &'a GuardrailArguments,
    /// Where the values for it stand, if there are any.
    pub(super) with_span: Option<Span>,
    /// Its file, if it is one of the user's own.
    pub(super) own: Option<OwnFile<'a>>,
}

static NO_ARGUMENTS: GuardrailArguments = GuardrailArguments::new();

/// The guardrails of an entry, by id.
pub(super) fn chosen<'a>(
    library: &'a Library<'_>,
    entry: &'a GuardrailUse,
    today: Date,
    findings: &mut Vec<Diagnostic>,
) -> Vec<Chosen<'a>> {
    match &entry.choice {
        GuardrailChoice::One { guardrail, with } => {
            let found = match guardrail {
                GuardrailName::Catalogue(id) => {
                    library.of_catalogue(id, entry.span, findings).map(|guardrail| (guardrail, None))
                }
                GuardrailName::Own(own) => library.own(own).map(|(guardrail, file)| (guardrail, Some(file))),
            };
            let one = found.map(|(guardrail, own)| Chosen { guardrail, entry, with, with_span: None, own });
            one.into_iter().collect()
        }
        GuardrailChoice::Framework(framework) => of_framework(library, entry, framework, today, findings),
    }
}

fn of_framework<'a>(
    library: &'a Library<'_>,
    entry: &'a GuardrailUse,
    framework: &'a FrameworkChoice,
    today: Date,
    findings: &mut Vec<Diagnostic>,
) -> Vec<Chosen<'a>> {
    if !FRAMEWORKS.iter().any(|(name, _)| *name == framework.framework) {
        findings.push(unknown_framework(&framework.framework, entry.span));
        return Vec::new();
    }
    let query = Query {
        framework: Some(framework.framework.clone()),
        severity: framework.severity.as_deref().and_then(Severity::from_word),
        behaviour: framework.behaviour.as_deref().and_then(Behaviour::from_word),
        ..Query::default()
    };
    let (mut found, broken) = library.catalogue.search(&query);
    findings.extend(broken.iter().flat_map(|error| lookup_failed(error, entry.span)));
    let areas = &framework.areas;
    found.retain(|guardrail| areas.is_empty() || areas.contains(&guardrail.area.number()));
    if found.is_empty() {
        let summary =
            format!("no guardrail of the catalogue is chosen by `{}` and its filters", framework.framework);
        findings.push(
            Diagnostic::new(code::CHOOSES_NOTHING, summary)
                .at(entry.span, "")
                .help("widen `severity`, `behaviour` or `area`, or take the entry out"),
        );
    }
    let ids: BTreeSet<&str> = found.iter().map(|guardrail| guardrail.id.as_str()).collect();
    let mut named: Vec<(&str, Span, &str)> =
        framework.with.iter().map(|(id, values)| (id.as_str(), values.span, "with")).collect();
    named.extend(
        framework.without.iter().map(|one| (one.guardrail.value.as_str(), one.guardrail.span, "without")),
    );
    for (id, span, word) in named {
        if !ids.contains(id) && library.of_catalogue(id, span, findings).is_some() {
            findings.push(
                Diagnostic::new(
                    code::NOT_CHOSEN,
                    format!("`{word}` names `{id}`, which this entry does not choose"),
                )
                .at(span, "")
                .at(entry.span, "by this and its filters")
                .help("take the line out"),
            );
        }
    }
    let mut left_out = BTreeSet::new();
    for omission in &framework.without {
        let what = format!("leaving out `{}`", omission.guardrail.value);
        let (holds, finding) = ending(&what, &omission.until, today);
        findings.extend(finding);
        if holds {
            left_out.insert(omission.guardrail.value.as_str());
        }
    }
    found
        .into_iter()
        .filter(|guardrail| !left_out.contains(guardrail.id.as_str()))
        .map(|guardrail| {
            let values = framework.with.get(&guardrail.id);
            let with = values.map_or(&NO_ARGUMENTS, |values| &values.value);
            Chosen { guardrail, entry, with, with_span: values.map(|values| values.span), own: None }
        })
        .collect()
}

fn unknown_framework(name: &str, span: Span) -> Diagnostic {
    let scored = FRAMEWORKS.iter().map(|(known, _)| (strsim::jaro_winkler(name, known), *known));
    let best = scored.max_by(|one, other| one.0.total_cmp(&other.0)).filter(|(score, _)| *score > 0.8);
    let names: Vec<String> = FRAMEWORKS.iter().map(|(known, _)| format!("`{known}`")).collect();
    Diagnostic::new(code::UNKNOWN_FRAMEWORK, format!("there is no framework `{name}`"))
        .at(span, "")
        .help(format!("the catalogue knows {}", names.join(", ")))
        .nearest(span, best.map(|(_, known)| known.to_owned()))
}
