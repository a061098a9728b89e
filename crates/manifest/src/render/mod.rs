//! Diagnostics as people, editors and programs want them. Pure: text out, nothing printed.

mod excerpt;
mod human;
mod json;
mod short;

pub use human::{Colour, human};
pub use json::json;
pub use short::short;
