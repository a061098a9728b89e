//! Scheduling the deletion of a key, taking that back, and the deletion itself.
//!
//! A multi-Region primary key waits until its last replica is gone; only then its days begin.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html>

use super::super::{Context, EpochSeconds, ServiceError, tagging};
use super::access::{self, Given};
use super::alias::Alias;
use super::grant::Grant;
use super::key::{Key, Regionality, State};
use super::refusal::{invalid, invalid_state};
use super::{OfKey, later, schedule};
use crate::world::{Due, Entity, World};
use glidepath_model::Timestamp;
use serde::{Deserialize, Serialize};

/// A key is deleted.
pub(super) const DUE_DELETED: &str = "delete key";
const DAY: i64 = 86_400;
/// Days of waiting where the request does not say.
const USUAL_DAYS: u32 = 30;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ScheduleKeyDeletion {
    key_id: String,
    pending_window_in_days: Option<u32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ScheduledAnswer {
    key_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    deletion_date: Option<EpochSeconds>,
    key_state: State,
    pending_window_in_days: u32,
}

pub(super) fn schedule_key_deletion(
    context: &mut Context<'_>,
    request: ScheduleKeyDeletion,
) -> Result<ScheduledAnswer, ServiceError> {
    let key = access::key(context, &request.key_id, Given::Id, "ScheduleKeyDeletion")?;
    let days = request.pending_window_in_days.unwrap_or(USUAL_DAYS);
    // The shape allows 1 to 365; the reference says 7 to 30.
    if !(7..=30).contains(&days) {
        return Err(invalid("PendingWindowInDays must be between 7 and 30 days."));
    }
    key.refuse_in(&State::FIXED)?;
    let waits = key.regionality == Regionality::Primary
        && key.related(context.world).iter().any(|key| key.regionality == Regionality::Replica);
    let mut doomed = Key { window: Some(days), ..Key::clone(&key) };
    if waits {
        doomed.state = State::PendingReplicaDeletion;
    } else {
        doom(context.world, context.now, &mut doomed, days);
    }
    let answer = ScheduledAnswer {
        key_id: doomed.arn(),
        deletion_date: doomed.deletion.map(EpochSeconds),
        key_state: doomed.state,
        pending_window_in_days: days,
    };
    context.world.put(doomed);
    Ok(answer)
}

/// Has the days of a key begin.
fn doom(world: &mut World, now: Timestamp, key: &mut Key, days: u32) {
    let seconds = i64::from(days) * DAY;
    key.state = State::PendingDeletion;
    key.deletion = Some(later(now, seconds));
    schedule(world, now, seconds, DUE_DELETED, &key.key());
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CancelledAnswer {
    key_id: String,
}

pub(super) fn cancel_key_deletion(
    context: &mut Context<'_>,
    request: OfKey,
) -> Result<CancelledAnswer, ServiceError> {
    let key = access::key(context, &request.key_id, Given::Id, "CancelKeyDeletion")?;
    if !State::DELETING.contains(&key.state) {
        return Err(invalid_state(format!("{} is not pending deletion.", key.arn())));
    }
    let saved = Key { state: State::Disabled, window: None, deletion: None, ..Key::clone(&key) };
    context.world.put(saved);
    Ok(CancelledAnswer { key_id: key.arn() })
}

/// Deletes a key whose time has come, unless its deletion was taken back or scheduled anew.
pub(super) fn settle(world: &mut World, due: &Due) {
    let Some(key) = world.get::<Key>(&due.key).filter(|key| key.deletion == Some(due.at)) else { return };
    let aliases: Vec<String> = Alias::of(world, &due.key).map(|alias| alias.key()).collect();
    for alias in aliases {
        world.delete::<Alias>(&alias);
    }
    let prefix = format!("{}/", due.key);
    let grants: Vec<String> = world.below::<Grant>(&prefix).map(|grant| grant.key()).collect();
    for grant in grants {
        world.delete::<Grant>(&grant);
    }
    tagging::forget(world, &key.arn());
    world.delete::<Key>(&due.key);
    let left = key.related(world);
    if let [last] = left.as_slice()
        && last.state == State::PendingReplicaDeletion
    {
        let mut primary = Key::clone(last);
        let days = primary.window.unwrap_or(USUAL_DAYS);
        doom(world, due.at, &mut primary, days);
        world.put(primary);
    }
}
