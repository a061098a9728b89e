//! YAML as a tree that knows where each value stands. Bounded in size, depth and number of values.

mod json_value;
mod merge;
mod offsets;
mod read;
mod scalar;
mod tree;

pub(crate) use json_value::json_value;
pub(crate) use merge::merge;
pub(crate) use read::{Used, read};
pub(crate) use scalar::{Resolved, resolve};
pub(crate) use tree::{Entry, Node, Scalar, Value};

/// How much a manifest may ask of its reader. The defaults hold a landing zone of 50,000 accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Bytes of one file, referenced documents included.
    pub file_bytes: u64,
    /// Bytes of all files together.
    pub total_bytes: u64,
    /// Levels of nesting.
    pub depth: usize,
    /// Values in all files together, those that aliases repeat counted each time.
    pub nodes: usize,
    /// Values that anchors and aliases may repeat, in all files together.
    pub repeated_nodes: usize,
    /// Complaints that are kept; the rest is only counted.
    pub complaints: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            file_bytes: 8 << 20,
            total_bytes: 64 << 20,
            depth: 64,
            nodes: 5_000_000,
            repeated_nodes: 100_000,
            complaints: 1_000,
        }
    }
}
