//! The organization's resource policy, which delegates policy work to member accounts.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_PutResourcePolicy.html>

use super::super::{Context, ServiceError, tagging};
use super::account::Account;
use super::delegation_policy::{Document, Fault};
use super::organization::{Done, Nothing, Organization};
use super::refusal::{invalid, not_all_features};
use super::tag::{self, Tag};
use super::{access, tree};
use crate::world::{Alphabet, Entity};
use glidepath_model::Tags;
use glidepath_model::text::printable;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The resource policy; an organization has at most one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct ResourcePolicy {
    pub(super) id: String,
    pub(super) content: String,
}

impl Entity for ResourcePolicy {
    const TABLE: &'static str = "organizations.resource_policy";

    fn key(&self) -> String {
        self.id.clone()
    }

    fn alias(&self) -> Option<(String, String)> {
        Some((self.id.clone(), "resource policy".to_owned()))
    }
}

impl ResourcePolicy {
    pub(super) fn arn(&self, organization: &Organization) -> String {
        tree::arn(organization, "resourcepolicy", &format!("{}/{}", organization.id, self.id))
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Summary {
    id: String,
    arn: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shape {
    resource_policy_summary: Summary,
    content: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ResourcePolicyAnswer {
    resource_policy: Shape,
}

impl ResourcePolicyAnswer {
    fn of(organization: &Organization, policy: &ResourcePolicy) -> Self {
        let resource_policy_summary = Summary { id: policy.id.clone(), arn: policy.arn(organization) };
        Self { resource_policy: Shape { resource_policy_summary, content: policy.content.clone() } }
    }
}

fn stored(context: &Context<'_>) -> Option<Arc<ResourcePolicy>> {
    context.world.all::<ResourcePolicy>().next()
}

fn not_found() -> ServiceError {
    ServiceError::new("ResourcePolicyNotFoundException", "The organization has no resource policy.")
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Put {
    content: String,
    #[serde(default)]
    tags: Vec<Tag>,
}

pub(super) fn put_resource_policy(
    context: &mut Context<'_>,
    request: Put,
) -> Result<ResourcePolicyAnswer, ServiceError> {
    let organization = access::management_with_all_features(context)?;
    let tags = tag::checked(&request.tags, Tags::new())?;
    let member = |id: &str| context.world.get::<Account>(id).is_some_and(|account| account.parent.is_some());
    Document::read(&request.content)
        .and_then(|document| document.check(&organization.management_id, member))
        .map_err(refuse)?;
    let policy = match stored(context) {
        Some(_) if !request.tags.is_empty() => {
            // AWS: tags are for the creation, "otherwise an exception is thrown", which it does not name.
            return Err(invalid(
                "TARGET_NOT_SUPPORTED",
                "You can't tag a resource policy while updating it.",
            ));
        }
        Some(policy) => ResourcePolicy { id: policy.id.clone(), content: request.content },
        None => {
            let id = context.world.mint("resource policy", &organization.id, Alphabet::LowerAlphanumeric, 10);
            ResourcePolicy { id: format!("rp-{id}"), content: request.content }
        }
    };
    let answer = ResourcePolicyAnswer::of(&organization, &policy);
    if !tags.is_empty() {
        tagging::put_tags(context.world, &policy.arn(&organization), tags);
    }
    context.world.put(policy);
    Ok(answer)
}

fn refuse(fault: Fault) -> ServiceError {
    let (reason, what) = match fault {
        Fault::Json(what) => ("INVALID_RESOURCE_POLICY_JSON", what),
        Fault::Principal(what) => ("INVALID_PRINCIPAL", what),
        Fault::Action(what) => ("UNSUPPORTED_ACTION_IN_RESOURCE_POLICY", what),
        Fault::Resource(what) => ("UNSUPPORTED_RESOURCE_IN_RESOURCE_POLICY", what),
        Fault::PolicyType(what) => ("UNSUPPORTED_POLICY_TYPE_IN_RESOURCE_POLICY", what),
    };
    invalid(reason, format!("The resource policy isn't valid: {}", printable(&what)))
}

pub(super) fn describe_resource_policy(
    context: &mut Context<'_>,
    _: Nothing,
) -> Result<ResourcePolicyAnswer, ServiceError> {
    let organization = access::reader(context, "DescribeResourcePolicy")?;
    if !organization.has_all_features() {
        return Err(not_all_features());
    }
    let policy = stored(context).ok_or_else(not_found)?;
    Ok(ResourcePolicyAnswer::of(&organization, &policy))
}

pub(super) fn delete_resource_policy(context: &mut Context<'_>, _: Nothing) -> Result<Done, ServiceError> {
    let organization = access::management_with_all_features(context)?;
    let policy = stored(context).ok_or_else(not_found)?;
    tagging::forget(context.world, &policy.arn(&organization));
    context.world.delete::<ResourcePolicy>(&policy.id);
    Ok(Done {})
}
