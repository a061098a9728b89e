//! The internet gateway of the default VPC, described, detached and deleted.
//!
//! Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachInternetGateway.html>

use super::super::listing::Page;
use super::super::{Context, ServiceError};
use super::Done;
use super::default_vpc::{self, Gateway};
use super::filter::Asked;
use super::network_interface::NetworkInterface;
use super::refusal::{in_use, not_found, refuse_dry_run};
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Describe {
    #[serde(default)]
    internet_gateway_ids: Vec<String>,
    #[serde(flatten)]
    asked: Asked,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Gateways {
    internet_gateways: Vec<Shape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shape {
    internet_gateway_id: String,
    owner_id: String,
    attachments: Vec<Attachment>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Attachment {
    /// AWS says `available` of a gateway that is attached; its model has no such value.
    state: &'static str,
    vpc_id: String,
}

/// EC2's code for a gateway that is not there.
const NOT_FOUND: &str = "InvalidInternetGatewayID.NotFound";

pub(super) fn describe_internet_gateways(
    context: &mut Context<'_>,
    request: Describe,
) -> Result<Gateways, ServiceError> {
    refuse_dry_run(request.asked.dry_run)?;
    let remains = default_vpc::read(context);
    let (id, vpc) = (remains.gateway_id(context.world), remains.vpc_id(context.world));
    let is_there = remains.gateway != Gateway::Gone;
    if let Some(missing) = request.internet_gateway_ids.iter().find(|asked| !is_there || **asked != id) {
        return Err(not_found(NOT_FOUND, "internetGateway", missing));
    }
    let is_attached = remains.gateway == Gateway::Attached;
    let passes = request.asked.passes(|name| match name {
        "attachment.vpc-id" => Some(if is_attached { vpc.clone() } else { String::new() }),
        "attachment.state" => Some(if is_attached { "available" } else { "" }.to_owned()),
        "internet-gateway-id" => Some(id.clone()),
        "owner-id" => Some(remains.account.clone()),
        _ => None,
    })?;
    let mut found = Vec::new();
    if is_there && passes {
        let attached = is_attached.then_some(Attachment { state: "attached", vpc_id: vpc });
        let shape = Shape {
            internet_gateway_id: id.clone(),
            owner_id: remains.account.clone(),
            attachments: attached.into_iter().collect(),
        };
        found.push((id, shape));
    }
    let Page { items, next } = request.asked.page(context.world, "DescribeInternetGateways", found)?;
    Ok(Gateways { internet_gateways: items, next_token: next })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Detach {
    internet_gateway_id: String,
    vpc_id: String,
    dry_run: Option<bool>,
}

/// The remains, when the gateway of this id is there.
fn own(context: &Context<'_>, id: &str) -> Result<default_vpc::Remains, ServiceError> {
    let remains = default_vpc::read(context);
    if remains.gateway == Gateway::Gone || remains.gateway_id(context.world) != id {
        return Err(not_found(NOT_FOUND, "internetGateway", id));
    }
    Ok(remains)
}

pub(super) fn detach_internet_gateway(
    context: &mut Context<'_>,
    request: Detach,
) -> Result<Done, ServiceError> {
    let mut remains = own(context, &request.internet_gateway_id)?;
    if remains.gateway == Gateway::Detached || remains.vpc_id(context.world) != request.vpc_id {
        let message = format!("resource {} is not attached to that network", request.internet_gateway_id);
        return Err(ServiceError::new("Gateway.NotAttached", message));
    }
    let here = super::settings::row(&remains.account, &remains.region);
    if context.world.by::<NetworkInterface>("place", &here).next().is_some() {
        // Every interface here has a public address.
        let message = format!("Network {} has some mapped public address(es).", request.vpc_id);
        return Err(ServiceError::new("DependencyViolation", message));
    }
    refuse_dry_run(request.dry_run)?;
    remains.gateway = Gateway::Detached;
    context.world.put(remains);
    Ok(Done {})
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    internet_gateway_id: String,
    dry_run: Option<bool>,
}

pub(super) fn delete_internet_gateway(
    context: &mut Context<'_>,
    request: Named,
) -> Result<Done, ServiceError> {
    let mut remains = own(context, &request.internet_gateway_id)?;
    if remains.gateway == Gateway::Attached {
        return Err(in_use("internetGateway", &request.internet_gateway_id));
    }
    refuse_dry_run(request.dry_run)?;
    remains.gateway = Gateway::Gone;
    context.world.put(remains);
    Ok(Done {})
}
