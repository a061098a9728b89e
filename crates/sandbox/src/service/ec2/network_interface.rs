//! Network interfaces, which show that a VPC is used. No call makes one here: [`crate::Sandbox::add_network_interface`]
//! does, as an instance would that somebody started.
//!
//! Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html>

use super::super::listing::Page;
use super::super::{Context, ServiceError};
use super::default_vpc;
use super::filter::Asked;
use super::refusal::{not_found, refuse_dry_run};
use super::settings::row;
use crate::world::{Alphabet, Entity, World};
use serde::{Deserialize, Serialize};

/// A network interface.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct NetworkInterface {
    account: String,
    region: String,
    id: String,
    subnet: String,
    vpc: String,
    zone: String,
}

impl Entity for NetworkInterface {
    const TABLE: &'static str = "ec2.network_interface";

    fn key(&self) -> String {
        format!("{}/{}", row(&self.account, &self.region), self.id)
    }

    fn index(&self) -> Vec<(&'static str, String)> {
        vec![("subnet", self.subnet.clone()), ("place", row(&self.account, &self.region))]
    }
}

/// Puts an interface into the first subnet of the default VPC, if there still is one; whether it did.
pub(crate) fn add_network_interface(world: &mut World, account: &str, region: &str) -> bool {
    let remains = default_vpc::of(world, account, region);
    let Some(subnet) = remains.subnets(world).into_iter().next() else { return false };
    let natural = row(account, region);
    let id = format!("eni-0{}", world.mint("network interface", &natural, Alphabet::LowerHexadecimal, 16));
    let vpc = remains.vpc_id(world);
    world.put(NetworkInterface {
        account: account.to_owned(),
        region: region.to_owned(),
        id,
        subnet: subnet.id,
        vpc,
        zone: format!("{region}{}", subnet.zone),
    });
    true
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Describe {
    #[serde(default)]
    network_interface_ids: Vec<String>,
    #[serde(flatten)]
    asked: Asked,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct NetworkInterfaces {
    network_interfaces: Vec<Shape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shape {
    network_interface_id: String,
    owner_id: String,
    subnet_id: String,
    vpc_id: String,
    availability_zone: String,
    interface_type: &'static str,
    status: &'static str,
    requester_managed: bool,
    source_dest_check: bool,
}

pub(super) fn describe_network_interfaces(
    context: &mut Context<'_>,
    request: Describe,
) -> Result<NetworkInterfaces, ServiceError> {
    refuse_dry_run(request.asked.dry_run)?;
    let here = row(context.caller.account.as_str(), context.region);
    let all: Vec<_> = context.world.by::<NetworkInterface>("place", &here).collect();
    let missing = request.network_interface_ids.iter().find(|id| !all.iter().any(|one| one.id == **id));
    if let Some(missing) = missing {
        return Err(not_found("InvalidNetworkInterfaceID.NotFound", "networkInterface", missing));
    }
    let mut found = Vec::new();
    for one in all {
        let passes = request.asked.passes(|name| match name {
            "vpc-id" => Some(one.vpc.clone()),
            "subnet-id" => Some(one.subnet.clone()),
            "network-interface-id" => Some(one.id.clone()),
            "availability-zone" => Some(one.zone.clone()),
            "status" => Some("in-use".to_owned()),
            "owner-id" => Some(one.account.clone()),
            _ => None,
        })?;
        let is_asked =
            request.network_interface_ids.is_empty() || request.network_interface_ids.contains(&one.id);
        if passes && is_asked {
            let shape = Shape {
                network_interface_id: one.id.clone(),
                owner_id: one.account.clone(),
                subnet_id: one.subnet.clone(),
                vpc_id: one.vpc.clone(),
                availability_zone: one.zone.clone(),
                interface_type: "interface",
                status: "in-use",
                requester_managed: false,
                source_dest_check: true,
            };
            found.push((one.id.clone(), shape));
        }
    }
    let Page { items, next } = request.asked.page(context.world, "DescribeNetworkInterfaces", found)?;
    Ok(NetworkInterfaces { network_interfaces: items, next_token: next })
}
