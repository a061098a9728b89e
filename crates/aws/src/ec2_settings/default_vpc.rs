//! The default VPC of a Region: what goes with it, and taking it away part by part. Each step can be repeated: what is
//! gone already counts as done.

use super::{Reader, Writer, malformed};
use crate::error::Error;
use crate::xml::Element;
use glidepath_model::account_settings::{DefaultVpc, DefaultVpcParts};
use std::collections::BTreeSet;

/// How many pages an answer may have: a Region that has more has more than a default VPC in it, and is told of as such.
const PAGES: usize = 100;

impl Reader {
    /// The default VPC with what goes with it: one call where there is none, three more where there is one.
    ///
    /// A gateway that is detached already is told too: the only one in the Region that hangs on nothing and carries no
    /// tag, while the VPC has none.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn default_vpc(&self) -> Result<DefaultVpc, Error> {
        const OPERATION: &str = "ec2:DescribeVpcs";
        let filter = [("Filter.1.Name", "is-default"), ("Filter.1.Value.1", "true")];
        let vpcs = self.pages(OPERATION, "DescribeVpcs", "vpcSet", &filter).await?;
        let Some(vpc) = vpcs.first() else { return Ok(DefaultVpc::Absent) };
        let vpc = id(OPERATION, vpc, "vpcId")?;
        // One after the other: many accounts and Regions are asked at a time already.
        let subnets = self.subnets(&vpc).await?;
        let gateway = self.gateway(&vpc).await?;
        let interfaces = self.interfaces(&vpc).await?;
        let (gateway, detached) = gateway.map_or((None, false), |(id, detached)| (Some(id), detached));
        Ok(DefaultVpc::Present(DefaultVpcParts { vpc, subnets, gateway, detached, interfaces }))
    }

    /// The network interfaces that live in a VPC.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn interfaces(&self, vpc: &str) -> Result<BTreeSet<String>, Error> {
        const OPERATION: &str = "ec2:DescribeNetworkInterfaces";
        let found =
            self.pages(OPERATION, "DescribeNetworkInterfaces", "networkInterfaceSet", &of_vpc(vpc)).await?;
        found.iter().map(|one| id(OPERATION, one, "networkInterfaceId")).collect()
    }

    async fn subnets(&self, vpc: &str) -> Result<BTreeSet<String>, Error> {
        const OPERATION: &str = "ec2:DescribeSubnets";
        let found = self.pages(OPERATION, "DescribeSubnets", "subnetSet", &of_vpc(vpc)).await?;
        found.iter().map(|one| id(OPERATION, one, "subnetId")).collect()
    }

    /// The internet gateway, and whether it is detached.
    async fn gateway(&self, vpc: &str) -> Result<Option<(String, bool)>, Error> {
        const OPERATION: &str = "ec2:DescribeInternetGateways";
        let all = self.pages(OPERATION, "DescribeInternetGateways", "internetGatewaySet", &[]).await?;
        let hangs_on = |gateway: &&Element, vpc: &str| {
            gateway.items("attachmentSet").iter().any(|one| one.text_of("vpcId") == Some(vpc))
        };
        let attached = all.iter().find(|gateway| hangs_on(gateway, vpc));
        let loose = |gateway: &&Element| {
            gateway.items("attachmentSet").is_empty() && gateway.items("tagSet").is_empty()
        };
        let mut loose = all.iter().filter(loose);
        let found = match (attached, loose.next(), loose.next()) {
            (Some(attached), _, _) => Some((attached, false)),
            (None, Some(only), None) => Some((only, true)),
            (None, _, _) => None,
        };
        let named = found.map(|(gateway, detached)| {
            id(OPERATION, gateway, "internetGatewayId").map(|gateway| (gateway, detached))
        });
        named.transpose()
    }

    /// All items of an answer that comes in pages.
    async fn pages(
        &self,
        operation: &'static str,
        action: &str,
        list: &str,
        members: &[(&str, &str)],
    ) -> Result<Vec<Element>, Error> {
        let mut all = Vec::new();
        let mut next: Option<String> = None;
        for _ in 0..PAGES {
            let mut asked = members.to_vec();
            asked.extend(next.as_deref().map(|token| ("NextToken", token)));
            let mut told = self.ask(operation, action, &asked).await?;
            next = told.text_of("nextToken").filter(|token| !token.is_empty()).map(str::to_owned);
            let items = told.children.iter_mut().find(|child| child.name == list);
            all.extend(items.map(|items| std::mem::take(&mut items.children)).unwrap_or_default());
            if next.is_none() {
                return Ok(all);
            }
        }
        Err(malformed(operation, format!("it has more than {PAGES} pages")))
    }
}

fn of_vpc(vpc: &str) -> [(&'static str, &str); 2] {
    [("Filter.1.Name", "vpc-id"), ("Filter.1.Value.1", vpc)]
}

fn id(operation: &'static str, told: &Element, member: &str) -> Result<String, Error> {
    super::text(operation, told, member).map(str::to_owned)
}

impl Writer {
    /// Takes an internet gateway off its VPC. One that hangs on nothing, or that is gone, is off.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn detach_gateway(&self, gateway: &str, vpc: &str) -> Result<(), Error> {
        let members = [("InternetGatewayId", gateway), ("VpcId", vpc)];
        let done = self.tell("ec2:DetachInternetGateway", "DetachInternetGateway", &members).await;
        let done = done.or_else(|error| error.settled("Gateway.NotAttached", ()));
        done.or_else(|error| error.settled("InvalidInternetGatewayID.NotFound", ()))
    }

    /// Deletes an internet gateway that hangs on nothing.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn delete_gateway(&self, gateway: &str) -> Result<(), Error> {
        let members = [("InternetGatewayId", gateway)];
        let done = self.tell("ec2:DeleteInternetGateway", "DeleteInternetGateway", &members).await;
        done.or_else(|error| error.settled("InvalidInternetGatewayID.NotFound", ()))
    }

    /// Deletes a subnet in which nothing lives.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn delete_subnet(&self, subnet: &str) -> Result<(), Error> {
        let done = self.tell("ec2:DeleteSubnet", "DeleteSubnet", &[("SubnetId", subnet)]).await;
        done.or_else(|error| error.settled("InvalidSubnetID.NotFound", ()))
    }

    /// Deletes a VPC without subnets and gateways; its route table, access list and security group go with it.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn delete_vpc(&self, vpc: &str) -> Result<(), Error> {
        let done = self.tell("ec2:DeleteVpc", "DeleteVpc", &[("VpcId", vpc)]).await;
        done.or_else(|error| error.settled("InvalidVpcID.NotFound", ()))
    }
}
