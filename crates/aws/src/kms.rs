//! The Key Management Service: a [`Reader`] and a [`Writer`] for the keys of one account in one Region, their methods by
//! noun, one file each.
//!
//! The account is the session's. Readers tell what AWS says in the model's types and decide nothing; writers reach a
//! state. Only creations say "already there", since who asked must look whether it is the right thing.
//!
//! API reference: <https://docs.aws.amazon.com/kms/latest/APIReference/Welcome.html>

mod alias;
mod key;
mod policy;
mod replica;
mod retirement;
mod rotation;
mod tag;

pub use key::{Extent, NewKey};

use crate::core::AccessMode;
use crate::effort::Entry;
use crate::error::Error;
use crate::permit::WritePermit;
use crate::session::Session;
use crate::watch::Ticket;
use aws_config::Region;
use aws_sdk_kms::Client;
use aws_sdk_kms::config::Builder;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use glidepath_model::operations::Access;
use std::future::Future;

/// Reads the keys of an account and Region.
#[derive(Debug, Clone)]
pub struct Reader {
    session: Session,
    client: Client,
    region: String,
}

impl Reader {
    /// A reader that calls as this session, in a Region.
    #[must_use]
    pub fn new(session: &Session, region: &str) -> Self {
        Self {
            session: session.in_region(region),
            client: client(session, region),
            region: region.to_owned(),
        }
    }
}

/// Changes the keys of an account and Region.
#[derive(Debug, Clone)]
pub struct Writer {
    session: Session,
    client: Client,
    region: String,
}

impl Writer {
    /// A writer that calls as this session, in a Region.
    ///
    /// # Errors
    /// [`Error::WriteRefused`] in a run that was connected with [`AccessMode::ReadOnly`].
    pub fn new(session: &Session, region: &str, _: &WritePermit) -> Result<Self, Error> {
        match session.core().access {
            AccessMode::ReadOnly => Err(Error::WriteRefused { operation: "kms:*".to_owned() }),
            AccessMode::ReadWrite => Ok(Self {
                session: session.in_region(region),
                client: client(session, region),
                region: region.to_owned(),
            }),
        }
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

fn client(session: &Session, region: &str) -> Client {
    let region = Region::new(region.to_owned());
    Client::from_conf(Builder::from(session.config()).region(region).interceptor(session.watch()).build())
}

fn malformed(operation: &'static str, problem: impl Into<String>) -> Error {
    Error::Malformed { operation, problem: problem.into() }
}
