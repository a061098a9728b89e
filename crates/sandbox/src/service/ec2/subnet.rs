//! The default subnets, described and deleted.
//!
//! Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSubnets.html>

use super::super::listing::Page;
use super::super::{Context, ServiceError};
use super::Done;
use super::default_vpc;
use super::filter::Asked;
use super::network_interface::NetworkInterface;
use super::refusal::{in_use, not_found, refuse_dry_run};
use serde::{Deserialize, Serialize};

/// Addresses of a network of twenty bits that AWS does not keep for itself.
const ADDRESSES: u32 = 4_091;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Describe {
    #[serde(default)]
    subnet_ids: Vec<String>,
    #[serde(flatten)]
    asked: Asked,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Subnets {
    subnets: Vec<Shape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shape {
    subnet_id: String,
    subnet_arn: String,
    vpc_id: String,
    owner_id: String,
    state: &'static str,
    cidr_block: &'static str,
    available_ip_address_count: u32,
    availability_zone: String,
    default_for_az: bool,
    map_public_ip_on_launch: bool,
}

/// EC2's code for a subnet that is not there.
const NOT_FOUND: &str = "InvalidSubnetID.NotFound";

pub(super) fn describe_subnets(
    context: &mut Context<'_>,
    request: Describe,
) -> Result<Subnets, ServiceError> {
    refuse_dry_run(request.asked.dry_run)?;
    let remains = default_vpc::read(context);
    let vpc = remains.vpc_id(context.world);
    let subnets = remains.subnets(context.world);
    let missing = request.subnet_ids.iter().find(|id| !subnets.iter().any(|subnet| subnet.id == **id));
    if let Some(missing) = missing {
        return Err(not_found(NOT_FOUND, "subnet", missing));
    }
    let mut found = Vec::new();
    for subnet in subnets {
        let zone = format!("{}{}", remains.region, subnet.zone);
        let passes = request.asked.passes(|name| match name {
            "vpc-id" => Some(vpc.clone()),
            "subnet-id" => Some(subnet.id.clone()),
            "availability-zone" | "availabilityZone" => Some(zone.clone()),
            "default-for-az" | "defaultForAz" => Some("true".to_owned()),
            "state" => Some("available".to_owned()),
            "owner-id" => Some(remains.account.clone()),
            _ => None,
        })?;
        let is_asked = request.subnet_ids.is_empty() || request.subnet_ids.contains(&subnet.id);
        if !passes || !is_asked {
            continue;
        }
        let shape = Shape {
            subnet_arn: format!("arn:aws:ec2:{}:{}:subnet/{}", remains.region, remains.account, subnet.id),
            vpc_id: vpc.clone(),
            owner_id: remains.account.clone(),
            state: "available",
            cidr_block: subnet.network,
            available_ip_address_count: ADDRESSES,
            availability_zone: zone,
            default_for_az: true,
            map_public_ip_on_launch: true,
            subnet_id: subnet.id.clone(),
        };
        found.push((subnet.id, shape));
    }
    found.sort_by(|(one, _), (two, _)| one.cmp(two));
    let Page { items, next } = request.asked.page(context.world, "DescribeSubnets", found)?;
    Ok(Subnets { subnets: items, next_token: next })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    subnet_id: String,
    dry_run: Option<bool>,
}

pub(super) fn delete_subnet(context: &mut Context<'_>, request: Named) -> Result<Done, ServiceError> {
    let mut remains = default_vpc::read(context);
    let found = remains.subnets(context.world).into_iter().find(|subnet| subnet.id == request.subnet_id);
    let subnet = found.ok_or_else(|| not_found(NOT_FOUND, "subnet", &request.subnet_id))?;
    if context.world.by::<NetworkInterface>("subnet", &subnet.id).next().is_some() {
        return Err(in_use("subnet", &subnet.id));
    }
    refuse_dry_run(request.dry_run)?;
    remains.zones.remove(&subnet.zone);
    context.world.put(remains);
    Ok(Done {})
}
