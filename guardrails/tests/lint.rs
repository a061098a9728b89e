//! The linter has no objection to what the catalogue's guardrails come to: AWS would take every document, and
//! every service, action and condition key in it is a known one.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use glidepath_guardrails::{Catalogue, ExemptPrincipals, Guardrail, Resolved, Surroundings};
use glidepath_iam::document::minified;
use glidepath_iam::lint::{Finding, Kind, Severity, lint};
use glidepath_model::PolicyType;
use std::collections::BTreeSet;

fn surroundings() -> Surroundings {
    let deploy = "arn:*:iam::*:role/platform/deploy".to_owned();
    Surroundings {
        organization: Some("o-a1b2c3d4e5".parse().unwrap()),
        regions: vec!["eu-west-1".to_owned(), "eu-central-1".to_owned()],
        management: Some("111122223333".parse().unwrap()),
        exempt: ExemptPrincipals::new([deploy]).unwrap(),
    }
}

/// What is found in a guardrail with its defaults and with the arguments of each of its cases, by severity.
fn found(guardrail: &Guardrail) -> Vec<(Severity, String)> {
    let mut all = Vec::new();
    for arguments in guardrail.argument_sets() {
        let resolved = guardrail.resolve(&arguments, &surroundings(), &BTreeSet::new());
        let resolved = match resolved {
            Ok(Resolved::Statements(resolved)) => resolved,
            Ok(_) => continue,
            Err(errors) => panic!("{}: {errors:?}", guardrail.id),
        };
        let kind = if resolved.ty == PolicyType::Rcp { Kind::Rcp } else { Kind::Scp };
        let text = minified(&resolved.document());
        let findings = lint(&text, kind).unwrap_or_else(|error| panic!("{}: {error:?}", guardrail.id));
        let line = |found: &Finding| {
            let sid = found.statement.and_then(|at| resolved.statements.get(at)?.sid.clone());
            let sid = sid.unwrap_or_default();
            (found.severity(), format!("{}: {sid}: {}: {}", guardrail.id, found.code, found.message))
        };
        all.extend(findings.iter().map(line));
    }
    all.sort();
    all.dedup();
    all
}

#[test]
fn no_guardrail_of_the_catalogue_has_an_error_or_a_warning() {
    let catalogue = Catalogue::built_in();
    let mut wrong = String::new();
    for id in catalogue.ids() {
        let guardrail = catalogue.get(id).unwrap_or_else(|error| panic!("{id}: {error:?}"));
        for (severity, line) in found(guardrail) {
            if severity != Severity::Note {
                wrong.push_str(&format!("{}: {line}\n", severity.word()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
