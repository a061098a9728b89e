//! What an apply did, for people.

use super::summary::by_kind;
use crate::view::style::{BAD, DIM, GOOD, TALK, WARN, count, paint, shown};
use glidepath_engine::{Convergence, Receipt, SkipReason, StageState};
use glidepath_model::Address;
use glidepath_plan::Verb;

/// Addresses of skipped changes named before the rest is counted.
const NAMED: usize = 10;

/// The page.
pub(crate) fn page(receipt: &Receipt) -> String {
    let mut text = format!("\n{}: {}\n", headline(receipt), calls(receipt));
    for verb in [Verb::Create, Verb::Adopt, Verb::Update, Verb::Delete, Verb::Forget] {
        let done = receipt.done.iter().filter(|done| done.verb == verb);
        let kinds = by_kind(done.map(|done| &done.address));
        if !kinds.is_empty() {
            text.push_str(&format!("  {} {kinds}\n", paint(DIM, format!("{:9}", past(verb)))));
        }
    }
    newcomers(&mut text, receipt);
    for done in &receipt.done {
        for note in &done.notes {
            text.push_str(&format!("{}: {}: {}\n", paint(TALK, "note"), shown(&done.address), shown(note)));
        }
    }
    for held in &receipt.held {
        text.push_str(&format!(
            "{}: {} {}: only with `{}`\n",
            paint(WARN, "waits"),
            held.verb.word(),
            shown(&held.address),
            held.flag
        ));
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

/// How far each new account has come: in one line where it is ready, else stage by stage.
fn newcomers(text: &mut String, receipt: &Receipt) {
    let (ready, open): (Vec<_>, Vec<_>) = receipt.new_accounts.iter().partition(|one| one.is_ready());
    for one in ready.iter().take(NAMED) {
        let stages: Vec<&str> = one.stages.iter().map(|report| report.stage.words()).collect();
        text.push_str(&format!(
            "{}: {}: {}\n",
            paint(GOOD, "ready"),
            shown(&one.account),
            paint(DIM, stages.join(" · "))
        ));
    }
    if let Some(more) = ready.len().checked_sub(NAMED).filter(|more| *more > 0) {
        text.push_str(&format!("{}: {} more\n", paint(GOOD, "ready"), count(more, "account")));
    }
    for one in open {
        text.push_str(&format!("{}: {}\n", paint(WARN, "not ready"), shown(&one.account)));
        for report in &one.stages {
            let told = match &report.state {
                StageState::Done => paint(GOOD, "done"),
                StageState::LeftToAws { addresses } => {
                    format!("{} AWS, which makes {} by itself", paint(WARN, "waits for"), names(addresses))
                }
                StageState::Waits { addresses } => {
                    format!("{} {}", paint(WARN, "waits for"), names(addresses))
                }
                StageState::Failed { addresses } => {
                    let ours = receipt.failed.iter().any(|failed| addresses.contains(&failed.address));
                    let why = if ours { "see below" } else { "`glidepath plan` says why" };
                    format!("{} {}: {why}", paint(BAD, "failed at"), names(addresses))
                }
            };
            text.push_str(&format!("  {:20} {told}\n", report.stage.words()));
        }
    }
}

/// Some addresses by name, the rest by number.
fn names(addresses: &[Address]) -> String {
    let first: Vec<String> = addresses.iter().take(3).map(shown).collect();
    match addresses.len().checked_sub(first.len()) {
        Some(more) if more > 0 => format!("{} and {more} more", first.join(", ")),
        Some(_) | None => first.join(", "),
    }
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

/// What was skipped: one by one where something else failed, counted where the whole run ended.
fn skipped(text: &mut String, receipt: &Receipt) {
    let word = paint(WARN, "skipped");
    let mut waiting = Vec::new();
    let (mut stopped, mut lost) = (0, 0);
    for skipped in &receipt.skipped {
        match &skipped.because {
            SkipReason::WaitsFor { addresses } => waiting.push((skipped, addresses)),
            SkipReason::Stopped => stopped += 1,
            SkipReason::LockLost => lost += 1,
        }
    }
    for (skipped, addresses) in waiting.iter().take(NAMED) {
        let names: Vec<String> = addresses.iter().map(shown).collect();
        let (verb, address) = (skipped.verb.word(), shown(&skipped.address));
        text.push_str(&format!("{word}: {verb} {address}: waits for {}\n", names.join(", ")));
    }
    if let Some(more) = waiting.len().checked_sub(NAMED).filter(|more| *more > 0) {
        text.push_str(&format!("{word}: {more} more for the same reason\n"));
    }
    for (number, why) in [(stopped, "the run was stopped"), (lost, "another run took the lock over")] {
        if number > 0 {
            text.push_str(&format!("{word}: {}: {why}\n", count(number, "change")));
        }
    }
}

/// What was done, in a word.
pub(crate) fn past(verb: Verb) -> &'static str {
    match verb {
        Verb::Create => "created",
        Verb::Update => "updated",
        Verb::Adopt => "adopted",
        Verb::Delete => "deleted",
        Verb::Forget => "forgotten",
    }
}
