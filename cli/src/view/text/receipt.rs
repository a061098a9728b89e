//! What an apply did, for people.

use super::summary::by_kind;
use crate::view::style::{BAD, DIM, GOOD, TALK, WARN, count, paint, shown};
use glidepath_engine::{Convergence, Receipt, SkipReason};
use glidepath_plan::Verb;

/// Addresses of skipped changes named before the rest is counted.
const NAMED: usize = 10;

/// The page.
pub(crate) fn page(receipt: &Receipt) -> String {
    let mut text = format!("{}: {}\n", headline(receipt), calls(receipt));
    for verb in [Verb::Create, Verb::Adopt, Verb::Update, Verb::Delete, Verb::Forget] {
        let done = receipt.done.iter().filter(|done| done.verb == verb);
        let kinds = by_kind(done.map(|done| &done.address));
        if !kinds.is_empty() {
            text.push_str(&format!("  {} {kinds}\n", paint(DIM, format!("{:9}", past(verb)))));
        }
    }
    for done in &receipt.done {
        for note in &done.notes {
            text.push_str(&format!("{}: {}: {}\n", paint(TALK, "note"), shown(&done.address), shown(note)));
        }
    }
    for failed in &receipt.failed {
        text.push_str(&format!(
            "{}: {} {}: {}\n",
            paint(BAD, "failed"),
            failed.verb.word(),
            shown(&failed.address),
            shown(&failed.error)
        ));
    }
    skipped(&mut text, receipt);
    for late in &receipt.not_converged {
        let (word, style) = match &late.state {
            Convergence::Converging => ("converging", TALK),
            Convergence::Late => ("not visible", WARN),
            Convergence::NotChecked(_) => ("not checked", WARN),
        };
        text.push_str(&format!(
            "{}: {}: {}\n",
            paint(style, word),
            shown(&late.address),
            shown(&late.differs)
        ));
    }
    text
}

fn headline(receipt: &Receipt) -> String {
    if receipt.is_complete() && !receipt.stopped {
        paint(GOOD, format!("done, {}", count(receipt.done.len(), "change")))
    } else if receipt.stopped {
        paint(WARN, format!("stopped after {}", count(receipt.done.len(), "change")))
    } else {
        paint(BAD, format!("not finished, {} done", count(receipt.done.len(), "change")))
    }
}

fn calls(receipt: &Receipt) -> String {
    let calls: u64 = receipt.calls.values().sum();
    format!("{} to AWS", count(usize::try_from(calls).unwrap_or(usize::MAX), "call"))
}

fn skipped(text: &mut String, receipt: &Receipt) {
    for skipped in receipt.skipped.iter().take(NAMED) {
        let why = match &skipped.because {
            SkipReason::WaitsFor { addresses } => {
                let names: Vec<String> = addresses.iter().map(shown).collect();
                format!("waits for {}", names.join(", "))
            }
            SkipReason::Stopped => "the run was stopped".to_owned(),
            SkipReason::LockLost => "another run took the lock over".to_owned(),
        };
        text.push_str(&format!(
            "{}: {} {}: {why}\n",
            paint(WARN, "skipped"),
            skipped.verb.word(),
            shown(&skipped.address)
        ));
    }
    if let Some(more) = receipt.skipped.len().checked_sub(NAMED).filter(|more| *more > 0) {
        text.push_str(&format!("{}: {more} more\n", paint(WARN, "skipped")));
    }
}

fn past(verb: Verb) -> &'static str {
    match verb {
        Verb::Create => "created",
        Verb::Update => "updated",
        Verb::Adopt => "adopted",
        Verb::Delete => "deleted",
        Verb::Forget => "forgotten",
    }
}
