//! The binary as its users run it: real manifests in temporary folders, the sandbox as AWS, and what comes
//! out compared as text. Nothing of the machine's environment reaches it.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot set its scene has failed"
)]

mod access;
mod account;
mod apply;
mod arguments;
mod asking;
mod blueprints;
mod desk;
mod doctor;
mod drift;
mod evaluate;
mod guardrails;
mod init;
mod interruption;
mod lint;
mod permissions;
mod plan;
mod safety;
mod sandbox;
mod settings;
mod validate;
