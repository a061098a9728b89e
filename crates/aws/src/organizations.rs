//! AWS Organizations: a [`Reader`] and a [`Writer`], their methods by noun, one file each.
//!
//! Calls go to the control region of the partition, wherever the organization is at home. Readers tell
//! what AWS says in the model's types and decide nothing. Writers reach a state: where AWS answers that
//! a thing is already so, the write has succeeded. Only creations say "already there", since who asked
//! must look whether it is the right thing.
//!
//! API reference: <https://docs.aws.amazon.com/organizations/latest/APIReference/Welcome.html>

mod account;
mod account_creation;
mod attachment;
mod delegated_administrator;
mod member;
mod organization;
mod policy;
mod policy_type;
mod resource_policy;
mod root;
mod tag;
mod trusted_access;
mod unit;

pub use account::{AccountListing, ChildKind};
pub use account_creation::{AccountSlot, CreationFilter, NewAccount};
pub use policy::PolicyText;

use crate::core::AccessMode;
use crate::effort::Entry;
use crate::error::Error;
use crate::permit::WritePermit;
use crate::session::Session;
use crate::watch::Ticket;
use aws_sdk_organizations::Client;
use aws_sdk_organizations::config::Builder;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use glidepath_model::operations::Access;
use std::future::Future;

/// Things on one page, the most that AWS gives.
const PAGE: i32 = 20;

/// Reads an organization.
#[derive(Debug, Clone)]
pub struct Reader {
    session: Session,
    client: Client,
}

impl Reader {
    /// A reader that calls as this session.
    #[must_use]
    pub fn new(session: &Session) -> Self {
        Self { session: session.clone(), client: client(session) }
    }
}

/// Changes an organization.
#[derive(Debug, Clone)]
pub struct Writer {
    session: Session,
    client: Client,
    permit: WritePermit,
}

impl Writer {
    /// A writer that calls as this session.
    ///
    /// # Errors
    /// [`Error::WriteRefused`] in a run that was connected with [`AccessMode::ReadOnly`].
    pub fn new(session: &Session, permit: WritePermit) -> Result<Self, Error> {
        match session.core().access {
            AccessMode::ReadOnly => Err(Error::WriteRefused { operation: "organizations:*".to_owned() }),
            AccessMode::ReadWrite => Ok(Self { session: session.clone(), client: client(session), permit }),
        }
    }

    /// The permit that this writer acts under.
    #[must_use]
    pub fn permit(&self) -> &WritePermit {
        &self.permit
    }

    async fn write<O, E, F, Fut>(&self, operation: &'static str, send: F) -> Result<O, Error>
    where
        F: Fn() -> Fut,
        Fut: Future<Output = Result<O, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        self.session.call(Ticket { operation, access: Access::Write }, Entry::Own, send).await
    }
}

fn client(session: &Session) -> Client {
    let config =
        Builder::from(session.config()).region(session.control_region()).interceptor(session.watch());
    Client::from_conf(config.build())
}
