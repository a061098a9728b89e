//! The account-wide public access block of S3; nothing else of S3.
//!
//! Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_PutPublicAccessBlock.html>

mod public_access_block;

use super::{Access, Operation, Service, typed};
use crate::world::TableInfo;
use serde::Serialize;

/// The service.
pub const SERVICE: Service = Service {
    name: "s3control",
    operations,
    tables: || vec![TableInfo::of::<public_access_block::PublicAccessBlock>()],
    found: |_| {},
    settle: |_, _| {},
    show: |_| Vec::new(),
};

/// The answer of an operation that has none.
#[derive(Debug, Serialize)]
struct Done {}

macro_rules! operations {
    ($($name:literal $access:ident $handler:path,)+) => {
        vec![$(Operation {
            name: $name,
            access: Access::$access,
            handler: |context, request| typed(context, request, $handler),
        }),+]
    };
}

fn operations() -> Vec<Operation> {
    operations![
        "DeletePublicAccessBlock" Write public_access_block::delete,
        "GetPublicAccessBlock" Read public_access_block::get,
        "PutPublicAccessBlock" Write public_access_block::put,
    ]
}
