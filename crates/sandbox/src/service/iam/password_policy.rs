//! The password policy of an account. An update replaces all of it.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html>

use super::super::{Context, ServiceError};
use super::{Done, Nothing};
use crate::world::Entity;
use serde::{Deserialize, Serialize};

/// What a policy says that is left out.
const SHORTEST: u32 = 6;

/// The password policy of an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct PasswordPolicy {
    account: String,
    policy: Update,
}

impl Entity for PasswordPolicy {
    const TABLE: &'static str = "iam.password_policy";

    fn key(&self) -> String {
        self.account.clone()
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Update {
    minimum_password_length: Option<u32>,
    require_symbols: bool,
    require_numbers: bool,
    require_uppercase_characters: bool,
    require_lowercase_characters: bool,
    allow_users_to_change_password: bool,
    max_password_age: Option<u32>,
    password_reuse_prevention: Option<u32>,
    hard_expiry: Option<bool>,
}

pub(super) fn update(context: &mut Context<'_>, request: Update) -> Result<Done, ServiceError> {
    let account = context.caller.account.to_string();
    context.world.put(PasswordPolicy { account, policy: request });
    Ok(Done {})
}

fn missing(context: &Context<'_>) -> ServiceError {
    let message = format!("The Password Policy with domain name {} cannot be found.", context.caller.account);
    ServiceError::new("NoSuchEntityException", message)
}

pub(super) fn delete(context: &mut Context<'_>, _: Nothing) -> Result<Done, ServiceError> {
    let found = context.world.delete::<PasswordPolicy>(context.caller.account.as_str());
    found.map(|_| Done {}).ok_or_else(|| missing(context))
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Answer {
    password_policy: Shape,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shape {
    minimum_password_length: u32,
    require_symbols: bool,
    require_numbers: bool,
    require_uppercase_characters: bool,
    require_lowercase_characters: bool,
    allow_users_to_change_password: bool,
    expire_passwords: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_password_age: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_reuse_prevention: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hard_expiry: Option<bool>,
}

pub(super) fn get(context: &mut Context<'_>, _: Nothing) -> Result<Answer, ServiceError> {
    let found = context.world.get::<PasswordPolicy>(context.caller.account.as_str());
    let policy = found.ok_or_else(|| missing(context))?.policy.clone();
    Ok(Answer {
        password_policy: Shape {
            minimum_password_length: policy.minimum_password_length.unwrap_or(SHORTEST),
            require_symbols: policy.require_symbols,
            require_numbers: policy.require_numbers,
            require_uppercase_characters: policy.require_uppercase_characters,
            require_lowercase_characters: policy.require_lowercase_characters,
            allow_users_to_change_password: policy.allow_users_to_change_password,
            expire_passwords: policy.max_password_age.is_some(),
            max_password_age: policy.max_password_age,
            password_reuse_prevention: policy.password_reuse_prevention,
            hard_expiry: policy.hard_expiry,
        },
    })
}
