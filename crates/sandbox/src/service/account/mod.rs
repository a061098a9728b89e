//! Account management: contacts, and the Regions an account has enabled.
//!
//! An account manages itself; the management account and the delegated administrator of account management also manage
//! members, while `account.amazonaws.com` has trusted access.
//!
//! Source: <https://docs.aws.amazon.com/accounts/latest/reference/api-reference.html>

mod access;
mod alternate_contact;
mod contact_information;
mod enabled_regions;
mod region;

pub use enabled_regions::{EnabledRegions, enable_region, is_region_enabled};

use super::{Access, Operation, Service, typed};
use crate::world::{Due, TableInfo, World};
use serde::Serialize;

/// The service.
pub const SERVICE: Service =
    Service { name: NAME, operations, tables, found: |_| {}, settle, show: |_| Vec::new() };

const NAME: &str = "account";

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
        "DeleteAlternateContact" Write alternate_contact::delete,
        "DisableRegion" Write region::disable_region,
        "EnableRegion" Write region::enable_region,
        "GetAlternateContact" Read alternate_contact::get,
        "GetContactInformation" Read contact_information::get,
        "GetRegionOptStatus" Read region::get_region_opt_status,
        "ListRegions" Read region::list_regions,
        "PutAlternateContact" Write alternate_contact::put,
        "PutContactInformation" Write contact_information::put,
    ]
}

fn tables() -> Vec<TableInfo> {
    vec![
        TableInfo::of::<alternate_contact::AlternateContact>(),
        TableInfo::of::<contact_information::ContactInformation>(),
        TableInfo::of::<EnabledRegions>(),
        TableInfo::of::<region::Change>(),
    ]
}

fn settle(world: &mut World, due: &Due) {
    if due.kind == region::DUE {
        region::settle(world, due);
    }
}
