//! What all sessions of one run share: clock, pacing, lanes, counts and sinks.

use crate::clock::Clock;
use crate::error::Error;
use crate::lanes::Lanes;
use crate::limiter::{Limiter, Pace};
use crate::trace::{CallCount, Exchange, Sink, TraceLine};
use glidepath_model::operations::Operations;
use glidepath_model::rates::{self, Rate, RateRow};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Whether a run may change anything at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessMode {
    /// No `Writer` can be made and no write operation leaves: `plan`, `drift`, `doctor`.
    ReadOnly,
    /// A `Writer` can be made by who has a [`crate::WritePermit`]: `apply`.
    ReadWrite,
}

/// Whether calls are paced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rates {
    /// At the rates that AWS publishes, and slower when it throttles all the same.
    Published,
    /// Not at all: as fast as the lanes allow. For emulators.
    Off,
}

pub(crate) struct Core {
    pub(crate) clock: Clock,
    pub(crate) access: AccessMode,
    pub(crate) seed: u64,
    pub(crate) trace: Option<Sink<TraceLine>>,
    pub(crate) record: Option<Sink<Exchange>>,
    pub(crate) limiter: Limiter,
    pub(crate) lanes: Lanes,
    rates: Rates,
    published: &'static rates::Rates,
    counts: Mutex<BTreeMap<String, CallCount>>,
    calls: AtomicU64,
}

impl Core {
    pub(crate) fn new(
        clock: Clock,
        (access, rates): (AccessMode, Rates),
        seed: u64,
        trace: Option<Sink<TraceLine>>,
        record: Option<Sink<Exchange>>,
    ) -> Result<Self, Error> {
        let table = Operations::table().map_err(|error| Error::Setup(error.to_string()))?;
        let published = rates::Rates::published().map_err(|error| Error::Setup(error.to_string()))?;
        Ok(Self {
            limiter: Limiter::new(clock.clone()),
            lanes: Lanes::of(table),
            clock,
            access,
            seed,
            trace,
            record,
            rates,
            published,
            counts: Mutex::default(),
            calls: AtomicU64::new(0),
        })
    }

    /// How fast the operation may be called; none where AWS publishes nothing or nobody wants to know.
    pub(crate) fn pace(&self, operation: &'static str) -> Option<Pace> {
        if self.rates == Rates::Off {
            return None;
        }
        let (service, name) = operation.split_once(':')?;
        let row = self.published.row(service, name)?;
        let RateRow { operations, account: Rate { rate, burst }, .. } = row;
        Some(Pace { bucket: (service, operations.first()?), per_second: *rate, burst: *burst })
    }

    /// Whether AWS counts the calls of this operation's service by Region.
    pub(crate) fn counts_regions(&self, operation: &str) -> bool {
        let service = operation.split_once(':').map_or(operation, |(service, _)| service);
        self.published.scope(service) == rates::Scope::AccountRegion
    }

    /// The number of a new call.
    pub(crate) fn next_call(&self) -> u64 {
        self.calls.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn count(&self, operation: &str, change: impl FnOnce(&mut CallCount)) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        match counts.get_mut(operation) {
            Some(count) => change(count),
            None => change(counts.entry(operation.to_owned()).or_default()),
        }
    }

    pub(crate) fn counts(&self) -> BTreeMap<String, CallCount> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
