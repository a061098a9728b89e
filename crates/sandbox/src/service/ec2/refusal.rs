//! What every operation of EC2 may answer, and the codes for things that are not there.
//!
//! Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html>

use super::super::{Context, ServiceError, is_region_enabled};
use glidepath_model::text::printable;

/// Refuses a request to a Region that the account has not enabled, as AWS does: it does not know the account there.
pub(super) fn refuse_disabled_region(context: &Context<'_>) -> Result<(), ServiceError> {
    if is_region_enabled(context.world, context.caller.account.as_str(), context.region) {
        return Ok(());
    }
    Err(ServiceError::new("AuthFailure", "AWS was not able to validate the provided access credentials"))
}

/// Ends a request that only asks whether it would be done.
pub(super) fn refuse_dry_run(dry_run: Option<bool>) -> Result<(), ServiceError> {
    if dry_run == Some(true) {
        let message = "Request would have succeeded, but DryRun flag is set.";
        return Err(ServiceError::new("DryRunOperation", message));
    }
    Ok(())
}

pub(super) fn invalid(message: impl Into<String>) -> ServiceError {
    ServiceError::new("InvalidParameterValue", message)
}

/// Something else still needs the thing.
pub(super) fn in_use(noun: &str, id: &str) -> ServiceError {
    let message = format!("The {noun} '{id}' has dependencies and cannot be deleted.");
    ServiceError::new("DependencyViolation", message)
}

/// There is no such thing; `code` is EC2's for its kind.
pub(super) fn not_found(code: &'static str, noun: &str, id: &str) -> ServiceError {
    ServiceError::new(code, format!("The {noun} ID '{}' does not exist", printable(id)))
}
