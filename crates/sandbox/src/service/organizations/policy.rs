//! An organization policy, one's own or AWS's.

use super::super::{Context, ServiceError, tagging};
use super::attachment::Attachment;
use super::organization::{Done, Organization};
use super::page::{Items, LOOK_AHEAD, Wanted, page};
use super::refusal::{broken, constraint, invalid, policy_changes_in_progress, policy_not_found};
use super::tag::{self, Tag};
use super::{access, policy_document, root, tally, tree};
use crate::world::{Alphabet, Dumped, Entity, World};
use glidepath_model::limits::Limits;
use glidepath_model::organization::PolicyTypeStatus;
use glidepath_model::{PolicyType, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A policy.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Policy {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) ty: PolicyType,
    pub(super) content: String,
    pub(super) aws_managed: bool,
    pub(super) updated: Timestamp,
}

impl Entity for Policy {
    const TABLE: &'static str = "organizations.policy";
    const DUMPED: Dumped = Dumped::Without(&["updated"]);

    fn key(&self) -> String {
        self.id.clone()
    }

    fn index(&self) -> Vec<(&'static str, String)> {
        vec![("type", self.ty.key().to_owned()), ("name", natural(self.ty, &self.name))]
    }

    fn alias(&self) -> Option<(String, String)> {
        Some((self.id.clone(), format!("policy/{}", natural(self.ty, &self.name))))
    }
}

/// What makes a policy unique: its type and its name.
fn natural(ty: PolicyType, name: &str) -> String {
    format!("{ty}/{name}")
}

impl Policy {
    pub(super) fn arn(&self, organization: &Organization) -> String {
        let ty = self.ty.api_name().to_ascii_lowercase();
        if self.aws_managed {
            tree::aws_policy_arn(&ty, &self.id)
        } else {
            tree::arn(organization, "policy", &format!("{}/{ty}/{}", organization.id, self.id))
        }
    }
}

/// Puts AWS's own policies into a new organization.
pub(super) fn found(world: &mut World) {
    let updated = world.seed().start;
    for ty in PolicyType::ALL.iter().copied() {
        let Some(full) = ty.full_access_policy() else { continue };
        let principal = if ty == PolicyType::Rcp { r#""Principal":"*","# } else { "" };
        let content = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow",{principal}"Action":"*","Resource":"*"}}]}}"#
        );
        let (id, name) = (full.id.to_owned(), full.name.to_owned());
        let description = "Allows access to every operation".to_owned();
        world.put(Policy { id, name, description, ty, content, aws_managed: true, updated });
    }
}

/// The policy type of a request; the shape data has let through only those that exist.
pub(super) fn parse_type(name: &str) -> Result<PolicyType, ServiceError> {
    PolicyType::from_api_name(name)
        .map_err(|_| invalid("INVALID_ENUM_POLICY_TYPE", "You specified an invalid policy type."))
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Summary {
    id: String,
    arn: String,
    name: String,
    description: String,
    #[serde(rename = "Type")]
    ty: &'static str,
    aws_managed: bool,
}

impl Summary {
    pub(super) fn of(organization: &Organization, policy: &Policy) -> Self {
        Self {
            id: policy.id.clone(),
            arn: policy.arn(organization),
            name: policy.name.clone(),
            description: policy.description.clone(),
            ty: policy.ty.api_name(),
            aws_managed: policy.aws_managed,
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shape {
    policy_summary: Summary,
    content: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PolicyAnswer {
    policy: Shape,
}

impl PolicyAnswer {
    fn of(organization: &Organization, policy: &Policy) -> Self {
        let policy_summary = Summary::of(organization, policy);
        Self { policy: Shape { policy_summary, content: policy.content.clone() } }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreatePolicy {
    content: String,
    description: String,
    name: String,
    #[serde(rename = "Type")]
    ty: String,
    #[serde(default)]
    tags: Vec<Tag>,
}

pub(super) fn create_policy(
    context: &mut Context<'_>,
    request: CreatePolicy,
) -> Result<PolicyAnswer, ServiceError> {
    let ty = parse_type(&request.ty)?;
    let organization = access::member(context)?;
    access::writer(context, &organization, "CreatePolicy", &[], Some(ty))?;
    if !organization.has_all_features() {
        return Err(type_not_available());
    }
    let tags = tag::checked(&request.tags, Tags::new())?;
    check_content(ty, &request.content)?;
    refuse_duplicate(context.world, ty, &request.name)?;
    let limit = Limits::published().map_err(broken)?.policy(ty).per_organization;
    if tally::count(context.world, ty.api_name()) >= limit {
        return Err(constraint(
            "POLICY_NUMBER_LIMIT_EXCEEDED",
            "You have exceeded the allowed number of policies.",
        ));
    }
    let natural = natural(ty, &request.name);
    let id = format!("p-{}", context.world.mint("policy", &natural, Alphabet::LowerAlphanumeric, 10));
    let CreatePolicy { content, description, name, .. } = request;
    let policy = Policy { id, name, description, ty, content, aws_managed: false, updated: context.now };
    let answer = PolicyAnswer::of(&organization, &policy);
    tagging::put_tags(context.world, &policy.arn(&organization), tags);
    tally::add(context.world, ty.api_name());
    context.world.put(policy);
    Ok(answer)
}

/// The refusal of a policy type in an organization that has only consolidated billing.
pub(super) fn type_not_available() -> ServiceError {
    ServiceError::new(
        "PolicyTypeNotAvailableForOrganizationException",
        "The policy type isn't available in an organization without all features.",
    )
}

fn check_content(ty: PolicyType, content: &str) -> Result<(), ServiceError> {
    if content.chars().count() as u64 > Limits::published().map_err(broken)?.policy(ty).size {
        return Err(constraint(
            "POLICY_CONTENT_LIMIT_EXCEEDED",
            "The policy is larger than the maximum size.",
        ));
    }
    policy_document::check(ty, content).map_err(|fault| {
        ServiceError::new(
            "MalformedPolicyDocumentException",
            format!("The provided policy document does not meet the requirements of the specified policy type: {fault}"),
        )
    })
}

fn refuse_duplicate(world: &World, ty: PolicyType, name: &str) -> Result<(), ServiceError> {
    match world.by::<Policy>("name", &natural(ty, name)).next() {
        None => Ok(()),
        Some(_) => Err(ServiceError::new(
            "DuplicatePolicyException",
            "A policy with the same name and type already exists.",
        )),
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdatePolicy {
    policy_id: String,
    name: Option<String>,
    description: Option<String>,
    content: Option<String>,
}

pub(super) fn update_policy(
    context: &mut Context<'_>,
    request: UpdatePolicy,
) -> Result<PolicyAnswer, ServiceError> {
    let organization = access::may_ask(context, "UpdatePolicy")?;
    let mut policy = Policy::clone(&*own(context, &organization, "UpdatePolicy", &request.policy_id)?);
    if root::policy_type(context.world, policy.ty) == Some(PolicyTypeStatus::PendingDisable) {
        return Err(policy_changes_in_progress());
    }
    if let Some(content) = request.content {
        check_content(policy.ty, &content)?;
        policy.content = content;
    }
    if let Some(name) = request.name.filter(|name| *name != policy.name) {
        refuse_duplicate(context.world, policy.ty, &name)?;
        policy.name = name;
    }
    policy.description = request.description.unwrap_or(policy.description);
    policy.updated = context.now;
    let answer = PolicyAnswer::of(&organization, &policy);
    context.world.put(policy);
    Ok(answer)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct NamedPolicy {
    policy_id: String,
}

pub(super) fn delete_policy(context: &mut Context<'_>, request: NamedPolicy) -> Result<Done, ServiceError> {
    let organization = access::may_ask(context, "DeletePolicy")?;
    let policy = own(context, &organization, "DeletePolicy", &request.policy_id)?;
    if context.world.by::<Attachment>("policy", &policy.id).next().is_some() {
        return Err(ServiceError::new(
            "PolicyInUseException",
            "The policy is attached to one or more entities. Detach it from all of them first.",
        ));
    }
    tagging::forget(context.world, &policy.arn(&organization));
    tally::take(context.world, policy.ty.api_name());
    context.world.delete::<Policy>(&policy.id);
    Ok(Done {})
}

/// A policy that the caller may change.
fn own(
    context: &Context<'_>,
    organization: &Organization,
    operation: &str,
    id: &str,
) -> Result<Arc<Policy>, ServiceError> {
    let policy = context.world.get::<Policy>(id).ok_or_else(policy_not_found)?;
    access::writer(context, organization, operation, &[policy.arn(organization)], Some(policy.ty))?;
    if policy.aws_managed {
        return Err(invalid("IMMUTABLE_POLICY", "You can't change a policy that is managed by AWS."));
    }
    Ok(policy)
}

pub(super) fn describe_policy(
    context: &mut Context<'_>,
    request: NamedPolicy,
) -> Result<PolicyAnswer, ServiceError> {
    let organization = access::reader(context, "DescribePolicy")?;
    let policy = context.world.get::<Policy>(&request.policy_id).ok_or_else(policy_not_found)?;
    Ok(PolicyAnswer::of(&organization, &policy))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListPolicies {
    filter: String,
    next_token: Option<String>,
    max_results: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Policies {
    pub(super) policies: Vec<Summary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next_token: Option<String>,
}

pub(super) fn list_policies(
    context: &mut Context<'_>,
    request: ListPolicies,
) -> Result<Policies, ServiceError> {
    let organization = access::reader(context, "ListPolicies")?;
    let ty = parse_type(&request.filter)?;
    let wanted = Wanted {
        listing: format!("ListPolicies/{ty}"),
        token: request.next_token.as_deref(),
        size: request.max_results,
    };
    let page = page(context.world, &wanted, |world, after| -> Items<'_, _> {
        let found: Vec<_> =
            world.by_after::<Policy>("type", ty.key(), after.as_deref()).take(LOOK_AHEAD).collect();
        Box::new(found.into_iter().map(|policy| (policy.key(), policy)))
    })?;
    let page = page.map(|policy| Summary::of(&organization, &policy));
    Ok(Policies { policies: page.items, next_token: page.next })
}
