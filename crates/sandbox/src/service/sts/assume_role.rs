//! `AssumeRole`: becoming a role, where it exists and its trust policy lets the caller in.
//!
//! Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>

use super::super::{Context, EpochSeconds, Principal, ServiceError};
use super::{Role, Session, role};
use glidepath_model::Timestamp;
use jiff::ToSpan as _;
use serde::{Deserialize, Serialize};

/// Longest session of a role assumed from another role's session, in seconds.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html>, "role chaining"
const CHAINED_SESSION: u32 = 3_600;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Request {
    role_arn: String,
    role_session_name: String,
    duration_seconds: Option<u32>,
    source_identity: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Answer {
    credentials: Credentials,
    assumed_role_user: AssumedRoleUser,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_identity: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Credentials {
    access_key_id: String,
    secret_access_key: String,
    session_token: String,
    expiration: EpochSeconds,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AssumedRoleUser {
    assumed_role_id: String,
    arn: String,
}

pub(super) fn assume_role(context: &mut Context<'_>, request: Request) -> Result<Answer, ServiceError> {
    let (account, path, name) = role::parse_arn(&request.role_arn)
        .ok_or_else(|| ServiceError::new("ValidationError", format!("{} is invalid", request.role_arn)))?;
    let refused = || {
        let message = format!(
            "User: {} is not authorized to perform: sts:AssumeRole on resource: {}",
            context.caller.arn(),
            request.role_arn
        );
        ServiceError::new("AccessDenied", message)
    };
    // AWS answers alike for a role that does not exist and one that does not trust the caller.
    let found = context.world.get::<Role>(&format!("{account}/{name}")).ok_or_else(refused)?;
    if found.path != path || !found.trusts.contains(&context.caller.account) {
        return Err(refused());
    }
    let seconds = request.duration_seconds.unwrap_or(3_600);
    if seconds > found.max_session {
        let message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
        return Err(ServiceError::new("ValidationError", message));
    }
    if seconds > CHAINED_SESSION && matches!(context.caller.principal, Principal::Session { .. }) {
        let message = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.";
        return Err(ServiceError::new("ValidationError", message));
    }
    let session = Session {
        account,
        role: name.to_owned(),
        name: request.role_session_name,
        expires: whole_second(context.now) + i64::from(seconds).seconds(),
    };
    let world = &*context.world;
    let role_id = role::role_id(world, &session.account, name);
    Ok(Answer {
        credentials: Credentials {
            access_key_id: session.access_key(world),
            secret_access_key: session.secret(world),
            session_token: session.token(world),
            expiration: EpochSeconds(session.expires),
        },
        assumed_role_user: AssumedRoleUser {
            assumed_role_id: format!("{role_id}:{}", session.name),
            arn: session.caller().arn(),
        },
        source_identity: request.source_identity,
    })
}

/// STS tells times in whole seconds.
fn whole_second(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}
