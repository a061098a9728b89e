//! The engine: checks whose organization it is, observes it, and applies an approved plan under a lock.
//!
//! It decides nothing about what should be: that is `glidepath-plan`'s. It never prints: it sends
//! [`Event`]s. Reading makes gaps, never guesses; writing happens in [`apply`] only, which takes an
//! [`Approved`] plan and nothing else.

mod apply;
mod approve;
mod baselines;
mod detect;
mod enter;
mod error;
mod event;
mod gap;
mod guard;
mod journal;
mod kind;
mod local_lock;
mod lock;
mod observe;
mod operation;
mod probe;
mod readback;
mod readiness;
mod recall;
mod receipt;
mod regions;
mod room;
mod run;
mod stop;
mod tags;
mod work;

pub use apply::{ApplyOptions, apply};
pub use approve::{Approved, Held, Refused, approve};
pub use baselines::Brought;
pub use detect::detect;
pub use error::EngineError;
pub use event::{Event, Events, Subject};
pub use guard::{GuardError, Standing, check_organization};
pub use lock::{Holder, LockError, STALE_AFTER};
pub use observe::{Depth, Scope, observe, observe_from};
pub use readiness::{Readiness, Stage, StageReport, StageState, readiness};
pub use recall::forget;
pub use receipt::{Convergence, Done, Failed, NotConverged, Receipt, SkipReason, Skipped};
pub use stop::Stop;
