//! AWS CloudFormation: a [`Reader`] and a [`Writer`] of stack sets and stacks, in one Region.
//!
//! Readers tell what AWS says in the model's types and decide nothing. Writers begin what AWS then does by
//! itself: an operation on a stack set, a change set; waiting for it is the caller's. Every write carries a
//! token of the caller's, so that one sent twice is one.
//!
//! API reference: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/Welcome.html>

mod change_set;
mod drift;
mod instance;
mod operation;
mod organizations_access;
mod stack;
mod stack_set;

pub use change_set::{ChangeSet, ChangeSetOrder, ChangeSetState, ResourceAction, ResourceChange, StackIs};
pub use drift::Detection;
pub use instance::{Page, Targets};
pub use operation::Preferences;
pub use stack::Protection;
pub use stack_set::StackSetText;

use crate::core::AccessMode;
use crate::effort::Entry;
use crate::error::Error;
use crate::permit::WritePermit;
use crate::session::Session;
use crate::watch::Ticket;
use aws_config::Region;
use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::config::Builder;
use aws_sdk_cloudformation::types::{Parameter, Tag};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use glidepath_model::Tags;
use glidepath_model::operations::Access;
use std::collections::BTreeMap;
use std::future::Future;

/// Things on one page, the most that AWS gives.
const PAGE: i32 = 100;

/// Reads stack sets and stacks.
#[derive(Debug, Clone)]
pub struct Reader {
    session: Session,
    client: Client,
}

impl Reader {
    /// A reader that calls as this session, in one Region.
    #[must_use]
    pub fn new(session: &Session, region: &str) -> Self {
        Self { session: session.in_region(region), client: client(session, region) }
    }
}

/// Changes stack sets and stacks.
#[derive(Debug, Clone)]
pub struct Writer {
    session: Session,
    client: Client,
    _permit: WritePermit,
}

impl Writer {
    /// A writer that calls as this session, in one Region.
    ///
    /// # Errors
    /// [`Error::WriteRefused`] in a run that was connected with [`AccessMode::ReadOnly`].
    pub fn new(session: &Session, region: &str, permit: WritePermit) -> Result<Self, Error> {
        match session.core().access {
            AccessMode::ReadOnly => Err(Error::WriteRefused { operation: "cloudformation:*".to_owned() }),
            AccessMode::ReadWrite => Ok(Self {
                session: session.in_region(region),
                client: client(session, region),
                _permit: permit,
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
    let config =
        Builder::from(session.config()).region(Region::new(region.to_owned())).interceptor(session.watch());
    Client::from_conf(config.build())
}

fn sdk_tags(tags: &Tags) -> Option<Vec<Tag>> {
    let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build();
    Some(tags.iter().map(tag).collect())
}

fn tags(told: Option<Vec<Tag>>) -> Tags {
    let pair = |tag: Tag| Some((tag.key?, tag.value.unwrap_or_default()));
    told.unwrap_or_default().into_iter().filter_map(pair).collect()
}

fn sdk_parameters(values: &BTreeMap<String, String>) -> Option<Vec<Parameter>> {
    let one = |(key, value): (&String, &String)| {
        Parameter::builder().parameter_key(key).parameter_value(value).build()
    };
    Some(values.iter().map(one).collect())
}

fn parameters(told: Option<Vec<Parameter>>) -> BTreeMap<String, String> {
    let pair = |one: Parameter| Some((one.parameter_key?, one.parameter_value.unwrap_or_default()));
    told.unwrap_or_default().into_iter().filter_map(pair).collect()
}

fn malformed(operation: &'static str, problem: impl Into<String>) -> Error {
    Error::Malformed { operation, problem: problem.into() }
}

/// The id of an operation that was asked for; one that began by an earlier request of this id is the same.
fn begun(operation: &'static str, told: Result<Option<String>, Error>, id: &str) -> Result<String, Error> {
    match told {
        Ok(told) => member(operation, "OperationId", told),
        Err(error) => error.settled("OperationIdAlreadyExistsException", id.to_owned()),
    }
}

fn member<T>(operation: &'static str, name: &str, value: Option<T>) -> Result<T, Error> {
    value.ok_or_else(|| malformed(operation, format!("`{name}` is missing")))
}
