//! The errors that several operations answer with, and pages.
//!
//! Source: <https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/CommonErrors.html> and each
//! operation's page.

use super::super::listing::{self, Page, Wanted};
use super::super::{Context, ServiceError};
use glidepath_model::text::printable;
use serde_json::Value;

/// A kind of thing in the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Store,
    User,
    Group,
    Membership,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Store => "IDENTITY_STORE",
            Self::User => "USER",
            Self::Group => "GROUP",
            Self::Membership => "GROUP_MEMBERSHIP",
        }
    }
}

/// There is no such thing.
pub(super) fn not_found(kind: Kind, id: Option<&str>) -> ServiceError {
    let named = id.map(|id| format!(" {}", printable(id))).unwrap_or_default();
    let mut error =
        ServiceError::new("ResourceNotFoundException", format!("{}{named} not found.", kind.name()));
    error.members.insert("ResourceType".to_owned(), Value::from(kind.name()));
    // The id of a directory has not the form that this member has.
    if let Some(id) = id.filter(|_| kind != Kind::Store) {
        error.members.insert("ResourceId".to_owned(), Value::from(id));
    }
    error
}

pub(super) fn invalid(message: impl Into<String>) -> ServiceError {
    ServiceError::new("ValidationException", message)
}

/// Another thing has this name already.
pub(super) fn taken(message: impl Into<String>) -> ServiceError {
    ServiceError::new("ConflictException", message).reason("UNIQUENESS_CONSTRAINT_VIOLATION")
}

/// The thing is not as the request expects it.
pub(super) fn changed() -> ServiceError {
    ServiceError::new("ConflictException", "The revision is not the current one.")
        .reason("CONCURRENT_MODIFICATION")
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
