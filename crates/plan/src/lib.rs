//! Planning: the landing zone, the difference to what AWS has, its order, its dangers, and the reports.
//!
//! Everything here is pure: no IO, no clock, no randomness, no async. The date is an input.

pub mod access;
pub mod account_page;
pub mod blueprint;
pub mod budget;
pub mod change;
pub mod check;
pub mod converging;
pub mod danger;
pub mod deployment;
pub mod diff;
pub mod drift;
pub mod estimate;
pub mod expectation;
pub mod explain;
pub mod file;
pub mod gate;
pub mod guardrail;
pub mod identity;
pub mod impact;
pub mod key_policy;
pub mod kind;
pub mod lint;
pub mod narrow;
pub mod order;
pub mod ownership;
pub mod pattern;
pub mod plan;
pub mod planner;
pub mod quarantine;
pub mod quota;
pub mod remark;
pub mod setting;
pub mod shape;
pub mod sign_in;
pub mod singleton;
pub mod spec;
pub mod standing;
pub mod withhold;
pub mod world;
pub mod zone;

pub use change::{Action, Change, FieldChange, Verb};
pub use danger::{Danger, Summary};
pub use drift::DriftReport;
pub use gate::{Allowances, Gate, GateName};
pub use glidepath_guardrails::Catalogue;
pub use guardrail::{
    Application, Detection, DetectionControls, DetectionPack, DetectionRule, Members, Origin, Placement,
    Rule, TemplateRules,
};
pub use plan::Plan;
pub use planner::{PlanOptions, plan};
pub use spec::{Desired, Observed, Spec};
pub use zone::{LandingZone, resolve};
