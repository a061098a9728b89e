//! The default VPC that AWS makes in every Region of an account: a network, a subnet in each Availability Zone, and an
//! internet gateway. A row is there once a part of it is gone.
//!
//! Source: <https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html>

use super::super::Context;
use super::settings::row;
use crate::world::{Alphabet, Entity, World};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The network of every default VPC.
pub(super) const NETWORK: &str = "172.31.0.0/16";
/// The zones of a Region, and the network of the default subnet in each.
const SUBNETS: [(char, &str); 3] = [('a', "172.31.0.0/20"), ('b', "172.31.16.0/20"), ('c', "172.31.32.0/20")];

/// How the internet gateway stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Gateway {
    Attached,
    Detached,
    Gone,
}

/// What is left of the default VPC of an account in a Region.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Remains {
    pub(super) account: String,
    pub(super) region: String,
    pub(super) has_vpc: bool,
    /// The zones whose subnets are there.
    pub(super) zones: BTreeSet<char>,
    pub(super) gateway: Gateway,
}

impl Entity for Remains {
    const TABLE: &'static str = "ec2.default_vpc";

    fn key(&self) -> String {
        row(&self.account, &self.region)
    }
}

/// A default subnet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Subnet {
    pub(super) id: String,
    pub(super) zone: char,
    pub(super) network: &'static str,
}

/// What is left for the caller in the Region of the request: all of it from the start.
pub(super) fn read(context: &Context<'_>) -> Remains {
    of(context.world, context.caller.account.as_str(), context.region)
}

/// What is left of the default VPC of an account in a Region.
pub(super) fn of(world: &World, account: &str, region: &str) -> Remains {
    world.get::<Remains>(&row(account, region)).map(|found| Remains::clone(&found)).unwrap_or_else(|| {
        Remains {
            account: account.to_owned(),
            region: region.to_owned(),
            has_vpc: true,
            zones: SUBNETS.iter().map(|(zone, _)| *zone).collect(),
            gateway: Gateway::Attached,
        }
    })
}

impl Remains {
    fn id(&self, world: &World, prefix: &str, part: &str) -> String {
        let of = format!("default vpc/{}/{}/{part}", self.account, self.region);
        format!("{prefix}-0{}", world.derive(&of, Alphabet::LowerHexadecimal, 16))
    }

    /// The id of the VPC, whether or not it is there.
    pub(super) fn vpc_id(&self, world: &World) -> String {
        self.id(world, "vpc", "vpc")
    }

    /// The id of the internet gateway, whether or not it is there.
    pub(super) fn gateway_id(&self, world: &World) -> String {
        self.id(world, "igw", "gateway")
    }

    /// The ids of its DHCP options, which outlive it.
    pub(super) fn dhcp_options_id(&self, world: &World) -> String {
        self.id(world, "dopt", "dhcp options")
    }

    /// The subnets that are there.
    pub(super) fn subnets(&self, world: &World) -> Vec<Subnet> {
        let there = SUBNETS.iter().filter(|(zone, _)| self.zones.contains(zone));
        there
            .map(|(zone, network)| Subnet {
                id: self.id(world, "subnet", &format!("subnet {zone}")),
                zone: *zone,
                network,
            })
            .collect()
    }
}
