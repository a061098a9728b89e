//! The interceptor that every SDK client of a run carries. It refuses what must not be sent, counts what
//! is sent, and records bodies.
//!
//! INVARIANT (only `apply` writes): it looks at what the SDK is about to send, not at what our code says
//! it sends, so that a mistake above it cannot become a write.

use crate::core::{AccessMode, Core};
use crate::error::Error;
use crate::trace::{Exchange, without_secrets};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeSerializationInterceptorContextRef, BeforeTransmitInterceptorContextRef,
    FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};
use glidepath_model::operations::{Access, OperationRow};
use std::fmt;
use std::sync::Arc;

tokio::task_local! {
    /// What the running task is about to send.
    pub(crate) static TICKET: Ticket;
}

/// Leave to send one operation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ticket {
    pub(crate) operation: &'static str,
    /// Write only for a call of a `Writer`.
    pub(crate) access: Access,
}

/// The interceptor.
#[derive(Clone)]
pub(crate) struct Watch(pub(crate) Arc<Core>);

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watch")
    }
}

/// The body of the request that is under way.
#[derive(Debug)]
struct RequestBody(String);

impl Storable for RequestBody {
    type Storer = StoreReplace<Self>;
}

impl Watch {
    fn may_leave(&self, operation: &str) -> Result<(), Error> {
        let row = OperationRow::find(operation)
            .map_err(|_| Error::NotInTable { operation: operation.to_owned() })?;
        let ticket = TICKET.try_with(|ticket| *ticket).ok().filter(|ticket| ticket.operation == operation);
        match (row.access, ticket) {
            (Access::Read, Some(_)) => Ok(()),
            (Access::Write, Some(ticket))
                if ticket.access == Access::Write && self.0.access == AccessMode::ReadWrite =>
            {
                Ok(())
            }
            (Access::Write, _) => Err(Error::WriteRefused { operation: operation.to_owned() }),
            (Access::Read, None) => {
                Err(Error::Setup(format!("`{operation}` left without pacing and retries")))
            }
        }
    }
}

/// The operation's name in the table: `organizations:AttachPolicy`.
fn operation(config: &ConfigBag) -> Option<String> {
    let metadata = config.load::<Metadata>()?;
    let service = match metadata.service() {
        "CloudFormation" => "cloudformation",
        "KMS" => "kms",
        "SSO" => "sso",
        "SSO Admin" => "sso-admin",
        "identitystore" => "identitystore",
        "Organizations" => "organizations",
        "Resource Groups Tagging API" => "tagging",
        "STS" => "sts",
        other => other,
    };
    Some(format!("{service}:{}", metadata.name()))
}

fn text(body: Option<&[u8]>) -> String {
    String::from_utf8_lossy(body.unwrap_or_default()).into_owned()
}

#[dyn_dispatch_hint]
impl Intercept for Watch {
    fn name(&self) -> &'static str {
        "Watch"
    }

    fn read_before_serialization(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let operation = operation(config).unwrap_or_default();
        Ok(self.may_leave(&operation)?)
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let operation = operation(config).unwrap_or_default();
        self.0.count(&operation, |count| count.attempts += 1);
        if self.0.record.is_some() {
            let body = text(context.request().body().bytes());
            config.interceptor_state().store_put(RequestBody(body));
        }
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let (Some(record), Some(RequestBody(request))) = (&self.0.record, config.load::<RequestBody>()) {
            let operation = operation(config).unwrap_or_default();
            let (service, operation) = operation.split_once(':').unwrap_or_default();
            let response = context.response();
            record(&Exchange {
                service: service.to_owned(),
                operation: operation.to_owned(),
                request: request.clone(),
                status: response.map(|response| response.status().as_u16()),
                response: without_secrets(&text(response.and_then(|response| response.body().bytes()))),
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Aws, Clock, Connector, Credentials, Options, Speed};
    use aws_sdk_organizations::Client;
    use aws_sdk_organizations::config::Builder;
    use bytes::Bytes;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Runs a test with a client of the SDK that carries the interceptor; tells how many requests left.
    fn run(access: AccessMode, test: impl AsyncFnOnce(Aws, Client) -> Error) -> (Error, usize) {
        let sent = Arc::new(AtomicUsize::new(0));
        let count = sent.clone();
        let connector = Connector::InProcess(Arc::new(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
            Ok(http::Response::new(Bytes::from_static(b"{}")))
        }));
        let clock = Clock::simulated("2027-01-01T00:00:00Z".parse().unwrap(), Speed::Max);
        let credentials = Credentials::Key { id: "AKIAIOSFODNN7EXAMPLE".into(), secret: "example".into() };
        let options = Options { credentials, access, ..Options::new(connector, clock.clone(), "eu-west-1") };
        let error = clock.run(async {
            let aws = Aws::connect(options).await.unwrap();
            let config = Builder::from(aws.session().config()).interceptor(aws.session().watch()).build();
            test(aws, Client::from_conf(config)).await
        });
        (error.unwrap(), sent.load(Ordering::Relaxed))
    }

    fn refused() -> Error {
        Error::WriteRefused { operation: "organizations:DeletePolicy".into() }
    }

    #[test]
    fn a_reader_that_sends_a_write_is_refused_even_where_writing_is_allowed() {
        let told = run(AccessMode::ReadWrite, async |aws, client| {
            let send = || client.delete_policy().policy_id("p-11112222").send();
            aws.session().read("organizations:DeletePolicy", send).await.unwrap_err()
        });
        assert_eq!(told, (refused(), 0));
    }

    #[test]
    fn a_write_under_the_name_of_a_read_is_refused() {
        let told = run(AccessMode::ReadWrite, async |aws, client| {
            let send = || client.delete_policy().policy_id("p-11112222").send();
            aws.session().read("organizations:ListRoots", send).await.unwrap_err()
        });
        assert_eq!(told, (refused(), 0));
    }

    #[test]
    fn a_ticket_to_write_is_worth_nothing_in_a_run_that_only_reads() {
        let told = run(AccessMode::ReadOnly, async |aws, client| {
            let send = || client.delete_policy().policy_id("p-11112222").send();
            let ticket = Ticket { operation: "organizations:DeletePolicy", access: Access::Write };
            aws.session().call(ticket, crate::effort::Entry::Own, send).await.unwrap_err()
        });
        assert_eq!(told, (refused(), 0));
    }

    #[test]
    fn an_operation_without_a_row_does_not_leave() {
        let told = run(AccessMode::ReadWrite, async |aws, client| {
            let send = || client.leave_organization().send();
            aws.session().read("organizations:ListRoots", send).await.unwrap_err()
        });
        assert_eq!(told, (Error::NotInTable { operation: "organizations:LeaveOrganization".into() }, 0));
    }

    #[test]
    fn a_call_that_goes_around_pacing_does_not_leave() {
        let told = run(AccessMode::ReadWrite, async |_, client| {
            let error = client.list_roots().send().await.unwrap_err();
            crate::error::find::<Error>(&error).cloned().unwrap()
        });
        assert_eq!(told.1, 0);
        assert!(matches!(told.0, Error::Setup(_)), "{}", told.0);
    }
}
