//! What changes when one set of SCPs or RCPs takes the place of another: which requests become denied and
//! which become allowed, in symbols and with examples.
//!
//! The answer covers every change: a request that one set allows and the other does not is in some
//! [`Region`]. Where no region is left, the two sets are *proved* equivalent. A region without an example
//! is one that was not proved to be empty; it is said to be so, never guessed away.
//!
//! Requests are taken to be made by a principal that the policies reach, with one value a key.

mod cell;
mod region;
mod text_set;
mod walk;
mod words;

pub(crate) use cell::literals;
pub use cell::{Cell, Example, KeySet, Literal, Member, Opaque, Test};
pub(crate) use region::everyone;
pub use region::{Comparison, Origin, Proof, Reach, Region, compare};
pub use text_set::{Form, Found, Step, TextSet};
pub use words::Words;

use crate::document::Document;

/// A node on the way from the root to an account, with the documents attached to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentLevel {
    /// Its name.
    pub name: String,
    /// The documents by name, in order.
    pub documents: Vec<(String, Document)>,
}
