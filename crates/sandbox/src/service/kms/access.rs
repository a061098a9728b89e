//! Which key a request names, and whether the caller may do to it what it asks.
//!
//! A key's policy has to allow every use of the key, also to its own account. What identities may do is not limited
//! here: a caller that the key's policy lets in, by its account or by name, is let through. A grant lets its grantee
//! in without the policy. A caller of another account needs both, and can use a few operations only.
//!
//! Sources: <https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html>,
//! <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html>

use super::super::sts::Role;
use super::super::{Context, Principal, ServiceError, organizations, tagging};
use super::alias::{self, Alias};
use super::grant;
use super::key::{self, Key, PARTITION};
use super::refusal::{access_denied, invalid_arn, not_found};
use glidepath_iam::context::Context as Keys;
use glidepath_iam::decision::Outcome;
use glidepath_iam::document::{Document, Effect, Scope, Statement};
use glidepath_iam::evaluate::Layers;
use glidepath_iam::request::{self, Request, Resource};
use glidepath_iam::statement::Policy;
use glidepath_model::AccountId;
use std::sync::Arc;

/// In which ways an operation takes a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Given {
    /// By id or ARN, in the caller's own account.
    Id,
    /// By id or ARN, in any account.
    IdAcross,
    /// By id, ARN or alias, in any account.
    AliasAcross,
}

/// A reference to a key, read.
enum Reference<'a> {
    Id(&'a str),
    Alias(&'a str),
    Arn { account: AccountId, region: &'a str, name: &'a str, is_alias: bool },
}

/// The key that a request names, when the caller may call this operation on it.
///
/// A stranger is not told whether a key exists: it is refused alike.
pub(super) fn key(
    context: &Context<'_>,
    named: &str,
    given: Given,
    operation: &str,
) -> Result<Arc<Key>, ServiceError> {
    let key = find(context, named, given, operation)?;
    if may(context, &key, operation) { Ok(key) } else { Err(denied(context, &key, operation)) }
}

/// The refusal to do something to a key that the caller knows of.
pub(super) fn denied(context: &Context<'_>, key: &Key, operation: &str) -> ServiceError {
    let why = if key.account == context.caller.account {
        "no resource-based policy allows it, or one explicitly denies it"
    } else {
        STRANGER
    };
    access_denied(&context.caller.arn(), operation, why)
}

const STRANGER: &str = "the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access";

/// The key that a request names, whether or not the caller may use it.
pub(super) fn find(
    context: &Context<'_>,
    named: &str,
    given: Given,
    operation: &str,
) -> Result<Arc<Key>, ServiceError> {
    let stranger = || access_denied(&context.caller.arn(), operation, STRANGER);
    match read(named)? {
        Reference::Id(id) if is_key_id(id) => key::own(context, id),
        Reference::Id(id) => Err(not_found(format!("Invalid keyId '{id}'"))),
        Reference::Alias(name) if given == Given::AliasAcross => {
            aliased(context, &context.caller.account, name)
        }
        Reference::Alias(name) => Err(not_found(format!("Invalid keyId '{name}'"))),
        Reference::Arn { is_alias: true, .. } if given != Given::AliasAcross => {
            Err(invalid_arn(format!("{named} is not the ARN of a key")))
        }
        Reference::Arn { region, .. } if region != context.region => {
            Err(not_found(format!("Invalid arn {region}")))
        }
        Reference::Arn { account, .. } if account != context.caller.account && given == Given::Id => {
            Err(stranger())
        }
        Reference::Arn { account, region, name, is_alias } => {
            let found = if is_alias {
                aliased(context, &account, name)
            } else {
                context
                    .world
                    .get::<Key>(&key::row(&account, region, name))
                    .ok_or_else(|| not_found(format!("Key '{named}' does not exist")))
            };
            if account == context.caller.account { found } else { found.map_err(|_| stranger()) }
        }
    }
}

fn read(named: &str) -> Result<Reference<'_>, ServiceError> {
    if !named.starts_with("arn:") {
        let alias = named.starts_with("alias/");
        return Ok(if alias { Reference::Alias(named) } else { Reference::Id(named) });
    }
    let wrong = || invalid_arn(format!("{named} is not a valid ARN of a key"));
    let parts: Vec<&str> = named.splitn(6, ':').collect();
    let ["arn", partition, "kms", region, account, resource] = parts.as_slice() else { return Err(wrong()) };
    let account = AccountId::parse(account).map_err(|_| wrong())?;
    if *partition != PARTITION || region.is_empty() {
        return Err(wrong());
    }
    match resource.split_once('/') {
        Some(("alias", _)) => Ok(Reference::Arn { account, region, name: resource, is_alias: true }),
        Some(("key", id)) if is_key_id(id) => {
            Ok(Reference::Arn { account, region, name: id, is_alias: false })
        }
        _ => Err(wrong()),
    }
}

/// Whether a text has the form of a key id: a UUID, or `mrk-` and 32 hexadecimal digits.
fn is_key_id(text: &str) -> bool {
    let hexadecimal = |part: &str, length: usize| {
        part.len() == length
            && part.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    match text.strip_prefix("mrk-") {
        Some(rest) => hexadecimal(rest, 32),
        None => {
            let parts: Vec<&str> = text.split('-').collect();
            parts.len() == 5
                && parts.iter().zip([8, 4, 4, 4, 12]).all(|(part, length)| hexadecimal(part, length))
        }
    }
}

fn aliased(context: &Context<'_>, account: &AccountId, name: &str) -> Result<Arc<Key>, ServiceError> {
    let alias = context.world.get::<Alias>(&alias::row(account, context.region, name));
    let key =
        alias.and_then(|alias| context.world.get::<Key>(&key::row(account, context.region, &alias.target)));
    let arn = alias::arn(account, context.region, name);
    key.ok_or_else(|| not_found(format!("Alias {arn} is not found.")))
}

/// Whether the caller may call this operation on a key, by its policy or by a grant.
pub(super) fn may(context: &Context<'_>, key: &Key, operation: &str) -> bool {
    let by_policy = super::policy_document::parsed(&key.policy)
        .is_some_and(|document| allows(context, key, &document, operation));
    by_policy || grant::allows(context, key, operation)
}

/// Whether a policy lets the caller call this operation on a key that has it.
pub(super) fn allows(context: &Context<'_>, key: &Key, document: &Document, operation: &str) -> bool {
    let Some(principal) = principal(context) else { return false };
    let mut keys = Keys::new();
    keys.set("kms:CallerAccount", context.caller.account.as_str());
    keys.set("kms:KeyUsage", serde_json::to_value(key.usage).ok().and_then(text).unwrap_or_default());
    keys.set("kms:KeySpec", key.spec.0.clone());
    keys.set("aws:RequestedRegion", context.region);
    if let Some(organization) = organizations::organization_of(context.world, &context.caller.account) {
        keys.set("aws:PrincipalOrgID", organization);
    }
    for (name, value) in tagging::tags_of(context.world, &key.arn()) {
        keys.set(&format!("aws:ResourceTag/{name}"), value);
    }
    let account = Some(key.account.to_string());
    let action = format!("kms:{operation}");
    let Ok(request) = Request::new(principal, &action, Resource::Arn(key.arn()), account, keys) else {
        return false;
    };
    let layers = Layers {
        identity: vec![everything()],
        resource: Some(Policy::new("key policy", document)),
        ..Layers::default()
    };
    layers.outcome(&request) == Outcome::Allowed
}

fn text(value: serde_json::Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// The caller as policies name it: a session by the ARN of its role, path included.
fn principal(context: &Context<'_>) -> Option<request::Principal> {
    request::Principal::parse(&identity_arn(context)?).ok()
}

/// The ARN of the user or role behind the caller; none if its role is gone.
pub(super) fn identity_arn(context: &Context<'_>) -> Option<String> {
    match &context.caller.principal {
        Principal::Administrator => Some(context.caller.arn()),
        Principal::Anonymous => None,
        Principal::Session { role, .. } => {
            let role = context.world.get::<Role>(&format!("{}/{role}", context.caller.account))?;
            Some(role.arn())
        }
    }
}

/// What every identity of the sandbox may do.
fn everything() -> Policy {
    let all = || Scope::Only(vec!["*".to_owned()]);
    let statement = Statement {
        sid: None,
        effect: Effect::Allow,
        principals: None,
        actions: all(),
        resources: Some(all()),
        conditions: Vec::new(),
    };
    Policy::new("everything", &Document { version: None, id: None, statements: vec![statement] })
}
