//! One failed attempt, sorted by what can be done about it.
//!
//! The SDK's errors end here. Sources: the common errors of AWS's query and JSON protocols,
//! <https://docs.aws.amazon.com/organizations/latest/APIReference/CommonErrors.html>, and the errors of each
//! Organizations operation in its API reference.

use crate::error::{Error, cause, find};
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use glidepath_model::text::printable;

/// Codes that say "too fast". `LimitExceededException` is no such code: it names a quota, and asking again
/// does not raise it.
const THROTTLES: [&str; 12] = [
    "TooManyRequestsException",
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "SlowDown",
    "TransactionInProgressException",
];

/// Codes that say that another change is under way, and that this one had no effect.
const CONCURRENT: [&str; 4] = [
    "ConcurrentModificationException",
    "PolicyChangesInProgressException",
    "OperationInProgressException",
    "StaleRequestException",
];

/// Reasons of a `ConstraintViolationException` that pass by themselves: too much of it is in progress.
const CROWDED: [&str; 2] = ["ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED", "CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED"];

/// AWS still sets a new organization up, for up to an hour.
const FINALIZING: &str = "FinalizingOrganizationException";

const DENIALS: [&str; 5] = [
    "AccessDeniedException",
    "AccessDenied",
    "AccessDeniedForDependencyException",
    "UnauthorizedOperation",
    "NotAuthorized",
];

const REJECTED_CREDENTIALS: [&str; 10] = [
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidAccessKeyId",
    "ExpiredToken",
    "ExpiredTokenException",
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "IncompleteSignature",
];

/// AWS's own troubles, which pass.
const INTERNAL: [&str; 9] = [
    "DependencyTimeoutException",
    "KMSInternalException",
    "ServiceException",
    "InternalFailure",
    "InternalError",
    "InternalServerError",
    "InternalServiceException",
    "ServiceUnavailable",
    "RequestTimeout",
];

/// What a failed attempt says about the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// AWS says "too fast". Nothing took effect.
    Throttled { code: String },
    /// Something else must end first. Nothing took effect.
    Busy { error: Error, with: Busy },
    /// The connection or AWS broke.
    Broken { cause: String, reached: Reached },
    /// Asking again would not help.
    Final(Error),
}

/// What must end first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Busy {
    /// Another change.
    Change,
    /// AWS's work on a new organization.
    Finalizing,
}

/// Whether a request may have come to AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reached {
    /// It certainly did not.
    Never,
    /// Nobody knows.
    Maybe,
}

impl Failure {
    pub(crate) fn of<E>(operation: &'static str, error: SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        if let SdkError::ServiceError(context) = &error {
            let (meta, raw) = (context.err(), context.raw());
            return Self::answered(
                operation,
                raw.status().as_u16(),
                meta.code(),
                meta.message(),
                raw.body().bytes().unwrap_or_default(),
            );
        }
        if let Some(ours) = find::<Error>(&error) {
            return Self::Final(ours.clone());
        }
        if let Some(credentials) = find::<CredentialsError>(&error) {
            return Self::Final(Error::NoCredentials { operation, cause: cause(credentials) });
        }
        let text = cause(&error);
        match error {
            SdkError::ConstructionFailure(_) => Self::Final(Error::Malformed {
                operation,
                problem: format!("the request cannot be made: {text}"),
            }),
            SdkError::DispatchFailure(_) => Self::Broken { reached: reached(&error), cause: text },
            _ => Self::Broken { reached: Reached::Maybe, cause: text },
        }
    }

    /// AWS's answer, by HTTP status, error code and body.
    fn answered(
        operation: &'static str,
        status: u16,
        code: Option<&str>,
        message: Option<&str>,
        body: &[u8],
    ) -> Self {
        let code = code.map_or_else(|| format!("HTTP {status}"), |code| printable(code).into_owned());
        let message = printable(message.unwrap_or("no explanation given")).into_owned();
        let is = |codes: &[&str]| codes.contains(&code.as_str());
        if is(&THROTTLES) || status == 429 {
            return Self::Throttled { code };
        }
        if is(&DENIALS) {
            return Self::Final(Error::Denied { operation, code, message });
        }
        if is(&REJECTED_CREDENTIALS) {
            return Self::Final(Error::CredentialsRejected { operation, code, message });
        }
        if is(&INTERNAL) || status >= 500 {
            return Self::Broken { cause: format!("{code}: {message}"), reached: Reached::Maybe };
        }
        let reason = reason(body);
        let crowded = reason.as_deref().is_some_and(|reason| CROWDED.contains(&reason));
        let with = match code.as_str() {
            FINALIZING => Some(Busy::Finalizing),
            _ if is(&CONCURRENT) || crowded => Some(Busy::Change),
            _ => None,
        };
        let error = Error::Service { operation, code, message, reason };
        match with {
            Some(with) => Self::Busy { error, with },
            None => Self::Final(error),
        }
    }
}

/// The `Reason` member that Organizations adds to many of its errors.
fn reason(body: &[u8]) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(body).ok()?;
    let reason = body.get("Reason")?.as_str()?;
    Some(printable(reason).into_owned())
}

/// Where no connection came about, no bytes left: no address, nobody listening, no TLS. Of every other break
/// nobody knows.
fn reached(error: &(dyn std::error::Error + 'static)) -> Reached {
    match find::<hyper_util::client::legacy::Error>(error) {
        Some(error) if error.is_connect() => Reached::Never,
        _ => Reached::Maybe,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_sts::operation::get_caller_identity::GetCallerIdentityError;
    use aws_smithy_runtime_api::client::result::ConnectorError;

    fn answered(status: u16, code: &str, body: &str) -> Failure {
        Failure::answered("organizations:AttachPolicy", status, Some(code), Some("why"), body.as_bytes())
    }

    #[test]
    fn a_reason_is_read_from_the_body() {
        let failure =
            answered(400, "ConstraintViolationException", r#"{"Reason":"OU_DEPTH_LIMIT_EXCEEDED"}"#);
        let Failure::Final(error) = failure else { panic!("{failure:?}") };
        assert_eq!(error.reason(), Some("OU_DEPTH_LIMIT_EXCEEDED"));
        assert_eq!(
            error.to_string(),
            "`organizations:AttachPolicy` was refused: ConstraintViolationException (OU_DEPTH_LIMIT_EXCEEDED): why"
        );
    }

    #[test]
    fn what_passes_by_itself_is_told_from_what_does_not() {
        let crowded = r#"{"Reason":"CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED"}"#;
        let rows = [
            (400, "TooManyRequestsException", "", "throttled"),
            (429, "Whatever", "", "throttled"),
            (400, "LimitExceededException", "", "final"),
            (400, "ConcurrentModificationException", "", "busy"),
            (400, "FinalizingOrganizationException", "", "busy"),
            (400, "ConstraintViolationException", crowded, "busy"),
            (500, "ServiceException", "", "broken"),
            (503, "Odd", "", "broken"),
            (400, "AccessDeniedException", "", "final"),
            (403, "ExpiredTokenException", "", "final"),
        ];
        for (status, code, body, expected) in rows {
            let found = match answered(status, code, body) {
                Failure::Throttled { .. } => "throttled",
                Failure::Busy { .. } => "busy",
                Failure::Broken { .. } => "broken",
                Failure::Final(_) => "final",
            };
            assert_eq!(found, expected, "{status} {code}");
        }
    }

    #[test]
    fn missing_credentials_say_what_to_do() {
        let missing = CredentialsError::not_loaded("no providers in chain provided credentials");
        let error: SdkError<GetCallerIdentityError, HttpResponse> =
            SdkError::dispatch_failure(ConnectorError::other(missing.into(), None));
        let Failure::Final(error) = Failure::of("sts:GetCallerIdentity", error) else { panic!("not final") };
        let text = error.to_string();
        assert!(text.contains("no providers in chain provided credentials"), "{text}");
        assert!(text.contains("`aws sso login`"), "{text}");
    }

    #[test]
    fn escape_sequences_of_aws_do_not_reach_a_terminal() {
        let failure = Failure::answered("sts:AssumeRole", 400, Some("X"), Some("a\u{1b}[2J"), b"");
        assert_eq!(
            failure,
            Failure::Final(Error::Service {
                operation: "sts:AssumeRole",
                code: "X".into(),
                message: "a\\u{1b}[2J".into(),
                reason: None
            })
        );
    }
}
