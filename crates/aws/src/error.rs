//! What can go wrong with a call, and how to ask about it.

use glidepath_model::text::printable;
use std::borrow::Cow;

/// Why a call did not give an answer.
///
/// Texts that come from AWS are shown with control characters escaped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// AWS refused the request.
    #[error("`{operation}` was refused: {code}{}: {message}", in_brackets(reason.as_deref()))]
    Service {
        /// The operation, `organizations:AttachPolicy`.
        operation: &'static str,
        /// AWS's error code, `ConstraintViolationException`.
        code: String,
        /// AWS's explanation.
        message: String,
        /// The `Reason` member of Organizations' errors, `OU_DEPTH_LIMIT_EXCEEDED`.
        reason: Option<String>,
    },
    /// AWS still said "too fast" after the last attempt.
    #[error("`{operation}` was throttled {attempts} times in a row; try again later")]
    Throttled {
        /// The operation.
        operation: &'static str,
        /// How often it was sent.
        attempts: u32,
    },
    /// The caller may not do this.
    #[error("`{operation}` was denied: {message}")]
    Denied {
        /// The operation.
        operation: &'static str,
        /// AWS's error code.
        code: String,
        /// AWS's explanation.
        message: String,
    },
    /// The connection broke while a write that must not be sent twice was under way.
    #[error("nobody knows whether `{operation}` took effect ({cause}); read again before anything else")]
    OutcomeUnknown {
        /// The operation.
        operation: &'static str,
        /// What broke.
        cause: String,
    },
    /// AWS could not be reached, or answered with errors of its own, until the last attempt.
    #[error("`{operation}` failed {attempts} times: {cause}")]
    Transport {
        /// The operation.
        operation: &'static str,
        /// How often it was sent.
        attempts: u32,
        /// What broke the last time.
        cause: String,
    },
    /// There are no credentials to sign with.
    #[error(
        "no AWS credentials were found for `{operation}` ({cause}); sign in with `aws sso login`, set `AWS_PROFILE`, or use `--sandbox`"
    )]
    NoCredentials {
        /// The operation.
        operation: &'static str,
        /// What was tried.
        cause: String,
    },
    /// AWS does not accept the credentials: expired, wrong or deactivated.
    #[error("AWS did not accept the credentials for `{operation}`: {code}: {message}; sign in again")]
    CredentialsRejected {
        /// The operation.
        operation: &'static str,
        /// AWS's error code.
        code: String,
        /// AWS's explanation.
        message: String,
    },
    /// The operation has no row in the operations table.
    #[error("`{operation}` has no row in the operations table, so it is not sent")]
    NotInTable {
        /// The operation.
        operation: String,
    },
    /// A write was about to be sent where only reading is allowed.
    #[error("`{operation}` writes, and only `apply` may write, so it was not sent")]
    WriteRefused {
        /// The operation.
        operation: String,
    },
    /// AWS's answer is not what it documents.
    #[error("the answer to `{operation}` cannot be used: {problem}")]
    Malformed {
        /// The operation.
        operation: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// The session could not be set up.
    #[error("cannot set up a session with AWS: {0}")]
    Setup(String),
}

fn in_brackets(reason: Option<&str>) -> Cow<'static, str> {
    reason.map_or(Cow::Borrowed(""), |reason| Cow::Owned(format!(" ({reason})")))
}

impl Error {
    /// AWS's error code, where AWS gave one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Service { code, .. }
            | Self::Denied { code, .. }
            | Self::CredentialsRejected { code, .. } => Some(code),
            Self::Throttled { .. }
            | Self::OutcomeUnknown { .. }
            | Self::Transport { .. }
            | Self::NoCredentials { .. }
            | Self::NotInTable { .. }
            | Self::WriteRefused { .. }
            | Self::Malformed { .. }
            | Self::Setup(_) => None,
        }
    }

    /// The `Reason` member of Organizations' errors.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Service { reason, .. } => reason.as_deref(),
            _ => None,
        }
    }

    /// The operation that failed, `organizations:AttachPolicy`; none where no call was made.
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        match self {
            Self::Service { operation, .. }
            | Self::Throttled { operation, .. }
            | Self::Denied { operation, .. }
            | Self::OutcomeUnknown { operation, .. }
            | Self::Transport { operation, .. }
            | Self::NoCredentials { operation, .. }
            | Self::CredentialsRejected { operation, .. }
            | Self::Malformed { operation, .. } => Some(operation),
            Self::NotInTable { operation } | Self::WriteRefused { operation } => Some(operation),
            Self::Setup(_) => None,
        }
    }

    /// Whether the caller lacks the permission.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        matches!(self, Self::Denied { .. })
    }

    /// Whether AWS says that the thing does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.code().is_some_and(|code| code.ends_with("NotFoundException") || code == NO_ORGANIZATION)
    }

    /// Whether AWS says that such a thing exists already.
    #[must_use]
    pub fn is_already_there(&self) -> bool {
        self.code().is_some_and(|code| {
            code.starts_with("Duplicate")
                || ["AlreadyInOrganizationException", "NameAlreadyExistsException", "AlreadyExistsException"]
                    .contains(&code)
        })
    }

    /// Turns one of AWS's error codes into a value, where it says that there is nothing left to do.
    pub(crate) fn settled<T>(self, code: &str, value: T) -> Result<T, Self> {
        if self.code() == Some(code) { Ok(value) } else { Err(self) }
    }
}

/// What AWS answers to an account that belongs to no organization.
pub(crate) const NO_ORGANIZATION: &str = "AWSOrganizationsNotInUseException";

/// An error and what caused it, in one line, without repeating itself.
pub(crate) fn cause(error: &(dyn std::error::Error + 'static)) -> String {
    let mut line = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        if !line.contains(&text) {
            if !line.is_empty() {
                line.push_str(": ");
            }
            line.push_str(&text);
        }
        next = error.source();
    }
    printable(&line).into_owned()
}

/// The first error of a kind in a chain of causes.
pub(crate) fn find<'a, T: std::error::Error + 'static>(
    error: &'a (dyn std::error::Error + 'static),
) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        next = error.source();
    }
    None
}
