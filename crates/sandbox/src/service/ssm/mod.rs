//! AWS Systems Manager, as far as documents that some stack made: told and deleted.
//!
//! Source: <https://docs.aws.amazon.com/systems-manager/latest/APIReference/Welcome.html>

mod document;

use super::{Access, Operation, Service, typed};

/// The service.
pub const SERVICE: Service = Service {
    name: "ssm",
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
        "DeleteDocument" Write document::delete_document,
        "GetDocument" Read document::get_document,
    ]
}
