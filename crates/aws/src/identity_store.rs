//! The directory of IAM Identity Center: a [`Reader`] and a [`Writer`] for its groups, users and memberships, one file
//! each.
//!
//! API reference: <https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/welcome.html>

mod group;
mod membership;
mod user;

pub use membership::Membership;

use crate::core::AccessMode;
use crate::effort::Entry;
use crate::error::Error;
use crate::permit::WritePermit;
use crate::session::Session;
use crate::watch::Ticket;
use aws_config::Region;
use aws_sdk_identitystore::Client;
use aws_sdk_identitystore::config::Builder;
use aws_sdk_identitystore::types::{AlternateIdentifier, AttributeOperation, UniqueAttribute};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::Document;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use glidepath_model::operations::Access;
use std::future::Future;

/// Items on one page, the most that AWS gives.
const PAGE: i32 = 100;

/// Reads a directory.
#[derive(Debug, Clone)]
pub struct Reader {
    session: Session,
    client: Client,
    store: String,
}

impl Reader {
    /// A reader of a directory, by its id, that calls as this session, in a Region.
    #[must_use]
    pub fn new(session: &Session, region: &str, store: &str) -> Self {
        Self { session: session.clone(), client: client(session, region), store: store.to_owned() }
    }
}

/// Changes a directory.
#[derive(Debug, Clone)]
pub struct Writer {
    session: Session,
    client: Client,
    store: String,
}

impl Writer {
    /// A writer of a directory, by its id, that calls as this session, in a Region.
    ///
    /// # Errors
    /// [`Error::WriteRefused`] in a run that was connected with [`AccessMode::ReadOnly`].
    pub fn new(session: &Session, region: &str, store: &str, _: &WritePermit) -> Result<Self, Error> {
        match session.core().access {
            AccessMode::ReadOnly => Err(Error::WriteRefused { operation: "identitystore:*".to_owned() }),
            AccessMode::ReadWrite => Ok(Self {
                session: session.clone(),
                client: client(session, region),
                store: store.to_owned(),
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

/// A group or user by the name that people know: `displayName`, `userName`.
fn by_name(operation: &'static str, path: &str, name: &str) -> Result<AlternateIdentifier, Error> {
    let attribute = UniqueAttribute::builder()
        .attribute_path(path)
        .attribute_value(Document::String(name.to_owned()))
        .build()
        .map_err(|error| malformed(operation, error.to_string()))?;
    Ok(AlternateIdentifier::UniqueAttribute(attribute))
}

/// One attribute with its new value; none takes it away.
fn attribute(
    operation: &'static str,
    path: &str,
    value: Option<Document>,
) -> Result<AttributeOperation, Error> {
    let built = AttributeOperation::builder().attribute_path(path).set_attribute_value(value).build();
    built.map_err(|error| malformed(operation, error.to_string()))
}

/// A text as a value; none where it is empty.
fn text(text: &str) -> Option<Document> {
    (!text.is_empty()).then(|| Document::String(text.to_owned()))
}
