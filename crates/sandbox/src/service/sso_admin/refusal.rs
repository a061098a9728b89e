//! The errors that several operations answer with, and pages.
//!
//! Source: <https://docs.aws.amazon.com/singlesignon/latest/APIReference/CommonErrors.html> and each operation's page.

use super::super::listing::{self, Page, Wanted};
use super::super::{Context, ServiceError};

/// A request that is well-formed by its shape and still wrong.
pub(super) fn invalid(message: impl Into<String>) -> ServiceError {
    ServiceError::new("ValidationException", message)
}

pub(super) fn not_found(message: impl Into<String>) -> ServiceError {
    ServiceError::new("ResourceNotFoundException", message)
}

pub(super) fn conflict(message: impl Into<String>) -> ServiceError {
    ServiceError::new("ConflictException", message)
}

pub(super) fn denied(message: impl Into<String>) -> ServiceError {
    ServiceError::new("AccessDeniedException", message)
}

/// A quota is used up.
pub(super) fn quota_exceeded(message: impl Into<String>) -> ServiceError {
    ServiceError::new("ServiceQuotaExceededException", message)
}

/// Too much is under way.
pub(super) fn throttled(message: impl Into<String>) -> ServiceError {
    ServiceError::new("ThrottlingException", message)
}

/// Items on a page when the request does not say, which is also the most that can be asked for.
const PAGE: u64 = 100;

/// One page of a listing.
pub(super) fn page<T>(
    context: &Context<'_>,
    listing: String,
    (token, size): (Option<&str>, Option<u64>),
    items: impl Iterator<Item = (String, T)>,
) -> Result<Page<T>, ServiceError> {
    let wanted = Wanted { listing, token, size: size.unwrap_or(PAGE) };
    listing::page(context.world, &wanted, items)
        .map_err(|_| invalid("The provided NextToken is not one that this operation returned."))
}
