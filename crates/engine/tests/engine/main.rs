//! The engine against a simulated organization: real SDK clients, an in-process connector, simulated time.
//!
//! One binary, since everything that links the SDK is slow to link.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up fails"
)]

mod accounts;
mod catalogue;
mod consistency;
mod crash;
mod deep;
mod deployments;
mod drift;
mod economy;
mod faults;
mod full;
mod gaps;
mod guard;
mod identity;
mod keys;
mod lock;
mod recovery;
mod regions;
mod settings;
mod singletons;
mod stop;
mod support;
mod units;
