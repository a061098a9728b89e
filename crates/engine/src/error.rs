//! What ends a run before it has a result. A change that fails is no such error: it stands in the receipt.

use crate::guard::GuardError;
use crate::lock::LockError;
use std::path::PathBuf;

/// Why a run ended without a result.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The credentials do not belong where the manifest says.
    #[error(transparent)]
    Guard(#[from] GuardError),
    /// The lock could not be had.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// AWS could not be asked at all: no credentials, or credentials that it does not accept.
    #[error("cannot {doing}: {source}")]
    Aws {
        /// What was attempted: `read the organization`.
        doing: &'static str,
        /// What went wrong.
        source: glidepath_aws::Error,
    },
    /// A file of ours could not be used.
    #[error("cannot use `{}`: {source}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What went wrong.
        source: std::io::Error,
    },
}

impl EngineError {
    /// Whether a safety check refused (exit code 4), rather than something failing (exit code 1).
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::Guard(error) => error.is_refusal(),
            Self::Lock(error) => error.is_refusal(),
            Self::Aws { .. } | Self::File { .. } => false,
        }
    }

    /// What to do next, where there is something to say beyond the message.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Guard(error) => error.help(),
            Self::Lock(error) => error.help(),
            Self::Aws { .. } | Self::File { .. } => None,
        }
    }
}
