//! Templates as a whole: read, checked, ordered, resolved.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a failing test shows where")]

mod around;
mod check;
mod law;
mod read;
mod resolve;
