//! People's manifests: YAML with positions in, a typed [`Manifest`] or diagnostics with code frames out.
//!
//! Nothing here talks to AWS or needs credentials. The only IO is reading the manifest's own folder.
//!
//! The way of a manifest: [`load()`] reads the files (`folder`), `yaml` makes a tree with positions,
//! `conform` checks it against the tables of `section`, `draft` makes typed values of what is right, and
//! `check` looks at how they fit together. Schema and reference are written from the same tables.

mod check;
pub mod code;
mod conform;
mod diagnostic;
mod document;
mod draft;
pub mod expectation;
mod folder;
mod format;
mod load;
pub mod manifest;
mod quota;
mod record;
mod reference;
pub mod render;
mod schema;
mod section;
mod shape;
mod source;
pub mod span;
mod starter;
mod yaml;

pub use code::{Code, Explanation, explain, explanations};
pub use diagnostic::{Diagnostic, Label, Patch, Severity};
pub use expectation::{Expectation, Expected, LoadedExpectations, load_expectations};
pub use load::{Loaded, fuzz_manifest, load, load_text, load_within};
pub use manifest::Manifest;
pub use quota::{Quotas, limit_names};
pub use reference::{codes_markdown, expectations_markdown, reference_markdown};
pub use schema::{expectations_schema, schema};
pub use source::{Position, Source, Sources};
pub use span::{FileId, Span, Spanned};
pub use starter::{Answers, starter};
pub use yaml::Bounds;
