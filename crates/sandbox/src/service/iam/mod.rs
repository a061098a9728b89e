//! Identity and Access Management, as far as whole accounts go: the account's alias, its password policy, and centralized
//! root access of the organization. Users, roles and policies are not simulated here.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/welcome.html>

mod account_alias;
mod password_policy;
mod root_access;

use super::{Access, Operation, Service, typed};
use crate::world::TableInfo;
use serde::{Deserialize, Serialize};

/// The service.
pub const SERVICE: Service =
    Service { name: "iam", operations, tables, found: |_| {}, settle: |_, _| {}, show: account_alias::show };

/// The answer of an operation that has none.
#[derive(Debug, Serialize)]
struct Done {}

/// A request without members.
#[derive(Debug, Deserialize)]
struct Nothing {}

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
        "CreateAccountAlias" Write account_alias::create_account_alias,
        "DeleteAccountAlias" Write account_alias::delete_account_alias,
        "DeleteAccountPasswordPolicy" Write password_policy::delete,
        "DisableOrganizationsRootCredentialsManagement" Write root_access::disable_credentials_management,
        "DisableOrganizationsRootSessions" Write root_access::disable_sessions,
        "EnableOrganizationsRootCredentialsManagement" Write root_access::enable_credentials_management,
        "EnableOrganizationsRootSessions" Write root_access::enable_sessions,
        "GetAccountPasswordPolicy" Read password_policy::get,
        "ListAccountAliases" Read account_alias::list_account_aliases,
        "ListOrganizationsFeatures" Read root_access::list_organizations_features,
        "UpdateAccountPasswordPolicy" Write password_policy::update,
    ]
}

fn tables() -> Vec<TableInfo> {
    vec![
        TableInfo::of::<account_alias::AccountAlias>(),
        TableInfo::of::<password_policy::PasswordPolicy>(),
        TableInfo::of::<root_access::RootAccess>(),
    ]
}
