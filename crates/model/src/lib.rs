//! The nouns every other crate shares: identifiers, addresses, selectors, policy types, what AWS
//! tells about an organization, canonical JSON, and AWS's limits, rates and operations as data.
//!
//! This crate does no IO, knows no clock and never names the AWS SDK. Its data files lie in
//! `crates/model/data/`, each with source and date, and are read on first use.

pub mod account_settings;
pub mod address;
pub mod canonical;
pub mod data;
pub mod deployment;
pub mod escape;
pub mod identity_center;
pub mod ids;
pub mod key;
pub mod key_services;
pub mod limits;
pub mod operations;
pub mod organization;
pub mod policy_type;
pub mod principal;
pub mod rates;
pub mod regions;
pub mod selector;
pub mod services;
pub mod singleton;
pub mod text;
pub mod unit_path;

pub use address::{Address, Target};
pub use canonical::Digest;
pub use ids::{AccountId, NodeId, OrganizationId, PolicyId, RootId, UnitId};
pub use organization::Tags;
pub use policy_type::PolicyType;
pub use principal::Principal;
pub use selector::Selector;
pub use unit_path::UnitPath;

/// A point in time, in UTC.
pub type Timestamp = jiff::Timestamp;
/// A calendar day, without a zone.
pub type Date = jiff::civil::Date;
