//! Progress on a terminal: a line for each running change, and one for the whole with an estimate.
//! Without a terminal only what must be known is told.

use super::style::{BAD, DIM, GOOD, TALK, WARN, count, paint, shown, spoken};
use crate::args::AwsArgs;
use glidepath_engine::{Event, Events};
use glidepath_model::Address;
use glidepath_plan::Verb;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Calls of IAM Identity Center a second.
/// <https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html>
const IDENTITY_CALLS: u64 = 20;

/// How often a line moves.
const TICK: Duration = Duration::from_millis(120);

/// The lines of one run. Clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Progress(Arc<Mutex<Lines>>);

#[derive(Debug)]
struct Lines {
    screen: MultiProgress,
    whole: Option<ProgressBar>,
    reading: Option<ProgressBar>,
    running: BTreeMap<Address, ProgressBar>,
    estimate: Duration,
    shows: Shows,
}

/// Whether there is a terminal to show progress on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shows {
    Everything,
    OnlyNotices,
}

impl Progress {
    /// Progress on stderr if that is a terminal, and no line for each call is wanted there.
    pub(crate) fn new(aws: &AwsArgs) -> Self {
        let shows =
            if super::is_interactive() && !aws.trace_api { Shows::Everything } else { Shows::OnlyNotices };
        let target = match shows {
            Shows::Everything => ProgressDrawTarget::stderr(),
            Shows::OnlyNotices => ProgressDrawTarget::hidden(),
        };
        Self(Arc::new(Mutex::new(Lines {
            screen: MultiProgress::with_draw_target(target),
            whole: None,
            reading: None,
            running: BTreeMap::new(),
            estimate: Duration::ZERO,
            shows,
        })))
    }

    /// Where the engine sends its events.
    pub(crate) fn events(&self) -> Events {
        let lines = self.0.clone();
        Events::to(move |event| lines.lock().unwrap_or_else(PoisonError::into_inner).take(event))
    }

    /// How long the changes are expected to take, in real time; zero where nobody can know.
    pub(crate) fn expect(&self, estimate: Duration) {
        self.lines(|lines| lines.estimate = estimate);
    }

    /// Takes every line away.
    pub(crate) fn clear(&self) {
        self.lines(Lines::clear);
    }

    fn lines(&self, change: impl FnOnce(&mut Lines)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Lines {
    fn take(&mut self, event: Event) {
        match event {
            Event::ReadStarted { what } => {
                let spinner = self.reading.get_or_insert_with(|| spinner(&self.screen)).clone();
                spinner.set_message(format!("reading {}", what.words()));
            }
            Event::DeepReadStarted { calls } => {
                let wait = Duration::from_secs(u64::try_from(calls).unwrap_or(u64::MAX) / IDENTITY_CALLS);
                self.say(&format!(
                    "{}: asking who else has permission sets: {}, {}",
                    paint(TALK, "note"),
                    count(calls, "call"),
                    spoken(wait)
                ));
            }
            Event::ReadFinished { .. } | Event::GapFound { .. } | Event::Locked | Event::Unlocked => {}
            Event::LockTakenOver { from, silent_for } => self.say(&format!(
                "{}: took over the lock of `{}` on `{}`, last heard of {} ago",
                paint(WARN, "note"),
                shown(&from.owner),
                shown(&from.host),
                spoken(silent_for)
            )),
            Event::LockWatched { of, during } => self.say(&format!(
                "{}: the lock of `{}` on `{}` is old; it is taken over if nothing is heard of that run for {}",
                paint(WARN, "note"),
                shown(&of.owner),
                shown(&of.host),
                spoken(during)
            )),
            Event::LockLost { cause } => self.say(&format!(
                "{}: another run took our lock over, nothing new is started: {}",
                paint(BAD, "warning"),
                shown(&cause)
            )),
            Event::UnlockFailed { cause } => self.say(&format!(
                "{}: the lock could not be taken off and is stale in five minutes: {}",
                paint(WARN, "warning"),
                shown(&cause)
            )),
            Event::JournalFailed { cause } => self.say(&format!(
                "{}: the journal cannot be written, and the run goes on: {}",
                paint(WARN, "warning"),
                shown(&cause)
            )),
            Event::RunStarted { changes } => self.begin(changes),
            Event::ChangeStarted { address, verb } => {
                let line = spinner(&self.screen);
                line.set_message(fit(&format!("{}  {}", shown(&address), paint(DIM, doing(verb)))));
                self.running.insert(address, line);
            }
            Event::ChangeWaiting { address, what } => {
                if let Some(line) = self.running.get(&address) {
                    let waiting = paint(DIM, format!("waiting for {}", shown(&what)));
                    line.set_message(fit(&format!("{}  {waiting}", shown(&address))));
                }
            }
            Event::StageReached { address, stage } => self.note(&format!(
                "{} {}  {}",
                paint(DIM, "·"),
                shown(&address),
                paint(DIM, stage.words())
            )),
            Event::ChangeDone { address, verb } => {
                let word = paint(DIM, super::text::receipt::past(verb));
                self.finish(&address, &format!("{} {}  {word}", paint(GOOD, "✓"), shown(&address)));
            }
            Event::ChangeFailed { address, error, .. } => {
                self.finish(&address, &format!("{} {}: {}", paint(BAD, "✗"), shown(&address), shown(&error)));
            }
            Event::ChangeSkipped { address, .. } => self.finish(&address, ""),
            Event::Stopping { in_flight } => self.say(&format!(
                "{}: finishing {} in flight; press Ctrl-C again to stop at once",
                paint(WARN, "stopping"),
                super::text::count(in_flight.len(), "change")
            )),
            Event::ReadBackStarted { addresses } => {
                self.end_of_changes();
                let line = spinner(&self.screen);
                let things = super::text::count(addresses, "change");
                line.set_message(format!("reading {things} back"));
                self.reading = Some(line);
            }
            Event::ReadBackWaiting { open, next_in } => {
                if let Some(line) = &self.reading {
                    let things = super::text::count(open, "change");
                    line.set_message(format!(
                        "{things} not visible yet, looking again in {}",
                        spoken(next_in)
                    ));
                }
            }
        }
    }

    fn begin(&mut self, changes: usize) {
        if let Some(reading) = self.reading.take() {
            reading.finish_and_clear();
        }
        let bar = self.screen.add(ProgressBar::new(u64::try_from(changes).unwrap_or(u64::MAX)));
        if let Ok(style) = ProgressStyle::with_template("  {bar:32} {pos}/{len} changes  {elapsed}{msg}") {
            bar.set_style(style.progress_chars("━━─"));
        }
        if !self.estimate.is_zero() {
            bar.set_message(format!(" of about {}", spoken(self.estimate)));
        }
        bar.enable_steady_tick(TICK);
        self.whole = Some(bar);
    }

    /// Ends the line of one change and leaves a word of it behind.
    fn finish(&mut self, address: &Address, word: &str) {
        if let Some(line) = self.running.remove(address) {
            line.finish_and_clear();
            self.screen.remove(&line);
        }
        if let Some(whole) = &self.whole {
            whole.inc(1);
        }
        if self.shows == Shows::Everything && !word.is_empty() {
            let _ = self.screen.println(format!("  {}", fit(word)));
        }
    }

    /// Leaves a line behind where there is a terminal.
    fn note(&self, text: &str) {
        if self.shows == Shows::Everything {
            let _ = self.screen.println(format!("  {}", fit(text)));
        }
    }

    fn say(&self, text: &str) {
        match self.shows {
            Shows::Everything => {
                let _ = self.screen.println(format!("  {}", fit(text)));
            }
            Shows::OnlyNotices => super::talk(&format!("{text}\n")),
        }
    }

    fn end_of_changes(&mut self) {
        for (_, line) in std::mem::take(&mut self.running) {
            line.finish_and_clear();
        }
        if let Some(whole) = self.whole.take() {
            whole.finish_and_clear();
        }
    }

    fn clear(&mut self) {
        self.end_of_changes();
        if let Some(reading) = self.reading.take() {
            reading.finish_and_clear();
        }
        let _ = self.screen.clear();
    }
}

fn spinner(screen: &MultiProgress) -> ProgressBar {
    let line = screen.insert(0, ProgressBar::new_spinner());
    if let Ok(style) = ProgressStyle::with_template("  {spinner} {wide_msg} {elapsed:>4}") {
        line.set_style(style.tick_chars("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ "));
    }
    line.enable_steady_tick(TICK);
    line
}

/// A text as the terminal wants it: indicatif writes what it is given, also where no colours are wanted.
fn fit(text: &str) -> String {
    match anstream::AutoStream::choice(&std::io::stderr()) {
        anstream::ColorChoice::Never => anstream::adapter::strip_str(text).to_string(),
        _ => text.to_owned(),
    }
}

fn doing(verb: Verb) -> &'static str {
    match verb {
        Verb::Create => "creating",
        Verb::Update => "updating",
        Verb::Adopt => "adopting",
        Verb::Delete => "deleting",
        Verb::Forget => "forgetting",
    }
}
