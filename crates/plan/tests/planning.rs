//! Planning, from outside: one file a kind, one folder a scenario, the laws, the order and the plan file.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on fails here"
)]

mod blueprint;
mod check;
mod detection;
mod explain;
mod kind;
mod laws;
mod order;
mod output;
mod quarantine;
mod scenario;
mod support;
