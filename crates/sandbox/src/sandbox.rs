//! The sandbox: a world, how it is reached, and where it is kept.

use crate::codec;
use crate::consistency::Worlds;
use crate::http;
use crate::options::SandboxOptions;
use crate::recorder::Recorder;
use crate::service::cloudformation::{self, TamperError, Tampering};
use crate::service::sso_portal::{self, SignInError};
use crate::service::{ServiceError, ec2, enable_region, services, sso_admin, sts};
use crate::state::{State, find};
use crate::store::{OpenError, Store, StoreError, tables};
use crate::world::World;
use bytes::Bytes;
use glidepath_model::text::printable;
use glidepath_model::{AccountId, Timestamp};
use serde_json::Value;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What happens to a call instead of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The connection breaks.
    #[error("the connection was reset")]
    ConnectionReset {
        /// Whether the call had its effect before; a client cannot know.
        after_effect: bool,
    },
}

/// Why [`Sandbox::call_json`] has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// There is no such service or operation.
    #[error(
        "the sandbox has no operation `{operation}` of `{service}`\nhelp: `glidepath sandbox operations` lists them"
    )]
    UnknownOperation {
        /// The service asked for.
        service: String,
        /// The operation asked for.
        operation: String,
    },
    /// The caller is neither an account id nor an administrator's access key.
    #[error("`{0}` is no caller\nhelp: give an account's twelve digits")]
    UnknownCaller(String),
    /// The service refuses.
    #[error("{}: {}", .0.code, printable(&.0.message))]
    Service(ServiceError),
}

/// Why [`Sandbox::add_role`] added none.
#[derive(Debug, thiserror::Error)]
pub enum RoleError {
    /// The text is not the ARN of a role.
    #[error("`{0}` is not the ARN of an IAM role\nhelp: `arn:aws:iam::444455556666:role/path/name`")]
    NotARole(String),
    /// The change cannot be journalled.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why [`Sandbox::sign_in`] gave no token.
#[derive(Debug, thiserror::Error)]
pub enum AccessTokenError {
    /// Nobody can be signed in so.
    #[error(transparent)]
    Refused(#[from] SignInError),
    /// The sign-in cannot be journalled.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A world at one moment, cheap to make and to keep.
#[derive(Debug, Clone)]
pub struct Snapshot {
    worlds: Worlds,
}

/// A simulated AWS.
#[derive(Debug)]
pub struct Sandbox {
    options: SandboxOptions,
    state: Mutex<State>,
}

impl Sandbox {
    /// Opens the world of a directory, or makes a new one there. The directory is held until the sandbox is dropped.
    ///
    /// # Errors
    /// [`OpenError`] when another process holds the directory, or its files cannot be read, written or understood.
    pub fn open(dir: &Path, options: SandboxOptions) -> Result<Self, OpenError> {
        let (mut store, world) = Store::open(dir, &options)?;
        let world = world.unwrap_or_else(|| found(&options));
        // Also notes that the world was opened once more, and empties the log that was read.
        store.fold(&world)?;
        let worlds = Worlds::new(world, options.consistency);
        let state = State::new(worlds, Some(store), &options);
        Ok(Self { options, state: Mutex::new(state) })
    }

    /// A new world that is kept nowhere.
    #[must_use]
    pub fn in_memory(options: SandboxOptions) -> Self {
        let worlds = Worlds::new(found(&options), options.consistency);
        Self::from_snapshot(Snapshot { worlds }, options)
    }

    /// A world that goes on from a snapshot and is kept nowhere. Token buckets are full, and faults are drawn anew.
    #[must_use]
    pub fn from_snapshot(snapshot: Snapshot, options: SandboxOptions) -> Self {
        let state = State::new(snapshot.worlds.under(options.consistency), None, &options);
        Self { options, state: Mutex::new(state) }
    }

    /// The world as it is now. It shares everything with this one until either is written.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot { worlds: self.lock().worlds.clone() }
    }

    /// Removes the world of a directory; the next [`Sandbox::open`] makes a new one.
    ///
    /// # Errors
    /// [`OpenError`] when another process holds the directory or a file cannot be removed.
    pub fn reset(dir: &Path, command: &str) -> Result<(), OpenError> {
        Store::reset(dir, command)
    }

    /// Starts this world anew from its own seed.
    ///
    /// # Errors
    /// [`StoreError`] when the new world cannot be written.
    pub fn restart(&self) -> Result<(), StoreError> {
        let mut state = self.lock();
        let seed = state.worlds.latest.seed().clone();
        let world = found(&SandboxOptions { world: seed, ..self.options.clone() });
        let mut store = state.store.take();
        if let Some(store) = &mut store {
            store.fold(&world)?;
        }
        *state = State::new(Worlds::new(world, self.options.consistency), store, &self.options);
        Ok(())
    }

    /// Folds the log into readable files and lets go of the directory.
    ///
    /// # Errors
    /// [`StoreError`] when a file cannot be written; nothing is lost, the log stands.
    pub fn close(self) -> Result<(), StoreError> {
        let mut state = self.lock();
        let State { worlds, store, .. } = &mut *state;
        store.as_mut().map_or(Ok(()), |store| store.fold(&worlds.latest))
    }

    /// Answers one request as AWS would at this time. Time that lies before [`Sandbox::now`] counts as that.
    ///
    /// # Errors
    /// [`Fault`] tells the caller to break the connection.
    pub fn call(
        &self,
        now: Timestamp,
        request: ::http::Request<Bytes>,
    ) -> Result<::http::Response<Bytes>, Fault> {
        let incoming = match http::read(&request) {
            Ok(incoming) => incoming,
            Err(unknown) => return Ok(unknown.answer()),
        };
        let mut state = self.lock();
        let (read, outcome) = state.answer(now, &incoming, self.options.rates)?;
        let id = state.request_id();
        let response = http::answer(incoming.model, &incoming.operation, &outcome, &id);
        if let Some(file) = &self.options.record {
            let status = response.status().as_u16();
            Recorder::new(file.clone()).record(
                &incoming.model.service,
                &incoming.operation,
                &read,
                &outcome,
                status,
            );
        }
        Ok(response)
    }

    /// Has one operation answered by name, at the world's own time and in `us-east-1`, past faults and rates.
    ///
    /// `caller` is an account's twelve digits, or an administrator's access key (`AKIASANDBOX…`).
    ///
    /// # Errors
    /// [`CallError`] when there is no such caller or operation, or the service refuses.
    pub fn call_json(
        &self,
        caller: &str,
        service: &str,
        operation: &str,
        request: Value,
    ) -> Result<Value, CallError> {
        self.call_json_in("us-east-1", caller, service, operation, request)
    }

    /// Like [`Sandbox::call_json`], in a Region of choice.
    ///
    /// # Errors
    /// [`CallError`] when there is no such caller or operation, or the service refuses.
    pub fn call_json_in(
        &self,
        region: &str,
        caller: &str,
        service: &str,
        operation: &str,
        mut request: Value,
    ) -> Result<Value, CallError> {
        let unknown = || CallError::UnknownOperation {
            service: printable(service).into_owned(),
            operation: printable(operation).into_owned(),
        };
        let model = codec::model(service).ok_or_else(unknown)?;
        let (operation, _) = find(model, operation).map_err(|_| unknown())?;
        let mut state = self.lock();
        let now = state.worlds.latest.now();
        state.settle(now).map_err(|error| CallError::Service(ServiceError::internal(&error)))?;
        let caller = http::caller_by_name(&state.worlds.latest, caller)
            .ok_or_else(|| CallError::UnknownCaller(printable(caller).into_owned()))?;
        codec::drop_nulls(&mut request);
        state.invoke(model, &operation, &caller, region, request).map_err(CallError::Service)
    }

    /// Adds an IAM role that trusts the management account and its own, or replaces the one of that name.
    ///
    /// # Errors
    /// [`RoleError`] when the text is not the ARN of a role, or the change cannot be journalled.
    pub fn add_role(&self, arn: &str) -> Result<(), RoleError> {
        let mut state = self.lock();
        let role = sts::role_of(&state.worlds.latest, arn);
        let role = role.ok_or_else(|| RoleError::NotARole(printable(arn).into_owned()))?;
        state.write("add role", |world| sts::add_role(world, role))?;
        Ok(())
    }

    /// Changes or removes a resource behind its stack's back, as somebody's hands would.
    ///
    /// # Errors
    /// [`TamperError`] when there is no such resource, or the change cannot be journalled.
    pub fn tamper(&self, tampering: &Tampering) -> Result<(), TamperError> {
        let mut state = self.lock();
        let mut outcome = Ok(());
        state.write("tamper", |world| outcome = cloudformation::tamper(world, tampering))?;
        outcome
    }

    /// Enables a Region for an account, beyond those it has from the start.
    ///
    /// # Errors
    /// [`StoreError`] when the change cannot be journalled.
    pub fn enable_region(&self, account: &AccountId, region: &str) -> Result<(), StoreError> {
        self.lock().write("enable region", |world| enable_region(world, account.as_str(), region))
    }

    /// Puts a network interface into the first subnet of an account's default VPC, as an instance there has one; whether
    /// there was a subnet left to take it.
    ///
    /// # Errors
    /// [`StoreError`] when the change cannot be journalled.
    pub fn add_network_interface(&self, account: &AccountId, region: &str) -> Result<bool, StoreError> {
        let mut added = false;
        self.lock().write("add network interface", |world| {
            added = ec2::add_network_interface(world, account.as_str(), region);
        })?;
        Ok(added)
    }

    /// Signs a user of Identity Center's directory in, as the sign-in page of the access portal does; its access token,
    /// which lasts eight hours.
    ///
    /// # Errors
    /// [`AccessTokenError`] when there is no such user or no instance, or the sign-in cannot be journalled.
    pub fn sign_in(&self, user_name: &str) -> Result<String, AccessTokenError> {
        let mut state = self.lock();
        let mut token = Err(SignInError::NoInstance);
        state.write("sign in", |world| token = sso_portal::sign_in(world, user_name))?;
        Ok(token?)
    }

    /// Enables Identity Center for the organization in a Region, as its console does; nothing happens where it is
    /// enabled already.
    ///
    /// # Errors
    /// [`StoreError`] when the change cannot be journalled.
    pub fn enable_identity_center(&self, region: &str) -> Result<(), StoreError> {
        self.lock().write("enable identity center", |world| sso_admin::establish(world, region))
    }

    /// Removes Identity Center with everything in it, as its console does.
    ///
    /// # Errors
    /// [`StoreError`] when the change cannot be journalled.
    pub fn remove_identity_center(&self) -> Result<(), StoreError> {
        self.lock().write("remove identity center", sso_admin::abolish)
    }

    /// The time the world has reached.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.lock().worlds.latest.now()
    }

    /// Moves time on; what falls due on the way is carried out.
    ///
    /// # Errors
    /// [`StoreError`] when the changes cannot be journalled.
    pub fn advance(&self, now: Timestamp) -> Result<(), StoreError> {
        self.lock().settle(now)
    }

    /// When the next thing falls due by itself, if anything does.
    #[must_use]
    pub fn next_due(&self) -> Option<Timestamp> {
        self.lock().worlds.latest.next_due()
    }

    /// The world without ids, times and bookkeeping, with the count of each mutating operation that succeeded: equal
    /// for worlds that came to the same end on different ways.
    #[must_use]
    pub fn canonical_dump(&self) -> Value {
        self.lock().worlds.latest.canonical_dump(&tables())
    }

    /// The world in words, a line each: the organization's tree first.
    #[must_use]
    pub fn show(&self) -> Vec<String> {
        let state = self.lock();
        let world = &state.worlds.latest;
        services().iter().flat_map(|service| (service.show)(world)).collect()
    }

    /// Writes to the world past every service.
    #[cfg(test)]
    pub(crate) fn change(&self, change: impl FnOnce(&mut World)) {
        self.lock().write("test", change).unwrap();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic inside a call leaves at most uncommitted changes, which the next roll-back or commit meets.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A new world with what exists from the start.
fn found(options: &SandboxOptions) -> World {
    let mut world = World::new(options.world.clone());
    for service in services() {
        (service.found)(&mut world);
    }
    world.commit();
    world
}
