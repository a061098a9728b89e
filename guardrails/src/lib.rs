//! The guardrails that come with Glidepath, and those that users add in the same form.
//!
//! A guardrail is one YAML file: what it is for, its parameters, what it works by with typed placeholders, and
//! its own cases. Preventive ones work by a policy, whose cases are run through the policy engine; detective ones by
//! Config rules or Security Hub controls; proactive ones by CloudFormation Guard rules. [`Catalogue`] finds them,
//! [`Guardrail::resolve`] fills one in, [`conformance_packs`] puts Config rules into packs, [`Guardrail::check`] and
//! [`Guardrail::run_cases`] judge it, [`page()`] writes its reference page.
//!
//! Pure but for reading a user's own folder: no clock, no AWS SDK. Which targets a guardrail is attached
//! to, how statements are packed into documents and when an exception ends are the planner's business.

mod argument;
mod body;
mod case;
mod cast;
mod catalogue;
mod check;
mod config_rule;
mod control;
mod detection;
mod exempt;
mod fault;
mod folder;
mod guard;
mod guardrail;
mod judge;
mod kind;
mod managed;
mod pack;
mod page;
mod parameter;
mod read;
mod reader;
mod resolve;
mod statements;
mod template;
mod trial;
mod untested;
mod yaml;

pub use argument::{Argument, ArgumentError};
pub use case::{Case, Expectation, RequestCase};
pub use catalogue::{Catalogue, LookupError, Query};
pub use check::Finding;
pub use config_rule::{ConfigRule, RulePlace, Scope};
pub use control::{SecurityControl, controls_of_standard};
pub use exempt::{ExemptError, ExemptPrincipals, ROLE_CHANGES, Unguarded, unguarded};
pub use fault::{Fault, Place};
pub use folder::{FolderError, read_folder};
pub use guard::{GuardCase, GuardRules, GuardVerdict};
pub use guardrail::{Area, Behaviour, Exceptions, FRAMEWORKS, Guardrail, Mechanism, Severity};
pub use judge::{Broken, JudgeError};
pub use kind::Kind;
pub use managed::{Input, InputType, ManagedRule, Trigger};
pub use pack::{Pack, PackError, PackRoom, Packs, Reach, conformance_packs};
pub use page::{index_page, page};
pub use parameter::{Parameter, Shape, Supplied};
/// The form that files of the catalogues have in common: YAML with places, sections of known keys, parameters
/// and their values. Blueprints are read by it too.
pub mod form {
    pub use crate::argument::arguments;
    pub use crate::fault::nearest;
    pub use crate::parameter::Characters;
    pub use crate::read::{json, parameters, with};
    pub use crate::reader::{Faults, Section, text, texts};
    pub use crate::yaml::{Member, Node, Value, read};
}

pub use resolve::{ResolveError, Resolved, ResolvedDocument, ResolvedStatements, Surroundings};
pub use trial::{CaseReport, CaseResult};
pub use untested::Untested;
