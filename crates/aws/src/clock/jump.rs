//! Time that stands still while anything can be done and jumps to the next timer when everything waits.
//!
//! "Everything waits" is told by the runtime: a single-threaded tokio runtime calls its park hook only
//! when no task is ready and its main future has not been woken. The hook moves the time to the
//! earliest timer and wakes every wait that is over, in the order in which they began.

use glidepath_model::Timestamp;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// Shared, jumping time.
#[derive(Clone)]
pub(super) struct JumpingTime(Arc<Mutex<State>>);

struct State {
    now: Timestamp,
    /// Waits by when they are over, then by when they began.
    waits: BTreeMap<(Timestamp, u64), Waker>,
    /// The number of the next wait.
    next: u64,
    /// How many runtimes move this time on.
    drivers: usize,
}

impl JumpingTime {
    pub(super) fn new(now: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(State { now, waits: BTreeMap::new(), next: 0, drivers: 0 })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.state().now
    }

    /// Waits until the time has come. Where no runtime moves the time on, the wait itself does, since it
    /// would never end otherwise.
    pub(super) fn sleep(&self, duration: Duration) -> JumpingSleep {
        let mut state = self.state();
        let until = super::later(state.now, duration);
        let number = state.next;
        state.next += 1;
        if state.drivers == 0 {
            state.now = until;
        }
        drop(state);
        JumpingSleep { time: self.clone(), until, number }
    }

    /// Jumps to the earliest timer and wakes every wait that is over.
    pub(super) fn jump(&self) {
        let mut state = self.state();
        let Some((&(until, _), _)) = state.waits.first_key_value() else { return };
        state.now = state.now.max(until);
        let still_waiting = state.waits.split_off(&(until, u64::MAX));
        let over = std::mem::replace(&mut state.waits, still_waiting);
        drop(state);
        for waker in over.into_values() {
            waker.wake();
        }
    }

    /// Says that a runtime moves the time on as long as the answer lives.
    pub(super) fn driven(&self) -> Driven {
        self.state().drivers += 1;
        Driven(self.clone())
    }
}

/// While it lives, a runtime moves the time on.
pub(super) struct Driven(JumpingTime);

impl Drop for Driven {
    fn drop(&mut self) {
        self.0.state().drivers -= 1;
    }
}

/// A wait for a point in jumping time.
pub(super) struct JumpingSleep {
    time: JumpingTime,
    until: Timestamp,
    number: u64,
}

impl Future for JumpingSleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.time.state();
        if state.now >= self.until {
            state.waits.remove(&(self.until, self.number));
            return Poll::Ready(());
        }
        state.waits.insert((self.until, self.number), context.waker().clone());
        Poll::Pending
    }
}

impl Drop for JumpingSleep {
    fn drop(&mut self) {
        self.time.state().waits.remove(&(self.until, self.number));
    }
}
