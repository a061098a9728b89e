//! Exceptions: which accounts an entry spares, and which of its lines are over or soon will be.

use super::room;
use glidepath_manifest::manifest::{GuardrailException, GuardrailUse, Manifest};
use glidepath_manifest::{Diagnostic, Span, Spanned, code};
use glidepath_model::{AccountId, Date, Selector, Tags, Target};
use std::collections::BTreeSet;

/// How many days before its end an exception is told of.
const SOON_DAYS: i64 = 30;

/// What an entry spares today.
#[derive(Debug, Default)]
pub(super) struct Spared {
    pub(super) names: BTreeSet<String>,
    pub(super) ids: BTreeSet<AccountId>,
    /// Where that is said.
    pub(super) spans: Vec<Span>,
}

/// The accounts that an entry spares: those that an exception names and the entry reaches. One that is
/// over spares nobody.
pub(super) fn spared(
    manifest: &Manifest,
    entry: &GuardrailUse,
    today: Date,
    findings: &mut Vec<Diagnostic>,
) -> Spared {
    let mut spared = Spared::default();
    for exception in &entry.except {
        let what = format!("sparing `{}`", exception.target.value);
        let (holds, finding) = ending(&what, &exception.until, today);
        findings.extend(finding);
        if !holds {
            continue;
        }
        let before = spared.names.len();
        for (name, account) in &manifest.accounts {
            if !selects(&exception.target.value, name, &account.unit, account.tags.as_ref())
                || !reaches(manifest, entry, name)
            {
                continue;
            }
            match &account.id {
                Some(id) => {
                    spared.names.insert(name.clone());
                    spared.ids.insert(id.value.clone());
                }
                None => findings.push(
                    Diagnostic::new(
                        code::EXCEPTION_WITHOUT_ID,
                        format!("`{name}` cannot be spared: the manifest does not say its id"),
                    )
                    .at(exception.target.span, "")
                    .at(account.span, "the account")
                    .help("write its `id`; one that does not exist yet is created first and spared then"),
                ),
            }
        }
        if spared.names.len() > before {
            spared.spans.push(exception.target.span);
        }
    }
    spared
}

pub(crate) fn selects(
    selector: &Selector,
    name: &str,
    unit: &glidepath_model::UnitPath,
    tags: Option<&Tags>,
) -> bool {
    match selector {
        Selector::Unit(path) => unit.is_within(path),
        Selector::Account(other) => other == name,
        Selector::Tag { key, value } => tags.and_then(|tags| tags.get(key)) == Some(value),
    }
}

fn reaches(manifest: &Manifest, entry: &GuardrailUse, name: &str) -> bool {
    let Some(account) = manifest.accounts.get(name) else { return false };
    entry.on.iter().any(|on| selects(&on.value, name, &account.unit, account.tags.as_ref()))
}

/// The accounts that exceptions spare today, by name.
pub(crate) fn spared_accounts<'a>(
    manifest: &'a Manifest,
    exceptions: &[GuardrailException],
    today: Date,
    findings: &mut Vec<Diagnostic>,
) -> BTreeSet<&'a str> {
    let mut spared = BTreeSet::new();
    for exception in exceptions {
        let what = format!("sparing `{}`", exception.target.value);
        let (holds, finding) = ending(&what, &exception.until, today);
        findings.extend(finding);
        if holds {
            let reached = manifest.accounts.iter().filter(|(name, account)| {
                selects(&exception.target.value, name, &account.unit, account.tags.as_ref())
            });
            spared.extend(reached.map(|(name, _)| name.as_str()));
        }
    }
    spared
}

/// Whether a line with a last day still holds, and what is to be said of it.
pub(crate) fn ending(what: &str, until: &Spanned<Date>, today: Date) -> (bool, Option<Diagnostic>) {
    let left = until.value.duration_since(today).as_hours() / 24;
    if left < 0 {
        let finding = Diagnostic::new(code::EXCEPTION_OVER, format!("{what} ended on {}", until.value))
            .at(until.span, "it no longer holds")
            .help("delete the line, or write a new last day");
        return (false, Some(finding));
    }
    if left > SOON_DAYS {
        return (true, None);
    }
    let when = match left {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        days => format!("in {days} days"),
    };
    let finding = Diagnostic::new(code::EXCEPTION_ENDING, format!("{what} ends {when}"))
        .at(until.span, "its last day")
        .help("see that it is no longer needed then, or agree on a later day");
    (true, Some(finding))
}

/// A guardrail where it holds, and whom it spares.
pub(super) struct Held<'a> {
    pub(super) guardrail: &'a str,
    pub(super) targets: &'a BTreeSet<Target>,
    /// The spared accounts, by name.
    pub(super) spared: BTreeSet<&'a String>,
    pub(super) spans: &'a [Span],
}

/// Exceptions that another entry of the same guardrail makes void: what one policy denies no other allows.
pub(super) fn overruled(manifest: &Manifest, held: &[Held<'_>]) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for one in held {
        for other in held.iter().filter(|other| other.guardrail == one.guardrail) {
            let beaten: Vec<&str> = one
                .spared
                .difference(&other.spared)
                .filter(|name| reached(manifest, other, name))
                .map(|name| name.as_str())
                .collect();
            let (Some(first), Some(span), Some(by)) =
                (beaten.first(), one.spans.first(), other.spans.first())
            else {
                continue;
            };
            let more = match beaten.len() {
                1 => String::new(),
                count => format!(" and {} more", count - 1),
            };
            findings.push(
                Diagnostic::new(
                    code::EXCEPTION_OVERRULED,
                    format!(
                        "`{}` does not spare `{first}`{more}: another entry holds there too",
                        one.guardrail
                    ),
                )
                .at(*span, "spared by this entry")
                .at(*by, "not by this one")
                .help("write the exception in both, or leave the guardrail out of the other by `without`"),
            );
        }
    }
    findings
}

fn reached(manifest: &Manifest, held: &Held<'_>, name: &str) -> bool {
    let account = Target::Account(name.to_owned());
    held.targets.contains(&account)
        || room::above(manifest, &account).any(|upper| held.targets.contains(&upper))
}
