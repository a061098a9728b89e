//! What a plan comes to: what, how many, how dangerous, how long at AWS's rates, how many calls.

use crate::view::style::{BOLD, DIM, WARN, count, listed, padded, paint, shown, spoken, width};
use glidepath_model::Address;
use glidepath_plan::Plan;
use glidepath_plan::change::{Change, Verb};
use glidepath_plan::danger::{Danger, Summary};
use glidepath_plan::kind::assignments::turned;
use glidepath_plan::kind::key::KeyStanding;
use glidepath_plan::setting::deleted_default_vpcs;
use glidepath_plan::spec::Spec;
use std::collections::BTreeMap;
use std::time::Duration;

/// What carrying a plan out costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Effort {
    /// Calls to AWS.
    pub(crate) calls: u64,
    /// Time at AWS's published rates.
    pub(crate) time: Duration,
}

/// The headline and the table below it.
pub(crate) fn summary(plan: &Plan, effort: Effort) -> String {
    let mut page = headline(plan);
    let verbs = [Verb::Create, Verb::Adopt, Verb::Update, Verb::Delete, Verb::Forget];
    for verb in verbs {
        let changes = plan.changes.iter().filter(|change| change.action.verb() == verb);
        let kinds = by_kind(changes.map(|change| &change.address));
        if !kinds.is_empty() {
            row(&mut page, verb.word(), &kinds);
        }
    }
    if !plan.withheld.is_empty() {
        row(&mut page, "withheld", &by_kind(plan.withheld.iter().map(|withheld| &withheld.address)));
    }
    if !plan.changes.is_empty() {
        row(&mut page, "danger", &danger(plan));
        let tight = quotas(plan);
        if !tight.is_empty() {
            row(&mut page, "quotas", &paint(WARN, tight));
        }
        row(&mut page, "effort", &cost(effort));
    }
    page
}

fn cost(effort: Effort) -> String {
    let calls = count(usize::try_from(effort.calls).unwrap_or(usize::MAX), "call");
    if effort.time.is_zero() {
        format!("{calls}, no waiting at AWS's rates")
    } else {
        format!("{calls}, about {} at AWS's rates", spoken(effort.time))
    }
}

/// The first line: which organization, and how many changes.
fn headline(plan: &Plan) -> String {
    let id = match &plan.organization_id {
        Some(id) => paint(DIM, format!(" ({id})")),
        None => paint(DIM, " (not created yet)"),
    };
    let changes =
        if plan.changes.is_empty() { "no changes".to_owned() } else { count(plan.changes.len(), "change") };
    format!("{}{id}: {}\n", paint(BOLD, shown(&plan.organization)), paint(BOLD, changes))
}

/// Columns that a row of the table takes at the most, whatever the terminal: pages do not depend on it.
const WIDE: usize = 100;
/// Columns before the text of a row.
const INDENT: usize = 12;

fn row(page: &mut String, title: &str, text: &str) {
    page.push_str(&format!("  {} ", paint(DIM, padded(title, INDENT - 3))));
    let mut column = INDENT;
    for (at, part) in text.split(", ").enumerate() {
        let wide = width(&anstream::adapter::strip_str(part).to_string());
        if at > 0 && column + 2 + wide > WIDE {
            page.push_str(&format!(",\n{}", " ".repeat(INDENT)));
            column = INDENT;
        } else if at > 0 {
            page.push_str(", ");
            column += 2;
        }
        page.push_str(part);
        column += wide;
    }
    page.push('\n');
}

/// `3 units, 8 accounts`, in the order of the tree.
pub(crate) fn by_kind<'a>(addresses: impl Iterator<Item = &'a Address>) -> String {
    let mut kinds: BTreeMap<(usize, &'static str), usize> = BTreeMap::new();
    for address in addresses {
        *kinds.entry(noun(address)).or_default() += 1;
    }
    let words: Vec<String> = kinds.into_iter().map(|((_, noun), number)| count(number, noun)).collect();
    words.join(", ")
}

/// What one thing of a kind is called, with its place in a listing.
fn noun(address: &Address) -> (usize, &'static str) {
    match address {
        Address::Organization => (0, "organization"),
        Address::PolicyType(_) => (1, "policy type"),
        Address::Unit(_) => (2, "unit"),
        Address::Account(_) => (3, "account"),
        Address::Policy { .. } => (4, "policy"),
        Address::Attachment { .. } => (5, "attachment"),
        Address::TrustedAccess(_) => (6, "trusted service"),
        Address::DelegatedAdministrator { .. } => (7, "delegated administrator"),
        Address::ResourcePolicy => (8, "delegation policy"),
        Address::StackSet(_) => (9, "stack set"),
        Address::StackSetTargets(_) => (10, "target set"),
        Address::Stack { .. } => (11, "stack"),
        Address::AccountSettings(_) => (12, "setting set"),
        Address::RootAccess(_) => (12, "root access feature"),
        Address::Key(_) => (12, "key"),
        Address::User(_) => (13, "user"),
        Address::Group(_) => (14, "group"),
        Address::Membership(_) => (15, "membership"),
        Address::AccessControlAttributes => (16, "attribute set"),
        Address::PermissionSet(_) => (17, "permission set"),
        Address::Assignments { .. } => (18, "assignment set"),
        Address::Assignment { .. } => (19, "assignment"),
    }
}

/// The quotas that the plan nearly fills or overfills; empty where there is room.
fn quotas(plan: &Plan) -> String {
    let tight =
        plan.usage.iter().filter(|usage| usage.after.saturating_mul(10) >= usage.quota.saturating_mul(9));
    let words: Vec<String> = tight
        .map(|usage| {
            let place = usage.place.as_ref().map(|place| format!(" on {}", shown(place))).unwrap_or_default();
            format!("{}{place} {} → {} of {}", shown(&usage.limit), usage.before, usage.after, usage.quota)
        })
        .collect();
    words.join(", ")
}

/// What is said where nothing could hurt.
const NOTHING_GOES: &str = "nothing is removed, moved, closed or turned off";

/// What could hurt, in one line.
fn danger(plan: &Plan) -> String {
    let mut words = Vec::new();
    let mut add = |number: usize, singular: &str, what: &str| {
        if number > 0 {
            words.push(format!("{} {what}", count(number, singular)));
        }
    };
    let deleted = |wanted: fn(&Address) -> bool| {
        plan.changes
            .iter()
            .filter(|change| change.action.verb() == Verb::Delete && wanted(&change.address))
            .count()
    };
    add(plan.changes.iter().filter(|change| closes(change)).count(), "account", "closed");
    add(plan.changes.iter().filter(|change| moves(change)).count(), "account", "moved");
    add(plan.changes.iter().filter(|change| retires(change)).count(), "key", "retired");
    add(deleted(|address| matches!(address, Address::Attachment { .. })), "attachment", "taken off");
    add(
        deleted(|address| matches!(address, Address::Policy { .. } | Address::ResourcePolicy)),
        "policy",
        "deleted",
    );
    add(deleted(|address| matches!(address, Address::Unit(_))), "unit", "deleted");
    add(deleted(|address| matches!(address, Address::PermissionSet(_))), "permission set", "deleted");
    let taken = |change: &Change| match change.address {
        Address::Assignments { .. } => turned(&change.action).1.len(),
        _ => 0,
    };
    add(plan.changes.iter().map(taken).sum(), "assignment", "taken away");
    add(deleted(|address| matches!(address, Address::Group(_))), "group", "deleted");
    add(deleted(|address| matches!(address, Address::User(_))), "user", "deleted");
    let switches = deleted(|address| {
        matches!(
            address,
            Address::PolicyType(_)
                | Address::TrustedAccess(_)
                | Address::DelegatedAdministrator { .. }
                | Address::AccessControlAttributes
                | Address::RootAccess(_)
        )
    });
    add(switches, "switch", "turned off");
    let vpcs = |change: &Change| deleted_default_vpcs(change).len();
    add(plan.changes.iter().map(vpcs).sum(), "default VPC", "deleted");
    add(deleted(|address| matches!(address, Address::StackSet(_))), "stack set", "deleted");
    add(deleted(|address| matches!(address, Address::Stack { .. })), "stack", "deleted");
    let hindrances: Vec<String> = [(plan.refusals.len(), "refusal"), (plan.gates.len(), "gate")]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, noun)| count(number, noun))
        .collect();
    let dangers = Summary::of(plan).dangers;
    let of = |danger: Danger| dangers.get(&danger).copied().unwrap_or(0);
    let weights: Vec<String> = [(Danger::Dangerous, "dangerous"), (Danger::Caution, "with caution")]
        .into_iter()
        .filter(|(danger, _)| of(*danger) > 0)
        .map(|(danger, word)| format!("{} {word}", of(danger)))
        .collect();
    let text = match (weights.join(", "), words.is_empty()) {
        (weights, true) if weights.is_empty() => NOTHING_GOES.to_owned(),
        (weights, true) => format!("{}, {NOTHING_GOES}", paint(WARN, weights)),
        (weights, false) => paint(WARN, format!("{weights}: {}", listed(&words))),
    };
    if hindrances.is_empty() { text } else { format!("{text}; {} below", listed(&hindrances)) }
}

pub(crate) fn closes(change: &Change) -> bool {
    let closed = |spec: Option<&Spec>| matches!(spec, Some(Spec::Account(account)) if account.closed);
    closed(change.action.after()) && !closed(change.action.before())
}

fn retires(change: &Change) -> bool {
    let retired =
        |spec: Option<&Spec>| matches!(spec, Some(Spec::Key(key)) if key.standing == KeyStanding::Retiring);
    retired(change.action.after()) && !retired(change.action.before())
}

pub(crate) fn moves(change: &Change) -> bool {
    match (change.action.before(), change.action.after()) {
        (Some(Spec::Account(before)), Some(Spec::Account(after))) => before.unit != after.unit,
        _ => false,
    }
}
