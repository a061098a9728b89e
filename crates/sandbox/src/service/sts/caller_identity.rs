//! `GetCallerIdentity`.
//!
//! Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>

use super::super::{Context, Principal, ServiceError};
use crate::world::Alphabet;
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
pub(super) struct Request {}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Answer {
    user_id: String,
    account: String,
    arn: String,
}

pub(super) fn get_caller_identity(
    context: &mut Context<'_>,
    _request: Request,
) -> Result<Answer, ServiceError> {
    let caller = context.caller;
    let unique = |prefix: &str, name: &str| {
        let of = format!("principal/{}/{name}", caller.account);
        format!("{prefix}{}", context.world.derive(&of, Alphabet::Base32, 17))
    };
    let user_id = match &caller.principal {
        Principal::Administrator => unique("AIDA", "sandbox-administrator"),
        Principal::Anonymous => "anonymous".to_owned(),
        Principal::Session { role, session } => format!("{}:{session}", unique("AROA", role)),
    };
    Ok(Answer { user_id, account: caller.account.to_string(), arn: caller.arn() })
}
