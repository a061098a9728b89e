//! Plans and drift reports as short text, for comparison by eye. The command line has its own views.

use glidepath_plan::drift::{DriftReport, Why};
use glidepath_plan::{FieldChange, Plan};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write as _;

pub(crate) fn plan(plan: &Plan) -> String {
    let mut text = String::new();
    for (at, change) in plan.changes.iter().enumerate() {
        writeln!(text, "{}. {} {}", at + 1, change.action.verb().word(), change.address).unwrap();
        fields(&mut text, change.action.fields());
        if !change.waits_for.is_empty() {
            let waits: Vec<String> = change.waits_for.iter().map(ToString::to_string).collect();
            writeln!(text, "     after {}", waits.join(", ")).unwrap();
        }
        for note in &change.notes {
            writeln!(text, "     note: {note}").unwrap();
        }
    }
    for one in &plan.withheld {
        writeln!(
            text,
            "withheld: {} {} ({}: {})",
            one.verb.word(),
            one.address,
            one.gap.operation,
            one.gap.error
        )
        .unwrap();
    }
    for one in &plan.refusals {
        writeln!(text, "refused: {}: {}; {}", one.code, one.summary, one.help).unwrap();
    }
    for one in &plan.gates {
        writeln!(text, "gate {}: {}", one.name, one.summary).unwrap();
    }
    for one in &plan.notices {
        writeln!(text, "notice: {}", one.text).unwrap();
    }
    for one in &plan.converging {
        writeln!(text, "converging: {}: {}", one.address, one.what).unwrap();
    }
    for one in &plan.impact {
        let policies = |all: &std::collections::BTreeMap<_, BTreeSet<String>>| {
            let names =
                all.iter().flat_map(|(ty, names)| names.iter().map(move |name| format!("{ty}/{name}")));
            names.collect::<Vec<_>>().join(" ")
        };
        let accounts = one.accounts.join(" ");
        writeln!(
            text,
            "reach: {accounts}: gained [{}] lost [{}]",
            policies(&one.gained),
            policies(&one.lost)
        )
        .unwrap();
    }
    for (kind, count) in &plan.foreign {
        writeln!(text, "foreign: {count} of {kind}").unwrap();
    }
    if text.is_empty() { "nothing to do\n".into() } else { text }
}

pub(crate) fn drift(report: &DriftReport) -> String {
    let mut text = String::new();
    for one in &report.modified {
        writeln!(text, "modified: {}", one.address).unwrap();
        fields(&mut text, &one.fields);
    }
    for one in &report.missing {
        writeln!(text, "missing: {one}").unwrap();
    }
    for one in &report.unmanaged {
        let why = match &one.why {
            Why::NotInManifest => "ours, and not in the manifest".to_owned(),
            Why::StatedAbsent => "stated absent".to_owned(),
            Why::Overdue(until) => format!("ended on {until}"),
            Why::Inside(place) => format!("inside {place}"),
        };
        writeln!(text, "unmanaged: {}: {why}", one.address).unwrap();
    }
    for one in &report.conflicts {
        writeln!(text, "conflict: {}", one.summary).unwrap();
    }
    for one in &report.not_checked {
        let addresses: Vec<String> = one.addresses.iter().map(ToString::to_string).collect();
        writeln!(text, "not checked: {} ({}): {}", one.gap.prefix, one.gap.operation, addresses.join(", "))
            .unwrap();
    }
    for one in &report.converging {
        writeln!(text, "converging: {}: {}", one.address, one.what).unwrap();
    }
    if text.is_empty() { "no drift\n".into() } else { text }
}

fn fields(text: &mut String, fields: &[FieldChange]) {
    let shown = |value: &Option<Value>| value.as_ref().map_or("-".to_owned(), ToString::to_string);
    for field in fields {
        writeln!(text, "     {}: {} -> {}", field.path.join("."), shown(&field.before), shown(&field.after))
            .unwrap();
    }
}
