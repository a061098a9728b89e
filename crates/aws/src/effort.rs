//! One call: everything between asking for an operation and having its answer. It enters the lane, waits
//! for the pace, sends, and decides after a failure whether and when to send again.
//!
//! The SDK's own retries are off: its standard mode does not know `ConcurrentModificationException`, takes
//! quota errors for throttling, and its adaptive mode can stall a call for half a minute.

use crate::backoff::Draw;
use crate::core::Core;
use crate::error::Error;
use crate::failure::{Busy, Failure, Reached};
use crate::lanes::Place;
use crate::limiter::Pace;
use crate::session::Session;
use crate::trace::TraceLine;
use crate::watch::{TICKET, Ticket};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use glidepath_model::Timestamp;
use glidepath_model::operations::{Access, OperationRow, RetryClass};
use std::future::Future;
use std::time::Duration;

/// Attempts of one call that AWS throttles or that break. With full jitter up to 20 s these span about
/// half a minute; more would only keep a lane closed for longer.
const ATTEMPTS: u32 = 8;
/// Attempts to reach AWS at all. Fewer, so that a machine without a network says so within seconds.
const CONNECTIONS: u32 = 5;
/// How long a call waits for other changes to end. AWS documents no duration; policy changes were seen to
/// take minutes in large organizations.
const CHANGE_PATIENCE: Duration = Duration::from_secs(5 * 60);
/// A new organization is finished after an hour at the latest.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html>
const FINALIZING_PATIENCE: Duration = Duration::from_secs(65 * 60);
/// How often a new organization is asked whether it is finished.
const FINALIZING_PERIOD: Duration = Duration::from_secs(30);

/// A place in a lane that a call takes for itself, or one that its caller holds for longer.
#[derive(Clone, Copy)]
pub(crate) enum Entry<'a> {
    Own,
    Held(#[expect(dead_code, reason = "shows that the caller holds it")] &'a Place),
}

impl Session {
    /// Calls a read operation.
    pub(crate) async fn read<O, E, F, Fut>(&self, operation: &'static str, send: F) -> Result<O, Error>
    where
        F: Fn() -> Fut,
        Fut: Future<Output = Result<O, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        self.call(Ticket { operation, access: Access::Read }, Entry::Own, send).await
    }

    /// Calls an operation. Only a `Writer` asks for a ticket to write.
    pub(crate) async fn call<O, E, F, Fut>(
        &self,
        ticket: Ticket,
        entry: Entry<'_>,
        send: F,
    ) -> Result<O, Error>
    where
        F: Fn() -> Fut,
        Fut: Future<Output = Result<O, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let mut effort = Effort::begin(self, ticket.operation, entry).await?;
        loop {
            effort.ready().await;
            // Boxed, since the SDK's futures are large and callers hold many of them.
            match TICKET.scope(ticket, Box::pin(send())).await {
                Ok(output) => {
                    effort.succeeded();
                    return Ok(output);
                }
                Err(error) => effort.failed(Failure::of(ticket.operation, error)).await?,
            }
        }
    }
}

struct Effort<'a> {
    core: &'a Core,
    account: String,
    /// What its rate counts for.
    counted: String,
    row: &'static OperationRow,
    operation: &'static str,
    pace: Option<Pace>,
    _place: Option<Place>,
    call: u64,
    /// Requests so far.
    sent: u32,
    /// Those of them that were throttled or broke.
    spent: u32,
    /// Those of them that found something else in progress.
    busy: u32,
    begun: Timestamp,
    attempt_begun: Timestamp,
}

impl<'a> Effort<'a> {
    async fn begin(session: &'a Session, operation: &'static str, entry: Entry<'_>) -> Result<Self, Error> {
        let row = OperationRow::find(operation)
            .map_err(|_| Error::NotInTable { operation: operation.to_owned() })?;
        let core = session.core();
        let place = match entry {
            Entry::Own => Some(core.lanes.enter(&row.lane).await?),
            Entry::Held(_) => None,
        };
        core.count(operation, |count| count.calls += 1);
        let now = core.clock.now();
        Ok(Self {
            core,
            account: session.account_key().to_owned(),
            counted: session.rate_key(operation),
            row,
            operation,
            pace: core.pace(operation),
            _place: place,
            call: core.next_call(),
            sent: 0,
            spent: 0,
            busy: 0,
            begun: now,
            attempt_begun: now,
        })
    }

    async fn ready(&mut self) {
        if let Some(pace) = self.pace {
            self.core.limiter.take(&self.counted, pace).await;
        }
        self.sent += 1;
        self.attempt_begun = self.core.clock.now();
    }

    fn succeeded(&self) {
        if let Some(pace) = self.pace {
            self.core.limiter.passed(&self.counted, pace);
        }
        self.tell(None, None);
    }

    /// Waits until the next attempt may be made, or says why there is none.
    async fn failed(&mut self, failure: Failure) -> Result<(), Error> {
        if let Failure::Throttled { .. } = failure {
            self.core.count(self.operation, |count| count.throttled += 1);
            if let Some(pace) = self.pace {
                self.core.limiter.throttled(&self.counted, pace);
            }
        }
        let told = match &failure {
            Failure::Throttled { code } => code.clone(),
            Failure::Broken { cause, .. } => cause.clone(),
            Failure::Busy { error, .. } | Failure::Final(error) => {
                error.code().map_or_else(|| error.to_string(), str::to_owned)
            }
        };
        let decided = self.decide(failure);
        self.tell(Some(told), decided.as_ref().ok().copied());
        self.core.clock.sleep(decided?).await;
        Ok(())
    }

    /// How long to wait before the next attempt.
    fn decide(&mut self, failure: Failure) -> Result<Duration, Error> {
        let operation = self.operation;
        match failure {
            Failure::Final(error) => Err(error),
            Failure::Throttled { .. } => {
                self.spent += 1;
                if self.spent >= ATTEMPTS {
                    return Err(Error::Throttled { operation, attempts: self.spent });
                }
                Ok(self.draw(self.spent).wait())
            }
            Failure::Broken { cause, reached } => {
                if self.row.retry == RetryClass::Once && reached == Reached::Maybe {
                    return Err(Error::OutcomeUnknown { operation, cause });
                }
                self.spent += 1;
                let most = match reached {
                    Reached::Never => CONNECTIONS,
                    Reached::Maybe => ATTEMPTS,
                };
                if self.spent >= most {
                    return Err(Error::Transport { operation, attempts: self.spent, cause });
                }
                Ok(self.draw(self.spent).wait())
            }
            Failure::Busy { error, with } => {
                self.busy += 1;
                let (wait, patience) = match with {
                    Busy::Change => (self.draw(self.busy).wait(), CHANGE_PATIENCE),
                    Busy::Finalizing => (self.draw(self.busy).around(FINALIZING_PERIOD), FINALIZING_PATIENCE),
                };
                if self.core.clock.since(self.begun) + wait > patience { Err(error) } else { Ok(wait) }
            }
        }
    }

    fn draw(&self, attempt: u32) -> Draw<'static> {
        Draw { seed: self.core.seed, operation: self.operation, call: self.call, attempt }
    }

    fn tell(&self, failure: Option<String>, again_in: Option<Duration>) {
        if let Some(trace) = &self.core.trace {
            trace(&TraceLine {
                at: self.core.clock.now(),
                account: self.account.clone(),
                operation: self.operation,
                attempt: self.sent,
                took: self.core.clock.since(self.attempt_begun),
                failure,
                again_in,
            });
        }
    }
}
