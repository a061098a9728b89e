//! Reference pages in Markdown, one for each guardrail, and their index.

use crate::case::{Case, Expectation};
use crate::config_rule::{RulePlace, RuleTemplate};
use crate::control::ControlTemplate;
use crate::guardrail::{Behaviour, Body, Exceptions, FRAMEWORKS, Guardrail, Mechanism};
use crate::managed::ManagedRule;
use crate::read::json;
use crate::yaml::Node;
use glidepath_model::PolicyType;
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
    body(&mut text, guardrail);
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
    line(&mut text, &counts(&all));
    text.push_str("\n| area | guardrail | | severity | mechanism |\n|---|---|---|---|---|\n");
    for guardrail in all {
        let Guardrail { area, id, title, severity, mechanism, .. } = guardrail;
        line(
            &mut text,
            &format!("| {area} | [{id}]({id}.md) | {} | {severity} | {mechanism} |", cell(title)),
        );
    }
    text
}

/// How many guardrails there are, by behaviour and mechanism.
fn counts(all: &[&Guardrail]) -> String {
    let mut text = format!("{} guardrails.\n", all.len());
    for behaviour in Behaviour::ALL {
        let of_it: Vec<&&Guardrail> = all.iter().filter(|one| one.behaviour == *behaviour).collect();
        let by_mechanism: Vec<String> = Mechanism::ALL
            .iter()
            .filter_map(|mechanism| {
                let count = of_it.iter().filter(|one| one.mechanism == *mechanism).count();
                (count > 0).then(|| format!("{count} {mechanism}"))
            })
            .collect();
        if !of_it.is_empty() {
            let _ = write!(text, "\n- {} {behaviour}: {}", of_it.len(), by_mechanism.join(", "));
        }
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
            (None, None) if parameter.optional => "none: may be left out".to_owned(),
            (None, None) => "none: must be given".to_owned(),
        };
        let limits = parameter.limits().map_or_else(String::new, |limits| format!(" ({limits})"));
        let about = cell(&format!("{}{limits}", parameter.description));
        let (name, shape) = (&parameter.name, parameter.shape.text());
        line(text, &format!("| `{name}` | `{shape}` | {} | {about} |", cell(&default)));
    }
}

/// What the guardrail works by.
fn body(text: &mut String, guardrail: &Guardrail) {
    match &guardrail.body {
        Body::Policy { ty, template } => {
            let policy = format!("{:#}", json(template));
            line(text, &format!("\n## Policy\n\n{}\n\n```json\n{policy}\n```", policy_note(*ty)));
        }
        Body::Rules(rules) => config_rules(text, rules),
        Body::Controls(controls) => security_controls(text, controls),
        Body::Guard(guard) => {
            let types: Vec<String> = guard.types.iter().map(|ty| format!("`{ty}`")).collect();
            line(
                text,
                &format!(
                    "\n## Guard rules\n\nThey judge {} in templates; `$(…)` is filled with a parameter. \
                     `glidepath guardrails export` writes them for `cfn-guard` and for a Guard hook.\n\n\
                     ```text\n{}\n```",
                    types.join(", "),
                    guard.text
                ),
            );
        }
    }
}

fn policy_note(ty: PolicyType) -> &'static str {
    if ty.is_declarative() {
        "Placeholders begin with `$`; they are filled with the parameters."
    } else {
        "Placeholders begin with `$`; they are filled with the parameters. Where `exempt` is true, the roles \
         named under `roles:` in the manifest are spared."
    }
}

fn config_rules(text: &mut String, rules: &[RuleTemplate]) {
    line(text, "\n## Config rules\n\n| managed rule | runs | looks at | Security Hub |\n|---|---|---|---|");
    for rule in rules {
        let managed = ManagedRule::find(&rule.identifier);
        let place = match rule.place {
            RulePlace::EveryRegion => "",
            RulePlace::Home => ", in the home Region",
        };
        let runs = managed.map_or("", |managed| managed.trigger.words());
        let types: Vec<&str> = match managed {
            _ if !rule.types.is_empty() => rule.types.iter().map(String::as_str).collect(),
            Some(managed) => managed.types.clone(),
            None => Vec::new(),
        };
        let looks = match (&rule.tag, types.as_slice()) {
            (Some(tag), _) => {
                let value = tag.value.as_ref().map(|value| format!("={}", placeholder(value)));
                format!("what is tagged `{}{}`", placeholder(&tag.key), value.unwrap_or_default())
            }
            (None, [] | ["AWS::::Account"]) => "the account".to_owned(),
            (None, [first, second, third, _, ..]) => {
                format!("`{first}`, `{second}`, `{third}` and {} more", types.len() - 3)
            }
            (None, few) => few.iter().map(|ty| format!("`{ty}`")).collect::<Vec<_>>().join(", "),
        };
        let each = rule.each.as_ref().map(|list| format!(", once for each of `{list}`")).unwrap_or_default();
        let controls = rule.controls.iter().cloned().collect::<Vec<_>>().join(", ");
        line(text, &format!("| `{}`{each} | {runs}{place} | {looks} | {controls} |", rule.label()));
    }
    let inputs = rules.iter().map(|rule| (rule.label(), rule.inputs.as_slice()));
    filled(text, "Inputs", inputs);
}

fn security_controls(text: &mut String, controls: &[ControlTemplate]) {
    let ids: Vec<&str> = controls.iter().map(|control| control.id.as_str()).collect();
    line(text, &format!("\n## Security Hub controls\n\n{}", ids.join(", ")));
    filled(
        text,
        "Parameters of controls",
        controls.iter().map(|one| (one.id.clone(), one.parameters.as_slice())),
    );
}

/// What is filled with which parameter.
fn filled<'n>(text: &mut String, title: &str, all: impl Iterator<Item = (String, &'n [(String, Node)])>) {
    let mut rows = String::new();
    for (label, members) in all {
        for (name, node) in members {
            line(&mut rows, &format!("| `{label}` | `{name}` | `{}` |", cell(&placeholder(node))));
        }
    }
    if !rows.is_empty() {
        line(text, &format!("\n### {title}\n\n| | name | value |\n|---|---|---|\n{}", rows.trim_end()));
    }
}

/// A value of a template as a reader writes it.
fn placeholder(node: &Node) -> String {
    let value = json(node);
    match (value.get("$param").and_then(serde_json::Value::as_str), value.as_str()) {
        (Some(name), _) => format!("$({name})"),
        (None, Some(text)) => text.to_owned(),
        (None, None) => value.to_string(),
    }
}

fn exceptions(guardrail: &Guardrail) -> String {
    match &guardrail.exceptions {
        Exceptions::Condition => {
            let key =
                crate::statements::account_key(guardrail.mechanism.policy_type().unwrap_or(PolicyType::Scp));
            format!("An account is spared by a condition on `{key}` in every statement.")
        }
        Exceptions::Excluded => {
            "An account is spared by leaving it out of those that the guardrail is deployed to.".to_owned()
        }
        Exceptions::Child(_) => {
            "An account is spared by a policy of its own that undoes what it inherits.".to_owned()
        }
        Exceptions::Refused(reason) => format!("None: {reason}"),
    }
}

fn cases(text: &mut String, guardrail: &Guardrail) {
    if guardrail.cases.is_empty() {
        return;
    }
    if guardrail.mechanism.policy_type().is_none() {
        line(text, "\n## Cases\n");
        for Case { says, expectation, .. } in &guardrail.cases {
            line(text, &format!("- {}: {says}", expectation.word()));
        }
        return;
    }
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
            Expectation::Effective { .. }
            | Expectation::Document(_)
            | Expectation::Inputs(_)
            | Expectation::Passes(_)
            | Expectation::Fails(_) => ("", String::new()),
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
