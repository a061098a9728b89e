//! Whether new volumes are encrypted, and by which key.
//!
//! Source: <https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html>

use super::super::kms::{self, Usable};
use super::super::{Context, ServiceError};
use super::refusal::refuse_dry_run;
use super::{Plain, settings};
use glidepath_model::text::printable;
use serde::{Deserialize, Serialize};

/// AWS's own key.
const USUAL_KEY: &str = "alias/aws/ebs";

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Encryption {
    ebs_encryption_by_default: bool,
}

pub(super) fn get(context: &mut Context<'_>, request: Plain) -> Result<Encryption, ServiceError> {
    refuse_dry_run(request.dry_run)?;
    Ok(Encryption { ebs_encryption_by_default: settings::read(context).ebs_encryption })
}

pub(super) fn enable(context: &mut Context<'_>, request: Plain) -> Result<Encryption, ServiceError> {
    switch(context, &request, true)
}

pub(super) fn disable(context: &mut Context<'_>, request: Plain) -> Result<Encryption, ServiceError> {
    switch(context, &request, false)
}

fn switch(context: &mut Context<'_>, request: &Plain, to: bool) -> Result<Encryption, ServiceError> {
    refuse_dry_run(request.dry_run)?;
    let mut settings = settings::read(context);
    settings.ebs_encryption = to;
    context.world.put(settings);
    Ok(Encryption { ebs_encryption_by_default: to })
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Key {
    kms_key_id: String,
}

pub(super) fn get_key(context: &mut Context<'_>, request: Plain) -> Result<Key, ServiceError> {
    refuse_dry_run(request.dry_run)?;
    Ok(Key { kms_key_id: settings::read(context).ebs_key.unwrap_or_else(|| USUAL_KEY.to_owned()) })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Modify {
    kms_key_id: String,
    dry_run: Option<bool>,
}

pub(super) fn modify_key(context: &mut Context<'_>, request: Modify) -> Result<Key, ServiceError> {
    let named = request.kms_key_id;
    let key = if named == USUAL_KEY {
        None
    } else {
        let account = context.caller.account.clone();
        match kms::usable_key(context.world, &account, context.region, &named) {
            Usable::Yes(arn) => Some(arn),
            Usable::NotNow => {
                let message = format!("The KMS key {} is not enabled.", printable(&named));
                return Err(ServiceError::new("InvalidKmsKey.InvalidState", message));
            }
            Usable::NotFound => {
                let message = format!("The KMS key {} does not exist in this Region.", printable(&named));
                return Err(ServiceError::new("InvalidKmsKey.NotFound", message));
            }
        }
    };
    refuse_dry_run(request.dry_run)?;
    let kms_key_id = key.clone().unwrap_or(named);
    let mut settings = settings::read(context);
    settings.ebs_key = key;
    context.world.put(settings);
    Ok(Key { kms_key_id })
}

pub(super) fn reset_key(context: &mut Context<'_>, request: Plain) -> Result<Key, ServiceError> {
    refuse_dry_run(request.dry_run)?;
    let mut settings = settings::read(context);
    settings.ebs_key = None;
    context.world.put(settings);
    Ok(Key { kms_key_id: USUAL_KEY.to_owned() })
}
