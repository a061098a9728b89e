//! One call from its signer to its answer, on a state that one caller at a time holds.
//!
//! The order is AWS's: who calls, is it too often, is the request well-formed, may and can it be done. Faults on
//! purpose strike before all but the first.

use crate::codec::{self, Common, Model, OperationShape, Throttle};
use crate::consistency::Worlds;
use crate::faults::{Faults, Strike};
use crate::http::{self, Incoming};
use crate::operations::{is_raised, registry};
use crate::options::SandboxOptions;
use crate::rates::{Buckets, Rates};
use crate::sandbox::Fault;
use crate::service::{Access, Caller, Context, Operation, ServiceError, services};
use crate::store::{Store, StoreError};
use crate::world::{Calls, World};
use glidepath_model::{Digest, Timestamp};
use serde_json::Value;

/// What a mutating operation says when it met another change, on purpose.
const CONFLICT: &str = "The request conflicts with another change that is in progress. Try again later.";

/// The Region of a request that nobody signed.
const NOWHERE: &str = "us-east-1";

/// An answer of a service.
pub(crate) type Outcome = Result<Value, ServiceError>;

/// Everything that changes while a sandbox runs.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) worlds: Worlds,
    pub(crate) store: Option<Store>,
    buckets: Buckets,
    faults: Option<Faults>,
    requests: u64,
}

impl State {
    pub(crate) fn new(mut worlds: Worlds, store: Option<Store>, options: &SandboxOptions) -> Self {
        let run = store.as_ref().map_or(1, Store::opened);
        let plan = options.faults.clone();
        worlds.latest.set_resource_faults(plan.iter().flat_map(|plan| plan.resources.clone()).collect());
        let faults = plan.map(|plan| Faults::new(plan, run));
        Self { worlds, store, buckets: Buckets::default(), faults, requests: 0 }
    }

    /// An id for the next answer, in the form AWS gives them.
    pub(crate) fn request_id(&mut self) -> String {
        self.requests += 1;
        let world = &self.worlds.latest;
        let digest =
            Digest::of_bytes(format!("{}/{}/{}", world.seed().seed, world.now(), self.requests).as_bytes());
        let mut id = String::with_capacity(36);
        for (at, digit) in digest.as_str().chars().take(32).enumerate() {
            if matches!(at, 8 | 12 | 16 | 20) {
                id.push('-');
            }
            id.push(digit);
        }
        id
    }

    /// Moves time on and carries out what has fallen due, each thing at its own time.
    pub(crate) fn settle(&mut self, now: Timestamp) -> Result<(), StoreError> {
        while let Some(due) = self.worlds.latest.take_due(now) {
            self.worlds.advance(due.at);
            if let Some(service) = services().iter().find(|service| service.name == due.service) {
                (service.settle)(&mut self.worlds.latest, &due);
            }
            self.keep(&format!("settle {}", due.kind))?;
        }
        self.worlds.advance(now);
        Ok(())
    }

    /// Journals and accepts what was written; undoes it when the journal cannot be written.
    fn keep(&mut self, operation: &str) -> Result<(), StoreError> {
        let world = &mut self.worlds.latest;
        if world.uncommitted().is_empty() {
            return Ok(());
        }
        if let Some(store) = &mut self.store
            && let Err(error) = store.append(world, operation, world.uncommitted())
        {
            world.roll_back();
            return Err(error);
        }
        let changes = world.commit();
        self.worlds.note(changes);
        match &mut self.store {
            Some(store) => store.fold_long_log(&self.worlds.latest),
            None => Ok(()),
        }
    }

    /// Writes past every service.
    pub(crate) fn write(&mut self, label: &str, change: impl FnOnce(&mut World)) -> Result<(), StoreError> {
        change(&mut self.worlds.latest);
        self.keep(label)
    }

    /// Answers a request from the wire; also tells the request as it was read.
    pub(crate) fn answer(
        &mut self,
        now: Timestamp,
        incoming: &Incoming,
        rates: Rates,
    ) -> Result<(Value, Outcome), Fault> {
        let mut request = Value::Null;
        let strike = match self.draw(incoming) {
            Some(Strike::ResetBefore) => return Err(Fault::ConnectionReset { after_effect: false }),
            other => other,
        };
        let outcome = self.outcome(now, incoming, rates, strike, &mut request);
        if strike == Some(Strike::ResetAfter) {
            return Err(Fault::ConnectionReset { after_effect: true });
        }
        Ok((request, outcome))
    }

    fn draw(&mut self, incoming: &Incoming) -> Option<Strike> {
        let label = format!("{}:{}", incoming.model.service, incoming.operation);
        self.faults.as_mut()?.draw(&label, &incoming.sent.content(incoming.model.protocol))
    }

    fn outcome(
        &mut self,
        now: Timestamp,
        incoming: &Incoming,
        rates: Rates,
        strike: Option<Strike>,
        request: &mut Value,
    ) -> Outcome {
        let Incoming { model, operation: name, signed, sent } = incoming;
        self.settle(now).map_err(|error| ServiceError::internal(&error))?;
        let refused = |refused: http::Refused| refused.common.error(model.protocol, refused.message);
        let is_unsigned = model.operations.get(name).is_some_and(|shape| shape.unsigned);
        let (caller, region) = if is_unsigned {
            // Its token says who calls; whoever reads that finds out where, too.
            (Caller::anonymous(self.worlds.latest.seed().management.id.clone()), NOWHERE.to_owned())
        } else {
            let signed = signed.clone().map_err(refused)?;
            let caller = http::caller(&self.worlds.latest, &signed.access_key, signed.token.as_deref());
            (caller.map_err(refused)?, signed.region)
        };
        let (operation, shape) = find(model, name)?;
        match strike {
            Some(Strike::Throttle) => return Err(codec::throttled(model, &shape.errors, Throttle::TooMany)),
            Some(Strike::Error) => return Err(codec::throttled(model, &shape.errors, Throttle::Failed)),
            Some(strike) if operation.access == Access::Write => {
                if let Some(code) = strike.conflict(&shape.errors) {
                    return Err(ServiceError::new(code, CONFLICT));
                }
            }
            Some(_) | None => {}
        }
        let now = self.worlds.latest.now();
        if rates == Rates::Published
            && !self.buckets.take(now, (&caller.account, &region), &model.service, name)
        {
            return Err(codec::throttled(model, &shape.errors, Throttle::TooMany));
        }
        *request = codec::decode(model, shape, sent)
            .map_err(|error| Common::Serialization.error(model.protocol, error.to_string()))?;
        self.invoke(model, &operation, &caller, &region, request.clone())
    }

    /// Has a service answer a request in the API's own member names, and keeps what it wrote if all is well.
    pub(crate) fn invoke(
        &mut self,
        model: &Model,
        operation: &Operation,
        caller: &Caller,
        region: &str,
        request: Value,
    ) -> Outcome {
        let (_, shape) = find(model, operation.name)?;
        if let Some(input) = &shape.input
            && let Some(error) = codec::refusal(model, &shape.errors, &codec::check(model, input, &request))
        {
            return Err(error);
        }
        let world = self.worlds.seen_by(operation.access);
        let now = world.now();
        let mut context = Context { world, caller, now, region };
        let outcome = (operation.handler)(&mut context, request);
        let outcome = judged(model, operation, shape, outcome, world);
        if outcome.is_err() || operation.access != Access::Write {
            world.roll_back();
            return outcome;
        }
        let label = format!("{}:{}", model.service, operation.name);
        let times = world.get::<Calls>(&label).map_or(0, |calls| calls.times) + 1;
        world.put(Calls { operation: label.clone(), times });
        self.keep(&label).map_err(|error| ServiceError::internal(&error))?;
        outcome
    }
}

/// The handler and the shapes of an operation.
pub(crate) fn find<'m>(
    model: &'m Model,
    name: &str,
) -> Result<(Operation, &'m OperationShape), ServiceError> {
    let operation = registry().get(&(model.service.as_str(), name)).copied();
    operation.zip(model.operations.get(name)).ok_or_else(|| {
        let name = glidepath_model::text::printable(name);
        Common::UnknownOperation.error(model.protocol, format!("the sandbox has no operation `{name}`"))
    })
}

/// Turns a mistake of ours into `InternalFailure`: an answer that does not fit its shape, an error the operation does
/// not have, a write by an operation that only reads.
fn judged(
    model: &Model,
    operation: &Operation,
    shape: &OperationShape,
    outcome: Outcome,
    world: &World,
) -> Outcome {
    let name = operation.name;
    match &outcome {
        Ok(_) if operation.access != Access::Write && !world.uncommitted().is_empty() => {
            Err(ServiceError::internal(&format!("`{name}` reads, and wrote")))
        }
        Ok(answer) => match shape.output.as_deref().map(|output| codec::check(model, output, answer)) {
            Some(violations) if !violations.is_empty() => Err(ServiceError::internal(&format!(
                "the answer of `{name}` does not fit its shape: {violations:?}"
            ))),
            _ => outcome,
        },
        Err(error) => {
            let known = shape.errors.iter().any(|code| code == error.code)
                && is_raised(&model.service, name, error.code);
            if known || codec::is_common(model, error.code) {
                outcome
            } else {
                Err(ServiceError::internal(&format!(
                    "`{name}` has no error `{}`: {}",
                    error.code, error.message
                )))
            }
        }
    }
}
