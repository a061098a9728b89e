//! The permissions boundary of a permission set: one of AWS's policies, or one that each account has to have.
//!
//! Source: <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_PutPermissionsBoundaryToPermissionSet.html>

use super::super::{Context, ServiceError};
use super::access::{self, OfSet};
use super::content::{Boundary, PolicyReference};
use super::refusal::{invalid, not_found};
use super::{Done, permission_set};
use serde::{Deserialize, Serialize};

/// A boundary as requests and answers have it: one of the two.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Shape {
    #[serde(skip_serializing_if = "Option::is_none")]
    managed_policy_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_managed_policy_reference: Option<PolicyReference>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Put {
    #[serde(flatten)]
    of: OfSet,
    permissions_boundary: Shape,
}

pub(super) fn put(context: &mut Context<'_>, request: Put) -> Result<Done, ServiceError> {
    let set = access::write(context, &request.of)?;
    let given = request.permissions_boundary;
    let boundary = match (given.managed_policy_arn, given.customer_managed_policy_reference) {
        (Some(arn), None) => Boundary::Managed(arn),
        (None, Some(reference)) => Boundary::Customer(reference),
        _ => {
            return Err(invalid(
                "A permissions boundary is either a ManagedPolicyArn or a CustomerManagedPolicyReference.",
            ));
        }
    };
    let mut content = set.content.clone();
    content.boundary = Some(boundary);
    permission_set::change(context, &set, content);
    Ok(Done {})
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Answer {
    permissions_boundary: Shape,
}

pub(super) fn get(context: &mut Context<'_>, request: OfSet) -> Result<Answer, ServiceError> {
    let set = access::read(context, &request)?;
    let permissions_boundary = match set.content.boundary.clone() {
        Some(Boundary::Managed(arn)) => {
            Shape { managed_policy_arn: Some(arn), customer_managed_policy_reference: None }
        }
        Some(Boundary::Customer(reference)) => {
            Shape { managed_policy_arn: None, customer_managed_policy_reference: Some(reference) }
        }
        None => return Err(not_found("The permission set has no permissions boundary.")),
    };
    Ok(Answer { permissions_boundary })
}

pub(super) fn delete(context: &mut Context<'_>, request: OfSet) -> Result<Done, ServiceError> {
    let set = access::write(context, &request)?;
    if set.content.boundary.is_none() {
        return Err(not_found("The permission set has no permissions boundary."));
    }
    let mut content = set.content.clone();
    content.boundary = None;
    permission_set::change(context, &set, content);
    Ok(Done {})
}
