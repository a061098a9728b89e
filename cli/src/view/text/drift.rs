//! Drift for people: what was modified, what is missing, what nobody promised, what was not checked.

use super::fields;
use crate::view::style::{BAD, BOLD, DIM, GONE, GOOD, TALK, WARN, count, listed, paint, shown, spoken};
use anstyle::Style;
use glidepath_model::deployment::ResourceState;
use glidepath_plan::Plan;
use glidepath_plan::drift::{DriftReport, DriftedStack, NotChecked, Stray, Why};
use glidepath_plan::estimate::Comparison;

/// Addresses under a gap named before the rest is counted.
const NAMED: usize = 8;

/// The page. The plan that the report was read off gives documents their differences.
pub(crate) fn page(report: &DriftReport, plan: &Plan) -> String {
    let mut text = headline(report);
    section(&mut text, "modified", WARN, report.modified.len());
    for modified in &report.modified {
        text.push_str(&format!("  {} {}\n", paint(WARN, "~"), shown(&modified.address)));
        let lines = plan.change(&modified.address).map(fields::observed).unwrap_or_default();
        lines.into_iter().for_each(|line| text.push_str(&format!("      {line}\n")));
    }
    section(&mut text, "missing", GONE, report.missing.len());
    for address in &report.missing {
        text.push_str(&format!("  {} {}\n", paint(GONE, "-"), shown(address)));
    }
    section(&mut text, "unmanaged", TALK, report.unmanaged.len());
    for stray in &report.unmanaged {
        text.push_str(&format!(
            "  {} {}  {}\n",
            paint(TALK, "+"),
            shown(&stray.address),
            paint(DIM, why(stray))
        ));
    }
    section(&mut text, "conflicts", BAD, report.conflicts.len());
    for conflict in &report.conflicts {
        text.push_str(&format!("  {}\n", shown(&conflict.summary)));
        text.push_str(&format!("  {}: {}\n", paint(TALK, "help"), shown(&conflict.help)));
    }
    section(&mut text, "changed in their accounts", WARN, report.stacks.len());
    for stack in &report.stacks {
        text.push_str(&drifted(stack));
    }
    section(&mut text, "not checked", WARN, report.not_checked.len());
    for unread in &report.not_checked {
        text.push_str(&not_checked(unread));
    }
    if !report.converging.is_empty() {
        text.push('\n');
    }
    for going in &report.converging {
        let (address, what) = (shown(&going.address), shown(&going.what));
        text.push_str(&format!("{}: {address}: {what}\n", paint(TALK, "converging")));
    }
    for notice in &report.not_asked {
        text.push_str(&format!("{}: {}\n", paint(TALK, "note"), shown(&notice.text)));
    }
    if !report.unlisted.is_empty() {
        text.push_str(&format!(
            "\n{}: {}\n",
            paint(DIM, "not checked"),
            super::plan::unlisted(report.unlisted.len())
        ));
    }
    let foreign: usize = plan.foreign.values().sum();
    if report.is_drift() && foreign > 0 {
        text.push_str(&format!(
            "\n{}\n",
            paint(DIM, format!("{} of others elsewhere, left alone", count(foreign, "thing")))
        ));
    }
    text
}

fn headline(report: &DriftReport) -> String {
    let id = report.organization_id.as_ref().map(|id| paint(DIM, format!(" ({id})"))).unwrap_or_default();
    let parts: Vec<String> = [
        (report.modified.len(), "modified"),
        (report.missing.len(), "missing"),
        (report.unmanaged.len(), "unmanaged"),
        (report.conflicts.len(), "in conflict"),
        (report.stacks.len(), "changed in their accounts"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, word)| format!("{number} {word}"))
    .collect();
    let verdict = match (report.is_drift(), report.is_complete()) {
        (true, _) => paint(WARN, format!("drift: {}", listed(&parts))),
        (false, true) => paint(GOOD, "no drift, AWS is as the manifest says"),
        (false, false) => paint(WARN, "no drift in what could be checked"),
    };
    format!("{}{id}: {verdict}\n", paint(BOLD, shown(&report.organization)))
}

fn section(text: &mut String, title: &str, style: Style, number: usize) {
    if number > 0 {
        text.push_str(&format!("\n{}\n", paint(style, title)));
    }
}

fn why(stray: &Stray) -> String {
    match &stray.why {
        Why::NotInManifest => "carries our mark, and the manifest does not name it".to_owned(),
        Why::Overdue(until) => format!("ended on {until}, and is still there"),
        Why::StatedAbsent => "the manifest says that it is absent".to_owned(),
        Why::Inside(inside) => format!("not ours, inside {}", shown(inside)),
    }
}

/// A stack that was changed behind CloudFormation's back: resource by resource, property by property.
fn drifted(stack: &DriftedStack) -> String {
    let mut text = format!(
        "  {} {}  {}\n",
        paint(WARN, "~"),
        shown(&stack.address),
        paint(DIM, format!("{} in {}", shown(&stack.name), shown(&stack.region)))
    );
    for resource in &stack.resources {
        let id = resource.physical_id.as_ref().map(|id| format!(" `{}`", shown(id))).unwrap_or_default();
        let (logical, ty) = (shown(&resource.logical_id), shown(&resource.ty));
        let state = match resource.state {
            ResourceState::Modified => "",
            ResourceState::Deleted => ": deleted",
        };
        text.push_str(&format!("      {logical} {ty}{id}{state}\n"));
        for property in &resource.properties {
            let (expected, actual) = (value(&property.expected), value(&property.actual));
            text.push_str(&format!("        {}: {expected} → {actual}\n", shown(&property.path)));
        }
    }
    text
}

/// A value as CloudFormation tells it, which is cut where it is long.
fn value(text: &str) -> String {
    const MOST: usize = 80;
    let whole = if text.is_empty() { "nothing".to_owned() } else { shown(&text) };
    let cut: String = whole.chars().take(MOST).collect();
    if cut.len() < whole.len() { format!("{cut}…") } else { whole }
}

/// What a deep report costs, said before it is paid. Nothing where no stack is ours.
pub(crate) fn comparison(comparison: &Comparison) -> String {
    let Comparison { sets, instances, stacks, least } = comparison;
    if *sets == 0 && *stacks == 0 {
        return String::new();
    }
    let calls = usize::try_from(least.calls).unwrap_or(usize::MAX);
    format!(
        "{}: CloudFormation compares {} of {} and {} of the management account with what is there: at least {}, \
         {} at AWS's rates, one more for each stack that differs, and the time that CloudFormation takes\n",
        paint(TALK, "deep"),
        count(*instances, "stack"),
        count(*sets, "stack set"),
        count(*stacks, "stack"),
        count(calls, "call"),
        if least.duration.is_zero() { "no waiting".to_owned() } else { spoken(least.duration) },
    )
}

fn not_checked(unread: &NotChecked) -> String {
    let gap = &unread.gap;
    let what =
        if gap.prefix.is_empty() { "everything".to_owned() } else { format!("{}…", shown(&gap.prefix)) };
    let mut text = format!("  {what}  {}: {}\n", shown(&gap.operation), shown(&gap.error));
    for address in unread.addresses.iter().take(NAMED) {
        text.push_str(&format!("    {}\n", shown(address)));
    }
    if let Some(more) = unread.addresses.len().checked_sub(NAMED).filter(|more| *more > 0) {
        text.push_str(&format!("    {}\n", paint(DIM, format!("and {more} more"))));
    }
    text
}
