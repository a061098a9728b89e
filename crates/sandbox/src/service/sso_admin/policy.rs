//! Managed policies of a permission set: AWS's by ARN, customers' by name and path.
//!
//! Which policies AWS has is not known here: an ARN of the right form is taken.
//!
//! Source: <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_AttachManagedPolicyToPermissionSet.html>

use super::super::listing::Page;
use super::super::{Context, ServiceError};
use super::access::{self, OfSet};
use super::content::{Content, PolicyReference};
use super::refusal::{conflict, not_found, page, quota_exceeded};
use super::{Done, permission_set};
use serde::{Deserialize, Serialize};

/// Managed policies of a set, AWS's and customers' together.
///
/// Source: <https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html>
const MOST: usize = 25;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Managed {
    #[serde(flatten)]
    of: OfSet,
    managed_policy_arn: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Customer {
    #[serde(flatten)]
    of: OfSet,
    customer_managed_policy_reference: PolicyReference,
}

/// Adds to a set's content what `insert` adds to it.
fn attach(
    context: &mut Context<'_>,
    of: &OfSet,
    insert: impl FnOnce(&mut Content) -> bool,
) -> Result<Done, ServiceError> {
    let set = access::write(context, of)?;
    let mut content = set.content.clone();
    if !insert(&mut content) {
        return Err(conflict("The policy is already attached to the permission set."));
    }
    if content.attached() > MOST {
        return Err(quota_exceeded(format!("A permission set has at most {MOST} managed policies.")));
    }
    permission_set::change(context, &set, content);
    Ok(Done {})
}

/// Takes from a set's content what `remove` takes.
fn detach(
    context: &mut Context<'_>,
    of: &OfSet,
    remove: impl FnOnce(&mut Content) -> bool,
) -> Result<Done, ServiceError> {
    let set = access::write(context, of)?;
    let mut content = set.content.clone();
    if !remove(&mut content) {
        return Err(not_found("The policy is not attached to the permission set."));
    }
    permission_set::change(context, &set, content);
    Ok(Done {})
}

pub(super) fn attach_managed(context: &mut Context<'_>, request: Managed) -> Result<Done, ServiceError> {
    attach(context, &request.of, |content| content.managed.insert(request.managed_policy_arn))
}

pub(super) fn detach_managed(context: &mut Context<'_>, request: Managed) -> Result<Done, ServiceError> {
    detach(context, &request.of, |content| content.managed.remove(&request.managed_policy_arn))
}

pub(super) fn attach_customer_managed(
    context: &mut Context<'_>,
    request: Customer,
) -> Result<Done, ServiceError> {
    attach(context, &request.of, |content| content.customer.insert(request.customer_managed_policy_reference))
}

pub(super) fn detach_customer_managed(
    context: &mut Context<'_>,
    request: Customer,
) -> Result<Done, ServiceError> {
    detach(context, &request.of, |content| {
        content.customer.remove(&request.customer_managed_policy_reference)
    })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    #[serde(flatten)]
    of: OfSet,
    next_token: Option<String>,
    max_results: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ManagedPolicies {
    attached_managed_policies: Vec<Attached>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Attached {
    name: String,
    arn: String,
}

pub(super) fn list_managed(
    context: &mut Context<'_>,
    request: List,
) -> Result<ManagedPolicies, ServiceError> {
    let set = access::read(context, &request.of)?;
    let found = set.content.managed.iter().map(|arn| {
        let name = arn.rsplit('/').next().unwrap_or(arn).to_owned();
        (arn.clone(), Attached { name, arn: arn.clone() })
    });
    let listing = format!("ListManagedPolicies/{}", set.arn());
    let asked = (request.next_token.as_deref(), request.max_results);
    let Page { items, next } = page(context, listing, asked, found)?;
    Ok(ManagedPolicies { attached_managed_policies: items, next_token: next })
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CustomerPolicies {
    customer_managed_policy_references: Vec<PolicyReference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn list_customer_managed(
    context: &mut Context<'_>,
    request: List,
) -> Result<CustomerPolicies, ServiceError> {
    let set = access::read(context, &request.of)?;
    let found = set.content.customer.iter().map(|one| (format!("{}/{}", one.name, one.path), one.clone()));
    // Keys that end in a path are in another order than references are.
    let mut found: Vec<_> = found.collect();
    found.sort();
    let listing = format!("ListCustomerManagedPolicies/{}", set.arn());
    let asked = (request.next_token.as_deref(), request.max_results);
    let Page { items, next } = page(context, listing, asked, found.into_iter())?;
    Ok(CustomerPolicies { customer_managed_policy_references: items, next_token: next })
}
