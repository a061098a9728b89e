//! What `lint` takes.

use clap::{Args, ValueEnum};
use glidepath_iam::lint::Kind;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "\
Errors are what AWS refuses, warnings what probably does not do what is meant; docs/reference/lint.md lists
them all, and `glidepath explain-code unknown-action` explains one. It needs no credentials.

Examples:
  glidepath lint --as scp policies/*.json
  glidepath lint --as identity --strict --json < policy.json

Exits 0 when AWS would take every document, 3 when not; with --strict 3 for warnings as well.")]
pub(crate) struct LintArgs {
    /// The files with policy documents as JSON; standard input if left out or `-`
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// What the documents are used as
    #[arg(long = "as", value_name = "KIND")]
    pub(crate) kind: LintKind,
    /// Fail for warnings, too
    #[arg(long)]
    pub(crate) strict: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// What a policy document is used as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LintKind {
    /// A service control policy
    Scp,
    /// A resource control policy
    Rcp,
    /// A policy of a user, group or role, a permissions boundary
    Identity,
    /// A policy on a resource, a role's trust policy
    Resource,
}

impl LintKind {
    pub(crate) fn kind(self) -> Kind {
        match self {
            Self::Scp => Kind::Scp,
            Self::Rcp => Kind::Rcp,
            Self::Identity => Kind::Identity,
            Self::Resource => Kind::Resource,
        }
    }
}
