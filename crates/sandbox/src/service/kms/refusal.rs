//! The errors that several operations answer with, in AWS's words where they are known.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html> and each operation's page.

use super::super::ServiceError;

/// A request that is well-formed by its shape and still wrong: one of the errors common to all operations.
pub(super) fn invalid(message: impl Into<String>) -> ServiceError {
    ServiceError::new("ValidationException", message)
}

pub(super) fn not_found(message: impl Into<String>) -> ServiceError {
    ServiceError::new("NotFoundException", message)
}

pub(super) fn invalid_arn(message: impl Into<String>) -> ServiceError {
    ServiceError::new("InvalidArnException", message)
}

/// A quota is used up.
pub(super) fn limit_exceeded(message: impl Into<String>) -> ServiceError {
    ServiceError::new("LimitExceededException", message)
}

pub(super) fn malformed_policy(message: impl Into<String>) -> ServiceError {
    ServiceError::new("MalformedPolicyDocumentException", message)
}

pub(super) fn tag_refused(message: impl Into<String>) -> ServiceError {
    ServiceError::new("TagException", message)
}

/// What this kind of key cannot do, or what cannot be done here.
pub(super) fn unsupported(message: impl Into<String>) -> ServiceError {
    ServiceError::new("UnsupportedOperationException", message)
}

pub(super) fn invalid_state(message: impl Into<String>) -> ServiceError {
    ServiceError::new("KMSInvalidStateException", message)
}

/// The same for a key that does not exist as for one that the caller may not use.
pub(super) fn access_denied(caller: &str, operation: &str, why: &str) -> ServiceError {
    ServiceError::new(
        "AccessDeniedException",
        format!(
            "User: {caller} is not authorized to perform: kms:{operation} on this resource because {why}"
        ),
    )
}
