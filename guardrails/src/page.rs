//! Reference pages in Markdown, one for each guardrail, and their index.

use crate::case::{Case, Expectation};
use crate::guardrail::{Exceptions, FRAMEWORKS, Guardrail};
use crate::read::json;
use std::fmt::Write as _;

/// Where a page comes from, said at its top.
const GENERATED: &str = "<!-- Generated from guardrails/catalogue; `UPDATE_DOCS=1 cargo test -p glidepath-guardrails` rewrites it. -->";

/// The reference page of a guardrail.
#[must_use]
pub fn page(guardrail: &Guardrail) -> String {
    let mut text = format!("{GENERATED}\n\n# {}\n\n{}\n\n", guardrail.id, guardrail.title);
    let facts = [
        ("service", guardrail.service.clone()),
        ("area", guardrail.area.to_string()),
        ("severity", guardrail.severity.to_string()),
        ("behaviour", guardrail.behaviour.to_string()),
        ("mechanism", guardrail.mechanism.to_string()),
    ];
    text.push_str("| | |\n|---|---|\n");
    for (name, value) in facts {
        line(&mut text, &format!("| {name} | {} |", cell(&value)));
    }
    line(&mut text, &format!("\n{}", guardrail.rationale));
    parameters(&mut text, guardrail);
    let policy = format!("{:#}", json(&guardrail.policy));
    line(&mut text, &format!("\n## Policy\n\n{}\n\n```json\n{policy}\n```", policy_note(guardrail)));
    line(&mut text, &format!("\n## Exceptions\n\n{}", exceptions(guardrail)));
    cases(&mut text, guardrail);
    list(&mut text, "Take care", &guardrail.gotchas);
    list(&mut text, "Notes", &guardrail.notes);
    frameworks(&mut text, guardrail);
    list(&mut text, "Sources", &guardrail.sources.iter().map(|url| format!("<{url}>")).collect::<Vec<_>>());
    text
}

/// The index of all pages, by area.
#[must_use]
pub fn index_page<'g>(guardrails: impl IntoIterator<Item = &'g Guardrail>) -> String {
    let mut all: Vec<&Guardrail> = guardrails.into_iter().collect();
    all.sort_by(|one, other| (one.area, &one.id).cmp(&(other.area, &other.id)));
    let mut text = format!("{GENERATED}\n\n# Guardrails\n\n");
    text.push_str("| area | guardrail | | severity | mechanism |\n|---|---|---|---|---|\n");
    for guardrail in all {
        let Guardrail { area, id, title, severity, mechanism, .. } = guardrail;
        line(
            &mut text,
            &format!("| {area} | [{id}]({id}.md) | {} | {severity} | {mechanism} |", cell(title)),
        );
    }
    text
}

fn line(text: &mut String, words: &str) {
    let _ = writeln!(text, "{words}");
}

/// Text fit for a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn parameters(text: &mut String, guardrail: &Guardrail) {
    if guardrail.parameters.is_empty() {
        return;
    }
    line(text, "\n## Parameters\n\n| name | type | default | |\n|---|---|---|---|");
    for parameter in &guardrail.parameters {
        let default = match (&parameter.supplied, &parameter.default) {
            (Some(supplied), _) => format!("`{}` of the manifest", supplied.word()),
            (None, Some(value)) => format!("`{}`", value.json()),
            (None, None) => "none: must be given".to_owned(),
        };
        let limits = parameter.limits().map_or_else(String::new, |limits| format!(" ({limits})"));
        let about = cell(&format!("{}{limits}", parameter.description));
        let (name, shape) = (&parameter.name, parameter.shape.text());
        line(text, &format!("| `{name}` | `{shape}` | {} | {about} |", cell(&default)));
    }
}

fn policy_note(guardrail: &Guardrail) -> &'static str {
    if guardrail.mechanism.policy_type().is_declarative() {
        "Placeholders begin with `$`; they are filled with the parameters."
    } else {
        "Placeholders begin with `$`; they are filled with the parameters. Where `exempt` is true, the roles \
         named under `roles:` in the manifest are spared."
    }
}

fn exceptions(guardrail: &Guardrail) -> String {
    match &guardrail.exceptions {
        Exceptions::Condition => {
            let key = crate::statements::account_key(guardrail.mechanism.policy_type());
            format!("An account is spared by a condition on `{key}` in every statement.")
        }
        Exceptions::Child(_) => {
            "An account is spared by a policy of its own that undoes what it inherits.".to_owned()
        }
        Exceptions::Refused(reason) => format!("None: {reason}"),
    }
}

fn cases(text: &mut String, guardrail: &Guardrail) {
    line(text, "\n## Cases\n\n| | as | asks for |\n|---|---|---|");
    for Case { says, expectation, .. } in &guardrail.cases {
        let (who, what) = match expectation {
            Expectation::Denied(request) | Expectation::Allowed(request) => {
                let actions = match request.actions.as_slice() {
                    [first, second, third, .., last] => format!("{first}, {second}, {third} … {last}"),
                    few => few.join(", "),
                };
                (request.principal.as_str(), actions)
            }
            Expectation::Effective { .. } | Expectation::Document(_) => ("", String::new()),
        };
        let word = expectation.word();
        line(text, &format!("| {word}: {} | {} | {} |", cell(says), cell(who), cell(&what)));
    }
}

fn frameworks(text: &mut String, guardrail: &Guardrail) {
    if guardrail.frameworks.is_empty() {
        return;
    }
    line(text, "\n## Frameworks\n\nIt supports these requirements; it does not satisfy them alone.\n");
    for (name, title) in FRAMEWORKS {
        if let Some(ids) = guardrail.frameworks.get(*name) {
            line(text, &format!("- {title} (`{name}`): {}", ids.join(", ")));
        }
    }
}

fn list(text: &mut String, title: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    line(text, &format!("\n## {title}\n"));
    for item in items {
        line(text, &format!("- {item}"));
    }
}
