//! Who may sign in where, for people: by account, and by permission set in it; what is granted under them.

use crate::cmd::Comparison;
use crate::view::style::{BOLD, DIM, GOOD, TALK, WARN, count, listed, paint, shown};
use glidepath_model::organization::Gap;
use glidepath_plan::sign_in::{Granted, SignIn, SignIns};
use std::collections::{BTreeMap, BTreeSet};

/// Users of a group and guardrails of an account named before the rest is counted.
const NAMED: usize = 8;

/// What was asked.
pub(crate) enum Question<'a> {
    /// Who may sign in to this account.
    Who(&'a str),
    /// Where this group or user may sign in.
    Of(&'a str),
}

/// The page.
pub(crate) fn page(all: &SignIns, question: &Question<'_>, found: &[&SignIn], by: &str) -> String {
    let mut accounts: BTreeMap<&str, BTreeMap<&str, Vec<&SignIn>>> = BTreeMap::new();
    for one in found {
        accounts.entry(&one.account).or_default().entry(&one.permission_set).or_default().push(one);
    }
    let mut text = headline(question, found.len(), accounts.len(), by);
    for (account, sets) in accounts {
        if let Question::Of(_) = question {
            text.push_str(&format!("\n{}\n", paint(BOLD, shown(&account))));
        }
        let mut guardrails: Vec<String> = Vec::new();
        for (set, who) in sets {
            text.push_str(&format!("  {}\n", paint(TALK, shown(&set))));
            who.iter().for_each(|one| text.push_str(&principal(one, question)));
            if let Some(granted) = all.granted(set, account) {
                text.push_str(&grants(&granted));
                guardrails = granted.guardrails;
            }
        }
        if !guardrails.is_empty() {
            text.push_str(&format!("  {}\n", paint(DIM, format!("guardrails here: {}", few(&guardrails)))));
        }
    }
    text
}

fn headline(question: &Question<'_>, found: usize, accounts: usize, by: &str) -> String {
    let by = paint(DIM, format!("({by})"));
    match question {
        Question::Who(account) if found == 0 => {
            format!("{}: nobody may sign in {by}\n", paint(BOLD, shown(account)))
        }
        Question::Who(account) => {
            format!("{}: {} {by}\n", paint(BOLD, shown(account)), count(found, "assignment"))
        }
        Question::Of(name) => format!("{}: {} {by}\n", paint(BOLD, shown(name)), count(accounts, "account")),
    }
}

fn principal(one: &SignIn, question: &Question<'_>) -> String {
    let name = format!("{} {}", one.principal.word(), shown(&one.principal.name()));
    let is_asked = matches!(question, Question::Of(name) if one.principal.name() == *name);
    let users = match &one.members {
        _ if is_asked => String::new(),
        Some(users) if users.is_empty() => paint(DIM, " (nobody is in it)").to_string(),
        Some(users) => {
            let users: Vec<String> = users.iter().cloned().collect();
            paint(DIM, format!(" ({})", few(&users))).to_string()
        }
        None => String::new(),
    };
    format!("    {name}{users}\n")
}

fn grants(granted: &Granted) -> String {
    let policies = if granted.policies.is_empty() { "nothing".to_owned() } else { few(&granted.policies) };
    let boundary = granted
        .boundary
        .as_ref()
        .map(|boundary| format!(", no more than {}", shown(boundary)))
        .unwrap_or_default();
    let session = session(granted.session);
    let mut text = format!("      {policies}{boundary}; sessions of {session}\n");
    for part in &granted.denied {
        text.push_str(&format!(
            "      {}: {} on {} ({})\n",
            paint(WARN, "denied"),
            shown(&part.actions),
            shown(&part.resources),
            shown(&part.because)
        ));
    }
    text
}

/// `4 h`, `1 h 30 min`.
fn session(seconds: u32) -> String {
    match (seconds / 3_600, seconds % 3_600 / 60) {
        (hours, 0) => format!("{hours} h"),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

fn few(names: &[String]) -> String {
    let mut words: Vec<String> = names.iter().take(NAMED).map(shown).collect();
    if let Some(more) = names.len().checked_sub(NAMED).filter(|more| *more > 0) {
        words.push(format!("{more} more"));
    }
    listed(&words)
}

/// What is reached beside what was promised.
pub(crate) fn check(user: &str, compared: &Comparison) -> String {
    let differs = compared.missing.len() + compared.surplus.len();
    let verdict = if differs == 0 {
        paint(
            GOOD,
            format!(
                "reaches what the manifest promises: {}",
                count(compared.as_promised.len(), "permission set")
            ),
        )
    } else {
        paint(WARN, format!("{} from what the manifest promises", count(differs, "difference")))
    };
    let mut text = format!("{}: {verdict}\n", paint(BOLD, shown(&user)));
    let mut list = |ways: &BTreeSet<(String, String)>, what: &str| {
        for (account, set) in ways {
            text.push_str(&format!("  {}: {} in {}\n", paint(WARN, what), shown(set), shown(account)));
        }
    };
    list(&compared.missing, "promised, and not reached");
    list(&compared.surplus, "reached, and not promised");
    if !compared.others.is_empty() {
        let others = format!("{} of others", count(compared.others.len(), "permission set"));
        text.push_str(&format!("  {}\n", paint(DIM, others)));
    }
    text
}

/// What could not be read.
pub(crate) fn gaps(gaps: &[Gap]) -> String {
    let line = |gap: &Gap| {
        format!("{}: {}: {}\n", paint(WARN, "not checked"), shown(&gap.operation), shown(&gap.error))
    };
    gaps.iter().map(line).collect()
}
