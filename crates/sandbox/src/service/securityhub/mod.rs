//! AWS Security Hub CSPM, as far as telling the hub that some stack made.
//!
//! Source: <https://docs.aws.amazon.com/securityhub/1.0/APIReference/Welcome.html>

mod hub;

use super::{Access, Operation, Service, typed};

/// The service.
pub const SERVICE: Service = Service {
    name: "securityhub",
    operations,
    tables: Vec::new,
    found: |_| {},
    settle: |_, _| {},
    show: |_| Vec::new(),
};

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
        "DescribeHub" Read hub::describe_hub,
    ]
}
