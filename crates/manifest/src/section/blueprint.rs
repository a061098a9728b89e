//! `blueprints:`, which blueprints are deployed, where and with what.

use super::guardrail::{EXCEPTION, arguments, exceptions};
use super::policy::selectors;
use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use crate::document::Documents;
use crate::format::{ANY_TEXT, BLUEPRINT, BLUEPRINT_NAME, OWN_FILE, REGION, SELECTOR};
use crate::manifest::{BlueprintName, BlueprintUse, OwnBlueprint};
use crate::record::{Record, owned};
use crate::shape::{Field, Need, Section, Shape};
use crate::span::Spanned;
use crate::yaml::Node;
use glidepath_model::Selector;

pub(crate) static SECTION: Section = Section {
    name: "blueprint",
    doc: "One blueprint, and where its stacks are. Members get it by a service-managed stack set; where the management \
          account is named, or the blueprint is for it, it gets a stack of its own.",
    fields: &[&USE, &NAME, &ON, &WITH, &REGIONS, &EXCEPT],
};
static USE: Field = Field {
    name: "use",
    shape: Shape::Text(&BLUEPRINT),
    need: Need::Required,
    doc: "A blueprint of the catalogue; or, within the manifest's folder, a folder of your own in the same form, or a \
          plain CloudFormation file.",
    example: "ssm-session-manager",
    default: "",
};
static NAME: Field = Field {
    name: "name",
    shape: Shape::Text(&BLUEPRINT_NAME),
    need: Need::Optional,
    doc: "The name of its stack set or stack in AWS. Two uses of one blueprint need two names.",
    example: "session-manager-emea",
    default: "the blueprint's own",
};
static ON: Field = Field {
    name: "on",
    shape: Shape::List(&Shape::Text(&SELECTOR)),
    need: Need::Optional,
    doc: "Where it is deployed: a unit path or `/` (with all below it), `account/NAME`, or `tag:key=value`. Whole units \
          are given to AWS to look after: accounts that come to them get their stack by themselves.",
    example: "[Workloads, account/shop-dev]",
    default: "what the blueprint says itself",
};
static WITH: Field = Field {
    name: "with",
    shape: Shape::Map { keys: &ANY_TEXT, values: &Shape::Any },
    need: Need::Optional,
    doc: "Values for its parameters, by name.",
    example: "{delete_after_days: 90}",
    default: "what the manifest says elsewhere, else the parameters' defaults",
};
static REGIONS: Field = Field {
    name: "regions",
    shape: Shape::List(&Shape::Text(&REGION)),
    need: Need::Optional,
    doc: "The Regions it is deployed in, each of them governed or the partition's control Region.",
    example: "[eu-west-1]",
    default: "what the blueprint says itself",
};
static EXCEPT: Field = Field {
    name: "except",
    shape: Shape::List(&Shape::Section(&EXCEPTION)),
    need: Need::Optional,
    doc: "Targets that are spared for a time. With an exception AWS no longer looks after new accounts: an apply adds \
          them.",
    example: "[{target: account/shop-dev, until: 2027-03-31, reason: migration}]",
    default: "",
};

/// Every entry that is whole, and the selectors of the others, which can still be checked.
pub(crate) struct BlueprintsDraft {
    pub(crate) uses: Vec<BlueprintUse>,
    pub(crate) loose: Vec<Spanned<Selector>>,
}

/// Reads the section.
pub(crate) fn read(items: &[Node], documents: &mut Documents<'_>, report: &mut Report) -> BlueprintsDraft {
    let mut draft = BlueprintsDraft { uses: Vec::new(), loose: Vec::new() };
    for item in items {
        let record = Record::of(item);
        let on = selectors(record, &ON, report);
        let except = exceptions(record, &EXCEPT, &mut draft.loose, report);
        let Some(blueprint) = record.text(&USE).and_then(|name| named(&name, documents, report)) else {
            draft.loose.extend(on.into_iter().chain(except.into_iter().map(|exception| exception.target)));
            continue;
        };
        let span = record.text(&USE).map_or(item.span, |name| name.span);
        let name = record.text(&NAME).map_or_else(|| Spanned::new(own_name(&blueprint), span), owned);
        if let Some(first) = draft.uses.iter().find(|known| known.name.value == name.value) {
            report.add(
                Diagnostic::new(
                    code::CONTRADICTION,
                    format!("two blueprints have the name `{}`", name.value),
                )
                .at(name.span, "named again here")
                .at(first.name.span, "first named here")
                .help("give one of them another `name`"),
            );
        }
        draft.uses.push(BlueprintUse {
            span,
            name,
            blueprint,
            on,
            with: arguments(record.entries(&WITH), report),
            regions: record.texts(&REGIONS).into_iter().map(owned).collect(),
            except,
        });
    }
    draft
}

/// The blueprint of a name; none where a complaint stands.
fn named(name: &Spanned<&str>, documents: &mut Documents<'_>, report: &mut Report) -> Option<BlueprintName> {
    if !name.value.starts_with(OWN_FILE) {
        return Some(BlueprintName::Catalogue(name.value.to_owned()));
    }
    let path = name.value.trim_end_matches('/').to_owned();
    let mut text = |file: &str| documents.text(&Spanned::new(file, name.span), report);
    if path.ends_with(".yaml") || path.ends_with(".yml") || path.ends_with(".json") {
        let (file, template) = text(&path)?;
        return Some(BlueprintName::Own(OwnBlueprint { path, file, description: None, template }));
    }
    let (file, description) = text(&format!("{path}/blueprint.yaml"))?;
    let (_, template) = text(&format!("{path}/template.yaml.hbs"))?;
    Some(BlueprintName::Own(OwnBlueprint { path, file, description: Some(description), template }))
}

/// The name of a stack set where the manifest gives none: the blueprint's id, or the name of the folder or file.
fn own_name(blueprint: &BlueprintName) -> String {
    match blueprint {
        BlueprintName::Catalogue(id) => id.clone(),
        BlueprintName::Own(own) => {
            let last = own.path.rsplit('/').next().unwrap_or_default();
            last.split('.').next().unwrap_or_default().to_owned()
        }
    }
}
