//! One account for people: what it is in a line, then each thing that applies to it.

use crate::view::style::{BAD, BOLD, DIM, GOOD, TALK, WARN, count, few, paint, shown};
use glidepath_model::Target;
use glidepath_plan::account_page::{AccountPage, DriftHere, PolicyHere, SettingHere, StacksHere};
use serde_json::Value;
use std::collections::BTreeMap;

/// Guardrails and users named in a line before the rest is counted.
const NAMED: usize = 6;

/// The page.
pub(crate) fn page(account: &AccountPage) -> String {
    let mut text = headline(account);
    policies(&mut text, &account.policies);
    section(&mut text, "Config rules", &account.packs, |pack| {
        let regions: Vec<String> = pack.regions.iter().cloned().collect();
        let rules = format!("{} in {}", count(pack.rules, "rule"), few(&regions, NAMED));
        format!("{}  {}", shown(&pack.name), paint(DIM, rules))
    });
    section(&mut text, "Exceptions", &account.exceptions, |one| {
        format!("spared from {} until {}: {}", shown(&one.from), one.until, shown(&one.reason))
    });
    section(&mut text, "Stacks", &account.stacks, stacks);
    sign_ins(&mut text, account);
    let keys: Vec<(&String, &Vec<String>)> = account.keys.iter().collect();
    section(&mut text, "Keys", &keys, |(key, regions)| {
        format!("{}  {}", shown(key), paint(DIM, few(regions, NAMED)))
    });
    section(&mut text, "Settings", &account.settings, |one| setting(one, account.drift.is_some()));
    section(&mut text, "Administers for the organization", &account.administers, |service| {
        shown(service).to_string()
    });
    if let Some(found) = &account.drift {
        drift(&mut text, found);
    }
    text
}

fn headline(account: &AccountPage) -> String {
    let id = account.id.as_ref().map_or_else(|| "not created yet".to_owned(), ToString::to_string);
    let mut text = format!("{}  {id}  in {}\n", paint(BOLD, shown(&account.name)), shown(&account.unit));
    if let Some(email) = &account.email {
        text.push_str(&format!("  {}\n", shown(email)));
    }
    if !account.tags.is_empty() {
        let tags: Vec<String> = account.tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
        text.push_str(&format!("  {}\n", shown(&tags.join(", "))));
    }
    if let Some(role) = &account.access_role {
        text.push_str(&format!("  {}\n", paint(DIM, format!("entered as {}", shown(role)))));
    }
    if !account.regions.is_empty() {
        let regions: Vec<&str> = account.regions.iter().map(String::as_str).collect();
        text.push_str(&format!("  {}\n", shown(&format!("with {}, enabled for it", regions.join(", ")))));
    }
    if let Some(budget) = &account.budget {
        text.push_str(&format!("  {}\n", shown(&format!("a budget of {budget} a month"))));
    }
    if account.quarantine {
        text.push_str(&format!(
            "  {}\n",
            paint(BAD, "under quarantine: only those who respond do anything in it")
        ));
    }
    if account.closing {
        text.push_str(&format!("  {}\n", paint(BAD, "to be closed")));
    }
    text
}

fn section<T>(text: &mut String, title: &str, rows: &[T], row: impl Fn(&T) -> String) {
    if rows.is_empty() {
        return;
    }
    text.push_str(&format!("\n{}\n", paint(TALK, title)));
    rows.iter().for_each(|one| text.push_str(&format!("  {}\n", row(one))));
}

/// Policies by where they are attached, from the root down.
fn policies(text: &mut String, all: &[PolicyHere]) {
    if all.is_empty() {
        return;
    }
    text.push_str(&format!("\n{}\n", paint(TALK, "Policies")));
    let mut last: Option<&Target> = None;
    for policy in all {
        if last != Some(&policy.on) {
            text.push_str(&format!("  {}\n", paint(DIM, format!("on {}", shown(&policy.on)))));
            last = Some(&policy.on);
        }
        let guardrails: Vec<String> = policy.guardrails.iter().cloned().collect();
        let made_of = match guardrails.as_slice() {
            [] => String::new(),
            some => paint(DIM, format!("  {}", few(some, NAMED))).to_string(),
        };
        text.push_str(&format!("    {:<12} {}{made_of}\n", policy.ty.to_string(), shown(&policy.name)));
    }
}

fn stacks(here: &StacksHere) -> String {
    let regions: Vec<String> = here.regions.iter().cloned().collect();
    let trouble: Vec<String> =
        here.trouble.iter().map(|(region, word)| format!("{} in {region}", shown(word))).collect();
    let trouble =
        if trouble.is_empty() { String::new() } else { format!("  {}", paint(WARN, trouble.join(", "))) };
    format!("{}  {}{trouble}", shown(&here.name), paint(DIM, few(&regions, NAMED)))
}

/// What a setting shall be, where, and what it is if that is something else.
fn setting(one: &SettingHere, asked: bool) -> String {
    let regions: Vec<String> = one.regions.iter().cloned().collect();
    let place =
        if regions.is_empty() { String::new() } else { format!("  {}", paint(DIM, few(&regions, NAMED))) };
    let state = match &one.found {
        _ if !asked => String::new(),
        Some(found) if *found == one.wanted => format!("  {}", paint(GOOD, "as it shall be")),
        Some(found) => format!("  {}", paint(WARN, format!("is {}", value(found)))),
        None => format!("  {}", paint(WARN, "not there, or not read")),
    };
    format!("{}  {}{place}{state}", shown(&one.setting), value(&one.wanted))
}

/// A value of a setting in a line: a contact by its name and address, a default VPC by its id.
fn value(value: &Value) -> String {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(|text| shown(&text));
    match value {
        Value::String(word) => shown(word),
        Value::Object(members) => match (text(members.get("name")), text(members.get("email"))) {
            (Some(name), Some(email)) => format!("{name} <{email}>"),
            _ => text(value.pointer("/present/vpc")).unwrap_or_else(|| shown(&value.to_string())),
        },
        other => shown(&other.to_string()),
    }
}

fn sign_ins(text: &mut String, account: &AccountPage) {
    let mut sets: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for one in &account.sign_ins {
        let name = format!("{} {}", one.principal.word(), one.principal.name());
        sets.entry(&one.permission_set).or_default().push(name);
    }
    let rows: Vec<(&str, Vec<String>)> = sets.into_iter().collect();
    section(text, "Who may sign in", &rows, |(set, who)| format!("{}  {}", shown(set), few(who, NAMED)));
}

fn drift(text: &mut String, found: &DriftHere) {
    text.push_str(&format!("\n{}\n", paint(TALK, "Drift")));
    if found.is_none() {
        text.push_str(&format!("  {}\n", paint(GOOD, "none: it is as the manifest says")));
    }
    for (word, addresses) in
        [("modified", &found.modified), ("missing", &found.missing), ("unmanaged", &found.unmanaged)]
    {
        addresses
            .iter()
            .for_each(|address| text.push_str(&format!("  {}  {}\n", paint(WARN, word), shown(address))));
    }
    found.not_checked.iter().for_each(|operation| {
        text.push_str(&format!("  {}  {}\n", paint(WARN, "not checked"), shown(operation)))
    });
}
