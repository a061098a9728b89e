//! Documents for programs: one JSON document on stdout, each with a `format_version`.

use crate::cmd::{Comparison, Finding, Level};
use crate::view::text::lint::Linted;
use glidepath_blueprints::Blueprint;
use glidepath_engine::Receipt;
use glidepath_guardrails::Guardrail;
use glidepath_plan::account_page::AccountPage;
use glidepath_plan::sign_in::{SignIn, SignIns};
use glidepath_sandbox::OperationInfo;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Prints a document.
pub(crate) fn print(document: &Value) {
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    super::data(&text);
}

/// Which Glidepath this is.
pub(crate) fn version(version: &str) -> Value {
    json!({ "format_version": 1, "name": "glidepath", "version": version })
}

/// What an apply did.
pub(crate) fn receipt(receipt: &Receipt) -> Value {
    json!({ "format_version": 1, "receipt": receipt, "complete": receipt.is_complete() })
}

/// Who may sign in where, and what is granted by it.
pub(crate) fn sign_ins(all: &SignIns, found: &[&SignIn]) -> Value {
    let row = |one: &&SignIn| {
        let granted = all.granted(&one.permission_set, &one.account);
        json!({ "signIn": one, "granted": granted })
    };
    json!({ "format_version": 1, "signIns": found.iter().map(row).collect::<Vec<_>>() })
}

/// Everything that applies to one account.
pub(crate) fn account(page: &AccountPage) -> Value {
    json!({ "format_version": 1, "account": page })
}

/// What is reached beside what was promised.
pub(crate) fn access_check(compared: &Comparison) -> Value {
    let rows = |ways: &BTreeSet<(String, String)>| -> Vec<Value> {
        ways.iter().map(|(account, set)| json!({ "account": account, "permissionSet": set })).collect()
    };
    json!({
        "format_version": 1,
        "asPromised": rows(&compared.as_promised),
        "missing": rows(&compared.missing),
        "surplus": rows(&compared.surplus),
        "others": rows(&compared.others),
    })
}

/// What the sandbox knows.
pub(crate) fn operations(operations: &[OperationInfo]) -> Value {
    json!({ "format_version": 1, "operations": operations })
}

/// What is in a sandbox.
pub(crate) fn world(dump: Value) -> Value {
    json!({ "format_version": 1, "world": dump })
}

/// What `doctor` found.
pub(crate) fn doctor(findings: &[Finding]) -> Value {
    let rows: Vec<Value> = findings
        .iter()
        .map(|finding| {
            let level = match finding.level {
                Level::Ok => "ok",
                Level::Warn => "warn",
                Level::Fail => "fail",
            };
            json!({ "level": level, "topic": finding.topic, "text": finding.text, "help": finding.help })
        })
        .collect();
    json!({ "format_version": 1, "findings": rows })
}

/// Guardrails of the catalogue.
pub(crate) fn guardrails(guardrails: &[&Guardrail]) -> Value {
    let rows: Vec<Value> = guardrails
        .iter()
        .map(|guardrail| {
            let parameters: Vec<&str> =
                guardrail.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
            json!({
                "id": guardrail.id,
                "title": guardrail.title,
                "area": guardrail.area.number(),
                "service": guardrail.service,
                "severity": guardrail.severity.word(),
                "behaviour": guardrail.behaviour.word(),
                "mechanism": guardrail.mechanism.word(),
                "rationale": guardrail.rationale,
                "parameters": parameters,
                "frameworks": guardrail.frameworks,
                "gotchas": guardrail.gotchas,
                "sources": guardrail.sources,
                "cases": guardrail.cases.len(),
            })
        })
        .collect();
    json!({ "format_version": 1, "guardrails": rows })
}

/// Blueprints of the catalogue.
pub(crate) fn blueprints(blueprints: &[&Blueprint]) -> Value {
    let rows: Vec<Value> = blueprints
        .iter()
        .map(|blueprint| {
            let parameters: Vec<&str> =
                blueprint.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
            let examples: Vec<&str> =
                blueprint.examples.iter().map(|example| example.name.as_str()).collect();
            let administrators: serde_json::Map<String, Value> = blueprint
                .needs
                .delegated_administrators
                .iter()
                .map(|one| (one.principal.clone(), one.role.word().into()))
                .collect();
            let words = |switches: &[glidepath_blueprints::Switch]| -> Vec<&str> {
                switches.iter().map(|switch| switch.word()).collect()
            };
            json!({
                "id": blueprint.id,
                "title": blueprint.title,
                "area": blueprint.area.number(),
                "about": blueprint.about,
                "who": blueprint.placement.who.word(),
                "regions": blueprint.placement.regions.word(),
                "on_account_removal": blueprint.on_account_removal.word(),
                "parameters": parameters,
                "needs": {
                    "trusted_access": blueprint.needs.trusted_access,
                    "delegated_administrators": administrators,
                    "switches": words(&blueprint.needs.switches),
                    "afterwards": words(&blueprint.needs.afterwards),
                    "blueprints": blueprint.needs.blueprints,
                },
                "gotchas": blueprint.gotchas,
                "cost": blueprint.cost,
                "sources": blueprint.sources,
                "examples": examples,
            })
        })
        .collect();
    json!({ "format_version": 1, "blueprints": rows })
}

/// What the linter found.
pub(crate) fn lint(all: &[Linted]) -> Value {
    let rows: Vec<Value> = all
        .iter()
        .flat_map(|linted| linted.rows().into_iter().map(|row| (linted.file.as_str(), row)))
        .map(|(file, row)| {
            json!({
                "file": file,
                "line": row.place.line,
                "column": row.place.column,
                "severity": row.severity.word(),
                "code": row.code,
                "statement": row.statement,
                "message": row.message,
                "help": row.help,
            })
        })
        .collect();
    json!({ "format_version": 1, "data": glidepath_iam::actions::collected(), "findings": rows })
}
