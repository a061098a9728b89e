//! The simulated services: a folder each, one file per noun, and the registry that finds an operation's handler.
//!
//! A handler is a synchronous function from a typed request to a typed answer. It never sees the wire: requests have
//! been validated against the shape data, answers are checked against it. It reads and writes the world in its
//! [`Context`] only, and takes its time from there.

pub mod accessanalyzer;
pub mod account;
mod caller;
pub mod cloudformation;
pub mod config;
pub mod ec2;
mod error;
pub mod guardduty;
pub mod iam;
pub mod identitystore;
pub mod kms;
mod listing;
pub mod organizations;
pub mod s3control;
mod sealed;
pub mod securityhub;
pub mod ssm;
pub mod sso_admin;
pub mod sso_portal;
pub mod sts;
pub mod tagging;
mod uuid;

pub use account::{enable_region, is_region_enabled};
pub use caller::{Caller, Principal};
pub use error::ServiceError;

use crate::world::{Due, TableInfo, World};
use glidepath_model::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What a handler works with.
#[derive(Debug)]
pub struct Context<'a> {
    /// The world: the latest state for writes, what has become visible for [`Access::Read`].
    pub world: &'a mut World,
    /// Who calls.
    pub caller: &'a Caller,
    /// The time of the call.
    pub now: Timestamp,
    /// The Region the request was signed for.
    pub region: &'a str,
}

/// What an operation does to the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Reads, and under eventual consistency sees writes late.
    Read,
    /// Reads the latest state always.
    ConsistentRead,
    /// Writes: counted, journalled, and undone when it answers with an error.
    Write,
}

/// A request in the API's own member names to an answer in the API's own member names.
pub type Handler = fn(&mut Context<'_>, Value) -> Result<Value, ServiceError>;

/// One operation of a service.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// AWS's name of it.
    pub name: &'static str,
    /// What it does to the world.
    pub access: Access,
    /// What answers it; make one with [`typed`].
    pub handler: Handler,
}

/// One service.
#[derive(Debug, Clone, Copy)]
pub struct Service {
    /// Its name, as its data file and its tables have it.
    pub name: &'static str,
    /// What it answers, sorted by name.
    pub operations: fn() -> Vec<Operation>,
    /// What it stores.
    pub tables: fn() -> Vec<TableInfo>,
    /// Fills a new world with what exists from the start.
    pub found: fn(&mut World),
    /// Carries out what has fallen due. It cannot fail: a thing that is gone by then is passed over.
    pub settle: fn(&mut World, &Due),
    /// What `sandbox show` prints of it, a line each.
    pub show: fn(&World) -> Vec<String>,
}

/// Every service.
#[must_use]
pub fn services() -> [Service; 17] {
    [
        accessanalyzer::SERVICE,
        account::SERVICE,
        cloudformation::SERVICE,
        config::SERVICE,
        ec2::SERVICE,
        guardduty::SERVICE,
        iam::SERVICE,
        identitystore::SERVICE,
        kms::SERVICE,
        organizations::SERVICE,
        s3control::SERVICE,
        securityhub::SERVICE,
        ssm::SERVICE,
        sso_admin::SERVICE,
        sso_portal::SERVICE,
        sts::SERVICE,
        tagging::SERVICE,
    ]
}

/// Runs a typed handler on the generic form of its request and answer.
///
/// Members that are absent from an answer are skipped by the answer's own
/// `#[serde(skip_serializing_if = "Option::is_none")]`; times are [`EpochSeconds`].
///
/// # Errors
/// The handler's; and `InternalFailure` when the request does not fit the handler's type, which is our mistake.
pub fn typed<I: DeserializeOwned, O: Serialize>(
    context: &mut Context<'_>,
    request: Value,
    handler: fn(&mut Context<'_>, I) -> Result<O, ServiceError>,
) -> Result<Value, ServiceError> {
    let request = serde_json::from_value(request).map_err(|error| ServiceError::internal(&error))?;
    let answer = handler(context, request)?;
    serde_json::to_value(answer).map_err(|error| ServiceError::internal(&error))
}

/// A time in an answer: seconds since 1970 with milliseconds, as JSON protocols write it. The codec turns it into
/// ISO 8601 for XML protocols.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EpochSeconds(pub Timestamp);

impl Serialize for EpochSeconds {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of this millennium are held exactly")]
        let seconds = self.0.as_millisecond() as f64 / 1000.0;
        serializer.serialize_f64(seconds)
    }
}
