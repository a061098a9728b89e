//! Enabling and disabling a key, and states that pass by themselves.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/enabling-keys.html>

use super::super::{Context, ServiceError};
use super::access::{self, Given};
use super::key::{Key, State};
use super::{Done, OfKey, schedule};
use crate::world::{Due, Entity, World};

/// A key leaves its unsettled state.
pub(super) const DUE_SETTLED: &str = "settle key";
/// Seconds that `Creating` and `Updating` last. AWS says "a few seconds"; a client must not count on less.
const UNSETTLED_SECONDS: i64 = 5;

/// States in which a key is neither enabled nor disabled.
const UNSWITCHABLE: [State; 5] = [
    State::PendingImport,
    State::PendingDeletion,
    State::PendingReplicaDeletion,
    State::Creating,
    State::Updating,
];

pub(super) fn enable_key(context: &mut Context<'_>, request: OfKey) -> Result<Done, ServiceError> {
    switch(context, &request.key_id, "EnableKey", State::Enabled)
}

pub(super) fn disable_key(context: &mut Context<'_>, request: OfKey) -> Result<Done, ServiceError> {
    switch(context, &request.key_id, "DisableKey", State::Disabled)
}

fn switch(
    context: &mut Context<'_>,
    named: &str,
    operation: &str,
    state: State,
) -> Result<Done, ServiceError> {
    let key = access::key(context, named, Given::Id, operation)?;
    key.refuse_in(&UNSWITCHABLE)?;
    context.world.put(Key { state, ..Key::clone(&key) });
    Ok(Done {})
}

/// Puts a key, which is `Creating` or `Updating` for some seconds and then enabled.
pub(super) fn put_unsettled(context: &mut Context<'_>, key: Key) {
    let row = key.key();
    context.world.put(key);
    schedule(context.world, context.now, UNSETTLED_SECONDS, DUE_SETTLED, &row);
}

/// Ends an unsettled state.
pub(super) fn settle(world: &mut World, due: &Due) {
    if let Some(key) = world.get::<Key>(&due.key).filter(|key| State::UNSETTLED.contains(&key.state)) {
        world.put(Key { state: State::Enabled, ..Key::clone(&key) });
    }
}
