//! The blueprints that come with Glidepath, and those that users add in the same form.
//!
//! A blueprint is a folder: `blueprint.yaml` says what it is for, its parameters, who gets it in which Regions
//! and what has to be there first; `template.yaml.hbs` becomes a CloudFormation template; `examples/` hold
//! arguments and what has to come of them. A user may also write a plain CloudFormation file. [`Catalogue`]
//! finds them, [`Blueprint::render`] makes a template of one, [`Blueprint::check`] judges it,
//! [`page()`] writes its reference page.
//!
//! Pure but for reading a user's own folder: no clock, no AWS SDK. Which accounts a blueprint reaches, and by
//! which stack or stack set, is the planner's business. A value that only AWS knows is never rendered: a
//! template names it by a pseudo parameter of CloudFormation.

mod blueprint;
mod catalogue;
mod check;
mod example;
mod expression;
mod folder;
mod needs;
mod page;
mod plain;
mod read;
mod render;
mod rule;
mod shard;
mod surroundings;
mod writer;

pub use blueprint::{Blueprint, OnAccountRemoval, Placement, Regions, Role, Who};
pub use catalogue::{Catalogue, LookupError, Query};
pub use check::Finding;
pub use example::{Example, Expectation};
pub use expression::Ask;
pub use folder::{FolderError, Source, read_folder};
pub use needs::{DelegatedAdministrator, Needs, Switch};
pub use page::{index_page, page};
pub use render::{Rendered, Shard};
pub use surroundings::Surroundings;

pub use glidepath_guardrails::{Area, Argument, ArgumentError, Fault, Kind, Parameter, Place, Shape};
pub use glidepath_template::{Capability, Template};
