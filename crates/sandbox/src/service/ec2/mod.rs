//! EC2, as far as an account has it from birth: defaults of EBS, images, snapshots, instance metadata and serial consoles,
//! and the default VPC of each Region with its parts. No instances, volumes or images.
//!
//! All of it belongs to an account and a Region: the caller's, and the one the request was signed for. Declarative
//! policies of the organization have no effect here: every setting is managed by the account.
//!
//! Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Welcome.html>

mod default_vpc;
mod ebs_encryption;
mod filter;
mod gateway;
mod instance_metadata;
mod network_interface;
mod public_sharing;
mod refusal;
mod serial_console;
mod settings;
mod subnet;
mod vpc;

pub(crate) use network_interface::add_network_interface;

use super::{Access, Operation, Service, typed};
use crate::world::TableInfo;
use serde::{Deserialize, Serialize};

/// The service.
pub const SERVICE: Service =
    Service { name: "ec2", operations, tables, found: |_| {}, settle: |_, _| {}, show: |_| Vec::new() };

/// The answer of an operation that has none.
#[derive(Debug, Serialize)]
struct Done {}

/// A request that names nothing.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Plain {
    dry_run: Option<bool>,
}

macro_rules! operations {
    ($($name:literal $access:ident $handler:path,)+) => {
        vec![$(Operation {
            name: $name,
            access: Access::$access,
            handler: |context, request| {
                refusal::refuse_disabled_region(context)?;
                typed(context, request, $handler)
            },
        }),+]
    };
}

fn operations() -> Vec<Operation> {
    operations![
        "DeleteInternetGateway" Write gateway::delete_internet_gateway,
        "DeleteSubnet" Write subnet::delete_subnet,
        "DeleteVpc" Write vpc::delete_vpc,
        "DescribeInternetGateways" Read gateway::describe_internet_gateways,
        "DescribeNetworkInterfaces" Read network_interface::describe_network_interfaces,
        "DescribeSubnets" Read subnet::describe_subnets,
        "DescribeVpcs" Read vpc::describe_vpcs,
        "DetachInternetGateway" Write gateway::detach_internet_gateway,
        "DisableEbsEncryptionByDefault" Write ebs_encryption::disable,
        "DisableImageBlockPublicAccess" Write public_sharing::disable_image_block,
        "DisableSerialConsoleAccess" Write serial_console::disable,
        "DisableSnapshotBlockPublicAccess" Write public_sharing::disable_snapshot_block,
        "EnableEbsEncryptionByDefault" Write ebs_encryption::enable,
        "EnableImageBlockPublicAccess" Write public_sharing::enable_image_block,
        "EnableSerialConsoleAccess" Write serial_console::enable,
        "EnableSnapshotBlockPublicAccess" Write public_sharing::enable_snapshot_block,
        "GetEbsDefaultKmsKeyId" Read ebs_encryption::get_key,
        "GetEbsEncryptionByDefault" Read ebs_encryption::get,
        "GetImageBlockPublicAccessState" Read public_sharing::get_image_block,
        "GetInstanceMetadataDefaults" Read instance_metadata::get,
        "GetSerialConsoleAccessStatus" Read serial_console::get,
        "GetSnapshotBlockPublicAccessState" Read public_sharing::get_snapshot_block,
        "ModifyEbsDefaultKmsKeyId" Write ebs_encryption::modify_key,
        "ModifyInstanceMetadataDefaults" Write instance_metadata::modify,
        "ResetEbsDefaultKmsKeyId" Write ebs_encryption::reset_key,
    ]
}

fn tables() -> Vec<TableInfo> {
    vec![
        TableInfo::of::<default_vpc::Remains>(),
        TableInfo::of::<network_interface::NetworkInterface>(),
        TableInfo::of::<settings::Settings>(),
    ]
}
