//! CloudFormation's template language: a text in, a [`Template`] that can be checked, ordered and resolved out.
//!
//! The way of a template: [`read()`] makes JSON or YAML into its long form and parses every function of it once,
//! [`Template::check`] looks at how the parts fit together and at the resource types, [`Template::order`] says what
//! waits for what, and [`Resolving`] fills in what is known when a stack is deployed. The simulated CloudFormation and
//! the blueprints read templates here, so that both refuse the same ones.
//!
//! This crate does no IO and knows no clock: exports, parameters of other services and availability zones are asked of
//! [`Surroundings`]. It is never more lenient than CloudFormation; where AWS documents the words of an error, they are
//! used. Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-reference.html>.

mod argument;
mod capability;
mod check;
mod expression;
mod fault;
mod fuzz;
mod graph;
mod read;
mod resolve;
pub mod resource_type;
mod section;
mod template;

pub use capability::Capability;
pub use fault::Fault;
pub use fuzz::fuzz_template;
pub use read::read;
pub use resolve::{Deployed, Place, ResolvedOutput, Resolving, Surroundings};
pub use section::{DeletionPolicy, Output, Parameter, Resource};
pub use template::Template;
