//! The AWS access portal, as programs use it: which accounts and permission sets a signed-in user has, and credentials
//! for one of them.
//!
//! Its calls carry no signature but an access token. AWS gives it out after a sign-in in a browser; here
//! [`crate::Sandbox::sign_in`] does, or `POST /_sandbox/sign-in`. What a user reaches follows from the assignments; the
//! credentials are those of a session of the permission set's role in the account.
//!
//! Source: <https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/Welcome.html>

mod access;
mod credentials;
mod token;

pub use token::SignInError;
pub(crate) use token::sign_in;

use super::{Access, Operation, Service, typed};
use crate::world::TableInfo;

/// The service.
pub const SERVICE: Service = Service {
    name: "sso",
    operations,
    tables: || vec![TableInfo::of::<token::SignedOut>()],
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
        "GetRoleCredentials" Read credentials::get_role_credentials,
        "ListAccountRoles" Read access::list_account_roles,
        "ListAccounts" Read access::list_accounts,
        "Logout" Write token::logout,
    ]
}
