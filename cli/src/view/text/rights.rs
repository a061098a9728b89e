//! What SCPs and RCPs newly deny and newly allow, account by account, the most accounts first. Denials come
//! before permissions, what one service loses before what several do.

use crate::view::style::{BAD, DIM, WARN, count, paint, shown};
use glidepath_plan::access::{AccessChange, Reached};

/// How many accounts are named before the rest is counted.
const NAMED: usize = 6;
/// How many parts are told before the rest is counted.
const TOLD: usize = 12;

/// The section, without its heading.
pub(crate) fn rights(changes: &[AccessChange]) -> String {
    let mut sorted: Vec<&AccessChange> = changes.iter().collect();
    sorted.sort_by_key(|change| std::cmp::Reverse(change.accounts.len()));
    sorted.into_iter().map(one).collect()
}

fn one(change: &AccessChange) -> String {
    let named: Vec<String> = change.accounts.iter().take(NAMED).map(shown).collect();
    let more = change.accounts.len().saturating_sub(NAMED);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let accounts = count(change.accounts.len(), "account");
    let mut text = format!("  {accounts}, by {}: {}{more}\n", change.policy_type, named.join(", "));
    if let Some(policy) = &change.unread {
        text.push_str(&format!(
            "    {}\n",
            paint(WARN, format!("not compared: policy `{}` was not read as one", shown(policy)))
        ));
    }
    let all = change
        .newly_denied
        .iter()
        .map(|part| (paint(BAD, "- denied "), part))
        .chain(change.newly_allowed.iter().map(|part| (paint(WARN, "+ allowed"), part)));
    let total = change.newly_denied.len() + change.newly_allowed.len();
    for (word, part) in all.take(TOLD) {
        text.push_str(&format!("    {word}  {}\n", sentence(part)));
        text.push_str(&format!("      {}\n", paint(DIM, reason(part))));
    }
    if total > TOLD {
        text.push_str(&format!("    and {} more; `--json` has them all\n", total - TOLD));
    }
    text
}

fn sentence(part: &Reached) -> String {
    let when: Vec<String> = part.conditions.iter().map(shown).collect();
    let when = if when.is_empty() { String::new() } else { format!(" when {}", when.join(" and ")) };
    let on = if part.resources == "any resource" {
        String::new()
    } else {
        format!(" on {}", shown(&part.resources))
    };
    format!("{}{on}{when}", shown(&part.actions))
}

fn reason(part: &Reached) -> String {
    let because = format!("by {}", shown(&part.because));
    match &part.example {
        None => format!("{because}; perhaps: no request was found that shows it, and none was ruled out"),
        Some(example) => {
            // The principal of examples in which any would do.
            let telling =
                |key: &str, value: &str| key != "aws:principalarn" || !value.ends_with(":role/example");
            let context: Vec<String> = example
                .context
                .iter()
                .filter(|(key, value)| telling(key, value))
                .map(|(key, value)| format!("{}={}", shown(key), shown(value)))
                .collect();
            let on = if example.resource == "*" {
                String::new()
            } else {
                format!(" on {}", shown(&example.resource))
            };
            let context =
                if context.is_empty() { String::new() } else { format!(" with {}", context.join(", ")) };
            format!("{because}; such as {}{on}{context}", shown(&example.action))
        }
    }
}
