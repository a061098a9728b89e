//! Why a request is allowed or denied, for people: the answer first, the way from the root to the account
//! with what each level says, then what stops it and what would have to change.

use crate::view::explanation::place;
use crate::view::style::{BAD, BOLD, DIM, GOOD, TALK, WARN, listed, padded, paint, shown, width};
use glidepath_iam::decision::{Layer, Outcome};
use glidepath_iam::pattern::Pattern;
use glidepath_manifest::Sources;
use glidepath_model::organization::Gap;
use glidepath_plan::explain::{Clause, Explanation, Held, Remedy, Step, Stop, StopKind};
use serde_json::Value;

/// How many values of a condition are shown before the rest is counted.
const VALUES: usize = 4;

/// How long a list of a statement may be before it is cut down.
const LISTED: usize = 6;
/// How many of its items are shown where none fits the action.
const FIRST: usize = 3;

/// What is shown.
pub(crate) struct ExplainPage<'a> {
    pub(crate) explanation: &'a Explanation,
    /// What it is answered from, in words.
    pub(crate) by: &'a str,
    pub(crate) sources: &'a Sources,
    pub(crate) gaps: &'a [Gap],
}

/// The page.
pub(crate) fn page(page: &ExplainPage<'_>) -> String {
    let explanation = page.explanation;
    let mut text = answer(explanation, page.by);
    for (layer, heading) in [(Layer::Scp, "SCPs"), (Layer::Rcp, "RCPs")] {
        let steps: Vec<&Step> = explanation.path.iter().filter(|step| step.layer == layer).collect();
        if !steps.is_empty() {
            text.push_str(&way(heading, &steps));
        }
    }
    if !explanation.stops.is_empty() {
        let heading = match (explanation.outcome, explanation.stops.len()) {
            (Outcome::Maybe, 1) => "What may stop it, and what would have to change",
            (Outcome::Maybe, _) => "What may stop it; each would have to change",
            (_, 1) => "What stops it, and what would have to change",
            (_, _) => "What stops it; each would have to change",
        };
        text.push_str(&format!("\n{}\n", paint(BOLD, heading)));
        for stop in &explanation.stops {
            text.push_str(&self::stop(stop, &explanation.action, page.sources));
        }
    }
    text.push_str(&talk(page));
    text
}

fn answer(explanation: &Explanation, by: &str) -> String {
    let (style, word) = match explanation.outcome {
        Outcome::Allowed => (GOOD, "Allowed"),
        Outcome::ExplicitlyDenied => (BAD, "Denied"),
        Outcome::ImplicitlyDenied => (BAD, "Denied, since nothing allows it"),
        Outcome::Maybe => (WARN, "It depends"),
    };
    let mut text = format!("{} {}\n", paint(style, word), paint(DIM, format!("({})", shown(&by))));
    let mut row = |name: &str, value: String| {
        text.push_str(&format!("  {}  {value}\n", paint(DIM, padded(name, 10))));
    };
    let at = |account: &Option<String>| {
        account.as_ref().map(|name| format!(" (account {})", shown(name))).unwrap_or_default()
    };
    row("principal", format!("{}{}", shown(&explanation.principal), at(&explanation.principal_account)));
    row("action", shown(&explanation.action));
    if let Some(resource) = &explanation.resource {
        row("resource", format!("{}{}", shown(resource), at(&explanation.resource_account)));
    }
    if explanation.outcome == Outcome::Maybe {
        let keys: Vec<String> = explanation.undecided.iter().map(shown).collect();
        if !keys.is_empty() {
            row("depends on", listed(&keys));
        }
    }
    text
}

fn way(heading: &str, steps: &[&Step]) -> String {
    let level = |step: &Step| shown(&step.level);
    let widest = steps.iter().map(|step| width(&level(step))).max().unwrap_or_default();
    let mut text = format!("\n{}\n", paint(BOLD, heading));
    for step in steps {
        let (style, word) = match step.outcome {
            Outcome::Allowed => (GOOD, "allows"),
            Outcome::ExplicitlyDenied => (BAD, "denies"),
            Outcome::ImplicitlyDenied => (BAD, "allows nothing of it"),
            Outcome::Maybe => (WARN, "may deny"),
        };
        let policy = step.policy.as_ref().map(|policy| format!("  {}", shown(policy))).unwrap_or_default();
        let sid = step.sid.as_ref().map(|sid| format!(", statement {}", shown(sid))).unwrap_or_default();
        let word = paint(style, word);
        text.push_str(&format!(
            "  {}  {word}{}\n",
            padded(&level(step), widest),
            paint(DIM, format!("{policy}{sid}"))
        ));
    }
    text
}

fn stop(stop: &Stop, action: &str, sources: &Sources) -> String {
    let level = shown(&stop.level);
    let perhaps = if stop.certain { "" } else { "perhaps " };
    let mut text = match &stop.kind {
        StopKind::Denied { policy, sid, statement, document } => {
            let name = sid
                .as_ref()
                .map_or_else(|| format!("statement {statement}"), |sid| format!("statement {}", shown(sid)));
            let pretty = serde_json::to_string_pretty(&shortened(document, action)).unwrap_or_default();
            let lines: String =
                pretty.lines().map(|line| format!("      {}\n", paint(DIM, shown(&line)))).collect();
            format!("  {perhaps}denied by {name} of policy {} on {level}\n{lines}", shown(policy))
        }
        StopKind::NotAllowed { attached } => {
            let attached: Vec<String> = attached.iter().map(shown).collect();
            let there = match attached.as_slice() {
                [] => "nothing is attached there".to_owned(),
                _ => format!("attached there: {}", listed(&attached)),
            };
            format!("  {perhaps}allowed by no policy on {level} ({there})\n")
        }
    };
    for remedy in &stop.remedies {
        text.push_str(&format!("    {} {}\n", paint(TALK, "-"), self::remedy(remedy, stop, sources)));
    }
    text
}

/// A statement with its long lists cut down to what fits the action and the first few.
fn shortened(value: &Value, action: &str) -> Value {
    match value {
        Value::Object(members) => {
            members.iter().map(|(name, inner)| (name.clone(), shortened(inner, action))).collect()
        }
        Value::Array(items) if items.len() > LISTED => {
            let fits = |item: &&Value| {
                let pattern = item.as_str().map(|text| Pattern::new(&text.to_lowercase()));
                pattern.is_some_and(|pattern| pattern.matches(&action.to_lowercase()))
            };
            let mut kept: Vec<Value> = items.iter().filter(fits).cloned().collect();
            if kept.is_empty() {
                kept = items.iter().take(FIRST).cloned().collect();
            }
            kept.push(format!("… and {} more", items.len() - kept.len()).into());
            Value::Array(kept)
        }
        other => other.clone(),
    }
}

fn remedy(remedy: &Remedy, stop: &Stop, sources: &Sources) -> String {
    let there = |span| place(span, sources).map(|place| format!(" ({})", shown(&place))).unwrap_or_default();
    match remedy {
        Remedy::Guardrail { id, span } => format!(
            "guardrail {}{}: spare the account with `except`, or leave the guardrail out",
            shown(id),
            there(Some(*span))
        ),
        Remedy::Policy { name, span: Some(span) } => {
            format!("policy {}{}: change it, or attach it elsewhere", shown(name), there(Some(*span)))
        }
        Remedy::Policy { name, span: None } => {
            format!(
                "policy {} is none of the manifest's: change it in AWS, or take it into the manifest",
                shown(name)
            )
        }
        Remedy::Attach { ty, full_access } => {
            let example = full_access.map(|name| format!(", such as {name}")).unwrap_or_default();
            format!("attach a policy of type {ty} to {} that allows the action{example}", shown(&stop.level))
        }
        Remedy::Request(clauses) => {
            let clauses: Vec<String> = clauses.iter().map(clause).collect();
            format!("another request: one for which this does not hold: {}", clauses.join("; or this: "))
        }
    }
}

fn clause(clause: &Clause) -> String {
    let first: Vec<String> = clause.values.iter().take(VALUES).map(shown).collect();
    let more = clause.values.len().saturating_sub(VALUES);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let held = match &clause.held {
        Held::Values(values) => {
            format!("here {}", listed(&values.iter().map(shown).collect::<Vec<_>>()))
        }
        Held::Absent => "here absent".to_owned(),
        Held::Unknown => "not told here".to_owned(),
    };
    format!("{} {} {}{more} ({held})", shown(&clause.operator), shown(&clause.key), first.join(", "))
}

/// What stands behind the answer.
fn talk(page: &ExplainPage<'_>) -> String {
    let explanation = page.explanation;
    let mut text = String::new();
    let mut line = |word: &str, what: String| {
        text.push_str(&format!("{}: {what}\n", paint(TALK, word)));
    };
    for note in &explanation.notes {
        line("note", shown(note));
    }
    if !explanation.assumed.is_empty() {
        let keys: Vec<String> = explanation
            .assumed
            .iter()
            .map(|(key, value)| format!("{}={}", shown(key), shown(value)))
            .collect();
        line("taken for granted", format!("{}; `--context` says otherwise", keys.join(", ")));
    }
    for policy in &explanation.unread {
        line("not checked", format!("policy {} was not read: it may deny more", shown(policy)));
    }
    if !page.gaps.is_empty() {
        let operations: Vec<String> = page.gaps.iter().take(3).map(|gap| shown(&gap.operation)).collect();
        line(
            "not checked",
            format!("{} could not be read: the answer may be another one", listed(&operations)),
        );
    }
    if text.is_empty() { text } else { format!("\n{text}") }
}
