//! Errors that no handler raises: a request that does not fit its shape, and the errors common to all services.
//!
//! Source: <https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html> and its like for each service.

use super::check::{Rule, Violation};
use super::shapes::{Model, Protocol};
use crate::service::ServiceError;

/// An error that any operation can answer with. Each protocol has its own names for the same thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Common {
    /// There is no `Authorization` header.
    MissingToken,
    /// The `Authorization` header cannot be read.
    IncompleteSignature,
    /// Nobody has this access key or token.
    UnknownKey,
    /// The session is over.
    ExpiredToken,
    /// The service has no such operation.
    UnknownOperation,
    /// The body is not of the protocol.
    Serialization,
    /// A value does not meet a constraint.
    Validation,
    /// Called too often.
    TooMany,
    /// AWS failed.
    Internal,
}

impl Common {
    /// The code of a protocol.
    pub(crate) fn code(self, protocol: Protocol) -> &'static str {
        let [json, query, ec2, s3] = match self {
            Self::MissingToken => [
                "MissingAuthenticationTokenException",
                "MissingAuthenticationToken",
                "AuthFailure",
                "AccessDenied",
            ],
            Self::IncompleteSignature => [
                "IncompleteSignatureException",
                "IncompleteSignature",
                "AuthFailure",
                "AuthorizationHeaderMalformed",
            ],
            Self::UnknownKey => {
                ["UnrecognizedClientException", "InvalidClientTokenId", "AuthFailure", "InvalidAccessKeyId"]
            }
            Self::ExpiredToken => ["ExpiredTokenException", "ExpiredToken", "RequestExpired", "ExpiredToken"],
            Self::UnknownOperation => {
                ["UnknownOperationException", "InvalidAction", "InvalidAction", "MethodNotAllowed"]
            }
            Self::Serialization => {
                ["SerializationException", "MalformedQueryString", "UnknownParameter", "MalformedXML"]
            }
            Self::Validation => {
                ["ValidationException", "ValidationError", "InvalidParameterValue", "InvalidRequest"]
            }
            Self::TooMany => ["ThrottlingException", "Throttling", "RequestLimitExceeded", "SlowDown"],
            Self::Internal => ["InternalFailure", "InternalFailure", "InternalError", "InternalError"],
        };
        match protocol {
            Protocol::Json | Protocol::RestJson => json,
            Protocol::Query => query,
            Protocol::Ec2 => ec2,
            Protocol::RestXml => s3,
        }
    }

    /// As an error of a service.
    pub(crate) fn error(self, protocol: Protocol, message: impl Into<String>) -> ServiceError {
        ServiceError::new(self.code(protocol), message)
    }

    /// The HTTP status of a code that is in no shape data.
    pub(crate) fn status(protocol: Protocol, code: &str) -> u16 {
        match (protocol, code) {
            (_, "InternalFailure" | "InternalError") => 500,
            // What AWS does and the sandbox cannot.
            (_, "NotImplemented") => 501,
            (
                Protocol::Query,
                "MissingAuthenticationToken" | "InvalidClientTokenId" | "ExpiredToken" | "AccessDenied",
            )
            | (Protocol::RestXml, "AccessDenied" | "InvalidAccessKeyId")
            | (Protocol::RestJson, "ForbiddenException") => 403,
            (Protocol::Ec2, "AuthFailure") => 401,
            (Protocol::Ec2, "DryRunOperation") => 412,
            (Protocol::Ec2 | Protocol::RestXml, "RequestLimitExceeded" | "SlowDown") => 503,
            (Protocol::RestXml, "MethodNotAllowed") => 405,
            _ => 400,
        }
    }
}

/// The errors of EC2 that the sandbox gives: its model lists none with any operation.
///
/// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html>
const EC2: [&str; 12] = [
    "DependencyViolation",
    "DryRunOperation",
    "Gateway.NotAttached",
    "InvalidInternetGatewayID.NotFound",
    "InvalidKmsKey.InvalidState",
    "InvalidKmsKey.NotFound",
    "InvalidNetworkInterfaceID.NotFound",
    "InvalidNextToken",
    "InvalidParameterValue",
    "InvalidSubnetID.NotFound",
    "InvalidVpcID.NotFound",
    "MissingParameter",
];

/// How a service says that it was called too often, and that it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Throttle {
    /// Too many calls.
    TooMany,
    /// A fault of the service.
    Failed,
}

/// The error by which this operation says that it was throttled or failed: of its shape data where it has one.
pub(crate) fn throttled(model: &Model, errors: &[String], why: Throttle) -> ServiceError {
    let (candidates, common, message): (&[&'static str], _, _) = match why {
        Throttle::TooMany => (
            &["TooManyRequestsException", "ThrottledException"],
            Common::TooMany.code(model.protocol),
            "Rate exceeded",
        ),
        Throttle::Failed => (
            &[
                "ServiceException",
                "InternalServiceException",
                "KMSInternalException",
                "InternalServerException",
                "ServiceFailureException",
                "InternalServerErrorException",
                "InternalServerError",
                "InternalException",
            ],
            Common::Internal.code(model.protocol),
            "AWS can't complete your request because of an internal service error. Try again later.",
        ),
    };
    let code =
        candidates.iter().copied().find(|code| errors.iter().any(|error| error == code)).unwrap_or(common);
    ServiceError::new(code, message)
}

/// Whether a code is one that any operation can answer with, whatever its shape data says.
pub(crate) fn is_common(model: &Model, code: &str) -> bool {
    let common = [
        Common::MissingToken,
        Common::IncompleteSignature,
        Common::UnknownKey,
        Common::ExpiredToken,
        Common::UnknownOperation,
        Common::Serialization,
        Common::Validation,
        Common::TooMany,
        Common::Internal,
    ];
    common.iter().any(|common| common.code(model.protocol) == code)
        // A mistake of the sandbox has this name in every protocol.
        || matches!(code, "InternalFailure" | "NotImplemented")
        || (code == "AccessDenied" && matches!(model.protocol, Protocol::Query | Protocol::RestXml))
        || (model.protocol == Protocol::Ec2 && EC2.contains(&code))
        // What the access portal says to a user without that access.
        || (code == "ForbiddenException" && model.protocol == Protocol::RestJson)
        // Some services list it for the operations that can give it; where none does, it is common to all.
        || (code == "AccessDeniedException" && model.shape(code).is_none())
}

/// The answer to a request that does not fit its shape, in the words of its service.
pub(crate) fn refusal(model: &Model, errors: &[String], violations: &[Violation]) -> Option<ServiceError> {
    let first = violations.iter().find(|violation| matches!(violation.rule, Rule::Type(_) | Rule::Unknown));
    if let Some(Violation { place, rule, .. }) = first {
        let message = match rule {
            Rule::Type(wanted) => format!("`{place}` is not a {wanted}"),
            _ => format!("`{place}` is no member of this request"),
        };
        return Some(Common::Serialization.error(model.protocol, message));
    }
    let first = violations.first()?;
    let plural = if violations.len() == 1 { "" } else { "s" };
    let each: Vec<String> = violations.iter().map(sentence).collect();
    let message = format!("{} validation error{plural} detected: {}", violations.len(), each.join("; "));
    let has = |code: &str| errors.iter().any(|error| error == code);
    Some(if has("InvalidInputException") {
        let error = ServiceError::new("InvalidInputException", message);
        // Organizations alone tells the rule by a word of its own.
        if model.service == "organizations" { error.reason(reason(first)) } else { error }
    } else if has("InvalidRequestException") {
        ServiceError::new("InvalidRequestException", message)
    } else if model.protocol == Protocol::Ec2 && first.rule == Rule::Required {
        let message = format!("The request must contain the parameter {}", first.place);
        ServiceError::new("MissingParameter", message)
    } else if has("InvalidParameterException") {
        ServiceError::new("InvalidParameterException", message)
    } else {
        Common::Validation.error(model.protocol, message)
    })
}

/// One violation in AWS's wording.
fn sentence(violation: &Violation) -> String {
    let given = violation.given.as_deref().map_or_else(|| "null".to_owned(), |given| format!("'{given}'"));
    let constraint = match &violation.rule {
        Rule::Required => "Member must not be null".to_owned(),
        Rule::MinLength(min) => format!("Member must have length greater than or equal to {min}"),
        Rule::MaxLength(max) => format!("Member must have length less than or equal to {max}"),
        Rule::MinValue(min) => format!("Member must have value greater than or equal to {min}"),
        Rule::MaxValue(max) => format!("Member must have value less than or equal to {max}"),
        Rule::Pattern(pattern) => format!("Member must satisfy regular expression pattern: {pattern}"),
        Rule::Enum(values) => format!("Member must satisfy enum value set: [{}]", values.join(", ")),
        Rule::Type(wanted) => format!("Member must be a {wanted}"),
        Rule::Unknown => "Member is unknown".to_owned(),
    };
    format!("Value {given} at '{}' failed to satisfy constraint: {constraint}", violation.place)
}

/// The `Reason` Organizations gives.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreatePolicy.html>, `InvalidInputException`
fn reason(violation: &Violation) -> &'static str {
    match (&violation.rule, violation.shape.as_str()) {
        (Rule::Required | Rule::Type(_) | Rule::Unknown, _) => "INPUT_REQUIRED",
        (Rule::MinLength(_), _) => "MIN_LENGTH_EXCEEDED",
        (Rule::MaxLength(_), _) => "MAX_LENGTH_EXCEEDED",
        (Rule::MinValue(_), _) => "MIN_VALUE_EXCEEDED",
        (Rule::MaxValue(_), _) => "MAX_VALUE_EXCEEDED",
        (Rule::Pattern(_), "PolicyTargetId") => "INVALID_PATTERN_TARGET_ID",
        (Rule::Pattern(_), "RoleName") => "INVALID_ROLE_NAME",
        (Rule::Pattern(_), "PolicyId") => "INVALID_SYNTAX_POLICY_ID",
        (Rule::Pattern(_), _) => "INVALID_PATTERN",
        (Rule::Enum(_), "PolicyType" | "EffectivePolicyType") => "INVALID_ENUM_POLICY_TYPE",
        (Rule::Enum(_), _) => "INVALID_ENUM",
    }
}

#[cfg(test)]
mod tests {
    use super::super::shapes::model;
    use super::*;
    use crate::codec::check;
    use serde_json::{Value, json};

    fn refused(service: &str, operation: &str, request: &Value) -> (String, Option<String>, String) {
        let model = model(service).unwrap();
        let shape = &model.operations[operation];
        let violations = check(model, shape.input.as_deref().unwrap(), request);
        let error = refusal(model, &shape.errors, &violations).unwrap();
        (error.code.to_owned(), error.reason_text().map(str::to_owned), error.message)
    }

    #[test]
    fn each_service_refuses_in_its_own_words() {
        let (code, reason, message) =
            refused("organizations", "AttachPolicy", &json!({"PolicyId": "p-12345678", "TargetId": "x"}));
        assert_eq!(
            (code.as_str(), reason.as_deref()),
            ("InvalidInputException", Some("INVALID_PATTERN_TARGET_ID"))
        );
        assert!(
            message.starts_with("1 validation error detected: Value 'x' at 'targetId' failed"),
            "{message}"
        );
        let (code, reason, _) = refused("organizations", "DescribePolicy", &json!({}));
        assert_eq!((code.as_str(), reason.as_deref()), ("InvalidInputException", Some("INPUT_REQUIRED")));
        let (code, reason, _) = refused("organizations", "ListPolicies", &json!({"Filter": "NONE"}));
        assert_eq!(
            (code.as_str(), reason.as_deref()),
            ("InvalidInputException", Some("INVALID_ENUM_POLICY_TYPE"))
        );
        let (code, _, _) = refused("sts", "AssumeRole", &json!({"RoleArn": "short", "RoleSessionName": "s"}));
        assert_eq!(code, "ValidationError");
        let (code, _, _) = refused("organizations", "DescribePolicy", &json!({"PolicyId": 1}));
        assert_eq!(code, "SerializationException");
    }
}
