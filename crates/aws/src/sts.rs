//! STS: who calls, and credentials of roles.

use crate::error::Error;
use crate::session::Session;
use aws_credential_types::Credentials;
use aws_sdk_sts::Client;
use aws_sdk_sts::config::Builder;
use glidepath_model::AccountId;
use serde::Serialize;
use std::time::SystemTime;

/// Who calls AWS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Caller {
    /// The account.
    pub account: AccountId,
    /// The user, role session or root user.
    pub arn: String,
    /// AWS's unique id of it.
    pub user_id: String,
}

fn client(session: &Session) -> Client {
    Client::from_conf(Builder::from(session.config()).interceptor(session.watch()).build())
}

pub(crate) async fn caller(session: &Session) -> Result<Caller, Error> {
    const OPERATION: &str = "sts:GetCallerIdentity";
    let client = client(session);
    let answer = session.read(OPERATION, || client.get_caller_identity().send()).await?;
    let missing =
        |member: &str| Error::Malformed { operation: OPERATION, problem: format!("`{member}` is missing") };
    let account = answer.account.ok_or_else(|| missing("Account"))?;
    Ok(Caller {
        account: AccountId::parse(&account)
            .map_err(|error| Error::Malformed { operation: OPERATION, problem: error.to_string() })?,
        arn: answer.arn.ok_or_else(|| missing("Arn"))?,
        user_id: answer.user_id.ok_or_else(|| missing("UserId"))?,
    })
}

pub(crate) async fn assume(
    session: &Session,
    role_arn: &str,
    session_name: &str,
) -> Result<Credentials, Error> {
    const OPERATION: &str = "sts:AssumeRole";
    let client = client(session);
    let answer = session
        .read(OPERATION, || client.assume_role().role_arn(role_arn).role_session_name(session_name).send())
        .await?;
    let malformed = |problem: &str| Error::Malformed { operation: OPERATION, problem: problem.to_owned() };
    let credentials = answer.credentials.ok_or_else(|| malformed("`Credentials` is missing"))?;
    let expiry = SystemTime::try_from(credentials.expiration)
        .map_err(|_| malformed("`Expiration` lies outside of what the system's time can hold"))?;
    Ok(Credentials::new(
        credentials.access_key_id,
        credentials.secret_access_key,
        Some(credentials.session_token),
        Some(expiry),
        "Glidepath",
    ))
}
