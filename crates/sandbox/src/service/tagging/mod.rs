//! The Resource Groups Tagging API: one table of tags by ARN, which the services that own the resources write.
//!
//! Source: <https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html>

mod get_resources;
mod resource;

pub use resource::{TaggedResource, forget, put_tags, tags_of};

use super::{Access, Operation, Service, typed};
use crate::world::TableInfo;

/// The service.
pub const SERVICE: Service = Service {
    name: "resourcegroupstaggingapi",
    operations: || {
        vec![Operation {
            name: "GetResources",
            access: Access::Read,
            handler: |context, request| typed(context, request, get_resources::get_resources),
        }]
    },
    tables: || vec![TableInfo::of::<TaggedResource>()],
    found: |_| {},
    settle: |_, _| {},
    show: |_| Vec::new(),
};
