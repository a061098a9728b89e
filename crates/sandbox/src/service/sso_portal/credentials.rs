//! `GetRoleCredentials`: a session of a permission set's role.
//!
//! Source: <https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html>

use super::super::sts::Session;
use super::super::{Context, ServiceError};
use super::token;
use glidepath_model::{AccountId, Timestamp};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Request {
    access_token: String,
    account_id: String,
    role_name: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Answer {
    role_credentials: Credentials,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Credentials {
    access_key_id: String,
    secret_access_key: String,
    session_token: String,
    /// Milliseconds since 1970.
    expiration: i64,
}

pub(super) fn get_role_credentials(
    context: &mut Context<'_>,
    request: Request,
) -> Result<Answer, ServiceError> {
    let (signed_in, assigned) = token::reached(context, &request.access_token)?;
    let found =
        assigned.into_iter().find(|one| one.account == request.account_id && one.set == request.role_name);
    let refused = || ServiceError::new("ForbiddenException", "No access");
    let found = found.ok_or_else(refused)?;
    let account = AccountId::parse(&found.account).map_err(|_| refused())?;
    let whole_second = Timestamp::from_second(context.now.as_second()).unwrap_or(context.now);
    let lasts = SignedDuration::from_secs(found.session_seconds);
    let session = Session {
        account,
        role: found.role,
        name: signed_in.name,
        expires: whole_second.checked_add(lasts).unwrap_or(Timestamp::MAX),
    };
    let world = &*context.world;
    Ok(Answer {
        role_credentials: Credentials {
            access_key_id: session.access_key(world),
            secret_access_key: session.secret(world),
            session_token: session.token(world),
            expiration: session.expires.as_millisecond(),
        },
    })
}
