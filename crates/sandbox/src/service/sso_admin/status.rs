//! How requests stand, told one by one and listed.

use super::super::listing::Page;
use super::super::{Context, EpochSeconds, ServiceError};
use super::access;
use super::assignment::Principal;
use super::permission_set::PermissionSet;
use super::refusal::{not_found, page};
use super::request::{self, Kind, Request, Status};
use crate::world::World;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The status of a request about an assignment.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfAssignment {
    status: Status,
    request_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_id: Option<String>,
    target_type: &'static str,
    permission_set_arn: String,
    #[serde(flatten)]
    principal: Option<Principal>,
    created_date: EpochSeconds,
}

impl OfAssignment {
    pub(super) fn of(request: &Request, set_arn: &str) -> Self {
        Self {
            status: request.status,
            request_id: request.id.clone(),
            failure_reason: request.reason.clone(),
            target_id: request.account.clone(),
            target_type: "AWS_ACCOUNT",
            permission_set_arn: set_arn.to_owned(),
            principal: request.principal.clone(),
            created_date: EpochSeconds(request.created),
        }
    }
}

/// The status of a request to provision a set.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfProvisioning {
    status: Status,
    request_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<String>,
    permission_set_arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_reason: Option<String>,
    created_date: EpochSeconds,
}

impl OfProvisioning {
    pub(super) fn of(request: &Request, set_arn: &str) -> Self {
        Self {
            status: request.status,
            request_id: request.id.clone(),
            account_id: request.account.clone(),
            permission_set_arn: set_arn.to_owned(),
            failure_reason: request.reason.clone(),
            created_date: EpochSeconds(request.created),
        }
    }
}

/// The ARN of a request's permission set. One that is deleted has had no request in progress and keeps its id.
fn set_arn(world: &World, instance_arn: &str, request: &Request) -> String {
    match world.get::<PermissionSet>(&request.set) {
        Some(set) => set.arn(),
        None => {
            let instance = instance_arn.rsplit('/').next().unwrap_or_default();
            format!("arn:aws:sso:::permissionSet/{instance}/{}", request.set)
        }
    }
}

fn find(
    context: &Context<'_>,
    instance_arn: &str,
    kind: Kind,
    id: &str,
) -> Result<(Arc<Request>, String), ServiceError> {
    access::instance(context, instance_arn)?;
    let request = context.world.get::<Request>(&request::row(kind, id));
    let request = request.ok_or_else(|| not_found(format!("Could not find request {id}.")))?;
    let arn = set_arn(context.world, instance_arn, &request);
    Ok((request, arn))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfCreation {
    instance_arn: String,
    account_assignment_creation_request_id: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Creation {
    account_assignment_creation_status: OfAssignment,
}

pub(super) fn describe_creation(
    context: &mut Context<'_>,
    asked: OfCreation,
) -> Result<Creation, ServiceError> {
    let id = &asked.account_assignment_creation_request_id;
    let (request, arn) = find(context, &asked.instance_arn, Kind::Creation, id)?;
    Ok(Creation { account_assignment_creation_status: OfAssignment::of(&request, &arn) })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfDeletion {
    instance_arn: String,
    account_assignment_deletion_request_id: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Deletion {
    account_assignment_deletion_status: OfAssignment,
}

pub(super) fn describe_deletion(
    context: &mut Context<'_>,
    asked: OfDeletion,
) -> Result<Deletion, ServiceError> {
    let id = &asked.account_assignment_deletion_request_id;
    let (request, arn) = find(context, &asked.instance_arn, Kind::Deletion, id)?;
    Ok(Deletion { account_assignment_deletion_status: OfAssignment::of(&request, &arn) })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfProvision {
    instance_arn: String,
    provision_permission_set_request_id: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Provisioning {
    permission_set_provisioning_status: OfProvisioning,
}

pub(super) fn describe_provisioning(
    context: &mut Context<'_>,
    asked: OfProvision,
) -> Result<Provisioning, ServiceError> {
    let id = &asked.provision_permission_set_request_id;
    let (request, arn) = find(context, &asked.instance_arn, Kind::Provisioning, id)?;
    Ok(Provisioning { permission_set_provisioning_status: OfProvisioning::of(&request, &arn) })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Filter {
    status: Option<Status>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    instance_arn: String,
    filter: Option<Filter>,
    next_token: Option<String>,
    max_results: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Row {
    status: Status,
    request_id: String,
    created_date: EpochSeconds,
}

fn list(context: &Context<'_>, asked: &List, kind: Kind) -> Result<Page<Row>, ServiceError> {
    access::instance(context, &asked.instance_arn)?;
    let wanted = asked.filter.as_ref().and_then(|filter| filter.status);
    let prefix = request::prefix(kind);
    let found = context.world.below::<Request>(&prefix);
    let found = found.filter(|request| wanted.is_none_or(|wanted| wanted == request.status)).map(|request| {
        let row = Row {
            status: request.status,
            request_id: request.id.clone(),
            created_date: EpochSeconds(request.created),
        };
        (request.id.clone(), row)
    });
    let listing = format!("requests/{prefix}{wanted:?}");
    page(context, listing, (asked.next_token.as_deref(), asked.max_results), found)
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Creations {
    account_assignments_creation_status: Vec<Row>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn list_creations(context: &mut Context<'_>, asked: List) -> Result<Creations, ServiceError> {
    let Page { items, next } = list(context, &asked, Kind::Creation)?;
    Ok(Creations { account_assignments_creation_status: items, next_token: next })
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Deletions {
    account_assignments_deletion_status: Vec<Row>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn list_deletions(context: &mut Context<'_>, asked: List) -> Result<Deletions, ServiceError> {
    let Page { items, next } = list(context, &asked, Kind::Deletion)?;
    Ok(Deletions { account_assignments_deletion_status: items, next_token: next })
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Provisionings {
    permission_sets_provisioning_status: Vec<Row>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn list_provisionings(
    context: &mut Context<'_>,
    asked: List,
) -> Result<Provisionings, ServiceError> {
    let Page { items, next } = list(context, &asked, Kind::Provisioning)?;
    Ok(Provisionings { permission_sets_provisioning_status: items, next_token: next })
}
