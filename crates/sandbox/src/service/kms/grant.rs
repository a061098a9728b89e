//! A grant: a principal's right to some operations on one key, beside the key's policy.
//!
//! How many grants a key has is not bounded here.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/grants.html>

use super::super::{Context, EpochSeconds, ServiceError};
use super::Done;
use super::access::{self, Given};
use super::key::{self, Key, State};
use super::key_spec;
use super::page::{Wanted, page};
use super::policy_document;
use super::refusal::{invalid, invalid_arn, not_found};
use crate::world::{Alphabet, Dumped, Entity};
use glidepath_model::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// A grant on a key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Grant {
    account: AccountId,
    region: String,
    key_id: String,
    id: String,
    token: String,
    /// What it is called in a canonical dump.
    natural: String,
    name: Option<String>,
    grantee: Grantee,
    retiring: Option<Grantee>,
    issuer: AccountId,
    operations: Vec<String>,
    constraints: Option<Value>,
    created: Timestamp,
}

/// Whom a grant is for, or who may give it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Grantee {
    Principal(String),
    Service(String),
}

impl Grantee {
    fn principal(&self) -> Option<&str> {
        match self {
            Self::Principal(arn) => Some(arn),
            Self::Service(_) => None,
        }
    }

    fn service(&self) -> Option<&str> {
        match self {
            Self::Service(name) => Some(name),
            Self::Principal(_) => None,
        }
    }
}

impl Entity for Grant {
    const TABLE: &'static str = "kms.grant";
    const DUMPED: Dumped = Dumped::Without(&["token", "created"]);

    fn key(&self) -> String {
        format!("{}/{}", key::row(&self.account, &self.region, &self.key_id), self.id)
    }

    fn index(&self) -> Vec<(&'static str, String)> {
        vec![("token", self.token.clone())]
    }

    fn alias(&self) -> Option<(String, String)> {
        Some((self.id.clone(), format!("grant/{}", self.natural)))
    }
}

impl Grant {
    fn key_arn(&self) -> String {
        key::arn(&self.account, &self.region, &self.key_id)
    }

    fn is_for(&self, context: &Context<'_>, grantee: &Grantee) -> bool {
        let Some(named) = grantee.principal() else { return false };
        let root = format!("arn:{}:iam::{}:root", key::PARTITION, context.caller.account);
        named == root
            || named == context.caller.arn()
            || access::identity_arn(context).is_some_and(|own| own == named)
    }
}

/// Whether some grant lets the caller call this operation on a key.
pub(super) fn allows(context: &Context<'_>, key: &Key, operation: &str) -> bool {
    of(context, key).into_iter().any(|grant| {
        grant.operations.iter().any(|granted| granted == operation) && grant.is_for(context, &grant.grantee)
    })
}

fn of(context: &Context<'_>, key: &Key) -> Vec<Arc<Grant>> {
    context.world.below::<Grant>(&format!("{}/", key.key())).collect()
}

/// The last answer of a request that would have succeeded and asked not to.
fn dry_run(asked: Option<bool>) -> Result<(), ServiceError> {
    if asked == Some(true) {
        let message = "The request would have succeeded, but the DryRun option is set.";
        return Err(ServiceError::new("DryRunOperationException", message));
    }
    Ok(())
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateGrant {
    key_id: String,
    grantee_principal: Option<String>,
    grantee_service_principal: Option<String>,
    retiring_principal: Option<String>,
    retiring_service_principal: Option<String>,
    operations: Vec<String>,
    constraints: Option<Value>,
    #[serde(default)]
    grant_tokens: Vec<String>,
    name: Option<String>,
    dry_run: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GrantAnswer {
    grant_token: String,
    grant_id: String,
}

pub(super) fn create_grant(
    context: &mut Context<'_>,
    request: CreateGrant,
) -> Result<GrantAnswer, ServiceError> {
    let key = access::key(context, &request.key_id, Given::IdAcross, "CreateGrant")?;
    for token in &request.grant_tokens {
        if context.world.by::<Grant>("token", token).next().is_none() {
            return Err(invalid_token());
        }
    }
    key.refuse_in(&State::UNUSABLE)?;
    let grantee = grantee(context, request.grantee_principal, request.grantee_service_principal)?
        .ok_or_else(|| invalid("A grant needs a GranteePrincipal or a GranteeServicePrincipal."))?;
    let retiring = self::grantee(context, request.retiring_principal, request.retiring_service_principal)?;
    if request.operations.is_empty() {
        return Err(invalid("A grant needs at least one operation."));
    }
    let wrong = |operation: &&String| !key_spec::grantable(&key.spec, key.usage, operation);
    if let Some(operation) = request.operations.iter().find(wrong) {
        return Err(invalid(format!("{operation} is not supported for this key.")));
    }
    if request.constraints.is_some() && !key.spec.is_symmetric() {
        return Err(invalid("Only grants on symmetric encryption keys can have constraints."));
    }
    dry_run(request.dry_run)?;
    let same = |grant: &Arc<Grant>| {
        grant.grantee == grantee
            && grant.retiring == retiring
            && grant.operations == request.operations
            && grant.constraints == request.constraints
            && grant.name == request.name
            && grant.name.is_some()
    };
    // A request that is repeated under its name gets the grant it made.
    if let Some(grant) = of(context, &key).iter().find(|grant| same(grant)) {
        return Ok(GrantAnswer { grant_token: grant.token.clone(), grant_id: grant.id.clone() });
    }
    let who = grantee.principal().or_else(|| grantee.service()).unwrap_or_default();
    let label = request.name.as_deref().unwrap_or(who);
    let natural = format!("{}/{label}#{}", key.natural, of(context, &key).len() + 1);
    let id = context.world.mint("grant", &natural, Alphabet::Hexadecimal, 64);
    let token = context.world.derive(&format!("grant token/{id}"), Alphabet::LowerAlphanumeric, 80);
    let grant = Grant {
        account: key.account.clone(),
        region: key.region.clone(),
        key_id: key.id.clone(),
        id: id.clone(),
        token: token.clone(),
        natural,
        name: request.name,
        grantee,
        retiring,
        issuer: context.caller.account.clone(),
        operations: request.operations,
        constraints: request.constraints,
        created: context.now,
    };
    context.world.put(grant);
    Ok(GrantAnswer { grant_token: token, grant_id: id })
}

fn invalid_token() -> ServiceError {
    ServiceError::new("InvalidGrantTokenException", "The grant token is not valid.")
}

fn grantee(
    context: &Context<'_>,
    principal: Option<String>,
    service: Option<String>,
) -> Result<Option<Grantee>, ServiceError> {
    match (principal, service) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(invalid("A principal and a service principal cannot be given together.")),
        (None, Some(name)) => Ok(Some(Grantee::Service(name))),
        (Some(arn), None) if policy_document::exists(context, &arn) => Ok(Some(Grantee::Principal(arn))),
        (Some(_), None) => Err(invalid_arn("ARN does not refer to a valid principal")),
    }
}

/// Whether a text has the form of a grant's id.
fn check_id(id: &str) -> Result<(), ServiceError> {
    if id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(());
    }
    Err(ServiceError::new("InvalidGrantIdException", "The grant id is not valid."))
}

fn on_key(context: &Context<'_>, key: &Key, id: &str) -> Result<Arc<Grant>, ServiceError> {
    check_id(id)?;
    context
        .world
        .get::<Grant>(&format!("{}/{id}", key.key()))
        .ok_or_else(|| not_found(format!("Grant ID {id} not found")))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RevokeGrant {
    key_id: String,
    grant_id: String,
    dry_run: Option<bool>,
}

pub(super) fn revoke_grant(context: &mut Context<'_>, request: RevokeGrant) -> Result<Done, ServiceError> {
    let key = access::key(context, &request.key_id, Given::IdAcross, "RevokeGrant")?;
    key.refuse_in(&State::UNSETTLED)?;
    let grant = on_key(context, &key, &request.grant_id)?;
    dry_run(request.dry_run)?;
    context.world.delete::<Grant>(&grant.key());
    Ok(Done {})
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RetireGrant {
    grant_token: Option<String>,
    key_id: Option<String>,
    grant_id: Option<String>,
    dry_run: Option<bool>,
}

pub(super) fn retire_grant(context: &mut Context<'_>, request: RetireGrant) -> Result<Done, ServiceError> {
    let (key, grant) = match (&request.grant_token, &request.key_id, &request.grant_id) {
        (Some(token), None, None) => {
            let grant = context.world.by::<Grant>("token", token).next().ok_or_else(invalid_token)?;
            let key = access::find(context, &grant.key_arn(), Given::IdAcross, "RetireGrant")?;
            (key, Some(grant))
        }
        (None, Some(named), Some(_)) if !named.starts_with("arn:") => {
            return Err(invalid_arn("RetireGrant takes the ARN of a key, not its id."));
        }
        (None, Some(named), Some(_)) => (access::find(context, named, Given::IdAcross, "RetireGrant")?, None),
        _ => {
            return Err(invalid(
                "RetireGrant takes either a grant token, or the ARN of a key and a grant id.",
            ));
        }
    };
    key.refuse_in(&State::UNSETTLED)?;
    let grant = match (grant, &request.grant_id) {
        (Some(grant), _) => grant,
        (None, id) => on_key(context, &key, id.as_deref().unwrap_or_default())?,
    };
    let may = grant.retiring.as_ref().is_some_and(|who| grant.is_for(context, who))
        || (grant.operations.iter().any(|operation| operation == "RetireGrant")
            && grant.is_for(context, &grant.grantee))
        || access::may(context, &key, "RetireGrant");
    if !may {
        return Err(access::denied(context, &key, "RetireGrant"));
    }
    dry_run(request.dry_run)?;
    context.world.delete::<Grant>(&grant.key());
    Ok(Done {})
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListGrants {
    limit: Option<u64>,
    marker: Option<String>,
    key_id: String,
    grant_id: Option<String>,
    grantee_principal: Option<String>,
    grantee_service_principal: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GrantsAnswer {
    grants: Vec<Entry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_marker: Option<String>,
    truncated: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    key_id: String,
    grant_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    creation_date: EpochSeconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    grantee_principal: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retiring_principal: Option<String>,
    issuing_account: String,
    operations: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    constraints: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grantee_service_principal: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retiring_service_principal: Option<String>,
}

impl Entry {
    fn of(grant: &Grant) -> Self {
        let retiring = grant.retiring.as_ref();
        Self {
            key_id: grant.key_arn(),
            grant_id: grant.id.clone(),
            name: grant.name.clone(),
            creation_date: EpochSeconds(grant.created),
            grantee_principal: grant.grantee.principal().map(str::to_owned),
            retiring_principal: retiring.and_then(Grantee::principal).map(str::to_owned),
            issuing_account: format!("arn:{}:iam::{}:root", key::PARTITION, grant.issuer),
            operations: grant.operations.clone(),
            constraints: grant.constraints.clone(),
            grantee_service_principal: grant.grantee.service().map(str::to_owned),
            retiring_service_principal: retiring.and_then(Grantee::service).map(str::to_owned),
        }
    }
}

pub(super) fn list_grants(
    context: &mut Context<'_>,
    request: ListGrants,
) -> Result<GrantsAnswer, ServiceError> {
    let key = access::key(context, &request.key_id, Given::IdAcross, "ListGrants")?;
    if let Some(id) = &request.grant_id {
        check_id(id)?;
    }
    let is_wanted = |grant: &Arc<Grant>| {
        let same = |wanted: &Option<String>, held: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| held == Some(wanted))
        };
        same(&request.grant_id, Some(&grant.id))
            && same(&request.grantee_principal, grant.grantee.principal())
            && same(&request.grantee_service_principal, grant.grantee.service())
    };
    let asked = [&request.grant_id, &request.grantee_principal, &request.grantee_service_principal];
    let wanted = Wanted {
        listing: format!("ListGrants/{}/{asked:?}", key.arn()),
        marker: request.marker.as_deref(),
        limit: request.limit,
        usual: 50,
        most: 100,
    };
    let grants = of(context, &key).into_iter().filter(is_wanted).map(|grant| (grant.id.clone(), grant));
    let page = page(context.world, &wanted, grants)?;
    Ok(GrantsAnswer {
        grants: page.items.iter().map(|grant| Entry::of(grant)).collect(),
        truncated: page.next.is_some(),
        next_marker: page.next,
    })
}
