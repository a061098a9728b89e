//! Carrying a plan out: every change begins as soon as all it waits for is done. Branches that do not
//! depend on each other go on when one fails; what waits for a failed change is skipped and named.

use crate::event::{Event, Events};
use crate::journal::{Entry, Journal};
use crate::kind;
use crate::lock::Loss;
use crate::readiness;
use crate::receipt::{Done, Failed, Receipt, SkipReason, Skipped};
use crate::stop::Stop;
use crate::work::{Outcome, Problem, Work};
use futures::stream::{FuturesUnordered, StreamExt as _};
use glidepath_model::Address;
use glidepath_plan::{Action, Change, Plan, Spec};
use std::collections::{BTreeMap, BTreeSet};

/// How many changes are under way at a time, beside new accounts. Writes to one organization go one after
/// the other anyway; more would only crowd the view of what is going on.
const WIDTH: usize = 16;
/// How many new accounts: AWS makes five at a time.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>
const ACCOUNTS: usize = 5;
/// How many where new accounts wait for Regions once they are made: as many as AWS enables at a time for two Regions.
/// <https://docs.aws.amazon.com/accounts/latest/reference/quotas.html>
const ACCOUNTS_WITH_REGIONS: usize = 25;

/// Changes that crowd each other, and no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Lane {
    NewAccounts,
    Others,
}

impl Lane {
    fn of(change: &Change) -> Self {
        match &change.action {
            Action::Create { after: Spec::Account(_) } => Self::NewAccounts,
            _ => Self::Others,
        }
    }

    fn width(self, accounts: usize) -> usize {
        match self {
            Self::NewAccounts => accounts,
            Self::Others => WIDTH,
        }
    }
}

/// What is known of the plan's changes while they are made.
struct Progress<'a> {
    /// Changes that are not begun, and how many changes each waits for.
    open: BTreeMap<&'a Address, usize>,
    changes: BTreeMap<&'a Address, &'a Change>,
    /// Who waits for a change.
    waiting: BTreeMap<&'a Address, Vec<&'a Address>>,
    /// What can begin, in the order of the plan.
    ready: BTreeSet<(usize, &'a Address)>,
    positions: BTreeMap<&'a Address, usize>,
    /// What failed or was skipped.
    broken: BTreeSet<&'a Address>,
    in_flight: BTreeMap<&'a Address, Lane>,
    /// How many new accounts are under way at a time.
    accounts: usize,
}

impl<'a> Progress<'a> {
    fn of(plan: &'a Plan) -> Self {
        let changes: BTreeMap<&Address, &Change> =
            plan.changes.iter().map(|change| (&change.address, change)).collect();
        let positions: BTreeMap<&Address, usize> =
            plan.changes.iter().enumerate().map(|(at, change)| (&change.address, at)).collect();
        let mut progress = Self {
            open: BTreeMap::new(),
            changes,
            waiting: BTreeMap::new(),
            ready: BTreeSet::new(),
            positions,
            broken: BTreeSet::new(),
            in_flight: BTreeMap::new(),
            accounts: if plan.changes.iter().any(opts_in) { ACCOUNTS_WITH_REGIONS } else { ACCOUNTS },
        };
        for change in &plan.changes {
            let address = &change.address;
            // What is not in the plan is as it shall be already.
            let first: Vec<&Address> =
                change.waits_for.iter().filter(|first| progress.changes.contains_key(*first)).collect();
            progress.open.insert(address, first.len());
            if first.is_empty() {
                progress.make_ready(address);
            }
            for first in first {
                progress.waiting.entry(first).or_default().push(address);
            }
        }
        progress
    }

    fn make_ready(&mut self, address: &'a Address) {
        let position = self.positions.get(address).copied().unwrap_or_default();
        self.ready.insert((position, address));
    }

    /// Begins the next change whose lane has room.
    fn begin(&mut self) -> Option<&'a Change> {
        let next = self.ready.iter().copied().find_map(|(position, address)| {
            let change = *self.changes.get(address)?;
            let lane = Lane::of(change);
            let busy = self.in_flight.values().filter(|other| **other == lane).count();
            (busy < lane.width(self.accounts)).then_some((position, change, lane))
        });
        let (position, change, lane) = next?;
        self.ready.remove(&(position, &change.address));
        self.open.remove(&change.address);
        self.in_flight.insert(&change.address, lane);
        Some(change)
    }

    /// Ends a change that is done.
    fn done(&mut self, address: &'a Address) {
        self.in_flight.remove(address);
        for waiting in self.waiting.remove(address).unwrap_or_default() {
            self.release(waiting);
        }
    }

    /// Lets a change wait for one thing less.
    fn release(&mut self, waiting: &'a Address) {
        let left = self.open.get_mut(waiting).map(|left| {
            *left = left.saturating_sub(1);
            *left
        });
        if left == Some(0) {
            self.make_ready(waiting);
        }
    }

    /// Whether a change only comes later than another, and is made without it all the same: an account that is not
    /// to be had keeps nobody else in its unit from their stacks, and nobody from access to other accounts.
    fn does_without(&self, waiting: &Address, cause: &Address) -> bool {
        let after = self.changes.get(waiting).and_then(|change| change.action.after());
        match (after, cause) {
            (Some(after @ Spec::StackSetTargets(_)), Address::Account(_)) => {
                !after.references(waiting).contains(cause)
            }
            // No account needs another one: the management account's Regions only come first.
            (Some(Spec::Account(_)), Address::Account(_)) => true,
            // The account is told of, and everybody else gets their access.
            (Some(Spec::Assignments(_)), Address::Account(_)) => true,
            _ => false,
        }
    }

    /// Ends a change that failed, and gives all that is skipped by it.
    fn broken(&mut self, address: &'a Address) -> Vec<&'a Change> {
        self.in_flight.remove(address);
        self.broken.insert(address);
        let mut skipped = Vec::new();
        let mut causes = vec![address];
        while let Some(cause) = causes.pop() {
            for waiting in self.waiting.remove(cause).unwrap_or_default() {
                if self.does_without(waiting, cause) {
                    self.release(waiting);
                } else if self.open.remove(waiting).is_some() {
                    self.broken.insert(waiting);
                    skipped.extend(self.changes.get(waiting).copied());
                    causes.push(waiting);
                }
            }
        }
        skipped
    }

    /// Those that a skipped change waits for in vain.
    fn causes(&self, change: &Change) -> Vec<Address> {
        change.waits_for.iter().filter(|first| self.broken.contains(first)).cloned().collect()
    }

    /// Gives up everything that is not begun.
    fn give_up(&mut self) -> Vec<&'a Change> {
        self.ready.clear();
        let left: Vec<&Address> = std::mem::take(&mut self.open).into_keys().collect();
        left.into_iter().filter_map(|address| self.changes.get(address).copied()).collect()
    }
}

/// Whether a new account waits for Regions.
fn opts_in(change: &Change) -> bool {
    matches!(&change.action, Action::Create { after: Spec::Account(account) } if !account.regions.is_empty())
}

/// What happens next in a run.
enum Next<'a> {
    Ended(&'a Change, Result<Outcome, Problem>),
    Stop,
    LockLost,
}

/// Makes the changes of a plan, and writes what came of each into the receipt.
pub(crate) async fn run(
    work: &Work<'_>,
    plan: &Plan,
    journal: &Journal,
    stop: &Stop,
    loss: &Loss,
    receipt: &mut Receipt,
) {
    let mut progress = Progress::of(plan);
    let mut in_flight = FuturesUnordered::new();
    let mut ending: Option<SkipReason> = None;
    let events = work.events();
    events.send(Event::RunStarted { changes: plan.changes.len() });
    loop {
        if ending.is_none() && stop.is_asked() {
            ending = Some(SkipReason::Stopped);
            events.send(Event::Stopping { in_flight: progress.in_flight.keys().copied().cloned().collect() });
        }
        while ending.is_none()
            && let Some(change) = progress.begin()
        {
            in_flight.push(make(work, change, journal));
        }
        if in_flight.is_empty() {
            break;
        }
        let next = tokio::select! {
            biased;
            Some((change, made)) = in_flight.next() => Next::Ended(change, made),
            () = stop.asked(), if ending.is_none() => Next::Stop,
            () = loss.happened(), if ending != Some(SkipReason::LockLost) => Next::LockLost,
        };
        match next {
            Next::Ended(change, Ok(outcome)) => {
                progress.done(&change.address);
                receipt.done.push(finished(work, journal, change, outcome));
                for (account, stage) in readiness::reached_by(plan, change, receipt) {
                    work.reached(&account, stage);
                }
            }
            Next::Ended(change, Err(problem)) => {
                receipt.failed.push(failed(work, journal, change, &problem));
                let skipped = progress.broken(&change.address);
                for change in skipped {
                    let because = SkipReason::WaitsFor { addresses: progress.causes(change) };
                    receipt.skipped.push(skip(events, change, because));
                }
            }
            Next::Stop => {}
            Next::LockLost => ending = Some(SkipReason::LockLost),
        }
    }
    for change in progress.give_up() {
        let because = ending.clone().unwrap_or_else(|| SkipReason::WaitsFor {
            addresses: change.waits_for.iter().cloned().collect(),
        });
        receipt.skipped.push(skip(events, change, because));
    }
    receipt.done.sort_by(|one, other| one.address.cmp(&other.address));
    receipt.failed.sort_by(|one, other| one.address.cmp(&other.address));
    receipt.skipped.sort_by(|one, other| one.address.cmp(&other.address));
}

/// Makes one change: intent on disk, then the calls.
async fn make<'a>(
    work: &Work<'_>,
    change: &'a Change,
    journal: &Journal,
) -> (&'a Change, Result<Outcome, Problem>) {
    let (address, verb) = (&change.address, change.action.verb());
    work.events().send(Event::ChangeStarted { address: address.clone(), verb });
    journal.write(work.clock.now(), &Entry::Intent { address, verb });
    (change, kind::perform(work, change).await)
}

fn finished(work: &Work<'_>, journal: &Journal, change: &Change, outcome: Outcome) -> Done {
    let (address, verb) = (&change.address, change.action.verb());
    let Outcome { physical, notes } = outcome;
    if let (Some(id), true) = (&physical, identifies(address)) {
        work.learn(address, id);
    }
    journal.write(work.clock.now(), &Entry::Done { address, verb, physical: physical.as_deref() });
    work.events().send(Event::ChangeDone { address: address.clone(), verb });
    Done { address: address.clone(), verb, physical, notes }
}

/// Whether other changes refer to a thing of this kind by its id.
fn identifies(address: &Address) -> bool {
    match address {
        Address::Organization
        | Address::Unit(_)
        | Address::Account(_)
        | Address::Policy { .. }
        | Address::Group(_)
        | Address::User(_)
        | Address::PermissionSet(_)
        | Address::Key(_) => true,
        Address::PolicyType(_)
        | Address::TrustedAccess(_)
        | Address::DelegatedAdministrator { .. }
        | Address::ResourcePolicy
        | Address::StackSet(_)
        | Address::StackSetTargets(_)
        | Address::Stack { .. }
        | Address::AccountSettings(_)
        | Address::RootAccess(_)
        | Address::Membership(_)
        | Address::AccessControlAttributes
        | Address::Assignments { .. }
        | Address::Assignment { .. }
        | Address::Attachment { .. } => false,
    }
}

fn failed(work: &Work<'_>, journal: &Journal, change: &Change, problem: &Problem) -> Failed {
    let (address, verb) = (&change.address, change.action.verb());
    let error = problem.to_string();
    journal.write(work.clock.now(), &Entry::Failed { address, verb, error: &error });
    work.events().send(Event::ChangeFailed { address: address.clone(), verb, error: error.clone() });
    Failed { address: address.clone(), verb, error }
}

fn skip(events: &Events, change: &Change, because: SkipReason) -> Skipped {
    let (address, verb) = (change.address.clone(), change.action.verb());
    events.send(Event::ChangeSkipped { address: address.clone(), verb, because: because.clone() });
    Skipped { address, verb, because }
}
