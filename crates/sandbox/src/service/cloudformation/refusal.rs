//! The errors that several operations answer with, in AWS's words where they are known.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html> and each operation's page.

use super::super::ServiceError;
use glidepath_model::text::printable;

/// A request that is well-formed and still wrong: CloudFormation's most frequent error.
pub(super) fn invalid(message: impl Into<String>) -> ServiceError {
    ServiceError::new("ValidationError", message)
}

/// What AWS does and the sandbox cannot.
pub(super) fn not_simulated(what: &str) -> ServiceError {
    ServiceError::new("NotImplemented", format!("the sandbox does not simulate {what}"))
}

/// A request whose limit is reached.
pub(super) fn limit(message: impl Into<String>) -> ServiceError {
    ServiceError::new("LimitExceededException", message)
}

pub(super) fn no_stack(named: &str) -> ServiceError {
    invalid(format!("Stack with id {} does not exist", printable(named)))
}

pub(super) fn already_exists(name: &str) -> ServiceError {
    ServiceError::new("AlreadyExistsException", format!("Stack [{}] already exists", printable(name)))
}

pub(super) fn insufficient_capabilities(missing: &[&str]) -> ServiceError {
    ServiceError::new(
        "InsufficientCapabilitiesException",
        format!("Requires capabilities : [{}]", missing.join(", ")),
    )
}

pub(super) fn token_exists(token: &str) -> ServiceError {
    ServiceError::new(
        "TokenAlreadyExistsException",
        format!("A request with the token {} was made already, for something else", printable(token)),
    )
}

pub(super) fn no_change_set(named: &str) -> ServiceError {
    ServiceError::new(
        "ChangeSetNotFoundException",
        format!("ChangeSet [{}] does not exist", printable(named)),
    )
}
