//! What SCPs and RCPs newly deny and newly allow, service by service: denials first, what bears on most
//! accounts before the rest. The exact parts of each line of levels are in the plan's JSON.

use crate::view::style::{BAD, DIM, WARN, count, listed, paint, shown};
use glidepath_plan::access::{AccessChange, ServiceChange, Turn, by_service};
use std::collections::BTreeSet;

/// How many accounts, actions or places are named before the rest is counted.
const NAMED: usize = 5;
/// How many entries are told before the rest is counted.
const TOLD: usize = 20;
/// Characters of one condition before it is cut.
const CONDITION: usize = 110;

/// The section, without its heading.
pub(crate) fn rights(changes: &[AccessChange]) -> String {
    let mut text = String::new();
    for change in changes.iter().filter(|change| change.unread.is_some()) {
        let policy = change.unread.as_deref().unwrap_or_default();
        let accounts = count(change.accounts.len(), "account");
        text.push_str(&format!(
            "  {}\n",
            paint(
                WARN,
                format!("not compared in {accounts}: policy `{}` was not read as one", shown(&policy))
            )
        ));
    }
    let all = by_service(changes);
    for change in all.iter().take(TOLD) {
        text.push_str(&one(change));
    }
    if all.len() > TOLD {
        text.push_str(&format!("  and {} more; `--json` has them all\n", all.len() - TOLD));
    }
    text
}

fn one(change: &ServiceChange) -> String {
    let word = match change.turn {
        Turn::Denied => paint(BAD, "- denied "),
        Turn::Allowed => paint(WARN, "+ allowed"),
    };
    let accounts = count(change.accounts.len(), "account");
    let mut text = format!(
        "  {word}  {}{} in {accounts} ({})\n",
        actions(change),
        resources(change),
        few(change.accounts.iter())
    );
    let mut line = |words: String| text.push_str(&format!("      {}\n", paint(DIM, words)));
    if !change.conditions.is_empty() {
        let conditions: Vec<String> =
            change.conditions.iter().map(|condition| cut(&shown(condition))).collect();
        line(format!("when {}", conditions.join(" and ")));
    }
    if change.conditions_vary {
        line("and, in parts, under other conditions; `--json` has each".to_owned());
    }
    let on =
        if change.levels.is_empty() { String::new() } else { format!(" on {}", few(change.levels.iter())) };
    line(format!("by {}{on}", shown(&change.because)));
    line(example(change));
    text
}

fn actions(change: &ServiceChange) -> String {
    let lists: Vec<&String> = change.actions.iter().collect();
    match lists.as_slice() {
        [only] if only.contains(" but not ") => cut(&shown(only)),
        _ => {
            let single: BTreeSet<&str> = lists.iter().flat_map(|list| list.split(", ")).collect();
            few(single.iter())
        }
    }
}

fn resources(change: &ServiceChange) -> String {
    if change.resources.contains("any resource") {
        return String::new();
    }
    format!(" on {}", cut(&few(change.resources.iter())))
}

fn example(change: &ServiceChange) -> String {
    let Some(example) = &change.example else {
        return "perhaps: no request was found that shows it, and none was ruled out".to_owned();
    };
    // The principal of examples in which any would do.
    let telling = |key: &str, value: &str| key != "aws:principalarn" || !value.ends_with(":role/example");
    let context: Vec<String> = example
        .context
        .iter()
        .filter(|(key, value)| telling(key, value))
        .map(|(key, value)| format!("{}={}", shown(key), shown(value)))
        .collect();
    let on =
        if example.resource == "*" { String::new() } else { format!(" on {}", shown(&example.resource)) };
    let context = if context.is_empty() { String::new() } else { format!(" with {}", context.join(", ")) };
    format!("such as {}{on}{context}", shown(&example.action))
}

/// The first few names; the rest is counted.
fn few<T: std::fmt::Display>(names: impl ExactSizeIterator<Item = T>) -> String {
    let total = names.len();
    let mut first: Vec<String> = names.take(NAMED).map(|name| shown(&name)).collect();
    if total > NAMED {
        first.push(format!("{} more", total - NAMED));
    }
    listed(&first)
}

/// A text cut where it gets too long to read.
fn cut(text: &str) -> String {
    if text.chars().count() <= CONDITION {
        return text.to_owned();
    }
    let kept: String = text.chars().take(CONDITION).collect();
    let kept = kept.rsplit_once(", ").map_or(kept.as_str(), |(kept, _)| kept);
    format!("{kept}, …")
}
