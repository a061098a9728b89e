//! Key policies: which documents AWS takes, in which form it keeps them, and which principals it believes in.
//!
//! Stricter than AWS in one thing: a statement without `Resource` is refused here. AWS takes it, and it has no effect.
//!
//! Sources: <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>

use super::super::sts::{self, Role};
use super::super::{Context, ServiceError, organizations};
use super::access;
use super::key::{Key, PARTITION};
use super::refusal::{invalid_arn, limit_exceeded, malformed_policy};
use crate::world::World;
use glidepath_iam::document::{self, Document, Principal};
use glidepath_model::AccountId;
use glidepath_model::text::printable;
use serde_json::{Value, json};

/// The most bytes of a policy. The API's model allows four times as many and says that the excess is refused by quota;
/// the guide says 32 KB.
const MOST_BYTES: usize = 32 * 1024;

/// What a principal of a policy turns out to be.
enum Believed {
    Exists,
    Unknown,
    NotAnArn,
}

/// The policy that a key gets without one: its account's administrators decide.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html>
pub(super) fn usual(account: &AccountId) -> String {
    let statement = json!({
        "Sid": "Enable IAM User Permissions",
        "Effect": "Allow",
        "Principal": {"AWS": format!("arn:{PARTITION}:iam::{account}:root")},
        "Action": "kms:*",
        "Resource": "*",
    });
    let document = json!({"Version": "2012-10-17", "Id": "key-default-1", "Statement": [statement]});
    format!("{document:#}")
}

/// A policy that was checked when it was put.
pub(super) fn parsed(text: &str) -> Option<Document> {
    document::parse(text).ok()
}

/// Whether the caller may give up its own right to change the policy again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LockOutCheck {
    Made,
    Bypassed,
}

impl LockOutCheck {
    pub(super) fn asked(bypass: Option<bool>) -> Self {
        if bypass == Some(true) { Self::Bypassed } else { Self::Made }
    }
}

/// The form in which AWS keeps a policy for a key, when it takes it from this caller.
pub(super) fn accepted(
    context: &Context<'_>,
    key: &Key,
    text: &str,
    check: LockOutCheck,
) -> Result<String, ServiceError> {
    if text.len() > MOST_BYTES {
        return Err(limit_exceeded(format!("The key policy is larger than {MOST_BYTES} bytes.")));
    }
    let document = document::parse(text).map_err(|complaints| {
        let complaints: Vec<String> = complaints.iter().map(ToString::to_string).collect();
        malformed_policy(printable(&complaints.join("; ")))
    })?;
    for statement in &document.statements {
        let Some(principals) = &statement.principals else {
            return Err(malformed_policy("Policy contains a statement with no principal."));
        };
        if statement.resources.is_none() {
            return Err(malformed_policy("Policy contains a statement with no resource."));
        }
        for principal in principals.patterns() {
            match believed(context, principal) {
                Believed::Exists => {}
                Believed::NotAnArn => {
                    return Err(invalid_arn("The key policy names a principal whose ARN is not valid."));
                }
                Believed::Unknown => {
                    let message = "Policy contains a statement with one or more invalid principals.";
                    return Err(malformed_policy(message));
                }
            }
        }
    }
    if check == LockOutCheck::Made && !access::allows(context, key, &document, "PutKeyPolicy") {
        let message = "The new key policy will not allow you to update the key policy in the future.";
        return Err(malformed_policy(message));
    }
    Ok(stored(text))
}

fn believed(context: &Context<'_>, principal: &Principal) -> Believed {
    match principal {
        Principal::Anyone => Believed::Exists,
        Principal::Aws(text) if AccountId::parse(text).is_ok() => account(context, text),
        Principal::Aws(text) if text.starts_with("arn:") => arn(context, text),
        Principal::Service(name) if is_service(name) => Believed::Exists,
        // There are no identity providers here, ids of former principals are not taken from anybody, and the rest
        // is nothing at all.
        Principal::Aws(_) | Principal::Service(_) | Principal::Federated(_) | Principal::CanonicalUser(_) => {
            Believed::Unknown
        }
    }
}

/// Whether an ARN is one of a principal that exists; also used for the principals of grants.
pub(super) fn exists(context: &Context<'_>, text: &str) -> bool {
    matches!(arn(context, text), Believed::Exists)
}

fn arn(context: &Context<'_>, text: &str) -> Believed {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let ["arn", PARTITION, service @ ("iam" | "sts"), "", of, name] = parts.as_slice() else {
        return Believed::NotAnArn;
    };
    if AccountId::parse(of).is_err() {
        return Believed::NotAnArn;
    }
    let role = |name: &str| context.world.get::<Role>(&format!("{of}/{name}"));
    let found = match (*service, name.split_once('/')) {
        ("iam", None) if *name == "root" => return account(context, of),
        ("iam", Some(("user", "sandbox-administrator"))) => return account(context, of),
        ("iam", Some(("role", path))) => {
            let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
            role(name).is_some_and(|role| role.arn() == text)
        }
        ("sts", Some(("assumed-role", rest))) => {
            rest.split_once('/').is_some_and(|(name, session)| !session.is_empty() && role(name).is_some())
        }
        _ => false,
    };
    if found { Believed::Exists } else { Believed::Unknown }
}

fn account(context: &Context<'_>, id: &str) -> Believed {
    let known = context.caller.account.as_str() == id
        || organizations::knows_account(context.world, id)
        || context.world.below::<Role>(&format!("{id}/")).next().is_some();
    if known { Believed::Exists } else { Believed::Unknown }
}

/// Whether a text has the form of a service principal.
fn is_service(name: &str) -> bool {
    name.strip_suffix(".amazonaws.com").is_some_and(|labels| {
        labels.split('.').all(|label| {
            !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
    })
}

/// The text as AWS keeps it: accounts by the ARN of their root, lists of principals in its own order, its own spacing.
fn stored(text: &str) -> String {
    rewritten(text, &|principal| match AccountId::parse(principal) {
        Ok(account) => format!("arn:{PARTITION}:iam::{account}:root"),
        Err(_) => principal.to_owned(),
    })
}

/// The text as AWS shows it: a role that was deleted since is named by the id it had.
pub(super) fn shown(world: &World, text: &str) -> String {
    rewritten(text, &|principal| {
        let former = || {
            let (account, name) = sts::account_and_role(principal)?;
            let gone = world.get::<Role>(&format!("{account}/{name}")).is_none();
            gone.then(|| sts::role_id(world, &account, name))
        };
        former().unwrap_or_else(|| principal.to_owned())
    })
}

fn rewritten(text: &str, rewrite: &dyn Fn(&str) -> String) -> String {
    let Ok(mut document) = serde_json::from_str::<Value>(text) else { return text.to_owned() };
    let statements = match document.get_mut("Statement") {
        Some(Value::Array(statements)) => statements.iter_mut().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    };
    for statement in statements {
        for element in ["Principal", "NotPrincipal"] {
            if let Some(principals) = statement.get_mut(element).and_then(|named| named.get_mut("AWS")) {
                rewrite_list(principals, rewrite);
            }
        }
    }
    format!("{document:#}")
}

fn rewrite_list(principals: &mut Value, rewrite: &dyn Fn(&str) -> String) {
    match principals {
        Value::String(text) => *text = rewrite(text),
        Value::Array(items) => {
            let mut texts: Vec<String> = items.iter().filter_map(Value::as_str).map(rewrite).collect();
            texts.sort();
            *items = texts.into_iter().map(Value::from).collect();
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => {}
    }
}
