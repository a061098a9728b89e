//! `guardrails:`, which guardrails hold where, and what they spare.

use super::policy::selectors;
use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use crate::document::Documents;
use crate::format::{
    ANY_TEXT, BEHAVIOUR, CATALOGUE_ID, DAY, FRAMEWORK, GUARDRAIL, OWN_FILE, REASON as REASON_FORM, SELECTOR,
    SEVERITY, day,
};
use crate::manifest::{
    FrameworkChoice, GuardrailArguments, GuardrailChoice, GuardrailException, GuardrailName,
    GuardrailOmission, GuardrailUse, OwnGuardrail,
};
use crate::record::{Record, number, owned};
use crate::shape::{Field, Need, Section, Shape};
use crate::span::{Span, Spanned};
use crate::yaml::{Entry, Node, Value, json_value};
use glidepath_model::{Date, Selector};
use std::collections::BTreeMap;

pub(crate) static SECTION: Section = Section {
    name: "guardrail",
    doc: "One guardrail (`use`), or all of the catalogue that are mapped to a framework (`framework`), and where they \
          hold. Statements of several guardrails are packed into as few policies as AWS allows.",
    fields: &[
        &USE,
        &FRAMEWORK_FIELD,
        &BEHAVIOUR_FIELD,
        &SEVERITY_FIELD,
        &AREA,
        &ON,
        &WITH,
        &WITHOUT,
        &EXCEPT,
    ],
};
static USE: Field = Field {
    name: "use",
    shape: Shape::Text(&GUARDRAIL),
    need: Need::Optional,
    doc: "A guardrail of the catalogue, or a file of your own within the manifest's folder, in the same form.",
    example: "org-deny-leave",
    default: "`framework` says which",
};
static FRAMEWORK_FIELD: Field = Field {
    name: "framework",
    shape: Shape::Text(&FRAMEWORK),
    need: Need::Optional,
    doc: "Every guardrail of the catalogue that is mapped to this framework, as far as the three filters let it \
          through. `glidepath guardrails list` shows which these are.",
    example: "cis-5.0",
    default: "`use` says which",
};
static BEHAVIOUR_FIELD: Field = Field {
    name: "behaviour",
    shape: Shape::Text(&BEHAVIOUR),
    need: Need::Optional,
    doc: "Only those that act so. With `framework`.",
    example: "preventive",
    default: "any",
};
static SEVERITY_FIELD: Field = Field {
    name: "severity",
    shape: Shape::Text(&SEVERITY),
    need: Need::Optional,
    doc: "Only those at least so severe. With `framework`.",
    example: "high",
    default: "any",
};
static AREA: Field = Field {
    name: "area",
    shape: Shape::Either(&[AREA_NUMBER, Shape::List(&AREA_NUMBER)]),
    need: Need::Optional,
    doc: "Only those of this area of the landing zone, or of one of these. With `framework`.",
    example: "[1, 4]",
    default: "any",
};
const AREA_NUMBER: Shape = Shape::Number { min: 1, max: 15 };
static AREA_BOUNDS: Shape = AREA_NUMBER;
static ON: Field = Field {
    name: "on",
    shape: Shape::List(&Shape::Text(&SELECTOR)),
    need: Need::Required,
    doc: "Where they hold: a unit path or `/` (with all below it), `account/NAME`, or `tag:key=value` (each account \
          with that tag).",
    example: "[Workloads, account/shop-dev]",
    default: "",
};
static WITH: Field = Field {
    name: "with",
    shape: Shape::Map { keys: &ANY_TEXT, values: &Shape::Any },
    need: Need::Optional,
    doc: "Values for parameters, by name. With `framework`: by the guardrail\'s id, then by name.",
    example: "{allowed_regions: [eu-west-1]}",
    default: "what the manifest says elsewhere, else the parameters\' defaults",
};
static WITHOUT: Field = Field {
    name: "without",
    shape: Shape::List(&Shape::Section(&OMISSION)),
    need: Need::Optional,
    doc: "Guardrails of the framework that are left out for a time.",
    example: "[{use: iam-users-have-mfa, reason: single sign-on only, until: 2027-06-30}]",
    default: "",
};
static EXCEPT: Field = Field {
    name: "except",
    shape: Shape::List(&Shape::Section(&EXCEPTION)),
    need: Need::Optional,
    doc: "Targets that are spared for a time. An exception is written into the statements, by account: an account \
          that comes to its place later is not spared. Each account needs its `id`.",
    example: "[{target: account/shop-dev, until: 2027-03-31, reason: migration}]",
    default: "",
};

static OMISSION: Section = Section {
    name: "without",
    doc: "A guardrail of the framework that is left out. After its last day it holds again, and the line is complained \
          of until it goes.",
    fields: &[&OMITTED, &OMITTED_REASON, &OMITTED_UNTIL],
};
static OMITTED: Field = Field {
    name: "use",
    shape: Shape::Text(&CATALOGUE_ID),
    need: Need::Required,
    doc: "The guardrail.",
    example: "iam-users-have-mfa",
    default: "",
};
static OMITTED_REASON: Field = reason("Why it is left out.");
static OMITTED_UNTIL: Field = until("The last day on which it is left out.");

pub(super) static EXCEPTION: Section = Section {
    name: "except",
    doc: "A target that is spared. After its last day the guardrails hold there again, and the line is complained of \
          until it goes; in the last 30 days it is a warning.",
    fields: &[&TARGET, &REASON, &UNTIL],
};
static TARGET: Field = Field {
    name: "target",
    shape: Shape::Text(&SELECTOR),
    need: Need::Required,
    doc: "What is spared, within what `on` names. Never the management account.",
    example: "account/shop-dev",
    default: "",
};
static REASON: Field = reason("Why it is spared.");
static UNTIL: Field = until("The last day on which it is spared.");

const fn reason(doc: &'static str) -> Field {
    let example = "migration from us-west-2";
    Field {
        name: "reason",
        shape: Shape::Text(&REASON_FORM),
        need: Need::Required,
        doc,
        example,
        default: "",
    }
}

const fn until(doc: &'static str) -> Field {
    let example = "2027-03-31";
    Field { name: "until", shape: Shape::Text(&DAY), need: Need::Required, doc, example, default: "" }
}

/// Every entry that is whole, and the selectors of the others, which can still be checked.
pub(crate) struct GuardrailsDraft {
    pub(crate) uses: Vec<GuardrailUse>,
    pub(crate) loose: Vec<Spanned<Selector>>,
}

/// Reads the section.
pub(crate) fn read(items: &[Node], documents: &mut Documents<'_>, report: &mut Report) -> GuardrailsDraft {
    let mut draft = GuardrailsDraft { uses: Vec::new(), loose: Vec::new() };
    let mut files = BTreeMap::new();
    for item in items {
        let record = Record::of(item);
        let on = selectors(record, &ON, report);
        if let Some(entry) = record.entry(&ON).filter(|entry| entry.value.items().is_empty()) {
            report.add(on_nothing(entry));
        }
        let except = exceptions(record, &EXCEPT, &mut draft.loose, report);
        match choice(item, record, documents, &mut files, report) {
            Some((span, choice)) => draft.uses.push(GuardrailUse { span, choice, on, except }),
            None => {
                draft
                    .loose
                    .extend(on.into_iter().chain(except.into_iter().map(|exception| exception.target)));
            }
        }
    }
    draft
}

/// Files that have been read, by path; none where a complaint stands.
type Files = BTreeMap<String, Option<OwnGuardrail>>;

fn choice(
    item: &Node,
    record: Record<'_>,
    documents: &mut Documents<'_>,
    files: &mut Files,
    report: &mut Report,
) -> Option<(Span, GuardrailChoice)> {
    match (record.entry(&USE), record.entry(&FRAMEWORK_FIELD)) {
        (Some(entry), Some(other)) => {
            report.add(
                Diagnostic::new(code::CONTRADICTION, "a guardrail entry has both `use` and `framework`")
                    .at(other.key.span, "the one or the other")
                    .at(entry.key.span, "given here")
                    .help("make two entries of it"),
            );
            None
        }
        (None, None) => {
            if matches!(item.value, Value::Map(_)) {
                report.add(
                    Diagnostic::new(code::CONTRADICTION, "a guardrail entry names no guardrail")
                        .at(item.span, "")
                        .help("give it `use:` with a guardrail, or `framework:` for all of a framework"),
                );
            }
            None
        }
        (Some(entry), None) => {
            refuse_filters(entry, record, report);
            let name = record.text(&USE)?;
            let guardrail = if name.value.starts_with(OWN_FILE) {
                let path = name.value.to_owned();
                let own = files.entry(path.clone()).or_insert_with(|| {
                    documents.text(&name, report).map(|(file, text)| OwnGuardrail { path, file, text })
                });
                GuardrailName::Own(own.clone()?)
            } else {
                GuardrailName::Catalogue(name.value.to_owned())
            };
            let with = arguments(record.entries(&WITH), report);
            Some((name.span, GuardrailChoice::One { guardrail, with }))
        }
        (None, Some(_)) => {
            let framework = record.text(&FRAMEWORK_FIELD)?;
            let choice = FrameworkChoice {
                framework: framework.value.to_owned(),
                behaviour: record.text(&BEHAVIOUR_FIELD).map(|word| word.value.to_owned()),
                severity: record.text(&SEVERITY_FIELD).map(|word| word.value.to_owned()),
                areas: areas(record),
                with: arguments_by_guardrail(record.entries(&WITH), report),
                without: omissions(record),
            };
            Some((framework.span, GuardrailChoice::Framework(choice)))
        }
    }
}

fn refuse_filters(entry: &Entry, record: Record<'_>, report: &mut Report) {
    for field in [&BEHAVIOUR_FIELD, &SEVERITY_FIELD, &AREA, &WITHOUT] {
        if let Some(found) = record.entry(field) {
            report.add(
                Diagnostic::new(code::CONTRADICTION, format!("`{}` is only for `framework`", field.name))
                    .at(found.key.span, "")
                    .at(entry.key.span, "this entry is about one guardrail")
                    .help("take it out"),
            );
        }
    }
}

fn on_nothing(entry: &Entry) -> Diagnostic {
    Diagnostic::new(code::CONTRADICTION, "a guardrail entry holds nowhere")
        .at(entry.key.span, "this names nothing")
        .help("name units or accounts, or take the entry out")
}

fn areas(record: Record<'_>) -> Vec<u8> {
    let Some(entry) = record.entry(&AREA) else { return Vec::new() };
    let nodes = match &entry.value.value {
        Value::List(items) => items.as_slice(),
        _ => std::slice::from_ref(&entry.value),
    };
    nodes.iter().filter_map(|node| u8::try_from(number(node, &AREA_BOUNDS)?).ok()).collect()
}

pub(super) fn arguments(entries: &[Entry], report: &mut Report) -> GuardrailArguments {
    let value = |entry: &Entry, report: &mut Report| json_value(&entry.value, entry.key.span, report);
    entries
        .iter()
        .map(|entry| (entry.key.value.to_string(), Spanned::new(value(entry, report), entry.key.span)))
        .collect()
}

fn arguments_by_guardrail(
    entries: &[Entry],
    report: &mut Report,
) -> BTreeMap<String, Spanned<GuardrailArguments>> {
    let mut all = BTreeMap::new();
    for entry in entries {
        if !matches!(entry.value.value, Value::Map(_) | Value::Empty) {
            report.add(
                Diagnostic::new(code::WRONG_TYPE, format!("`{}` must be a map", entry.key.value))
                    .at(entry.value.place(entry.key.span), "")
                    .help("with `framework` the values stand below the guardrail they are for: `{id: {name: value}}`"),
            );
            continue;
        }
        let values = arguments(entry.value.entries(), report);
        all.insert(entry.key.value.to_string(), Spanned::new(values, entry.key.span));
    }
    all
}

fn omissions(record: Record<'_>) -> Vec<GuardrailOmission> {
    let items = record.items(&WITHOUT).iter();
    items
        .filter_map(|item| {
            let record = Record::of(item);
            Some(GuardrailOmission {
                guardrail: owned(record.text(&OMITTED)?),
                until: last_day(record, &OMITTED_UNTIL)?,
                reason: record.text(&OMITTED_REASON)?.value.to_owned(),
            })
        })
        .collect()
}

pub(super) fn exceptions(
    record: Record<'_>,
    field: &Field,
    loose: &mut Vec<Spanned<Selector>>,
    report: &mut Report,
) -> Vec<GuardrailException> {
    let mut all: Vec<GuardrailException> = Vec::new();
    for item in record.items(field) {
        let record = Record::of(item);
        let Some(target) = record.parsed(&TARGET, Selector::parse) else { continue };
        if let Some(first) = all.iter().find(|known| known.target.value == target.value) {
            report.add(
                Diagnostic::new(code::REPEATED_ITEM, format!("`{}` is listed twice", target.value))
                    .at(target.span, "listed again here")
                    .at(first.target.span, "first listed here")
                    .help("delete one"),
            );
        }
        match (last_day(record, &UNTIL), record.text(&REASON)) {
            (Some(until), Some(reason)) => {
                all.push(GuardrailException { target, until, reason: reason.value.to_owned() });
            }
            _ => loose.push(target),
        }
    }
    all
}

fn last_day(record: Record<'_>, field: &Field) -> Option<Spanned<Date>> {
    record.parsed(field, |text| day(text).ok_or(()))
}
