//! Reference pages in Markdown, one for each blueprint, and their index.

use crate::blueprint::{Blueprint, OnAccountRemoval};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Where a page comes from, said at its top.
const GENERATED: &str = "<!-- Generated from blueprints/catalogue; `UPDATE_DOCS=1 cargo test -p glidepath-blueprints` rewrites it. -->";

/// What a landing zone has and no blueprint makes, below the index.
const ELSEWHERE: &str = "\
## What is no blueprint

The organization itself and what holds for all of it are sections of the [manifest](../manifest.md), since CloudFormation
cannot make them, or must not be able to delete them.

| what | where |
|---|---|
| units, accounts, trusted access, delegated administrators, delegation policy | `organization`, `units`, `trustedAccess`, `delegatedAdministrators`, `resourcePolicy` |
| organization policies by which services are turned on (Security Hub, GuardDuty, Inspector, Bedrock, S3 and the others) | `policies`, and `guardrails` for those of the catalogue |
| permission sets and assignments of Identity Center | `identity`, which this version does not read yet |
| the landing zone of AWS Control Tower | nowhere: where Control Tower governs the organization, nothing is applied |
";

/// The reference page of a blueprint.
#[must_use]
pub fn page(blueprint: &Blueprint) -> String {
    let mut text = format!("{GENERATED}\n\n# {}\n\n{}\n\n", blueprint.id, blueprint.title);
    let types = types(blueprint);
    let removal = match blueprint.on_account_removal {
        OnAccountRemoval::Retain => "the stack stays in an account that leaves the targets",
        OnAccountRemoval::Delete => "the stack is deleted in an account that leaves the targets",
    };
    text.push_str("| | |\n|---|---|\n");
    for (name, value) in [
        ("area", blueprint.area.to_string()),
        ("who gets it", blueprint.placement.who.text()),
        ("where", blueprint.placement.regions.text().to_owned()),
        ("on removal", removal.to_owned()),
        ("capabilities", listed(blueprint.capabilities().iter().map(|one| one.as_str()))),
    ] {
        line(&mut text, &format!("| {name} | {} |", cell(&value)));
    }
    line(&mut text, &format!("\n{}", blueprint.about));
    parameters(&mut text, blueprint);
    needs(&mut text, blueprint);
    examples(&mut text, blueprint);
    if !types.is_empty() {
        line(
            &mut text,
            "\n## Resources\n\nWith the arguments of its examples it makes resources of these types.\n",
        );
        for (ty, names) in &types {
            line(&mut text, &format!("- `{ty}`: {}", names.iter().cloned().collect::<Vec<_>>().join(", ")));
        }
    }
    list(&mut text, "Take care", &blueprint.gotchas);
    list(&mut text, "Cost", &blueprint.cost);
    list(&mut text, "Sources", &blueprint.sources.iter().map(|url| format!("<{url}>")).collect::<Vec<_>>());
    text
}

/// The index of all pages, by area.
#[must_use]
pub fn index_page<'b>(blueprints: impl IntoIterator<Item = &'b Blueprint>) -> String {
    let mut all: Vec<&Blueprint> = blueprints.into_iter().collect();
    all.sort_by(|one, other| (one.area, &one.id).cmp(&(other.area, &other.id)));
    let mut text = format!("{GENERATED}\n\n# Blueprints\n\n");
    text.push_str("| area | blueprint | | who gets it | where |\n|---|---|---|---|---|\n");
    for blueprint in all {
        let Blueprint { area, id, title, placement, .. } = blueprint;
        let (who, regions) = (placement.who.text(), placement.regions.text());
        line(&mut text, &format!("| {area} | [{id}]({id}.md) | {} | {who} | {regions} |", cell(title)));
    }
    line(&mut text, "");
    text.push_str(ELSEWHERE);
    text
}

/// The types of what the examples of a blueprint make, with the logical ids.
fn types(blueprint: &Blueprint) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for rendered in blueprint.examples.iter().filter_map(|example| example.render(blueprint).ok()) {
        for (id, resource) in rendered.template.resources() {
            all.entry(resource.ty.clone()).or_default().insert(id.clone());
        }
    }
    all
}

fn line(text: &mut String, words: &str) {
    let _ = writeln!(text, "{words}");
}

/// Text fit for a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn listed<'t>(words: impl Iterator<Item = &'t str>) -> String {
    let words: Vec<String> = words.map(|word| format!("`{word}`")).collect();
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}

fn parameters(text: &mut String, blueprint: &Blueprint) {
    if blueprint.parameters.is_empty() {
        return;
    }
    line(text, "\n## Parameters\n\n| name | type | default | |\n|---|---|---|---|");
    for parameter in &blueprint.parameters {
        let default = match (&parameter.supplied, &parameter.default) {
            (Some(supplied), _) => format!("`{}` of the manifest", supplied.word()),
            (None, Some(value)) => format!("`{}`", value.json()),
            (None, None) if blueprint.optional.contains(&parameter.name) => "may be left out".to_owned(),
            (None, None) => "none: must be given".to_owned(),
        };
        let limits = parameter.limits().map_or_else(String::new, |limits| format!(" ({limits})"));
        let about = cell(&format!("{}{limits}", parameter.description));
        let (name, shape) = (&parameter.name, parameter.shape.text());
        line(text, &format!("| `{name}` | `{shape}` | {} | {about} |", cell(&default)));
    }
}

fn needs(text: &mut String, blueprint: &Blueprint) {
    let needs = &blueprint.needs;
    let asks = blueprint.asks();
    if needs.is_empty() && asks.is_empty() {
        return;
    }
    line(text, "\n## Needs\n");
    if !needs.blueprints.is_empty() {
        let links: Vec<String> = needs.blueprints.iter().map(|id| format!("[{id}]({id}.md)")).collect();
        line(text, &format!("- other blueprints: {}", links.join(", ")));
    }
    if !needs.trusted_access.is_empty() {
        let principals = listed(needs.trusted_access.iter().map(String::as_str));
        line(text, &format!("- trusted access: {principals}"));
    }
    for administrator in &needs.delegated_administrators {
        let (principal, role) = (&administrator.principal, administrator.role);
        line(text, &format!("- delegated administrator of `{principal}`: the `{role}` account"));
    }
    for switch in &needs.switches {
        line(text, &format!("- `{}`: set by `{}`, which no template can", switch.word(), switch.operation()));
    }
    for switch in &needs.afterwards {
        let (word, operation) = (switch.word(), switch.operation());
        line(text, &format!("- afterwards `{word}`: set by `{operation}`, which no template can"));
    }
    for ask in asks {
        let what = match ask {
            crate::Ask::OrganizationId => "the organization's id".to_owned(),
            crate::Ask::Account(role) => format!("the id of the `{role}` account"),
        };
        line(text, &format!("- known before it is rendered: {what}"));
    }
}

fn examples(text: &mut String, blueprint: &Blueprint) {
    if blueprint.examples.is_empty() {
        return;
    }
    line(text, "\n## Examples");
    for example in &blueprint.examples {
        line(text, &format!("\n**{}**: {}\n\n```yaml", example.name, example.says));
        let id = &blueprint.id;
        if example.arguments.is_empty() {
            line(text, &format!("- use: {id}"));
        } else {
            line(text, &format!("- use: {id}\n  with:"));
            for (name, argument) in &example.arguments {
                line(text, &format!("    {name}: {}", argument.json()));
            }
        }
        line(text, "```");
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
