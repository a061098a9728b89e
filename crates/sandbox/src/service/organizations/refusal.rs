//! The errors that several operations answer with, in AWS's words where they are known.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/CommonErrors.html> and each operation's page.

use super::super::ServiceError;
use glidepath_model::data::DataError;

/// A request that is well-formed and still wrong.
pub(super) fn invalid(reason: &'static str, message: impl Into<String>) -> ServiceError {
    ServiceError::new("InvalidInputException", message).reason(reason)
}

/// A request that would break a rule or quota.
pub(super) fn constraint(reason: &'static str, message: impl Into<String>) -> ServiceError {
    ServiceError::new("ConstraintViolationException", message).reason(reason)
}

pub(super) fn access_denied() -> ServiceError {
    ServiceError::new("AccessDeniedException", "You don't have permissions to access this resource.")
}

pub(super) fn not_in_use() -> ServiceError {
    ServiceError::new("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")
}

pub(super) fn account_not_found() -> ServiceError {
    ServiceError::new("AccountNotFoundException", "You specified an account that doesn't exist.")
}

pub(super) fn parent_not_found() -> ServiceError {
    ServiceError::new("ParentNotFoundException", "You specified parent that doesn't exist.")
}

pub(super) fn policy_not_found() -> ServiceError {
    ServiceError::new("PolicyNotFoundException", "You specified a policy that doesn't exist.")
}

pub(super) fn target_not_found() -> ServiceError {
    ServiceError::new("TargetNotFoundException", "You specified a target that doesn't exist.")
}

pub(super) fn unit_not_found() -> ServiceError {
    ServiceError::new(
        "OrganizationalUnitNotFoundException",
        "You specified an organizational unit that doesn't exist.",
    )
}

pub(super) fn root_not_found() -> ServiceError {
    ServiceError::new("RootNotFoundException", "You specified a root that doesn't exist.")
}

pub(super) fn policy_type_not_enabled() -> ServiceError {
    ServiceError::new(
        "PolicyTypeNotEnabledException",
        "This operation can be performed only for enabled policy types.",
    )
}

pub(super) fn policy_changes_in_progress() -> ServiceError {
    ServiceError::new(
        "PolicyChangesInProgressException",
        "Changes to this policy type are in progress. Try again later.",
    )
}

pub(super) fn not_all_features() -> ServiceError {
    constraint(
        "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE",
        "The organization does not have all features enabled.",
    )
}

/// A built-in data file is broken.
pub(super) fn broken(error: DataError) -> ServiceError {
    ServiceError::internal(&error)
}
