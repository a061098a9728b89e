//! The forms that texts of a manifest have. Each is a [`Format`]: what it is called, its pattern for the
//! JSON Schema, and the check that decides.

mod access;
mod blueprint;
mod budget;
mod date;
mod email;
mod foreign;
mod guardrail;
mod id;
mod identity;
mod key;
mod log;
mod name;
mod place;
mod request;
mod settings;
mod word;

pub(crate) use access::{BREAK_GLASS_ARN, CONTEXT_KEY, PRINCIPAL, ROLE_ARN, ROLE_NAME, ROLE_PATTERN};
pub(crate) use blueprint::{BLUEPRINT, BLUEPRINT_NAME};
pub(crate) use budget::{CURRENCY, TOPIC};
pub(crate) use date::{DAY, day};
pub(crate) use email::{EMAIL, EMAIL_PATTERN, email_of_account};
pub(crate) use foreign::FOREIGN;
pub(crate) use guardrail::{CATALOGUE_ID, FRAMEWORK, GUARDRAIL, OWN_FILE, REASON};
pub(crate) use id::{ACCOUNT_ID, ORGANIZATION_ID};
pub(crate) use identity::{
    ATTRIBUTE, ATTRIBUTE_SOURCE, CUSTOMER_POLICY_NAME, DIRECTORY, GROUP_NAME, MANAGED_POLICY,
    PERMISSION_SET_DESCRIPTION, PERMISSION_SET_NAME, PERSON_TEXT, POLICY_PATH, RELAY_STATE, SESSION,
    USER_NAME, session_seconds,
};
pub(crate) use key::{
    ACCOUNT as READER_ACCOUNT, KEY_ADMIN, KEY_DESCRIPTION, KEY_NAME, KEY_READER, KEY_SERVICE,
    ORGANIZATION as READER_ORGANIZATION, RETIREMENT, ROTATION, days,
};
pub(crate) use log::{BUCKET_PREFIX, LOCK_MODE, LOG_DAYS, LOG_SOURCE, log_days, log_source};
pub(crate) use name::{
    ACCOUNT_NAME, ANY_TEXT, DESCRIPTION, FILE_PATH, ORGANIZATION_NAME, POLICY_NAME, TAG_KEY, TAG_VALUE,
    UNIT_NAME,
};
pub(crate) use place::{REGION, SELECTOR, UNIT_PATH};
pub(crate) use request::{ACTION, ASKER, EXPECTED, RESOURCE, expected};
pub(crate) use settings::{
    ABSENT, ACCOUNT_ALIAS, CONTACT_NAME, CONTACT_PHONE, CONTACT_TITLE, EBS_KEY, HTTP_TOKENS, NAMED_KEY,
    PASSWORD_AGE, PREFERENCE, SNAPSHOT_BLOCK,
};
pub(crate) use word::{BEHAVIOUR, CONTACT_KIND, LIMIT_NAME, POLICY_TYPE, SEVERITY};

use crate::code::Code;
use crate::shape::Fault;
use glidepath_model::limits::{Limit, Limits, OrganizationLimits};

/// A published limit. Should the built-in table be broken, nothing is refused for its length.
fn published(limit: fn(&OrganizationLimits) -> &Limit) -> usize {
    Limits::published()
        .ok()
        .and_then(|limits| usize::try_from(limit(&limits.limits).value).ok())
        .unwrap_or(usize::MAX)
}

/// Refuses a text of none or too many characters, or with control characters.
fn within(text: &str, noun: &str, most: usize, code: Code) -> Result<(), Fault> {
    let length = text.chars().count();
    if length == 0 || length > most {
        let help = if length == 0 { "write one, or leave the key out" } else { "shorten it" };
        return Err(Fault::new(
            code,
            format!("{noun} must have 1 to {most} characters, this has {length}"),
            help,
        ));
    }
    if text.chars().any(char::is_control) {
        return Err(Fault::new(code, format!("{noun} may hold no control characters"), "take them out"));
    }
    Ok(())
}
