//! The manifest's guardrails made into policies: chosen, filled in, packed, named and attached.
//!
//! Statements of SCPs and RCPs are grouped by the set of targets they hold on and packed into as few
//! documents as the targets have room for; a declarative guardrail is a policy of its own. What comes out
//! are ordinary desired policies and attachments, so that difference, order and checks know nothing of
//! guardrails. What detects or judges templates is no policy and comes out beside them: [`detection`].
//!
//! Exceptions are written into the statements by account id, never into attachments. An account whose id
//! the manifest does not say cannot be spared: that is an error, since sparing a place would also spare
//! whatever comes there later. The other side of it: an account has to exist before it can be spared.

mod choice;
mod deploy;
mod detection;
mod document;
pub(crate) mod exception;
mod exempt;
mod library;
mod name;
mod proactive;
mod room;
mod security_hub;

use crate::spec::Desired;
use crate::zone::attachment_targets;
use glidepath_guardrails::{ArgumentError, Catalogue, ResolveError, Resolved, Surroundings};
use glidepath_iam::document::{Effect, Statement};
use glidepath_manifest::{Diagnostic, FileId, Manifest, Severity, Span, code};
use glidepath_model::{Address, Date, PolicyType, Target};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

use choice::Chosen;
use exception::Spared;
use library::Library;

pub(crate) use deploy::packs;
pub use detection::{
    Detection, DetectionControls, DetectionPack, DetectionRule, Members, Placement, TemplateRules,
};
use detection::{Means, Watch};
pub(crate) use exempt::{platform_roles, unguarded_responders};
pub(crate) use proactive::judged;

/// A guardrail where the manifest puts it, filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Application {
    /// The guardrail's id.
    pub guardrail: String,
    /// The type of policy that carries it.
    pub ty: PolicyType,
    /// What it says.
    pub rule: Rule,
    /// What it is attached to. A target below another one that already has the same statements is left out.
    pub targets: BTreeSet<Target>,
    /// The accounts that it spares, by name.
    pub spared: BTreeSet<String>,
    /// The lines of the manifest that want it.
    pub spans: Vec<Span>,
}

/// What a guardrail says once everything is filled in.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// Statements of an SCP or RCP, exceptions included.
    Statements(Vec<Statement>),
    /// A declarative document.
    Document {
        /// The document.
        document: Value,
        /// What is attached to each spared account to undo it.
        spared: Option<Value>,
    },
}

/// A guardrail that a policy was made of, and the line of the manifest that wants it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// The guardrail's id.
    pub guardrail: String,
    /// Where `use` or `framework` stands.
    pub span: Span,
}

/// What the guardrails of a manifest come to.
#[derive(Debug, Default)]
pub(crate) struct Guardrails {
    /// Every guardrail where it holds.
    pub(crate) applications: Vec<Application>,
    /// Policies, attachments and policy types.
    pub(crate) desired: BTreeMap<Address, Desired>,
    /// What each policy was made of.
    pub(crate) origins: BTreeMap<Address, Vec<Origin>>,
    /// What detects, and what judges templates.
    pub(crate) detection: Detection,
    /// What is wrong or worth knowing.
    pub(crate) findings: Vec<Diagnostic>,
}

/// Makes policies of the guardrails of a manifest. With an error among the findings the rest is not whole.
pub(crate) fn guardrails(manifest: &Manifest, catalogue: &Catalogue, today: Date) -> Guardrails {
    let mut all = Guardrails::default();
    if manifest.guardrails.is_empty() {
        return all;
    }
    let library = Library::read(manifest, catalogue, &mut all.findings);
    let Some(exempt) = exempt::principals(manifest, &mut all.findings) else { return all };
    let surroundings = Surroundings {
        organization: manifest.organization.id.as_ref().map(|id| id.value.clone()),
        regions: manifest.organization.regions.iter().map(|region| region.value.clone()).collect(),
        management: Some(manifest.organization.management.id.value.clone()),
        exempt,
    };
    let mut applications = Vec::new();
    let mut watches = Vec::new();
    for entry in &manifest.guardrails {
        let spared = exception::spared(manifest, entry, today, &mut all.findings);
        for chosen in choice::chosen(&library, entry, today, &mut all.findings) {
            match apply(manifest, &chosen, &spared, &surroundings, &mut all.findings) {
                Some(Applied::Policy(application)) => applications.push(application),
                Some(Applied::Watch(watch)) => watches.push(watch),
                None => {}
            }
        }
    }
    let applications = without_repetitions(joined(applications), manifest);
    all.findings.extend(exception::overruled(manifest, &held(&applications, &watches)));
    let running = security_hub::running(manifest);
    all.detection = detection::detection(manifest, watches, &running, &mut all.findings);
    all.findings.extend(exempt::unguarded(manifest, &library, &applications, &surroundings.exempt));
    let documents = document::documents(manifest, &applications);
    all.applications = applications;
    all.desired = documents.desired;
    all.origins = documents.origins;
    all.findings.extend(documents.findings);
    all.findings.sort_by(|one, other| one.order().cmp(&other.order()));
    all.findings.dedup();
    all
}

/// The guardrails that the description of a policy lists; none where it leaves some out, or lists none.
pub(crate) fn described(description: &str) -> Option<BTreeSet<String>> {
    name::described(description)
}

/// Whether one of these is an error.
pub(crate) fn has_errors(findings: &[Diagnostic]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

/// A guardrail of an entry, by what it works.
enum Applied {
    /// By a policy.
    Policy(Application),
    /// By looking.
    Watch(Watch),
}

/// What guardrails hold where, and whom they spare.
fn held<'a>(applications: &'a [Application], watches: &'a [Watch]) -> Vec<exception::Held<'a>> {
    let policies = applications.iter().map(|one| exception::Held {
        guardrail: &one.guardrail,
        targets: &one.targets,
        spared: one.spared.iter().collect(),
        spans: &one.spans,
    });
    let looking = watches.iter().map(|one| exception::Held {
        guardrail: &one.guardrail,
        targets: &one.targets,
        spared: one.spared.keys().collect(),
        spans: &one.spans,
    });
    policies.chain(looking).collect()
}

/// One guardrail of one entry, filled in.
fn apply(
    manifest: &Manifest,
    chosen: &Chosen<'_>,
    spared: &Spared,
    surroundings: &Surroundings,
    findings: &mut Vec<Diagnostic>,
) -> Option<Applied> {
    let guardrail = chosen.guardrail;
    let given = chosen.with.iter().map(|(name, value)| (name.clone(), value.value.clone())).collect();
    let resolved = guardrail
        .arguments(&given)
        .map_err(|errors| errors.into_iter().map(ResolveError::Argument).collect::<Vec<_>>())
        .and_then(|arguments| guardrail.resolve(&arguments, surroundings, &spared.ids));
    let resolved = match resolved {
        Ok(resolved) => resolved,
        Err(errors) => {
            findings.extend(errors.iter().map(|error| complaint(chosen, spared, surroundings, error)));
            return None;
        }
    };
    let (ty, rule) = match resolved {
        Resolved::Statements(resolved) => (resolved.ty, Rule::Statements(resolved.statements)),
        // The document that undoes it is the same for every account.
        Resolved::Document(resolved) => {
            let spared = resolved.exceptions.into_values().next();
            (resolved.ty, Rule::Document { document: resolved.document, spared })
        }
        Resolved::Rules(rules) => return Some(watch(manifest, chosen, spared, Means::Rules(rules))),
        Resolved::Controls(controls) => {
            return Some(watch(manifest, chosen, spared, Means::Controls(controls)));
        }
        Resolved::Guard(rules) => return Some(watch(manifest, chosen, spared, Means::Guard(rules))),
    };
    let targets = targets(manifest, chosen, ty, findings);
    let spared = spared.names.clone();
    let spans = vec![chosen.entry.span];
    let guardrail = guardrail.id.clone();
    Some(Applied::Policy(Application { guardrail, ty, rule, targets, spared, spans }))
}

/// A guardrail that looks, on the targets of its entry.
fn watch(manifest: &Manifest, chosen: &Chosen<'_>, spared: &Spared, means: Means) -> Applied {
    let on = chosen.entry.on.iter();
    let id = |name: &String| {
        let account = manifest.accounts.get(name)?;
        Some((name.clone(), account.id.as_ref()?.value.clone()))
    };
    Applied::Watch(Watch {
        guardrail: chosen.guardrail.id.clone(),
        means,
        targets: on.flat_map(|selector| attachment_targets(manifest, &selector.value)).collect(),
        spared: spared.names.iter().filter_map(id).collect(),
        spans: vec![chosen.entry.span],
    })
}

/// What the entry of a guardrail attaches it to.
fn targets(
    manifest: &Manifest,
    chosen: &Chosen<'_>,
    ty: PolicyType,
    findings: &mut Vec<Diagnostic>,
) -> BTreeSet<Target> {
    let management = &manifest.organization.management.name.value;
    let mut all = BTreeSet::new();
    for selector in &chosen.entry.on {
        for target in attachment_targets(manifest, &selector.value) {
            let is_management = matches!(&target, Target::Account(name) if name == management);
            if is_management && !ty.reaches_management_account() {
                let summary = format!("`{}` has no effect on the management account", chosen.guardrail.id);
                findings.push(
                    Diagnostic::new(code::NO_EFFECT, summary)
                        .at(selector.span, format!("policies of type `{ty}` do not reach it"))
                        .help("guard the management account by who may enter it"),
                );
                continue;
            }
            all.insert(target);
        }
    }
    all
}

fn complaint(
    chosen: &Chosen<'_>,
    spared: &Spared,
    surroundings: &Surroundings,
    error: &ResolveError,
) -> Diagnostic {
    let here = chosen.entry.span;
    match error {
        ResolveError::Argument(error) => {
            let name = parameter(error);
            let span = chosen.with.get(name).map(|value| value.span).or(chosen.with_span);
            let diagnostic =
                Diagnostic::new(code::BAD_ARGUMENT, error.to_string()).at(span.unwrap_or(here), "");
            let supplied = chosen.guardrail.parameter(name).and_then(|parameter| parameter.supplied);
            let is_unknown_id = supplied == Some(glidepath_guardrails::Supplied::OrganizationId)
                && surroundings.organization.is_none();
            diagnostic.help(if is_unknown_id {
                "write `organization.id`; where there is no organization yet, apply without this guardrail first"
                    .to_owned()
            } else {
                format!("`glidepath guardrails show {}` lists its parameters", chosen.guardrail.id)
            })
        }
        ResolveError::Policy(fault) => library::broken(chosen.own, fault, here),
        ResolveError::NoException { .. } => {
            let diagnostic = Diagnostic::new(code::NO_EXCEPTION, error.to_string());
            let at = spared.spans.iter().fold(diagnostic, |diagnostic, span| diagnostic.at(*span, ""));
            at.at(here, "chosen here").help("name smaller targets in `on`, so that it is not among them")
        }
    }
}

/// The parameter that an error is about.
pub(crate) fn parameter(error: &ArgumentError) -> &str {
    match error {
        ArgumentError::Unknown { name, .. }
        | ArgumentError::Missing { name, .. }
        | ArgumentError::Type { name, .. }
        | ArgumentError::Form { name, .. }
        | ArgumentError::Choice { name, .. }
        | ArgumentError::Range { name, .. } => name,
    }
}

/// Applications of the same rule as one.
fn joined(applications: Vec<Application>) -> Vec<Application> {
    let mut all: Vec<Application> = Vec::new();
    for application in applications {
        let same = all.iter_mut().find(|known| {
            known.guardrail == application.guardrail
                && known.rule == application.rule
                && known.spared == application.spared
        });
        match same {
            Some(known) => {
                known.targets.extend(application.targets);
                known.spans.extend(application.spans);
            }
            None => all.push(application),
        }
    }
    all
}

/// Denies are inherited: what an upper target has a lower one need not have again. Declarative documents
/// are merged on the way down, so that there a repetition may mean something.
fn without_repetitions(mut applications: Vec<Application>, manifest: &Manifest) -> Vec<Application> {
    for application in &mut applications {
        let Rule::Statements(statements) = &application.rule else { continue };
        if statements.iter().any(|statement| statement.effect != Effect::Deny) {
            continue;
        }
        let all = application.targets.clone();
        application.targets.retain(|target| room::above(manifest, target).all(|upper| !all.contains(&upper)));
    }
    applications.retain(|application| !application.targets.is_empty());
    applications
}

/// A file of the user's own: which of the sources it is, and its text.
type OwnFile<'a> = (FileId, &'a str);
