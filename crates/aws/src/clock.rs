//! The one clock: what time it is, and waiting. The SDK, the limiter, retries, pollers and the sandbox
//! all live by the same one, so that a simulated hour is an hour for everybody.
//!
//! No other code in the workspace asks the system for the time or sleeps; clippy forbids it.

mod jump;
mod sdk;

use glidepath_model::Timestamp;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jump::JumpingTime;

/// How fast simulated time runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Speed {
    /// So many simulated seconds in one real second. Values that are not above zero count as 1.
    Times(f64),
    /// Time stands still while anything can be done, and jumps to the next timer when everything waits.
    Max,
}

/// The clock. Clones share the same time.
#[derive(Clone)]
pub struct Clock(Arc<Source>);

enum Source {
    System,
    Scaled { start: Timestamp, begun: Instant, factor: f64 },
    Jumping(JumpingTime),
}

/// The runtime that a clock needs could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the asynchronous runtime cannot be started: {0}")]
pub struct RuntimeError(#[from] std::io::Error);

impl Clock {
    /// Real time.
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::new(Source::System))
    }

    /// Simulated time from `start` on.
    ///
    /// With [`Speed::Max`] the work must run inside [`Clock::run`].
    #[must_use]
    pub fn simulated(start: Timestamp, speed: Speed) -> Self {
        Self(Arc::new(match speed {
            Speed::Times(factor) => {
                let factor = if factor.is_finite() && factor > 0.0 { factor } else { 1.0 };
                Source::Scaled { start, begun: instant(), factor }
            }
            Speed::Max => Source::Jumping(JumpingTime::new(start)),
        }))
    }

    /// Whether time jumps: then nothing but the clock itself is waited for.
    pub(crate) fn jumps(&self) -> bool {
        matches!(&*self.0, Source::Jumping(_))
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match &*self.0 {
            Source::System => system_now(),
            Source::Scaled { start, begun, factor } => {
                later(*start, scaled(instant().duration_since(*begun), *factor))
            }
            Source::Jumping(time) => time.now(),
        }
    }

    /// How long ago `then` was; nothing when it lies ahead.
    #[must_use]
    pub fn since(&self, then: Timestamp) -> Duration {
        Duration::try_from(self.now().duration_since(then)).unwrap_or_default()
    }

    /// Waits. Dropping the future ends the wait.
    pub fn sleep(&self, duration: Duration) -> Sleep {
        match &*self.0 {
            Source::System => Sleep(real_sleep(duration)),
            Source::Scaled { factor, .. } => Sleep(real_sleep(scaled(duration, factor.recip()))),
            Source::Jumping(time) => Sleep(Box::pin(time.sleep(duration))),
        }
    }

    /// Runs a future to its end on a runtime that fits this clock, and is the only way to let time jump.
    ///
    /// With [`Speed::Max`] that runtime has one thread and moves the time on exactly when every task
    /// waits. It knows only of waiting on this clock: sockets, other threads and `spawn_blocking` are not
    /// waited for, so they have no place in a simulated run, apart from work that needs no time.
    ///
    /// # Errors
    /// [`RuntimeError`] when the system refuses the threads or file descriptors.
    pub fn run<F: Future>(&self, future: F) -> Result<F::Output, RuntimeError> {
        let Source::Jumping(time) = &*self.0 else {
            return Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(future));
        };
        let parked = time.clone();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .on_thread_park(move || parked.jump())
            .build()?;
        let _driven = time.driven();
        Ok(runtime.block_on(future))
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &*self.0 {
            Source::System => "system",
            Source::Scaled { .. } => "scaled",
            Source::Jumping(_) => "jumping",
        };
        write!(f, "Clock({kind}, {})", self.now())
    }
}

/// A wait on the clock.
#[must_use = "a wait does nothing unless it is awaited"]
pub struct Sleep(Pin<Box<dyn Future<Output = ()> + Send + Sync>>);

impl Future for Sleep {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, context: &mut std::task::Context<'_>) -> std::task::Poll<()> {
        self.0.as_mut().poll(context)
    }
}

/// A point in time so much later; the end of time where there is none.
fn later(time: Timestamp, by: Duration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}

fn scaled(duration: Duration, factor: f64) -> Duration {
    Duration::try_from_secs_f64(duration.as_secs_f64() * factor).unwrap_or(Duration::MAX)
}

#[expect(clippy::disallowed_methods, reason = "this is the clock")]
fn system_now() -> Timestamp {
    Timestamp::now()
}

#[expect(clippy::disallowed_methods, reason = "this is the clock")]
fn instant() -> Instant {
    Instant::now()
}

/// A wait that begins now, though tokio is asked only when it is awaited: a wait may be made outside of
/// the runtime.
fn real_sleep(duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + Sync>> {
    let begun = tokio::time::Instant::now();
    let until = begun.checked_add(duration);
    Box::pin(async move {
        match until {
            Some(until) => tokio::time::sleep_until(until).await,
            None => std::future::pending().await,
        }
    })
}
