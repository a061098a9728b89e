//! Apply: an approved plan is carried out under the lock, and what it changed is read again.
//!
//! A failed apply is resumed by planning and applying again: nothing here is undone, and nothing depends
//! on what an earlier run left on disk.

use crate::approve::Approved;
use crate::baselines::{self, Brought};
use crate::error::EngineError;
use crate::event::Events;
use crate::journal::{Entry, Journal, Journals};
use crate::local_lock::LocalLock;
use crate::lock::{Holder, Lock, Loss, Means};
use crate::readback;
use crate::readiness::readiness;
use crate::receipt::Receipt;
use crate::run;
use crate::stop::Stop;
use crate::work::Work;
use glidepath_aws::{Aws, WritePermit, organizations};
use glidepath_model::Address;
use glidepath_plan::LandingZone;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// How a plan is applied.
#[derive(Debug, Clone, Default)]
pub struct ApplyOptions {
    /// The run's id: letters, digits and hyphens, never used before.
    pub run_id: String,
    /// The person or pipeline that applies, for the lock.
    pub owner: String,
    /// The machine, for the lock.
    pub host: String,
    /// The folder for journals and for the lock file that serves before an organization exists; without
    /// one there are none.
    pub journal: Option<PathBuf>,
    /// The stacks whose resources may be left as they are where CloudFormation does not get past them, on the way
    /// back of a failed update or in a deletion that failed before.
    pub leave_stuck: BTreeSet<Address>,
    /// How the run is asked to stop.
    pub stop: Stop,
}

/// The lock of this run, wherever it is.
enum Held<'a> {
    InAws(Lock<'a>),
    Here { _lock: Option<LocalLock> },
}

/// Applies an approved plan.
///
/// # Errors
/// [`EngineError`] when the lock is not to be had, the journal's folder cannot be used, or AWS cannot be
/// asked at all. A change that fails is no error: it stands in the receipt.
pub async fn apply(
    aws: &Aws,
    zone: &LandingZone,
    approved: &Approved,
    options: &ApplyOptions,
    events: &Events,
) -> Result<Receipt, EngineError> {
    let plan = approved.plan();
    let journals = options.journal.as_deref().map(Journals::at).transpose()?;
    let permit = WritePermit::for_consented_plan(approved.digest().clone());
    let reader = organizations::Reader::new(aws.session());
    let writer = organizations::Writer::new(aws.session(), permit)
        .map_err(|source| EngineError::Aws { doing: "prepare to write", source })?;
    let clock = aws.clock();
    let holder = Holder::new(&options.run_id, &options.owner, &options.host, clock.now());
    // Before the lock: while this file is open, nobody can take this run for dead.
    let journal = match &journals {
        Some(journals) => journals.begin(&options.run_id, events),
        None => Journal::none(events),
    };
    let means = Means { reader: &reader, writer: &writer, clock, events };
    let held = if plan.organization_id.is_some() {
        Held::InAws(Lock::take(means, holder, &zone.organization, journals.as_ref()).await?)
    } else {
        let folder = journals.as_ref().map(Journals::folder);
        Held::Here { _lock: folder.map(|folder| LocalLock::take(folder, &holder)).transpose()? }
    };
    journal.write(
        clock.now(),
        &Journal::run(&options.run_id, &options.owner, approved.digest(), plan.changes.len()),
    );
    let work = Work::new((&reader, &writer), aws, zone, (plan, options), (&journal, events));
    let mut receipt =
        Receipt { run_id: options.run_id.clone(), held: approved.held().to_vec(), ..Receipt::default() };
    let loss = Loss::default();
    let mut brought = Brought::default();
    let all = async {
        run::run(&work, plan, &journal, &options.stop, &loss, &mut receipt).await;
        receipt.not_converged = readback::read_back(aws, (zone, plan), &receipt, &options.stop, events).await;
        brought = baselines::look_on(&work, (zone, plan), &receipt, &options.stop).await;
    };
    match &held {
        Held::InAws(lock) => lock.keep_during(&loss, all).await,
        Held::Here { .. } => all.await,
    }
    receipt.new_accounts = readiness((zone, plan), &work.stages(), &receipt, &brought);
    let Receipt { done, failed, skipped, .. } = &receipt;
    journal
        .write(clock.now(), &Entry::End { done: done.len(), failed: failed.len(), skipped: skipped.len() });
    if let Held::InAws(lock) = held {
        lock.release(&loss).await;
    }
    receipt.stopped = options.stop.is_asked();
    receipt.calls = aws.calls().into_iter().map(|(operation, count)| (operation, count.calls)).collect();
    Ok(receipt)
}
