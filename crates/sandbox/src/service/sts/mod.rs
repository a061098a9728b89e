//! The Security Token Service: who am I, and becoming a role of another account.
//!
//! Source: <https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html>

mod assume_role;
mod caller_identity;
mod role;
mod session;

pub use role::{Role, add_role, remove_role, remove_roles};
pub(crate) use role::{account_and_role, role_id, role_of};
pub(crate) use session::{Session, SessionError};

use super::{Access, Operation, Service, typed};
use crate::world::TableInfo;

/// The service.
pub const SERVICE: Service = Service {
    name: "sts",
    operations: || {
        vec![
            Operation {
                name: "AssumeRole",
                access: Access::ConsistentRead,
                handler: |context, request| typed(context, request, assume_role::assume_role),
            },
            Operation {
                name: "GetCallerIdentity",
                access: Access::ConsistentRead,
                handler: |context, request| typed(context, request, caller_identity::get_caller_identity),
            },
        ]
    },
    tables: || vec![TableInfo::of::<Role>()],
    found: role::found,
    settle: |_, _| {},
    show: role::show,
};
