//! What the linter of policy documents finds in a manifest: in the SCPs and RCPs under `policies`, in inline
//! policies of permission sets, and in the user's own guardrails once they are filled in. For `validate` only: none of it changes a plan.

use crate::guardrail::{Application, Rule};
use glidepath_guardrails::Guardrail;
use glidepath_iam::document::{Document, Version, minified};
use glidepath_iam::lint::{Code, Finding, Kind, Severity, lint};
use glidepath_manifest::manifest::{
    GuardrailChoice, GuardrailName, InlinePolicy, Manifest, OwnGuardrail, PolicyBody,
};
use glidepath_manifest::{Diagnostic, FileId, Sources, Span, code};
use glidepath_model::PolicyType;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that is found, in the order of the manifest. `applications` are its guardrails, resolved.
#[must_use]
pub fn findings(manifest: &Manifest, applications: &[Application], sources: &Sources) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    for policy in manifest.policies.values() {
        if let (Some(kind), PolicyBody::Own { document, file, .. }) = (kind(policy.ty), &policy.body) {
            all.extend(of_policy(kind, &document.value, document.span, file.as_ref(), sources));
        }
    }
    for set in manifest.identity.iter().flat_map(|identity| identity.permission_sets.values()) {
        if let Some(InlinePolicy { document, file }) = &set.inline {
            all.extend(of_policy(Kind::Identity, &document.value, document.span, file.as_ref(), sources));
        }
    }
    let mut own: BTreeMap<&str, &OwnGuardrail> = BTreeMap::new();
    for entry in &manifest.guardrails {
        if let GuardrailChoice::One { guardrail: GuardrailName::Own(file), .. } = &entry.choice {
            own.insert(&file.path, file);
        }
    }
    for file in own.into_values() {
        all.extend(of_guardrail(file, applications));
    }
    all.sort_by(|one, other| one.order().cmp(&other.order()));
    all.dedup();
    all
}

/// What a document of this type is linted as; the declarative types have another language.
fn kind(ty: PolicyType) -> Option<Kind> {
    match ty {
        PolicyType::Scp => Some(Kind::Scp),
        PolicyType::Rcp => Some(Kind::Rcp),
        _ => None,
    }
}

/// A document is shown in its file where that is JSON, else where the manifest speaks of it.
fn of_policy(
    kind: Kind,
    document: &Value,
    named: Span,
    file: Option<&FileId>,
    sources: &Sources,
) -> Vec<Diagnostic> {
    let source = file.and_then(|file| Some((*file, sources.get(*file)?.text())));
    let is_json = |text: &str| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    match source.filter(|(_, text)| is_json(text)) {
        Some((file, text)) => judged(text, kind, |line, column| Span::of_place(file, text, line, column)),
        None => judged(&document.to_string(), kind, |_, _| named),
    }
}

/// A guardrail is linted as it is filled in, wherever it holds, and shown at its policy.
fn of_guardrail(own: &OwnGuardrail, applications: &[Application]) -> Vec<Diagnostic> {
    let Ok(guardrail) = Guardrail::read(&own.path, &own.text) else { return Vec::new() };
    let Some(kind) = guardrail.mechanism.policy_type().and_then(kind) else { return Vec::new() };
    let place = guardrail.body_place();
    let span = Span::of_place(own.file, &own.text, place.line, place.column);
    let texts: BTreeSet<String> = applications
        .iter()
        .filter(|application| application.guardrail == guardrail.id)
        .filter_map(|application| match &application.rule {
            Rule::Statements(statements) => {
                let version = Some(Version::V2012);
                Some(minified(&Document { version, id: None, statements: statements.clone() }))
            }
            Rule::Document { .. } => None,
        })
        .collect();
    texts.iter().flat_map(|text| judged(text, kind, |_, _| span)).collect()
}

fn judged(text: &str, kind: Kind, span: impl Fn(usize, usize) -> Span) -> Vec<Diagnostic> {
    match lint(text, kind) {
        Ok(findings) => {
            // How large a policy may be is checked with the manifest, where limits can be overridden.
            let sized = [Code::TooLarge, Code::LargeAsWritten];
            let told = findings.iter().filter(|found| !sized.contains(&found.code));
            told.map(|found| complaint(found, span(found.place.line, found.place.column))).collect()
        }
        Err(complaints) => complaints
            .iter()
            .map(|complaint| {
                Diagnostic::new(code::POLICY_REFUSED, format!("{} (not-a-policy)", complaint.message))
                    .at(span(complaint.place.line, complaint.place.column), "")
                    .help("mend the document; `glidepath lint` judges a file alone")
            })
            .collect(),
    }
}

fn complaint(found: &Finding, span: Span) -> Diagnostic {
    let code = match found.severity() {
        Severity::Error => code::POLICY_REFUSED,
        Severity::Warning => code::POLICY_DOUBT,
        Severity::Note => code::POLICY_NOTE,
    };
    let statement = found.statement.map(|at| format!("statement {}", at + 1)).unwrap_or_default();
    Diagnostic::new(code, format!("{} ({})", found.message, found.code)).at(span, statement).help(&found.help)
}
