//! Planning: the landing zone, the difference to what AWS has, its order, its dangers, and the reports.
//!
//! Everything here is pure: no IO, no clock, no randomness, no async. The date is an input.

pub mod change;
pub mod diff;
pub mod identity;
pub mod kind;
pub mod ownership;
pub mod pattern;
pub mod plan;
pub mod spec;
pub mod world;
pub mod zone;

pub use change::{Action, Change, FieldChange, Verb};
pub use plan::Plan;
pub use spec::{Desired, Observed, Spec};
pub use zone::{LandingZone, resolve};
