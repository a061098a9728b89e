//! Values of secrets that stacks made, for dynamic references. Secrets Manager itself is not simulated: a secret has the
//! value that its template gives or asks for, and no other version.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html>.

use super::resource::{self, Live, Resource};
use crate::world::World;
use glidepath_model::Digest;
use serde_json::Value;

const SECRET: &str = "AWS::SecretsManager::Secret";

/// Characters of a value that is made up, unless its template says how many.
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html>
const LENGTH: usize = 32;

/// The ARN that a reference `secret-arn:SecretString:json-key` begins with, and the key.
pub(super) fn cut(reference: &str) -> (&str, Option<&str>) {
    let (arn, rest) = reference.split_once(":SecretString").unwrap_or((reference, ""));
    (arn, rest.split(':').nth(1).filter(|key| !key.is_empty()))
}

/// A secret in the world.
pub(super) fn find(world: &World, account: &str, region: &str, arn: &str) -> Option<String> {
    let secret = world.get::<Resource>(&resource::key(account, region, SECRET, arn))?;
    if secret.live == Live::Gone { None } else { text(&secret) }
}

/// What a secret's text has under a key; without one it is the whole text.
pub(super) fn part(text: &str, key: Option<&str>) -> Option<String> {
    let Some(key) = key else { return Some(text.to_owned()) };
    match serde_json::from_str::<Value>(text).ok()?.get(key)? {
        Value::String(value) => Some(value.clone()),
        other => Some(other.to_string()),
    }
}

/// The text of a secret: the one that is written, or a made-up one, alone or as a member of the object that is given.
/// None for what is no secret.
pub(super) fn text(secret: &Resource) -> Option<String> {
    if secret.ty != SECRET {
        return None;
    }
    if let Some(written) = secret.properties.get("SecretString") {
        return written.as_str().map(str::to_owned);
    }
    let asked = secret.properties.get("GenerateSecretString")?;
    let length = match asked.get("PasswordLength") {
        Some(Value::String(text)) => text.parse().ok()?,
        Some(number) => usize::try_from(number.as_u64()?).ok()?,
        None => LENGTH,
    };
    let digest = Digest::of_bytes(secret.made_for.as_bytes());
    let made_up: String =
        digest.as_str().chars().filter(char::is_ascii_alphanumeric).cycle().take(length).collect();
    let form = asked.get("SecretStringTemplate").and_then(Value::as_str);
    let key = asked.get("GenerateStringKey").and_then(Value::as_str);
    match (form, key) {
        (Some(form), Some(key)) => {
            let Ok(Value::Object(mut members)) = serde_json::from_str(form) else { return None };
            members.insert(key.to_owned(), made_up.into());
            Some(Value::Object(members).to_string())
        }
        _ => Some(made_up),
    }
}
