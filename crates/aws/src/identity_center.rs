//! IAM Identity Center: a [`Reader`] and a [`Writer`] for the organization's instance, their methods by noun, one file
//! each. Who is in its directory is [`crate::identity_store`]'s.
//!
//! All calls are the management account's: it alone may touch what is provisioned to itself, so that nothing depends on
//! who administers the instance beside it. Readers tell what AWS says in the model's types and decide nothing.
//!
//! API reference: <https://docs.aws.amazon.com/singlesignon/latest/APIReference/welcome.html>

mod assignment;
mod attribute;
mod instance;
mod permission_set;
mod policy;
mod provisioning;
mod tag;

pub use assignment::AssignmentSlot;
pub use attribute::Attributes;
pub use permission_set::{NewPermissionSet, PermissionSetText};
pub use provisioning::ProvisioningSlot;

use crate::core::AccessMode;
use crate::effort::Entry;
use crate::error::Error;
use crate::permit::WritePermit;
use crate::session::Session;
use crate::watch::Ticket;
use aws_config::Region;
use aws_sdk_ssoadmin::Client;
use aws_sdk_ssoadmin::config::Builder;
use aws_sdk_ssoadmin::types::{PrincipalType, StatusValues};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use glidepath_model::identity_center::{PrincipalId, RequestState};
use glidepath_model::operations::Access;
use std::future::Future;

/// Items on one page, the most that AWS gives.
const PAGE: i32 = 100;

/// Reads IAM Identity Center in its Region.
#[derive(Debug, Clone)]
pub struct Reader {
    session: Session,
    client: Client,
}

impl Reader {
    /// A reader that calls as this session, in a Region.
    #[must_use]
    pub fn new(session: &Session, region: &str) -> Self {
        Self { session: session.clone(), client: client(session, region) }
    }
}

/// Changes IAM Identity Center in its Region.
#[derive(Debug, Clone)]
pub struct Writer {
    session: Session,
    client: Client,
}

impl Writer {
    /// A writer that calls as this session, in a Region.
    ///
    /// # Errors
    /// [`Error::WriteRefused`] in a run that was connected with [`AccessMode::ReadOnly`].
    pub fn new(session: &Session, region: &str, _: &WritePermit) -> Result<Self, Error> {
        match session.core().access {
            AccessMode::ReadOnly => Err(Error::WriteRefused { operation: "sso-admin:*".to_owned() }),
            AccessMode::ReadWrite => Ok(Self { session: session.clone(), client: client(session, region) }),
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

/// A member that AWS always gives.
fn member<T>(operation: &'static str, name: &str, told: Option<T>) -> Result<T, Error> {
    told.ok_or_else(|| malformed(operation, format!("`{name}` is missing")))
}

/// The group or user of an answer.
fn principal(
    operation: &'static str,
    kind: Option<PrincipalType>,
    id: Option<String>,
) -> Result<PrincipalId, Error> {
    let id = member(operation, "PrincipalId", id)?;
    match member(operation, "PrincipalType", kind)? {
        PrincipalType::Group => Ok(PrincipalId::Group(id)),
        PrincipalType::User => Ok(PrincipalId::User(id)),
        other => Err(malformed(operation, format!("the principal type `{}` is unknown", other.as_str()))),
    }
}

/// A principal as the SDK wants it.
fn sdk_principal(principal: &PrincipalId) -> PrincipalType {
    match principal {
        PrincipalId::Group(_) => PrincipalType::Group,
        PrincipalId::User(_) => PrincipalType::User,
    }
}

/// How a request stands.
fn state(
    operation: &'static str,
    status: Option<StatusValues>,
    reason: Option<String>,
) -> Result<RequestState, Error> {
    match member(operation, "Status", status)? {
        StatusValues::InProgress => Ok(RequestState::InProgress),
        StatusValues::Succeeded => Ok(RequestState::Succeeded),
        StatusValues::Failed => {
            let reason = reason.unwrap_or_else(|| "no reason given".to_owned());
            Ok(RequestState::Failed(glidepath_model::text::printable(&reason).into_owned()))
        }
        other => Err(malformed(operation, format!("the status `{}` is unknown", other.as_str()))),
    }
}
