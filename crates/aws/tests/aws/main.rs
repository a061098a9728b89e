//! The way to AWS, tested against a closure that answers like AWS: what a call does when it is throttled,
//! broken or refused, how fast calls leave, and what a run tells about them. Time is simulated.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

mod clock;
mod cloudformation;
mod fake;
mod identity;
mod keys;
mod listings;
mod pace;
mod records;
mod regions;
mod retries;
mod roles;
mod settings;
mod singletons;
mod table;
mod writes;
