//! VPCs: the default one of each Region, described and deleted. VPCs of stacks are not told of here.
//!
//! Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcs.html>

use super::super::listing::Page;
use super::super::{Context, ServiceError};
use super::Done;
use super::default_vpc::{self, Gateway, NETWORK};
use super::filter::Asked;
use super::refusal::{in_use, not_found, refuse_dry_run};
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Describe {
    #[serde(default)]
    vpc_ids: Vec<String>,
    #[serde(flatten)]
    asked: Asked,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Vpcs {
    vpcs: Vec<Vpc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Vpc {
    vpc_id: String,
    owner_id: String,
    state: &'static str,
    cidr_block: &'static str,
    dhcp_options_id: String,
    instance_tenancy: &'static str,
    is_default: bool,
}

/// EC2's code for a VPC that is not there.
const NOT_FOUND: &str = "InvalidVpcID.NotFound";

pub(super) fn describe_vpcs(context: &mut Context<'_>, request: Describe) -> Result<Vpcs, ServiceError> {
    refuse_dry_run(request.asked.dry_run)?;
    let remains = default_vpc::read(context);
    let id = remains.vpc_id(context.world);
    let there = remains.has_vpc;
    if let Some(missing) = request.vpc_ids.iter().find(|asked| !there || **asked != id) {
        return Err(not_found(NOT_FOUND, "vpc", missing));
    }
    let passes = request.asked.passes(|name| match name {
        "is-default" | "isDefault" => Some("true".to_owned()),
        "vpc-id" => Some(id.clone()),
        "state" => Some("available".to_owned()),
        "cidr" | "cidr-block" => Some(NETWORK.to_owned()),
        "owner-id" => Some(remains.account.clone()),
        _ => None,
    })?;
    let mut found = Vec::new();
    if there && passes {
        let vpc = Vpc {
            vpc_id: id.clone(),
            owner_id: remains.account.clone(),
            state: "available",
            cidr_block: NETWORK,
            dhcp_options_id: remains.dhcp_options_id(context.world),
            instance_tenancy: "default",
            is_default: true,
        };
        found.push((id, vpc));
    }
    let Page { items, next } = request.asked.page(context.world, "DescribeVpcs", found)?;
    Ok(Vpcs { vpcs: items, next_token: next })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    vpc_id: String,
    dry_run: Option<bool>,
}

/// Deletes a VPC without subnets and gateways; its route table, access list and security group go with it.
pub(super) fn delete_vpc(context: &mut Context<'_>, request: Named) -> Result<Done, ServiceError> {
    let mut remains = default_vpc::read(context);
    if !remains.has_vpc || remains.vpc_id(context.world) != request.vpc_id {
        return Err(not_found(NOT_FOUND, "vpc", &request.vpc_id));
    }
    if !remains.zones.is_empty() || remains.gateway == Gateway::Attached {
        return Err(in_use("vpc", &request.vpc_id));
    }
    refuse_dry_run(request.dry_run)?;
    remains.has_vpc = false;
    context.world.put(remains);
    Ok(Done {})
}
