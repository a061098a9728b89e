//! The policy language: reading and printing documents, evaluating requests against SCPs, RCPs and the
//! policies inside accounts, and merging declarative policies into an effective one.
//!
//! Pure: no IO, no clock, no AWS SDK. Documents come in as JSON values, verdicts go out as values or
//! typed errors. The sandbox answers `DescribeEffectivePolicy` with it, and the planner foresees what a
//! change does to an account.

pub mod actions;
pub mod condition;
pub mod context;
pub mod decision;
pub mod difference;
pub mod document;
pub mod evaluate;
pub mod fuzz;
pub mod lint;
pub mod merge;
pub mod pack;
pub mod pattern;
pub mod principal_match;
pub mod question;
pub mod request;
pub mod statement;
pub mod text_template;
pub mod truth;
pub mod value;
