//! What an account lets none of its buckets make public.

use super::super::{Context, ServiceError};
use super::Done;
use crate::world::Entity;
use serde::{Deserialize, Serialize};

/// The settings; one that is left out is off.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Configuration {
    block_public_acls: bool,
    ignore_public_acls: bool,
    block_public_policy: bool,
    restrict_public_buckets: bool,
}

/// The settings of an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct PublicAccessBlock {
    account: String,
    configuration: Configuration,
}

impl Entity for PublicAccessBlock {
    const TABLE: &'static str = "s3control.public_access_block";

    fn key(&self) -> String {
        self.account.clone()
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfAccount {
    account_id: String,
}

/// The account of a request, which has to be the caller's.
fn own(context: &Context<'_>, account: &str) -> Result<String, ServiceError> {
    if context.caller.account.as_str() == account {
        return Ok(account.to_owned());
    }
    Err(ServiceError::new("AccessDenied", "Access Denied"))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Put {
    account_id: String,
    public_access_block_configuration: Configuration,
}

pub(super) fn put(context: &mut Context<'_>, request: Put) -> Result<Done, ServiceError> {
    let account = own(context, &request.account_id)?;
    let configuration = request.public_access_block_configuration;
    context.world.put(PublicAccessBlock { account, configuration });
    Ok(Done {})
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Answer {
    public_access_block_configuration: Configuration,
}

pub(super) fn get(context: &mut Context<'_>, request: OfAccount) -> Result<Answer, ServiceError> {
    let account = own(context, &request.account_id)?;
    let found = context.world.get::<PublicAccessBlock>(&account);
    let found = found.ok_or_else(|| {
        let message = "The public access block configuration was not found";
        ServiceError::new("NoSuchPublicAccessBlockConfiguration", message)
    })?;
    Ok(Answer { public_access_block_configuration: found.configuration.clone() })
}

/// Removing what is not there succeeds.
pub(super) fn delete(context: &mut Context<'_>, request: OfAccount) -> Result<Done, ServiceError> {
    let account = own(context, &request.account_id)?;
    context.world.delete::<PublicAccessBlock>(&account);
    Ok(Done {})
}
